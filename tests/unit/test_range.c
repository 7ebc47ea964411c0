/* SPDX-License-Identifier: Apache-2.0 */

#include "api/range.h"

#include "tests/unit/unit.h"

static void
check(const char *text, uint64_t size, enum range_answer wanted, uint64_t from,
    uint64_t len)
{
	struct range range;
	enum range_answer got = range_parse(bytes_of_text(text), size, &range);

	if (got != wanted) {
		print_error("%s of %llu: got %d, wanted %d\n", text,
		    (unsigned long long)size, got, wanted);
	}
	assert_int_equal(got, wanted);
	if (wanted == RANGE_PART) {
		assert_int_equal(range.from, from);
		assert_int_equal(range.len, len);
	}
}

static void
one_range_is_served(void **state)
{
	(void)state;
	check("bytes=0-499", 10000, RANGE_PART, 0, 500);
	check("bytes=500-999", 10000, RANGE_PART, 500, 500);
	check("bytes=-500", 10000, RANGE_PART, 9500, 500);
	check("bytes=9500-", 10000, RANGE_PART, 9500, 500);
	check("BYTES=0-0", 10000, RANGE_PART, 0, 1);
	check("bytes=-1", 10000, RANGE_PART, 9999, 1);
}

static void
a_range_ends_where_the_content_ends(void **state)
{
	(void)state;
	check("bytes=0-99999", 10000, RANGE_PART, 0, 10000);
	check("bytes=-99999", 10000, RANGE_PART, 0, 10000);
	check("bytes=9999-9007199254740991", 10000, RANGE_PART, 9999, 1);
}

static void
a_range_outside_of_the_content_is_refused(void **state)
{
	(void)state;
	check("bytes=10000-", 10000, RANGE_OUTSIDE, 0, 0);
	check("bytes=10000-10001", 10000, RANGE_OUTSIDE, 0, 0);
	check("bytes=-0", 10000, RANGE_OUTSIDE, 0, 0);
	check("bytes=0-", 0, RANGE_OUTSIDE, 0, 0);
	check("bytes=-5", 0, RANGE_OUTSIDE, 0, 0);
}

static void
what_is_no_single_range_is_ignored(void **state)
{
	static const char *const whole[] = { "", "bytes", "bytes=", "bytes=-",
		"bytes=a-b", "bytes=5-4", "bytes=0-1,3-4", "bytes=0-1,",
		"bytes= 0-1", "bytes=0 -1", "bytes=--1", "bytes=+1-2",
		"bytes=1-2-3", "lines=0-1", "bytes=0x0-1",
		"bytes=99999999999999999999-", "bytes=1" };

	(void)state;
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++) {
		check(whole[i], 10000, RANGE_WHOLE, 0, 0);
	}
}

UNIT_MAIN(unit(one_range_is_served), unit(a_range_ends_where_the_content_ends),
    unit(a_range_outside_of_the_content_is_refused),
    unit(what_is_no_single_range_is_ignored))
