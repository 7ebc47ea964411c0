/* SPDX-License-Identifier: Apache-2.0 */

#include "api/target.h"

#include "tests/unit/unit.h"

static struct arena *arena;
static struct target target;
static struct fault fault;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static int
parse(const char *text)
{
	return target_parse(&target, bytes_of_text(text), arena, &fault);
}

/* The segments joined by "|". */
static const char *
path_of(const char *text)
{
	const char *joined = "";

	if (parse(text) < 0) {
		return fault.text;
	}
	for (unsigned i = 0; i < target.segment_count; i++) {
		joined = arena_format(arena, "%s%s%.*s", joined,
		    i > 0 ? "|" : "", (int)target.segments[i].len,
		    (const char *)target.segments[i].data);
	}
	return joined;
}

static const char *
query_of(const char *text)
{
	const char *joined = "";

	if (parse(text) < 0) {
		return fault.text;
	}
	for (unsigned i = 0; i < target.pair_count; i++) {
		joined =
		    arena_format(arena, "%s%s%s=%s", joined, i > 0 ? "|" : "",
		        target.pairs[i].name, target.pairs[i].value);
	}
	return joined;
}

static void
a_path_is_split_before_it_is_decoded(void **state)
{
	(void)state;
	assert_text(path_of("/"), "");
	assert_int_equal(target.segment_count, 1);
	assert_text(path_of("/api/v1/units"), "api|v1|units");
	assert_text(path_of("/a/"), "a|");
	assert_text(path_of("//a"), "|a");
	assert_text(path_of("/a?b/c"), "a");
	assert_text(path_of("/x%C3%A3%20x%e1%bb%91p"), "xã xốp");
	assert_text(path_of("/a+b%2Bc"), "a+b+c");
	assert_text(path_of("/%3F%26%25"), "?&%");
	assert_text(path_of("*"), "");
	assert_int_equal(target.segment_count, 0);
}

static void
text_comes_in_one_normal_form(void **state)
{
	(void)state;
	/* "ệ" as e, circumflex and dot below: three characters. */
	assert_text(path_of("/e%CC%82%CC%A3"), "ệ");
	assert_text(query_of("/?q=e%CC%A3%CC%82"), "q=ệ");
}

static void
what_could_be_read_in_two_ways_is_refused(void **state)
{
	static const char *const bad[] = { "/%00", "/a%2Fb", "/a%2fb", "/%",
		"/%4", "/%zz", "/%4g", "/a/%", "/..", "/.", "/a/../b", "/a/.",
		"/%2e%2e/b", "/%2E", "/.%2e", "/%0a", "/%1f", "/%7f", "/%ff",
		"/%c3", "/%c0%af", "/%ed%a0%80", "/?a=%00", "/?a=%", "/?a=%ff",
		"/?%zz=1" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		fault.code = FAULT_NONE;
		if (parse(bad[i]) == 0) {
			print_error("%s was taken\n", bad[i]);
		}
		assert_int_equal(fault.code, FAULT_INVALID);
	}
	/* The message shows no more than there is. */
	assert_int_equal(
	    target_parse(&target, bytes_of("/a%4\xff\xff", 4), arena, &fault),
	    -1);
	assert_text(fault.text,
	    "the address holds an escape that is not allowed: %4");
	assert_text(path_of("/..."), "...");
	assert_text(path_of("/.a"), ".a");
}

static void
a_query_is_split_before_it_is_decoded(void **state)
{
	(void)state;
	assert_text(query_of("/?a=1&b=2"), "a=1|b=2");
	assert_text(query_of("/?a"), "a=");
	assert_text(query_of("/?"), "");
	assert_text(query_of("/?&&a=1&"), "a=1");
	assert_text(query_of("/?a=b=c"), "a=b=c");
	assert_text(query_of("/?a=1&a=2"), "a=1|a=2");
	assert_text(query_of("/?q=huy%E1%BB%87n+Glei"), "q=huyện Glei");
	assert_text(query_of("/?a%26b=%3D"), "a&b==");
	assert_text(query_of("/?p=/a/../b"), "p=/a/../b");
	assert_text(query_of("/?p=%2F%0A"), "p=/\n");
	assert_int_equal(parse("/?a=1&a=2&b"), 0);
	assert_text(target_find(&target, "a"), "1");
	assert_text(target_find(&target, "b"), "");
	assert_null(target_find(&target, "c"));
}

static const char *
repeat(const char *first, const char *text, unsigned count)
{
	const char *all = first;

	for (unsigned i = 0; i < count; i++) {
		all = arena_format(arena, "%s%s", all, text);
	}
	return all;
}

static void
parts_are_counted(void **state)
{
	(void)state;
	assert_int_equal(parse(repeat("", "/a", TARGET_SEGMENTS_MAX)), 0);
	assert_int_equal(parse(repeat("", "/a", TARGET_SEGMENTS_MAX + 1)), -1);
	assert_int_equal(parse(repeat("/?a", "&a", TARGET_PAIRS_MAX - 1)), 0);
	assert_int_equal(target.pair_count, TARGET_PAIRS_MAX);
	assert_int_equal(parse(repeat("/?a", "&a", TARGET_PAIRS_MAX)), -1);
}

#define target_test(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(target_test(a_path_is_split_before_it_is_decoded),
    target_test(text_comes_in_one_normal_form),
    target_test(what_could_be_read_in_two_ways_is_refused),
    target_test(a_query_is_split_before_it_is_decoded),
    target_test(parts_are_counted))
