/* SPDX-License-Identifier: Apache-2.0 */

#include "api/etag.h"

#include "tests/unit/unit.h"

static void
a_revision_is_its_tag(void **state)
{
	char text[ETAG_TEXT];
	uint64_t rev = 0;

	(void)state;
	etag_of_rev(text, 17);
	assert_text(text, "\"17\"");
	assert_true(etag_rev(bytes_of_text(text), &rev));
	assert_int_equal(rev, 17);
	assert_false(etag_rev(bytes_of_text("17"), &rev));
	assert_false(etag_rev(bytes_of_text("\"\""), &rev));
	assert_false(etag_rev(bytes_of_text("\"1a\""), &rev));
	assert_false(etag_rev(bytes_of_text("W/\"17\""), &rev));
	assert_false(etag_rev(bytes_of_text("\"17\", \"18\""), &rev));
	assert_false(etag_rev(bytes_of_text("\""), &rev));
	/* no record has these, and 0 would stand for "any" further on */
	assert_false(etag_rev(bytes_of_text("\"0\""), &rev));
	assert_false(etag_rev(bytes_of_text("\"017\""), &rev));
}

static bool
is_in(const char *list, bool weak)
{
	return etag_is_in(bytes_of_text(list), "\"17\"", weak);
}

static void
tags_are_compared_whole_and_in_lists(void **state)
{
	(void)state;
	assert_true(is_in("\"17\"", false));
	assert_true(is_in("\"1\", \"17\"", false));
	assert_true(is_in("\"a,b\",\"17\"", false));
	assert_true(is_in("*", false));
	assert_false(is_in("\"170\"", false));
	assert_false(is_in("17", false));
	assert_false(is_in("", false));
	assert_false(is_in("\"a,\"17\"", false));
}

static void
weak_tags_match_only_where_weakness_is_enough(void **state)
{
	(void)state;
	assert_true(is_in("W/\"17\"", true));
	assert_false(is_in("W/\"17\"", false));
	assert_false(is_in("w/\"17\"", true));
}

UNIT_MAIN(unit(a_revision_is_its_tag),
    unit(tags_are_compared_whole_and_in_lists),
    unit(weak_tags_match_only_where_weakness_is_enough))
