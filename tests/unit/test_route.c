/* SPDX-License-Identifier: Apache-2.0 */

#include "api/route.h"

#include "api/target.h"
#include "tests/unit/unit.h"

static int
handle(struct request *request, struct fault *fault)
{
	(void)request;
	(void)fault;
	return 0;
}

#define ROW(method, path) \
	{ \
		METHOD_##method, path, handle, "", 0, 0, NULL, "" \
	}

static const struct route routes[] = {
	ROW(GET, "/"),
	ROW(GET, "/api/v1/units"),
	ROW(POST, "/api/v1/units"),
	ROW(GET, "/api/v1/units/{id}"),
	ROW(PUT, "/api/v1/units/{id}"),
	ROW(GET, "/api/v1/units/{id}/dossiers"),
	ROW(GET, "/api/v1/units/search"),
	ROW(GET, "/api/v1/units/{unit}/grants/{grant}"),
	ROW(GET, "/log/{tree}/tile/{path...}"),
	ROW(GET, "/log/{tree}/tile/size"),
	ROW(GET, "/folder/"),
	ROW(OPTIONS, "/uploads"),
	ROW(HEAD, "/uploads/{id}"),
	ROW(PATCH, "/uploads/{id}"),
	{ 0 },
};

static struct arena *arena;
static struct route_tree *tree;
static struct route_match match;
static struct fault fault;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return route_tree_new(&tree, routes, &fault);
}

static int
tear_down(void **state)
{
	(void)state;
	route_tree_free(tree);
	arena_free(arena);
	return 0;
}

/* "PATH name=value ..." of the route, or "-". */
static const char *
find(enum method method, const char *path)
{
	struct target target;
	const char *text;

	assert_int_equal(
	    target_parse(&target, bytes_of_text(path), arena, &fault), 0);
	route_find(tree, method, target.segments, target.segment_count, arena,
	    &match);
	if (match.route == NULL) {
		return "-";
	}
	text = match.route->path;
	for (unsigned i = 0; i < match.param_count; i++) {
		text = arena_format(arena, "%s %s=%s", text,
		    match.params[i].name, match.params[i].value);
	}
	return text;
}

static void
paths_find_their_routes_and_the_words_in_braces(void **state)
{
	(void)state;
	assert_text(find(METHOD_GET, "/"), "/");
	assert_text(find(METHOD_GET, "/api/v1/units"), "/api/v1/units");
	assert_text(find(METHOD_GET, "/api/v1/units/xa-xop"),
	    "/api/v1/units/{id} id=xa-xop");
	assert_text(find(METHOD_GET, "/api/v1/units/x%C3%A3/dossiers?a=b"),
	    "/api/v1/units/{id}/dossiers id=xã");
	assert_text(find(METHOD_GET, "/api/v1/units/a/grants/b"),
	    "/api/v1/units/{unit}/grants/{grant} unit=a grant=b");
	assert_text(find(METHOD_GET, "/folder/"), "/folder/");
}

static void
written_words_go_before_braces_and_braces_are_tried_after(void **state)
{
	(void)state;
	assert_text(find(METHOD_GET, "/api/v1/units/search"),
	    "/api/v1/units/search");
	assert_text(find(METHOD_GET, "/api/v1/units/search/dossiers"),
	    "/api/v1/units/{id}/dossiers id=search");
	assert_text(find(METHOD_GET, "/log/t/tile/size"),
	    "/log/{tree}/tile/size tree=t");
	assert_text(find(METHOD_GET, "/log/t/tile/size/1"),
	    "/log/{tree}/tile/{path...} tree=t path=size/1");
}

static void
a_tail_takes_one_segment_or_more(void **state)
{
	(void)state;
	assert_text(find(METHOD_GET, "/log/t/tile/0/x001/067"),
	    "/log/{tree}/tile/{path...} tree=t path=0/x001/067");
	assert_text(find(METHOD_GET, "/log/t/tile/0"),
	    "/log/{tree}/tile/{path...} tree=t path=0");
	assert_text(find(METHOD_GET, "/log/t/tile"), "-");
	assert_text(find(METHOD_GET, "/log/t/tile/"), "-");
}

static void
other_paths_find_nothing(void **state)
{
	static const char *const absent[] = { "/api", "/api/v1/unit",
		"/api/v1/units/", "/api/v1/units//dossiers", "//",
		"/API/v1/units", "/api/v1/units/a/b", "/folder", "/uploads/",
		"/api/v1/units/a/grants/b/c" };

	(void)state;
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++) {
		assert_text(find(METHOD_GET, absent[i]), "-");
		assert_int_equal(match.methods, 0);
	}
}

static void
a_known_path_says_what_it_takes(void **state)
{
	(void)state;
	assert_text(find(METHOD_DELETE, "/api/v1/units"), "-");
	assert_text(route_allow(match.methods, arena),
	    "GET, HEAD, POST, OPTIONS");
	assert_text(find(METHOD_GET, "/uploads/1"), "-");
	assert_text(route_allow(match.methods, arena), "HEAD, PATCH, OPTIONS");
	assert_text(find(METHOD_OTHER, "/"), "-");
	assert_text(route_allow(match.methods, arena), "GET, HEAD, OPTIONS");
}

static void
head_goes_to_get_where_it_has_no_route_of_its_own(void **state)
{
	(void)state;
	assert_text(find(METHOD_HEAD, "/api/v1/units"), "/api/v1/units");
	assert_int_equal(match.route->method, METHOD_GET);
	assert_text(find(METHOD_HEAD, "/uploads/1"), "/uploads/{id} id=1");
	assert_int_equal(match.route->method, METHOD_HEAD);
	assert_text(find(METHOD_OPTIONS, "/uploads"), "/uploads");
}

static void
check_table(const struct route *row, const struct route *second, int wanted)
{
	const struct route table[] = { *row, *second, { 0 } };
	struct route_tree *made = NULL;

	assert_int_equal(route_tree_new(&made, table, &fault), wanted);
	if (wanted == 0) {
		route_tree_free(made);
	} else {
		assert_int_equal(fault.code, FAULT_INVALID);
	}
}

static void
tables_that_cannot_be_meant_are_refused(void **state)
{
	const struct route none = { 0 };
	const struct route a = ROW(GET, "/a/{id}");
	const struct route same = ROW(GET, "/a/{other}");
	const struct route other = ROW(PUT, "/a/{other}");
	const struct route inside = ROW(GET, "/{rest...}/b");
	const struct route bare = ROW(GET, "a");
	const struct route many = ROW(GET, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}");
	const struct route lame = { METHOD_GET, "/a", NULL, "", 0, 0, NULL,
		"" };

	(void)state;
	check_table(&a, &other, 0);
	check_table(&a, &same, -1);
	check_table(&inside, &none, -1);
	check_table(&bare, &none, -1);
	check_table(&many, &none, -1);
	check_table(&lame, &none, -1);
}

#define route_test(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(route_test(paths_find_their_routes_and_the_words_in_braces),
    route_test(written_words_go_before_braces_and_braces_are_tried_after),
    route_test(a_tail_takes_one_segment_or_more),
    route_test(other_paths_find_nothing),
    route_test(a_known_path_says_what_it_takes),
    route_test(head_goes_to_get_where_it_has_no_route_of_its_own),
    route_test(tables_that_cannot_be_meant_are_refused))
