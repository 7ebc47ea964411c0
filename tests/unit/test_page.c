/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The web page's files, from a folder to a client.
 */

#include "api/page_http.h"
#include "api/pages.h"
#include "base/file.h"
#include "tests/unit/desk.h"
#include "tests/unit/scratch.h"

static struct desk *desk;
static struct pages *pages;
static char root[SCRATCH_PATH];

static void
put(const char *name, const char *text)
{
	char path[SCRATCH_PATH + 64];
	struct fault fault;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	if (file_write(path, bytes_of_text(text), 0600, &fault) < 0) {
		fail_msg("%s: %s", path, fault.text);
	}
}

static void
make_assets(const char *under)
{
	char path[SCRATCH_PATH + 64];
	struct fault fault;

	snprintf(path, sizeof(path), "%s/%s", under, "assets");
	assert_int_equal(file_make_folder(path, 0700, &fault), 0);
}

static const struct route table[] = {
	{ METHOD_GET, "/", page_http_index, "page.read", ROUTE_BODY_NONE,
	    ROUTE_PUBLIC, NULL, "" },
	{ METHOD_GET, "/ho-so/{id}", page_http_index, "page.read",
	    ROUTE_BODY_NONE, ROUTE_PUBLIC, NULL, "" },
	{ METHOD_GET, "/assets/{name}", page_http_asset, "page.read",
	    ROUTE_BODY_NONE, ROUTE_PUBLIC, NULL, "" },
	{ .path = NULL },
};

static int
setup(void **state)
{
	struct fault fault;

	*state = desk = desk_open(table);
	scratch_make(root);
	make_assets(root);
	put("index.html", "<!doctype html>");
	put("secret.txt", "not an asset");
	put("assets/app-1.js", "let plain;");
	put("assets/app-1.js.br", "BROTLI");
	put("assets/app-1.js.gz", "GZIP");
	put("assets/app-1.css", "p{}");
	put("assets/.hidden", "x");
	if (pages_open(&pages, root, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	desk->app.pages = pages;
	return 0;
}

static int
teardown(void **state)
{
	desk_close(*state);
	pages_free(pages);
	scratch_remove(root);
	return 0;
}

/* GET with further lines of the head, each with its end. */
static int
get(const char *target, const char *lines)
{
	char text[4096];

	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: h\r\n%s\r\n",
	    target, lines);
	if (!client_ask(&desk->client, text, &desk->answer)) {
		fail_msg("%s: no answer", target);
	}
	return desk->answer.status;
}

static void
expect_field(const char *name, const char *wanted)
{
	const char *got = answer_field(&desk->answer, name);

	if (wanted == NULL ? got != NULL
	                   : got == NULL || strcmp(got, wanted) != 0) {
		fail_msg("%s: got %s, wanted %s", name,
		    got != NULL ? got : "none",
		    wanted != NULL ? wanted : "none");
	}
}

static void
expect_body(const char *wanted)
{
	assert_string_equal(buf_text(&desk->answer.body), wanted);
}

static void
an_address_of_the_page_shows_the_one_document(void **state)
{
	(void)state;
	assert_int_equal(get("/ho-so/01jd", ""), 200);
	expect_body("<!doctype html>");
	expect_field("Content-Type", "text/html; charset=utf-8");
	expect_field("Cache-Control", "no-cache");
	assert_int_equal(get("/", ""), 200);
	expect_body("<!doctype html>");
}

static void
a_document_may_run_and_show_only_files_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(get("/", ""), 200);
	expect_field("Content-Security-Policy",
	    "default-src 'none'; script-src 'self'; style-src 'self'; "
	    "img-src 'self' blob:; connect-src 'self'; worker-src 'self'; "
	    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
	expect_field("X-Content-Type-Options", "nosniff");
	expect_field("Referrer-Policy", "same-origin");
	expect_field("Cross-Origin-Opener-Policy", "same-origin");
	expect_field("Cross-Origin-Resource-Policy", "same-origin");
}

static void
an_asset_is_good_for_a_year(void **state)
{
	(void)state;
	assert_int_equal(get("/assets/app-1.css", ""), 200);
	expect_field("Cache-Control", "public, max-age=31536000, immutable");
	expect_field("Content-Type", "text/css; charset=utf-8");
	expect_field("Content-Encoding", NULL);
}

static void
the_smallest_form_that_a_client_takes_is_sent(void **state)
{
	static const struct {
		const char *lines;
		const char *coding;
		const char *body;
	} cases[] = {
		{ "", NULL, "let plain;" },
		{ "Accept-Encoding: gzip, deflate, br\r\n", "br", "BROTLI" },
		{ "Accept-Encoding: gzip, br;q=0\r\n", "gzip", "GZIP" },
		{ "Accept-Encoding: GZIP\r\n", "gzip", "GZIP" },
		{ "Accept-Encoding: brotli, x-gzip\r\n", NULL, "let plain;" },
		{ "Accept-Encoding: identity\r\n", NULL, "let plain;" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(get("/assets/app-1.js", cases[i].lines), 200);
		expect_body(cases[i].body);
		expect_field("Content-Encoding", cases[i].coding);
		expect_field("Vary", "Accept-Encoding");
	}
}

static void
each_form_has_a_tag_of_its_own(void **state)
{
	char lines[256];
	char tag[ETAG_TEXT];

	(void)state;
	get("/assets/app-1.js", "Accept-Encoding: br\r\n");
	snprintf(tag, sizeof(tag), "%.79s",
	    answer_field(&desk->answer, "ETag"));
	snprintf(lines, sizeof(lines),
	    "Accept-Encoding: br\r\nIf-None-Match: %s\r\n", tag);
	assert_int_equal(get("/assets/app-1.js", lines), 304);
	snprintf(lines, sizeof(lines), "If-None-Match: %s\r\n", tag);
	assert_int_equal(get("/assets/app-1.js", lines), 200);
}

static void
what_was_not_there_at_the_start_is_not_found(void **state)
{
	static const char *const absent[] = { "/assets/", "/assets/app-2.js",
		"/assets/app-1.js.br", "/assets/.hidden", "/assets/index.html",
		"/assets/..%5csecret.txt", "/assets//app-1.js",
		"/assets/app-1.js/", "/assets/APP-1.JS", "/secret.txt",
		"/index.html", "/api/v1/nothing", "/api" };
	static const char *const malformed[] = { "/assets/../secret.txt",
		"/assets/%2e%2e/secret.txt", "/assets/%2e%2e%2fsecret.txt",
		"/assets/..%2findex.html", "/assets/app-1.js%00.css",
		"/assets/%ff", "/assets/%zz" };

	(void)state;
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++) {
		if (get(absent[i], "") != 404) {
			fail_msg("%s: got %d, wanted 404", absent[i],
			    desk->answer.status);
		}
	}
	for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		if (get(malformed[i], "") != 400) {
			fail_msg("%s: got %d, wanted 400", malformed[i],
			    desk->answer.status);
		}
	}
}

static void
a_server_without_the_page_says_so(void **state)
{
	(void)state;
	desk->app.pages = NULL;
	assert_int_equal(get("/", ""), 404);
	assert_non_null(strstr(buf_text(&desk->answer.body), "web.root"));
	assert_int_equal(get("/assets/app-1.js", ""), 404);
	desk->app.pages = pages;
}

/* --- folders that are none ----------------------------------------------- */

static void
expect_refused(const char *folder, enum fault_code wanted)
{
	struct pages *opened;
	struct fault fault;

	assert_int_equal(pages_open(&opened, folder, &fault), -1);
	assert_int_equal(fault.code, wanted);
}

static void
a_folder_without_an_index_is_no_page(void **state)
{
	char folder[SCRATCH_PATH];

	(void)state;
	scratch_make(folder);
	make_assets(folder);
	expect_refused(folder, FAULT_ABSENT);
	expect_refused("/nowhere/at/all", FAULT_ABSENT);
	scratch_remove(folder);
}

static void
more_files_than_a_page_has_are_refused(void **state)
{
	char name[64];

	(void)state;
	for (unsigned i = 0; i < 512; i++) {
		snprintf(name, sizeof(name), "assets/many-%u.js", i);
		put(name, "x");
	}
	expect_refused(root, FAULT_LIMIT);
}

int
main(void)
{
#define page_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		page_test(an_address_of_the_page_shows_the_one_document),
		page_test(a_document_may_run_and_show_only_files_of_its_own),
		page_test(an_asset_is_good_for_a_year),
		page_test(the_smallest_form_that_a_client_takes_is_sent),
		page_test(each_form_has_a_tag_of_its_own),
		page_test(what_was_not_there_at_the_start_is_not_found),
		page_test(a_server_without_the_page_says_so),
		page_test(a_folder_without_an_index_is_no_page),
		page_test(more_files_than_a_page_has_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
