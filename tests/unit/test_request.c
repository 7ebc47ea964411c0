/* SPDX-License-Identifier: Apache-2.0 */

/* Bodies on their way in, and what a handler asks of its request. */

#include "tests/unit/http_fixture.h"

#define JSON "application/json"

static void
json_comes_back_in_canonical_form(void **state)
{
	(void)state;
	open_app();
	post("POST /echo", JSON "; charset=utf-8", "{\"b\":1, \"a\":2}", 201);
	check_body("{\"a\":2,\"b\":1}");
	check_field("Content-Type", JSON);
}

static void
json_that_breaks_a_rule_is_refused_and_the_connection_kept(void **state)
{
	(void)state;
	open_app();
	post("POST /echo", JSON, "{\"a\":1,\"a\":2}", 400);
	post("POST /echo", JSON, "{\"a\":", 400);
	post("POST /echo", JSON, "", 400);
	ask("POST /echo" HOST "\r\n", 400);
	post("POST /echo", JSON, "[]", 201);
}

static void
a_body_of_another_type_is_refused(void **state)
{
	(void)state;
	open_app();
	post("POST /echo", "text/plain", "{}", 415);
	ask("POST /echo" HOST "Content-Length: 2\r\n\r\n{}", 415);
	ask("PATCH /upload" HOST "Content-Encoding: gzip\r\n"
	    "Content-Length: 2\r\n\r\n{}",
	    415);
	post("POST /echo", JSON, "[]", 201);
}

static void
a_body_that_nobody_takes_is_refused_and_skipped(void **state)
{
	(void)state;
	open_app();
	post("PUT /record/a", JSON, "{}", 400);
	post("PUT /nothing", JSON, "{}", 404);
	post("POST /hello", JSON, "{}", 405);
	post("PUT /record/a", "text/plain", GET("/hello"), 400);
	ask(GET("/hello"), 200);
	check_body("hello\n");
}

static void
a_body_too_large_is_refused_before_it_is_sent(void **state)
{
	(void)state;
	app.conf.body_max_bytes = 1024;
	open_app();
	ask("POST /bytes" HOST "Content-Length: 1000000\r\n\r\n", 413);
	check_field("Connection", "close");
	assert_true(client_at_end(&client));
}

static void
a_chunked_body_is_refused_when_it_becomes_too_large(void **state)
{
	char piece[600];

	(void)state;
	app.conf.body_max_bytes = 1024;
	open_app();
	memset(piece, 'x', sizeof(piece));
	client_send(&client,
	    "POST /bytes" HOST "Transfer-Encoding: chunked\r\n\r\n"
	    "258\r\n");
	client_send_bytes(&client, piece, 600);
	client_send(&client, "\r\n258\r\n");
	client_send_bytes(&client, piece, 600);
	client_send(&client, "\r\n0\r\n\r\n");
	read_answer(413);
	assert_true(client_at_end(&client));
}

static void
a_body_of_just_the_limit_is_taken(void **state)
{
	char text[2048];
	int len;

	(void)state;
	app.conf.body_max_bytes = 1024;
	open_app();
	len = snprintf(text, sizeof(text),
	    "POST /bytes" HOST "Content-Length: 1024\r\n\r\n%01024d", 7);
	assert_true(client_send_bytes(&client, text, (size_t)len));
	read_answer(200);
	assert_int_equal(answer.body.len, 1024);
	client_send(&client,
	    "POST /bytes" HOST "Transfer-Encoding: chunked\r\n\r\n"
	    "400\r\n");
	client_send_bytes(&client, text + len - 1024, 1024);
	client_send(&client, "\r\n0\r\n\r\n");
	read_answer(200);
	assert_int_equal(answer.body.len, 1024);
}

static void
broken_chunks_are_answered_and_closed(void **state)
{
	(void)state;
	open_app();
	client_send(&client,
	    "POST /bytes" HOST "Transfer-Encoding: chunked\r\n\r\n"
	    "5\r\nhelloGET /hello HTTP/1.1\r\n\r\n");
	read_answer(400);
	assert_true(client_at_end(&client));
}

static void
what_follows_a_chunked_body_is_the_next_request(void **state)
{
	(void)state;
	open_app();
	client_send(&client,
	    "POST /bytes" HOST "Transfer-Encoding: chunked\r\n\r\n"
	    "2\r\nab\r\n0\r\nX: y\r\n\r\n" GET("/hello"));
	read_answer(200);
	check_body("ab");
	read_answer(200);
	check_body("hello\n");
}

/* --- Expect: 100-continue --------------------------------------------- */

static void
continue_is_said_when_the_body_is_wanted(void **state)
{
	static const char *const lines[] = { "POST /bytes", "PATCH /upload" };
	char text[256];

	(void)state;
	open_app();
	for (size_t i = 0; i < 2; i++) {
		snprintf(text, sizeof(text),
		    "%s" HOST "Expect: 100-continue\r\nContent-Length: 2"
		    "\r\n\r\n",
		    lines[i]);
		ask(text, 100);
		ask("ab", 200);
	}
	check_body("2 3105"); /* 'a' * 31 + 'b' */
}

static void
continue_is_not_said_to_who_is_refused(void **state)
{
	static const char *const lines[] = { "POST /nothing", "PUT /record/a",
		"PATCH /upload?refuse", "POST /echo" };
	static const int wanted[] = { 404, 400, 403, 415 };
	char text[256];

	(void)state;
	open_app();
	for (size_t i = 0; i < 4; i++) {
		client_close(&client);
		client = client_open(server_port(app.server, false));
		snprintf(text, sizeof(text),
		    "%s" HOST "Expect: 100-continue\r\nContent-Length: 2"
		    "\r\n\r\n",
		    lines[i]);
		ask(text, wanted[i]);
		check_field("Connection", "close");
		assert_true(client_at_end(&client));
	}
}

static void
continue_is_not_said_when_the_body_is_there(void **state)
{
	(void)state;
	open_app();
	ask("POST /bytes" HOST "Expect: 100-continue\r\n"
	    "Content-Length: 2\r\n\r\nab",
	    200);
	check_body("ab");
	ask("POST /bytes" HOST "Expect: 100-continue\r\n"
	    "Content-Length: 0\r\n\r\n",
	    200);
	ask(GET("/hello"), 200);
}

/* --- bodies that are taken in pieces ---------------------------------- */

#define UPLOAD_BYTES 5000000u

static uint8_t *
make_upload(uint64_t *sum_out)
{
	uint8_t *data = xzalloc(UPLOAD_BYTES);

	*sum_out = 0;
	for (size_t i = 0; i < UPLOAD_BYTES; i++) {
		data[i] = app_byte(i);
		*sum_out = *sum_out * 31 + data[i];
	}
	return data;
}

static void
check_upload(uint64_t sum)
{
	char wanted[64];

	read_answer(200);
	snprintf(wanted, sizeof(wanted), "%u %" PRIu64, UPLOAD_BYTES, sum);
	check_body(wanted);
}

static void
an_upload_comes_whole_and_in_pieces_of_bounded_size(void **state)
{
	static const char *const lines[] = { "PATCH /upload",
		"PATCH /upload?pause" };
	uint64_t sum;
	uint8_t *data = make_upload(&sum);

	(void)state;
	open_app();
	for (size_t i = 0; i < 2; i++) {
		char head[128];

		snprintf(head, sizeof(head),
		    "%s" HOST "Content-Length: %u\r\n\r\n", lines[i],
		    UPLOAD_BYTES);
		client_send(&client, head);
		assert_true(client_send_bytes(&client, data, UPLOAD_BYTES));
		check_upload(sum);
		assert_true(atomic_load(&app.largest) <= 262144);
	}
	ask(GET("/hello"), 200);
	free(data);
}

static void
an_upload_in_chunks_comes_whole_with_pauses(void **state)
{
	uint64_t sum;
	uint8_t *data = make_upload(&sum);

	(void)state;
	open_app();
	client_send(&client,
	    "PATCH /upload?pause" HOST "Transfer-Encoding: chunked\r\n\r\n");
	for (size_t at = 0, len = 1; at < UPLOAD_BYTES; at += len) {
		char line[32];

		len = unit_draw() % 60000 + 1;
		len = UPLOAD_BYTES - at < len ? UPLOAD_BYTES - at : len;
		snprintf(line, sizeof(line), "%zx;x\r\n", len);
		client_send(&client, line);
		assert_true(client_send_bytes(&client, data + at, len));
		client_send(&client, "\r\n");
	}
	client_send(&client, "0\r\n\r\n" GET("/hello"));
	check_upload(sum);
	read_answer(200);
	check_body("hello\n");
	free(data);
}

static void
an_upload_of_nothing_is_whole_at_once(void **state)
{
	(void)state;
	open_app();
	ask("PATCH /upload" HOST "Content-Length: 0\r\n\r\n", 200);
	check_body("0 0");
	ask("PATCH /upload" HOST "\r\n", 200);
	check_body("0 0");
}

static void
an_upload_whose_client_leaves_is_cut_and_keeps_what_came(void **state)
{
	(void)state;
	open_app();
	client_send(&client,
	    "PATCH /upload" HOST "Content-Length: 100\r\n\r\nabc");
	client_close(&client);
	assert_true(becomes(&app.cuts, 1));
	assert_int_equal(atomic_load(&app.taken), 3);
	client = client_open(server_port(app.server, false));
	client_send(&client,
	    "PATCH /upload" HOST "Content-Length: 100\r\n\r\nabc");
	client_reset(&client);
	assert_true(becomes(&app.cuts, 2));
}

static void
a_sink_that_has_enough_answers_at_once(void **state)
{
	static uint8_t data[1000000];

	(void)state;
	open_app();
	client_send(&client,
	    "PATCH /upload?stops_at=1" HOST "Content-Length: 1000000\r\n\r\n");
	client_send_bytes(&client, data, sizeof(data));
	read_answer(413);
	check_field("Connection", "close");
	assert_int_equal(atomic_load(&app.cuts), 0);
	/* So little is left that the connection is kept. */
	client_close(&client);
	client = client_open(server_port(app.server, false));
	client_send(&client,
	    "PATCH /upload?stops_at=1" HOST "Content-Length: 9\r\n\r\nabc");
	read_answer(413);
	check_field("Connection", NULL);
	client_send(&client, "defghi" GET("/hello"));
	read_answer(200);
	check_body("hello\n");
}

static void
a_paused_request_is_left_alone_when_its_client_leaves(void **state)
{
	(void)state;
	open_app();
	client_send(&client,
	    "PATCH /upload?hold" HOST "Content-Length: 9\r\n\r\nabc");
	assert_true(is_held());
	client_reset(&client);
	client = client_open(server_port(app.server, false));
	ask(GET("/later"), 200); /* the reset has been seen by now */
	assert_int_equal(atomic_load(&app.cuts), 0);
	app_let_go(&app);
	assert_true(becomes(&app.cuts, 1));
}

static void
no_deadline_runs_while_a_request_is_paused(void **state)
{
	(void)state;
	app.conf.request_timeout_ms = 40;
	app.conf.rate_window_ms = 40;
	app.conf.rate_min_bytes = 1 << 20;
	open_app();
	client_send(&client,
	    "PATCH /upload?hold" HOST "Content-Length: 3\r\n\r\nabc");
	assert_true(is_held());
	usleep(100000); /* longer than it has, were it not paused */
	assert_int_equal(atomic_load(&app.cuts), 0);
	app_let_go(&app);
	read_answer(200);
}

static void
an_upload_with_broken_chunks_is_cut_and_told(void **state)
{
	(void)state;
	open_app();
	ask("PATCH /upload" HOST "Transfer-Encoding: chunked\r\n\r\n"
	    "2\r\nab\r\nx",
	    400);
	assert_int_equal(atomic_load(&app.cuts), 1);
	assert_int_equal(atomic_load(&app.taken), 2);
	assert_true(client_at_end(&client));
}

static void
a_body_slower_than_the_least_rate_is_408(void **state)
{
	(void)state;
	app.conf.rate_window_ms = 60;
	app.conf.rate_min_bytes = 1000000;
	open_app();
	client_send(&client,
	    "PATCH /upload" HOST "Content-Length: 100\r\n\r\nabc");
	read_answer(408);
	assert_int_equal(atomic_load(&app.cuts), 1);
	assert_true(client_at_end(&client));
	client_close(&client);
	client = client_open(server_port(app.server, false));
	client_send(&client,
	    "POST /bytes" HOST "Content-Length: 100\r\n\r\nabc");
	read_answer(408);
}

static void
a_body_has_no_more_than_its_whole_time(void **state)
{
	(void)state;
	app.conf.request_timeout_ms = 60;
	open_app();
	client_send(&client,
	    "POST /bytes" HOST "Content-Length: 100\r\n\r\nabc");
	read_answer(408);
}

static void
an_upload_refused_at_once_may_have_been_sent_whole(void **state)
{
	static uint8_t data[3000000];

	(void)state;
	open_app();
	client_send(&client,
	    "PATCH /upload?refuse" HOST "Content-Length: 3000000\r\n\r\n");
	client_send_bytes(&client, data, sizeof(data));
	read_answer(403);
	check_field("Connection", "close");
}

UNIT_MAIN(app_test(json_comes_back_in_canonical_form),
    app_test(json_that_breaks_a_rule_is_refused_and_the_connection_kept),
    app_test(a_body_of_another_type_is_refused),
    app_test(a_body_that_nobody_takes_is_refused_and_skipped),
    app_test(a_body_too_large_is_refused_before_it_is_sent),
    app_test(a_chunked_body_is_refused_when_it_becomes_too_large),
    app_test(a_body_of_just_the_limit_is_taken),
    app_test(broken_chunks_are_answered_and_closed),
    app_test(what_follows_a_chunked_body_is_the_next_request),
    app_test(continue_is_said_when_the_body_is_wanted),
    app_test(continue_is_not_said_to_who_is_refused),
    app_test(continue_is_not_said_when_the_body_is_there),
    app_test(an_upload_comes_whole_and_in_pieces_of_bounded_size),
    app_test(an_upload_in_chunks_comes_whole_with_pauses),
    app_test(an_upload_of_nothing_is_whole_at_once),
    app_test(an_upload_whose_client_leaves_is_cut_and_keeps_what_came),
    app_test(a_sink_that_has_enough_answers_at_once),
    app_test(a_paused_request_is_left_alone_when_its_client_leaves),
    app_test(no_deadline_runs_while_a_request_is_paused),
    app_test(an_upload_with_broken_chunks_is_cut_and_told),
    app_test(a_body_slower_than_the_least_rate_is_408),
    app_test(a_body_has_no_more_than_its_whole_time),
    app_test(an_upload_refused_at_once_may_have_been_sent_whole))
