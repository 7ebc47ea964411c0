/* SPDX-License-Identifier: Apache-2.0 */

#include "api/pace.h"

#include "tests/unit/unit.h"

#define MS 1000

static void
a_window_is_judged_when_it_is_over(void **state)
{
	struct pace pace = { 0 };

	(void)state;
	/* 1,000 a second over 100 ms: 100 must move. */
	assert_false(pace_is_below(&pace, 5 * MS, 7, 1000, 100));
	assert_false(pace_is_below(&pace, 104 * MS, 7, 1000, 100));
	assert_true(pace_is_below(&pace, 105 * MS, 106, 1000, 100));
	assert_false(pace_is_below(&pace, 105 * MS, 107, 1000, 100));
	/* The next window began there. */
	assert_false(pace_is_below(&pace, 204 * MS, 107, 1000, 100));
	assert_true(pace_is_below(&pace, 205 * MS, 107, 1000, 100));
}

static void
a_longer_window_wants_more(void **state)
{
	struct pace pace = { 0 };

	(void)state;
	assert_false(pace_is_below(&pace, 1 * MS, 0, 1000, 100));
	assert_true(pace_is_below(&pace, 1001 * MS, 999, 1000, 100));
	assert_false(pace_is_below(&pace, 1001 * MS, 1000, 1000, 100));
}

static void
without_a_rate_nothing_is_too_slow(void **state)
{
	struct pace pace = { 0 };

	(void)state;
	assert_false(pace_is_below(&pace, 1 * MS, 0, 0, 100));
	assert_false(pace_is_below(&pace, 9001 * MS, 0, 0, 100));
}

UNIT_MAIN(unit(a_window_is_judged_when_it_is_over),
    unit(a_longer_window_wants_more), unit(without_a_rate_nothing_is_too_slow))
