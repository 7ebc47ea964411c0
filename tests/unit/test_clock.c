/* SPDX-License-Identifier: Apache-2.0 */

#include "base/clock.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <time.h>

#define SECOND 1000000LL
#define DAY    (86400 * SECOND)

static int
tear_down(void **state)
{
	(void)state;
	unsetenv("HOSO_CLOCK");
	clock_set(0);
	return 0;
}

static void
a_clock_that_is_set_stands_still(void **state)
{
	(void)state;
	clock_set(42);
	assert_int_equal(clock_now(), 42);
	assert_int_equal(clock_now(), 42);
	clock_set(0);
	assert_true(clock_now() > 1600000000 * SECOND);
}

static void
the_environment_sets_the_clock(void **state)
{
	int64_t now;

	(void)state;
	setenv("HOSO_CLOCK", "@1769817600", 1);
	clock_init();
	assert_int_equal(clock_now(), 1769817600 * SECOND);
	clock_set(0);
	setenv("HOSO_CLOCK", "+3155760000", 1);
	now = clock_now();
	clock_init();
	assert_true(clock_now() - now >= 3155760000 * SECOND);
	assert_true(clock_now() - now < (3155760000 + 3600) * SECOND);
	setenv("HOSO_CLOCK", "+0", 1);
	clock_init();
	assert_true(clock_now() - now < 3600 * SECOND);
}

static void
a_clock_that_is_set_back_a_little_waits_and_then_goes_on(void **state)
{
	/* 2016-12-31T23:59:59.9Z and the second that was there twice. */
	const int64_t leap = 1483228799900000;
	int64_t before = clock_hold(leap);

	(void)state;
	/* A time of our own, far from the real one. */
	assert_int_equal(before, leap);
	for (int64_t wall = leap - SECOND; wall < leap; wall += 100000) {
		int64_t at = clock_hold(wall);

		assert_true(at > before);
		assert_true(at < leap + 100);
		before = at;
	}
	assert_int_equal(clock_hold(leap + SECOND), leap + SECOND);
	assert_int_equal(clock_hold(leap + SECOND), leap + SECOND + 1);
	assert_int_equal(clock_hold(leap + SECOND - CLOCK_HOLD_US + 2),
	    leap + SECOND + 2);
}

static void
a_clock_that_was_wrong_is_set_right(void **state)
{
	/* 2100-02-28T23:59:59Z; there is no 29th. */
	const int64_t wrong = 4107542399000000;
	const int64_t right = 1769817600000000;
	char text[CLOCK_TEXT];

	(void)state;
	assert_int_equal(clock_hold(wrong), wrong);
	assert_int_equal(clock_hold(wrong + 2 * SECOND), wrong + 2 * SECOND);
	clock_format_utc(text, wrong + SECOND);
	assert_text(text, "2100-03-01T00:00:00Z");
	assert_int_equal(clock_hold(right), right);
}

static void
ticks_never_go_back(void **state)
{
	int64_t before = clock_ticks();

	(void)state;
	clock_set(1);
	for (unsigned i = 0; i < 1000; i++) {
		int64_t now = clock_ticks();

		assert_true(now >= before);
		before = now;
	}
}

/* gmtime_r() is the model, seven hours on. */
static void
times_are_written_as_the_system_would(void **state)
{
	static const int64_t times[] = { 0, 1, -1, DAY - 1, DAY, -DAY, -DAY - 1,
		17 * 3600 * SECOND - 1, 17 * 3600 * SECOND, -7 * 3600 * SECOND,
		-7 * 3600 * SECOND - 1, 1709164799999999, 1769817600123456,
		253402300799 * SECOND - 7 * 3600 * SECOND };

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		char wanted[CLOCK_TEXT];
		char text[CLOCK_TEXT];
		int64_t us = (times[i] % SECOND + SECOND) % SECOND;
		time_t second = (time_t)((times[i] - us) / SECOND);
		time_t office = second + CLOCK_OFFSET_SECONDS;
		struct tm parts;

		gmtime_r(&second, &parts);
		strftime(wanted, sizeof(wanted), "%Y-%m-%dT%H:%M:%SZ", &parts);
		clock_format_utc(text, times[i]);
		assert_text(text, wanted);

		gmtime_r(&office, &parts);
		strftime(wanted, sizeof(wanted), "%Y-%m-%dT%H:%M:%S", &parts);
		clock_format_office(text, times[i]);
		assert_memory_equal(text, wanted, 19);
		assert_int_equal(text[19], '.');
		assert_int_equal(strtoll(text + 20, NULL, 10), us);
		assert_text(text + 26, "+07:00");
	}
}

static void
a_day_at_the_office_begins_at_17_utc(void **state)
{
	int64_t begin = 17 * 3600 * SECOND;

	(void)state;
	assert_int_equal(clock_date(begin - 1), 0);
	assert_int_equal(clock_date(begin), 1);
	for (date_t date = -800000; date < 3000000; date += 997) {
		int64_t first = clock_of_date(date);

		assert_int_equal(clock_date(first), date);
		assert_int_equal(clock_date(first - 1), date - 1);
		assert_int_equal(clock_date(first + DAY - 1), date);
	}
}

#define clock_test(test) cmocka_unit_test_teardown(test, tear_down)

static void
ticks_stand_still_where_a_test_wants_it(void **state)
{
	int64_t before = clock_ticks();

	(void)state;
	clock_set_ticks(17);
	assert_int_equal(clock_ticks(), 17);
	clock_set_ticks(0);
	assert_true(clock_ticks() >= before);
}

UNIT_MAIN(clock_test(a_clock_that_is_set_stands_still),
    clock_test(the_environment_sets_the_clock), clock_test(ticks_never_go_back),
    clock_test(a_clock_that_is_set_back_a_little_waits_and_then_goes_on),
    clock_test(a_clock_that_was_wrong_is_set_right),
    clock_test(ticks_stand_still_where_a_test_wants_it),
    clock_test(times_are_written_as_the_system_would),
    clock_test(a_day_at_the_office_begins_at_17_utc))
