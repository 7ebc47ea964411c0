/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/when.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

struct moment {
	int year, month, day;
	int hour, minute, second;
};

static struct moment
at_the_office(int64_t at)
{
	int64_t seconds = at / 1000000 + CLOCK_OFFSET_SECONDS;
	int of_day = (int)(seconds % 86400);
	struct moment moment = { .hour = of_day / 3600,
		.minute = of_day / 60 % 60,
		.second = of_day % 60 };

	date_split((date_t)(seconds / 86400), &moment.year, &moment.month,
	    &moment.day);
	return moment;
}

void
when_format(char text[WHEN_TEXT], int64_t at)
{
	struct moment moment = at_the_office(at);

	snprintf(text, WHEN_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d+07:00",
	    moment.year, moment.month, moment.day, moment.hour, moment.minute,
	    moment.second);
}

bool
when_parse(int64_t *at_out, const char *text)
{
	struct moment moment;
	char same[WHEN_TEXT];
	int64_t at;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d+07:00", &moment.year,
	        &moment.month, &moment.day, &moment.hour, &moment.minute,
	        &moment.second) != 6 ||
	    moment.month < 1 || moment.month > 12 || moment.day < 1 ||
	    moment.day > 31) {
		return false;
	}
	at =
	    clock_of_date(date_of(moment.year, moment.month, moment.day)) +
	    ((int64_t)moment.hour * 3600 + moment.minute * 60 + moment.second) *
	        1000000;
	/* What it is written as again is what it says. */
	when_format(same, at);
	*at_out = at;
	return strcmp(same, text) == 0;
}

void
when_words(char text[WHEN_WORDS], int64_t at)
{
	struct moment moment = at_the_office(at);

	snprintf(text, WHEN_WORDS,
	    "%02d:%02d:%02d ngày %02d/%02d/%04d (giờ Việt Nam)", moment.hour,
	    moment.minute, moment.second, moment.day, moment.month,
	    moment.year);
}
