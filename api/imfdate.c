/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Dates in header fields.  Each of the three forms is read by a pattern in
 * which a letter takes one character and "w" a whole word:
 *
 *   D day  B day or blank  N month's name  Y year  H hour  I minute  S second
 */

#include "api/imfdate.h"

#include "base/date.h"

#include <stdio.h>

static const char days[7][4] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue",
	"Wed" }; /* 1970-01-01 was a Thursday */
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

struct moment {
	int year;
	int year_digits;
	int month;
	int day;
	int hour;
	int minute;
	int second;
};

void
imfdate_format(char text[IMFDATE_TEXT], int64_t seconds)
{
	int64_t day = seconds / 86400 - (seconds % 86400 < 0);
	int64_t rest = seconds - day * 86400;
	int year;
	int month;
	int mday;

	date_split((date_t)day, &year, &month, &mday);
	snprintf(text, IMFDATE_TEXT, "%s, %02u %s %04u %02u:%02u:%02u GMT",
	    days[(day % 7 + 7) % 7], (unsigned)mday % 100, months[month - 1],
	    (unsigned)year % 10000, (unsigned)(rest / 3600) % 100,
	    (unsigned)(rest / 60 % 60), (unsigned)(rest % 60));
}

static bool
take_digit(struct bytes *text, int *number)
{
	if (text->len == 0 || text->data[0] < '0' || text->data[0] > '9') {
		return false;
	}
	*number =
	    *number * 10 + (text->data[0] == ' ' ? 0 : text->data[0] - '0');
	text->data++;
	text->len--;
	return true;
}

static bool
take_month(struct bytes *text, int *month)
{
	for (int i = 0; text->len >= 3 && i < 12; i++) {
		if (memcmp(text->data, months[i], 3) == 0) {
			*month = i + 1;
			text->data += 3;
			text->len -= 3;
			return true;
		}
	}
	return false;
}

static bool
take_word(struct bytes *text)
{
	size_t len = 0;

	while (len < text->len && text->data[len] >= 'A' &&
	       text->data[len] <= 'z') {
		len++;
	}
	text->data += len;
	text->len -= len;
	return len >= 3;
}

static bool
take_mark(struct bytes *text, char mark)
{
	if (text->len == 0 || text->data[0] != (uint8_t)mark) {
		return false;
	}
	text->data++;
	text->len--;
	return true;
}

static bool
take_step(struct bytes *text, char step, struct moment *moment)
{
	switch (step) {
	case 'w':
		return take_word(text);
	case 'N':
		return take_month(text, &moment->month);
	case 'B': /* asctime has no leading nought */
		return take_mark(text, ' ') || take_digit(text, &moment->day);
	case 'D':
		return take_digit(text, &moment->day);
	case 'Y':
		moment->year_digits++;
		return take_digit(text, &moment->year);
	case 'H':
		return take_digit(text, &moment->hour);
	case 'I':
		return take_digit(text, &moment->minute);
	case 'S':
		return take_digit(text, &moment->second);
	default:
		return take_mark(text, step);
	}
}

static bool
matches(struct bytes text, const char *pattern, struct moment *moment)
{
	*moment = (struct moment){ 0 };
	for (; *pattern != '\0'; pattern++) {
		if (!take_step(&text, *pattern, moment)) {
			return false;
		}
	}
	return text.len == 0;
}

/* A day that exists, at a time that exists (a leap second is let pass). */
static bool
seconds_of(const struct moment *moment, int64_t *seconds_out)
{
	char text[DATE_TEXT];
	int year = moment->year;
	date_t date;

	if (moment->year_digits == 2) {
		/* RFC 850 years; ours are never before 1970. */
		year += year < 70 ? 2000 : 1900;
	}
	if (moment->hour > 23 || moment->minute > 59 || moment->second > 60) {
		return false;
	}
	snprintf(text, sizeof(text), "%04u-%02u-%02u", (unsigned)year % 10000,
	    (unsigned)moment->month % 100, (unsigned)moment->day % 100);
	if (!date_parse(&date, text)) {
		return false;
	}
	*seconds_out = (int64_t)date * 86400 + moment->hour * 3600 +
	               moment->minute * 60 + moment->second;
	return true;
}

bool
imfdate_parse(struct bytes text, int64_t *seconds_out)
{
	static const char *const patterns[] = {
		"w, DD N YYYY HH:II:SS GMT", /* IMF-fixdate */
		"w, DD-N-YY HH:II:SS GMT",   /* RFC 850 */
		"w N BD HH:II:SS YYYY",      /* asctime */
	};
	struct moment moment;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		if (matches(text, patterns[i], &moment)) {
			return seconds_of(&moment, seconds_out);
		}
	}
	return false;
}
