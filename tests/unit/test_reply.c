/* SPDX-License-Identifier: Apache-2.0 */

/* Answers: fields, conditions, ranges, streams, refusals. */

#include "tests/unit/http_fixture.h"

static void
a_field_cannot_be_split_by_what_a_client_sent(void **state)
{
	(void)state;
	open_app();
	ask(GET("/field?value=a%20b"), 200);
	check_field("X-Field", "a b");
	ask(GET("/field?value=a%0D%0AX-Two:%20b"), 400);
	check_field("X-Two", NULL);
	ask(GET("/field?value=a%0Ab"), 400);
	ask(GET("/field?value=%01"), 400);
	ask(GET("/field?value=%E1%BB%87"), 200);
	check_field("X-Field", "ệ");
}

static void
every_answer_says_when_and_how_it_may_be_kept(void **state)
{
	(void)state;
	open_app();
	ask(GET("/hello"), 200);
	assert_non_null(answer_field(&answer, "Date"));
	check_field("Cache-Control", "private, no-cache");
	check_field("X-Content-Type-Options", "nosniff");
	check_field("Content-Length", "6");
}

static void
what_has_not_changed_is_not_sent_again(void **state)
{
	(void)state;
	open_app();
	ask(GET("/record/a"), 200);
	check_field("ETag", "\"17\"");
	ask("GET /record/a" HOST "If-None-Match: \"16\", W/\"17\"\r\n\r\n",
	    304);
	check_field("ETag", "\"17\"");
	check_field("Content-Length", NULL);
	ask("GET /record/a" HOST "If-None-Match: \"18\"\r\n\r\n", 200);
	ask("HEAD /record/a" HOST "If-None-Match: *\r\n\r\n", 304);
	ask("GET /big?bytes=9" HOST "If-None-Match: \"big\"\r\n\r\n", 304);
	assert_true(becomes(&app.released, 1));
	ask(GET("/hello"), 200);
}

/* RFC 9110, 13.1.1: who goes on with what he has wants no other content. */
static void
what_has_changed_is_not_read_for_what_was_asked(void **state)
{
	(void)state;
	open_app();
	ask("GET /record/a" HOST "If-Match: \"16\"\r\n\r\n", 412);
	check_field("ETag", NULL);
	check_field("Content-Type", "application/problem+json");
	ask("GET /record/a" HOST "If-Match: W/\"17\"\r\n\r\n", 412);
	ask("GET /record/a" HOST "If-Match: \"16\", \"17\"\r\n\r\n", 200);
	ask("GET /record/a" HOST "If-Match: *\r\n\r\n", 200);
	ask("GET /record/a" HOST
	    "If-Match: \"17\"\r\nIf-None-Match: \"17\"\r\n\r\n",
	    304);
	ask("GET /big?bytes=9" HOST
	    "If-Match: \"other\"\r\nRange: bytes=3-\r\n\r\n",
	    412);
	check_field("Content-Range", NULL);
	assert_true(becomes(&app.released, 1));
	ask("GET /big?bytes=9" HOST
	    "If-Match: \"big\"\r\nRange: bytes=3-\r\n\r\n",
	    206);
	ask("GET /hello" HOST "If-Match: \"17\"\r\n\r\n", 200);
}

static void
a_change_is_made_only_from_the_revision_that_was_read(void **state)
{
	(void)state;
	open_app();
	ask("PUT /record/a" HOST "If-Match: \"17\"\r\n\r\n", 204);
	check_field("Content-Length", NULL);
	ask("PUT /record/a" HOST "If-Match: \"16\"\r\n\r\n", 412);
	ask("PUT /record/a" HOST "\r\n", 428);
	ask("PUT /record/a" HOST "If-Match: 17\r\n\r\n", 400);
	ask("PUT /record/a" HOST "If-Match: \"0\"\r\n\r\n", 400);
	assert_non_null(
	    strstr(buf_text(&answer.body), "\"field\":\"If-Match\""));
}

/* --- streams ---------------------------------------------------------- */

static void
check_pattern(uint64_t from, size_t len)
{
	assert_int_equal(answer.body.len, len);
	for (size_t i = 0; i < len; i++) {
		if (answer.body.data[i] != app_byte(from + i)) {
			print_error("byte %zu differs\n", i);
			fail();
		}
	}
}

static void
a_long_body_comes_whole_and_its_source_is_given_back(void **state)
{
	(void)state;
	open_app();
	ask(GET("/big?bytes=5000000"), 200);
	check_pattern(0, 5000000);
	assert_true(becomes(&app.released, 1));
	ask(GET("/big?bytes=300000&waits"), 200);
	check_pattern(0, 300000);
	ask(GET("/big?bytes=0"), 200);
	check_field("Content-Length", "0");
	assert_true(becomes(&app.released, 3));
}

static void
a_body_of_unknown_length_comes_in_chunks(void **state)
{
	(void)state;
	open_app();
	ask(GET("/big?bytes=300000&unknown"), 200);
	check_field("Transfer-Encoding", "chunked");
	check_field("Content-Length", NULL);
	check_pattern(0, 300000);
	ask(GET("/big?bytes=0&unknown&waits"), 200);
	check_pattern(0, 0);
	ask(HEAD("/big?bytes=9&unknown"), 200);
	ask("GET /big?bytes=300000&unknown HTTP/1.0\r\n\r\n", 200);
	check_field("Transfer-Encoding", NULL);
	check_field("Connection", "close");
	check_pattern(0, 300000);
}

static void
a_client_that_reads_slowly_gets_everything(void **state)
{
	(void)state;
	open_app();
	client_send(&client, GET("/big?bytes=20000000") GET("/hello"));
	usleep(50000); /* all buffers between us are full by now, or not */
	read_answer(200);
	check_pattern(0, 20000000);
	read_answer(200);
	check_body("hello\n");
}

static void
a_source_that_fails_cuts_the_connection(void **state)
{
	(void)state;
	open_app();
	client_send(&client, GET("/big?bytes=1000000&breaks_at=500000"));
	assert_false(client_answer(&client, &answer, false));
	assert_int_equal(answer.status, 200);
	assert_true(becomes(&app.released, 1));
}

static void
a_source_that_fails_at_once_is_answered_with_its_fault(void **state)
{
	(void)state;
	open_app();
	ask("GET /big?bytes=1000000&breaks_at=500000" HOST
	    "Range: bytes=600000-\r\n\r\n",
	    500);
	assert_null(answer_field(&answer, "Content-Range"));
	assert_null(answer_field(&answer, "ETag"));
	check_field("Content-Type", "application/problem+json");
	assert_true(becomes(&app.released, 1));
	ask(GET("/hello"), 200);
	check_body("hello\n");
}

static void
a_client_that_leaves_a_download_gives_the_source_back(void **state)
{
	(void)state;
	open_app();
	client_send(&client, GET("/big?bytes=500000000"));
	assert_true(client_fill(&client) > 0);
	client_reset(&client);
	assert_true(becomes(&app.released, 1));
	client = client_open(server_port(app.server, false));
	client_send(&client, GET("/big?bytes=500000000&waits"));
	assert_true(client_fill(&client) > 0);
	client_close(&client);
	assert_true(becomes(&app.released, 2));
}

static void
a_client_slower_than_the_least_rate_is_cut(void **state)
{
	(void)state;
	app.conf.rate_window_ms = 60;
	app.conf.rate_min_bytes = 1 << 20;
	open_app();
	client_send(&client, GET("/big?bytes=500000000"));
	assert_true(becomes(&app.released, 1));
}

static void
ask_range(const char *path, const char *fields, int status)
{
	char text[512];

	snprintf(text, sizeof(text), "GET %s" HOST "%s\r\n", path, fields);
	ask(text, status);
}

static void
a_range_is_served_from_where_it_begins(void **state)
{
	const char *path = "/big?bytes=1000000";

	(void)state;
	open_app();
	ask_range(path, "", 200);
	check_field("Accept-Ranges", "bytes");
	ask_range(path, "Range: bytes=1000-1999\r\n", 206);
	check_field("Content-Range", "bytes 1000-1999/1000000");
	check_field("Content-Length", "1000");
	check_pattern(1000, 1000);
	ask_range(path, "Range: bytes=-300000\r\n", 206);
	check_pattern(700000, 300000);
	ask_range(path, "Range: bytes=999999-\r\n", 206);
	check_pattern(999999, 1);
	assert_non_null(answer_field(&answer, "Content-Disposition"));
	ask_range(path, "Range: bytes=1000000-\r\n", 416);
	check_field("Content-Range", "bytes */1000000");
	check_field("Accept-Ranges", "bytes");
	check_field("Content-Type", "application/problem+json");
	check_field("Content-Disposition", NULL);
	ask_range(path, "Range: bytes=0-1,5-6\r\n", 200);
	check_pattern(0, 1000000);
	assert_true(becomes(&app.released, 6));
}

/* Lengths around what goes with the head and around a piece. */
static void
what_lies_in_a_file_is_sent_from_there(void **state)
{
	static const size_t lengths[] = { 1, 16383, 16384, 16385, 20000, 262144,
		262145, 262144 + 16384, 262144 + 16385, 5000001 };
	int file;

	(void)state;
	open_app();
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		char range[64];

		snprintf(range, sizeof(range), "Range: bytes=4097-%zu\r\n",
		    4096 + lengths[i]);
		ask_range("/stored", range, 206);
		assert_int_equal(answer.body.len, lengths[i]);
		assert_memory_equal(answer.body.data,
		    app_stored_data(&file) + 4097, lengths[i]);
	}
	/* A piece that the client is slow to take, and the next request. */
	client_send(&client, GET("/stored") GET("/hello"));
	usleep(50000);
	read_answer(200);
	assert_int_equal(answer.body.len, APP_STORED_BYTES);
	assert_memory_equal(answer.body.data, app_stored_data(&file),
	    APP_STORED_BYTES);
	read_answer(200);
	check_body("hello\n");
}

static void
a_range_counts_only_for_what_it_was_read_from(void **state)
{
	const char *path = "/big?bytes=1000";

	(void)state;
	open_app();
	ask_range(path, "Range: bytes=0-1\r\nIf-Range: \"big\"\r\n", 206);
	ask_range(path, "Range: bytes=0-1\r\nIf-Range: \"old\"\r\n", 200);
	ask_range(path, "Range: bytes=0-1\r\nIf-Range: W/\"big\"\r\n", 200);
	ask_range(path,
	    "Range: bytes=0-1\r\n"
	    "If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
	    200);
	ask("HEAD /big?bytes=1000" HOST "Range: bytes=0-1\r\n\r\n", 200);
	check_field("Content-Length", "1000");
	ask_range("/big?bytes=1000&unknown", "Range: bytes=0-1\r\n", 200);
}

/* --- refusals --------------------------------------------------------- */

static void
addresses_and_methods_are_refused_by_name(void **state)
{
	(void)state;
	open_app();
	ask(GET("/nothing"), 404);
	assert_memory_equal(answer.head, "HTTP/1.1 404 Not Found\r\n", 24);
	ask("DELETE /record/a" HOST "\r\n", 405);
	check_field("Allow", "GET, HEAD, PUT, OPTIONS");
	ask("OPTIONS /record/a" HOST "\r\n", 204);
	check_field("Allow", "GET, HEAD, PUT, OPTIONS");
	ask("OPTIONS *" HOST "\r\n", 204);
	ask("OPTIONS /nothing" HOST "\r\n", 404);
	ask("BREW /hello" HOST "\r\n", 501);
	ask(GET("/a/../hello"), 400);
	ask(GET("/%00"), 400);
	ask(GET("/private"), 401);
	ask(GET("/hello"), 200);
	/* Behind what cannot be framed the connection ends. */
	ask(GET("/h\xe1\xbb\x93-s\xc6\xa1"), 400);
	assert_non_null(strstr(buf_text(&answer.body), "(RFC 3986)"));
}

static void
parameters_are_refused_by_name(void **state)
{
	(void)state;
	open_app();
	ask(GET("/hello?colour=red"), 400);
	assert_non_null(strstr(buf_text(&answer.body), "\"field\":\"colour\""));
	ask(GET("/fault?code=2&code=3"), 400);
	assert_non_null(strstr(buf_text(&answer.body), "\"field\":\"code\""));
	ask(GET("/fault?code=two"), 400);
	ask(GET("/fault?code=99"), 400);
	ask(GET("/fault?code=3"), 403);
}

static void
a_failure_of_ours_is_told_without_its_cause(void **state)
{
	(void)state;
	open_app();
	ask(GET("/fault"), 500);
	assert_null(strstr(buf_text(&answer.body), "as it was asked"));
	assert_non_null(strstr(buf_text(&answer.body), "\"instance\":\""));
	ask(GET("/fault?code=7"), 429);
	check_field("Retry-After", "1");
}

static void
problems_speak_vietnamese_unless_english_is_preferred(void **state)
{
	(void)state;
	open_app();
	ask(GET("/nothing"), 404);
	assert_non_null(strstr(buf_text(&answer.body), "Không có địa chỉ này"));
	ask("GET /nothing" HOST "Accept-Language: en-GB,en;q=0.9\r\n\r\n", 404);
	assert_non_null(
	    strstr(buf_text(&answer.body), "Nothing has this address"));
	ask("GET /nothing" HOST "Accept-Language: vi,en;q=0.9\r\n\r\n", 404);
	assert_non_null(strstr(buf_text(&answer.body), "Không có địa chỉ này"));
}

UNIT_MAIN(app_test(a_field_cannot_be_split_by_what_a_client_sent),
    app_test(every_answer_says_when_and_how_it_may_be_kept),
    app_test(what_has_not_changed_is_not_sent_again),
    app_test(what_has_changed_is_not_read_for_what_was_asked),
    app_test(a_change_is_made_only_from_the_revision_that_was_read),
    app_test(a_long_body_comes_whole_and_its_source_is_given_back),
    app_test(a_body_of_unknown_length_comes_in_chunks),
    app_test(a_client_that_reads_slowly_gets_everything),
    app_test(a_source_that_fails_cuts_the_connection),
    app_test(a_source_that_fails_at_once_is_answered_with_its_fault),
    app_test(a_client_that_leaves_a_download_gives_the_source_back),
    app_test(a_client_slower_than_the_least_rate_is_cut),
    app_test(a_range_is_served_from_where_it_begins),
    app_test(what_lies_in_a_file_is_sent_from_there),
    app_test(a_range_counts_only_for_what_it_was_read_from),
    app_test(addresses_and_methods_are_refused_by_name),
    app_test(parameters_are_refused_by_name),
    app_test(a_failure_of_ours_is_told_without_its_cause),
    app_test(problems_speak_vietnamese_unless_english_is_preferred))
