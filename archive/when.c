/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/when.h"

#include "base/clock.h"

#include <stdio.h>

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

void
when_words(char text[WHEN_WORDS], int64_t at)
{
	struct moment moment = at_the_office(at);

	snprintf(text, WHEN_WORDS,
	    "%02d:%02d:%02d ngày %02d/%02d/%04d (giờ Việt Nam)", moment.hour,
	    moment.minute, moment.second, moment.day, moment.month,
	    moment.year);
}
