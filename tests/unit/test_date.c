/* SPDX-License-Identifier: Apache-2.0 */

/* The model is a calendar that is walked day by day. */

#include "base/date.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

struct day {
	int year;
	int month;
	int day;
};

static int
days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && is_leap);
}

static void
step(struct day *day)
{
	if (++day->day > days_of_month(day->year, day->month)) {
		day->day = 1;
		if (++day->month > 12) {
			day->month = 1;
			day->year++;
		}
	}
}

static void
check_day(struct day day, date_t date)
{
	char wanted[16];
	char text[DATE_TEXT];
	struct day got;
	date_t parsed = 0;

	snprintf(wanted, sizeof(wanted), "%04d-%02d-%02d", day.year, day.month,
	    day.day);
	date_split(date, &got.year, &got.month, &got.day);
	date_format(text, date);
	if (date_of(day.year, day.month, day.day) != date ||
	    got.year != day.year || got.month != day.month ||
	    got.day != day.day || date_year(date) != day.year ||
	    strcmp(text, wanted) != 0 || !date_parse(&parsed, wanted) ||
	    parsed != date) {
		print_error("day %d: got %04d-%02d-%02d, \"%s\", %d, wanted "
		            "%s\n",
		    date, got.year, got.month, got.day, text, parsed, wanted);
		fail();
	}
}

static void
every_day_from_1600_to_2400_is_the_calendars(void **state)
{
	struct day day = { 1600, 1, 1 };
	date_t date = date_of(1600, 1, 1);
	int days = 0;

	(void)state;
	while (day.year <= 2400) {
		check_day(day, date);
		step(&day);
		date++;
		days++;
	}
	assert_int_equal(days, 2 * 146097 + 366);
}

static void
known_days_have_their_numbers(void **state)
{
	(void)state;
	assert_int_equal(date_of(1970, 1, 1), 0);
	assert_int_equal(date_of(2000, 1, 1), 10957);
	assert_int_equal(date_of(2038, 1, 19), 24855);
	assert_int_equal(date_of(1, 1, 1), DATE_MIN);
	assert_int_equal(date_of(9999, 12, 31), DATE_MAX);
	check_day((struct day){ 1, 1, 1 }, DATE_MIN);
	check_day((struct day){ 9999, 12, 31 }, DATE_MAX);
	check_day((struct day){ 1945, 9, 2 }, -8887);
}

/* Every YYYY-MM-DD of these years, whether the day exists or not. */
static void
only_days_that_exist_are_parsed(void **state)
{
	static const int years[] = { 0, 1, 1900, 1999, 2000, 2023, 2024, 2100,
		9999 };

	(void)state;
	for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
		for (int month = 0; month < 100; month++) {
			for (int day = 0; day < 100; day++) {
				char text[16];
				date_t date;
				bool wanted =
				    years[i] > 0 && month >= 1 && month <= 12 &&
				    day >= 1 &&
				    day <= days_of_month(years[i], month);

				snprintf(text, sizeof(text), "%04d-%02d-%02d",
				    years[i], month, day);
				if (date_parse(&date, text) != wanted) {
					print_error("%s: wanted %d\n", text,
					    wanted);
					fail();
				}
			}
		}
	}
}

static void
only_the_exact_form_is_parsed(void **state)
{
	static const char good[] = "2026-01-31";
	date_t date;

	(void)state;
	for (size_t at = 0; at < strlen(good); at++) {
		for (unsigned c = 0; c < 256; c++) {
			char text[sizeof(good)];
			bool is_digit = c >= '0' && c <= '9';

			strcpy(text, good);
			text[at] = (char)c;
			if ((at == 4 || at == 7) ? c == '-' : is_digit) {
				continue;
			}
			assert_false(date_parse(&date, text));
		}
	}
	assert_false(date_parse(&date, ""));
	assert_false(date_parse(&date, "2026-01-3"));
	assert_false(date_parse(&date, "2026-01-311"));
	assert_false(date_parse(&date, "2026-01-31T00:00"));
	assert_false(date_parse(&date, " 2026-01-31"));
}

/* Against a count of the days that both have. */
static void
spans_of_days_meet_and_hold_as_their_days_do(void **state)
{
	(void)state;
	for (int code = 0; code < 6 * 6 * 6 * 6; code++) {
		struct span a = { code % 6, code / 6 % 6 };
		struct span b = { code / 36 % 6, code / 216 };
		int shared = 0;

		if (a.from > a.to || b.from > b.to) {
			continue;
		}
		for (date_t day = 0; day < 6; day++) {
			shared += span_has(a, day) && span_has(b, day);
			assert_int_equal(span_has(a, day),
			    day >= a.from && day <= a.to);
		}
		assert_int_equal(span_meets(a, b), shared > 0);
		assert_int_equal(span_holds(a, b), shared == b.to - b.from + 1);
	}
}

UNIT_MAIN(unit(every_day_from_1600_to_2400_is_the_calendars),
    unit(known_days_have_their_numbers), unit(only_days_that_exist_are_parsed),
    unit(only_the_exact_form_is_parsed),
    unit(spans_of_days_meet_and_hold_as_their_days_do))
