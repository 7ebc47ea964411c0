/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Days are counted by 400-year eras that begin on 1 March, so that the leap
 * day is the last of its year and no table of months is needed.
 */

#include "base/date.h"

#define DAYS_OF_ERA  146097 /* 400 years */
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

date_t
date_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int year_of_era = y - era * 400;
	int day_of_year =
	    (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 -
	                 year_of_era / 100 + day_of_year;

	return era * DAYS_OF_ERA + day_of_era - DAYS_TO_1970;
}

void
date_split(date_t date, int *year_out, int *month_out, int *day_out)
{
	int days = date + DAYS_TO_1970;
	int era = (days >= 0 ? days : days - (DAYS_OF_ERA - 1)) / DAYS_OF_ERA;
	int day_of_era = days - era * DAYS_OF_ERA;
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
	                      day_of_era / 146096) /
	                  365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
	                                   year_of_era / 100);
	int shifted_month = (5 * day_of_year + 2) / 153;

	*day_out = day_of_year - (153 * shifted_month + 2) / 5 + 1;
	*month_out = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
	*year_out = year_of_era + era * 400 + (*month_out <= 2);
}

int
date_year(date_t date)
{
	int year;
	int month;
	int day;

	date_split(date, &year, &month, &day);
	return year;
}

static bool
digits(int *value_out, const char *text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9') {
			return false;
		}
		value = value * 10 + (text[i] - '0');
	}
	*value_out = value;
	return true;
}

bool
date_parse(date_t *date_out, const char *text)
{
	int year, month, day;
	int same_year, same_month, same_day;
	date_t date;

	if (!digits(&year, text, 4) || text[4] != '-' ||
	    !digits(&month, text + 5, 2) || text[7] != '-' ||
	    !digits(&day, text + 8, 2) || text[10] != '\0') {
		return false;
	}
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) {
		return false;
	}
	/* The 31st of a month of 30 days comes back as another day. */
	date = date_of(year, month, day);
	date_split(date, &same_year, &same_month, &same_day);
	if (same_month != month || same_day != day) {
		return false;
	}
	*date_out = date;
	return true;
}

static void
put_two(char *text, int number)
{
	text[0] = (char)('0' + number / 10 % 10);
	text[1] = (char)('0' + number % 10);
}

void
date_format(char text[DATE_TEXT], date_t date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	put_two(text, year / 100);
	put_two(text + 2, year % 100);
	text[4] = '-';
	put_two(text + 5, month);
	text[7] = '-';
	put_two(text + 8, day);
	text[10] = '\0';
}
