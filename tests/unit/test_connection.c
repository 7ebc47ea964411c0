/* SPDX-License-Identifier: Apache-2.0 */

#include "tests/unit/http_fixture.h"

#include <poll.h>
#include <sys/resource.h>

static void
a_get_is_answered_and_the_connection_kept(void **state)
{
	(void)state;
	open_app();
	for (int i = 0; i < 3; i++) {
		ask(GET("/hello"), 200);
		check_body("hello\n");
		check_field("Connection", NULL);
	}
}

static void
a_request_may_come_byte_by_byte(void **state)
{
	const char *text = "POST /echo HTTP/1.1\r\nHost: h\r\n"
	                   "Content-Type: application/json\r\n"
	                   "Transfer-Encoding: chunked\r\n\r\n"
	                   "3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n";

	(void)state;
	open_app();
	for (int i = 0; i < 2; i++) {
		for (const char *at = text; *at != '\0'; at++) {
			assert_true(client_send_bytes(&client, at, 1));
		}
		read_answer(201);
		check_body("[1,2]");
	}
}

static void
pipelined_requests_are_answered_in_order(void **state)
{
	(void)state;
	open_app();
	assert_true(client_send(&client,
	    GET("/later") GET(
	        "/hello") "POST /echo" HOST
	                  "Content-Type: application/json\r\nContent-Length: 4\r\n\r\n[17]" GET(
	                      "/record/a") HEAD("/hello") GET("/later")
	                      GET("/hello")));
	read_answer(200);
	check_body("worked\n");
	read_answer(200);
	check_body("hello\n");
	read_answer(201);
	check_body("[17]");
	read_answer(200);
	check_body("{\"id\":\"a\"}");
	assert_true(client_answer(&client, &answer, true));
	read_answer(200);
	check_body("worked\n");
	read_answer(200);
	check_body("hello\n");
}

static void
a_thousand_pipelined_requests_lose_none(void **state)
{
	struct buf text;

	(void)state;
	open_app();
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 1000; i++) {
		buf_add_format(&text, "GET /record/%d" HOST "\r\n", i);
	}
	assert_true(client_send_bytes(&client, text.data, text.len));
	for (int i = 0; i < 1000; i++) {
		char wanted[32];

		snprintf(wanted, sizeof(wanted), "{\"id\":\"%d\"}", i);
		read_answer(200);
		check_body(wanted);
	}
	buf_fini(&text);
}

static void
an_answer_to_head_has_no_body(void **state)
{
	(void)state;
	open_app();
	ask(HEAD("/hello"), 200);
	check_field("Content-Length", "6");
	ask(HEAD("/nothing"), 404);
	ask(HEAD("/big?bytes=100000"), 200);
	check_field("Content-Length", "100000");
	ask(GET("/hello"), 200);
	check_body("hello\n");
}

static void
what_cannot_be_framed_is_answered_and_closed(void **state)
{
	static const struct {
		const char *text;
		int status;
	} bad[] = {
		{ "GET / HTTP/1.1\n\n", 400 },
		{ "POST /echo" HOST "Content-Length : 5\r\n\r\n", 400 },
		{ "POST /echo" HOST "Content-Length: 5\r\nContent-Length: 6"
		  "\r\n\r\n",
		    400 },
		{ "POST /echo" HOST "Transfer-Encoding: gzip\r\n\r\n", 501 },
		{ "POST /echo" HOST "Expect: more\r\n\r\n", 417 },
		{ "GET /hello HTTP/2.0\r\n\r\n", 505 },
		{ "GET /hello" HOST "Content-Length: 1\r\n\r\nx", 400 },
	};

	(void)state;
	open_app();
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		client_close(&client);
		client = client_open(server_port(app.server, false));
		/* What follows must never be taken for a request. */
		client_send(&client, bad[i].text);
		client_send(&client, GET("/hello") GET("/hello"));
		read_answer(bad[i].status);
		check_field("Connection", "close");
		check_field("Content-Type", "application/problem+json");
		assert_true(client_at_end(&client));
	}
}

static void
close_is_said_and_done(void **state)
{
	(void)state;
	open_app();
	ask("GET /hello" HOST "Connection: close\r\n\r\n", 200);
	check_field("Connection", "close");
	assert_true(client_at_end(&client));
	client_close(&client);
	client = client_open(server_port(app.server, false));
	ask("GET /hello HTTP/1.0\r\n\r\n", 200);
	check_field("Connection", "close");
	assert_true(client_at_end(&client));
}

static void
a_connection_ends_after_as_many_requests_as_the_option_says(void **state)
{
	(void)state;
	app.conf.keepalive_max = 3;
	open_app();
	ask(GET("/hello"), 200);
	ask(GET("/hello"), 200);
	check_field("Connection", NULL);
	ask(GET("/hello"), 200);
	check_field("Connection", "close");
	assert_true(client_at_end(&client));
}

static void
a_client_that_closed_its_side_is_still_answered(void **state)
{
	static const char *const texts[] = { GET("/hello"), GET("/later"),
		GET("/hello") GET("/hello") };

	(void)state;
	open_app();
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		client_close(&client);
		client = client_open(server_port(app.server, false));
		client_send(&client, texts[i]);
		shutdown(client.descriptor, SHUT_WR);
		read_answer(200);
	}
	read_answer(200);
	assert_true(client_at_end(&client));
}

static void
a_handler_may_answer_a_client_that_closed_its_side_long_ago(void **state)
{
	(void)state;
	open_app();
	client_send(&client, GET("/held"));
	shutdown(client.descriptor, SHUT_WR);
	assert_true(is_held());
	app_let_go(&app);
	read_answer(200);
	check_body("let go\n");
	assert_true(client_at_end(&client));
}

static void
a_client_that_vanishes_does_not_take_its_request_along(void **state)
{
	struct client other;

	(void)state;
	open_app();
	client_send(&client, GET("/held"));
	assert_true(is_held());
	client_reset(&client);
	assert_true(becomes(&app.gone, 1));
	app_let_go(&app);
	other = client_open(server_port(app.server, false));
	assert_true(client_ask(&other, GET("/hello"), &answer));
	client_close(&other);
	assert_null(atomic_load(&app.held));
}

/*
 * Whose time was over before the server saw a byte of him comes again: this
 * machine may be busy.
 */
static void
come_again(unsigned *times)
{
	assert_true(++*times < 20);
	client_close(&client);
	client = client_open(server_port(app.server, false));
}

static void
ask_in_time(const char *text, int status)
{
	unsigned times = 0;

	while (!client_ask(&client, text, &answer)) {
		come_again(&times);
	}
	check_status(status);
}

static void
a_slow_head_is_answered_with_408(void **state)
{
	(void)state;
	app.conf.head_timeout_ms = 40;
	open_app();
	ask_in_time("GET /hello HTT", 408);
	check_field("Connection", "close");
	assert_true(client_at_end(&client));
}

static void
a_client_that_says_nothing_is_closed_without_a_word(void **state)
{
	(void)state;
	app.conf.head_timeout_ms = 40;
	app.conf.idle_timeout_ms = 40;
	open_app();
	assert_true(client_at_end(&client));
	ask_in_time(GET("/hello"), 200);
	assert_true(client_at_end(&client));
}

/* Send, and then byte by byte until there is an answer. */
static void
trickle(const char *text)
{
	struct pollfd ready = { client.descriptor, POLLIN, 0 };

	client_send(&client, text);
	for (int i = 0; i < 10000 && client_send(&client, "x"); i++) {
		if (poll(&ready, 1, 5) > 0) {
			break;
		}
	}
}

static void
a_client_that_trickles_its_head_has_no_more_time_for_it(void **state)
{
	unsigned times = 0;

	(void)state;
	app.conf.head_timeout_ms = 100;
	open_app();
	trickle("GET /hello HTTP/1.1\r\nHost: h\r\nX: ");
	while (!client_answer(&client, &answer, false)) {
		come_again(&times);
		trickle("GET /hello HTTP/1.1\r\nHost: h\r\nX: ");
	}
	check_status(408);
}

static void
a_full_server_lets_clients_wait_until_there_is_room(void **state)
{
	struct client others[3];

	(void)state;
	app.conf.connections_max = 2;
	open_app();
	/* Both are busy: who were idle would give way. */
	client_send(&client, GET("/big?bytes=500000000"));
	assert_true(client_fill(&client) > 0);
	for (int i = 0; i < 3; i++) {
		others[i] = client_open(server_port(app.server, false));
		client_send(&others[i],
		    i == 0 ? GET("/big?bytes=500000000") : GET("/hello"));
	}
	assert_true(client_fill(&others[0]) > 0);
	for (int i = 1; i < 3; i++) {
		struct pollfd ready = { others[i].descriptor, POLLIN, 0 };

		assert_int_equal(poll(&ready, 1, 20), 0);
	}
	client_close(&client);
	client_close(&others[0]);
	for (int i = 1; i < 3; i++) {
		assert_true(client_answer(&others[i], &answer, false));
		check_status(200);
		client_close(&others[i]);
	}
}

static void
an_idle_client_gives_way_to_one_that_waits(void **state)
{
	struct counts counts;
	struct client other;

	(void)state;
	app.conf.connections_max = 1;
	app.conf.linger_timeout_ms = 20; /* the tick */
	open_app();
	ask(GET("/hello"), 200);
	other = client_open(server_port(app.server, false));
	assert_true(client_ask(&other, GET("/hello"), &answer));
	assert_true(client_at_end(&client));
	client_close(&other);
	server_counts(app.server, &counts);
	assert_int_equal(atomic_load(&counts.late), 0);
}

/* Take all descriptors but `spare`. */
static unsigned
use_up(int *taken, unsigned room, unsigned spare)
{
	unsigned count = 0;

	while (count < room) {
		taken[count] = dup(STDERR_FILENO);
		if (taken[count] < 0) {
			break;
		}
		count++;
	}
	for (; spare > 0 && count > 0; spare--) {
		close(taken[--count]);
	}
	return count;
}

/* valgrind keeps a limit of its own, and accepts before it looks. */
static bool
limit_is_the_kernels(unsigned long wanted)
{
	FILE *limits = fopen("/proc/self/limits", "r");
	char line[256];
	unsigned long soft = 0;

	while (limits != NULL && fgets(line, sizeof(line), limits) != NULL &&
	       sscanf(line, "Max open files %lu", &soft) != 1) {
	}
	if (limits != NULL) {
		fclose(limits);
	}
	return soft == wanted;
}

static void
a_system_without_descriptors_is_waited_for(void **state)
{
	static int taken[4096];
	struct rlimit old;
	struct rlimit few;
	struct client other;
	struct pollfd ready;
	unsigned count;

	(void)state;
	open_app();
	ask(GET("/hello"), 200);
	getrlimit(RLIMIT_NOFILE, &old);
	few = (struct rlimit){ .rlim_cur = 1024, .rlim_max = old.rlim_max };
	setrlimit(RLIMIT_NOFILE, &few);
	if (!limit_is_the_kernels(few.rlim_cur)) {
		setrlimit(RLIMIT_NOFILE, &old);
		skip();
	}
	count = use_up(taken, 4096, 1);
	other = client_open(server_port(app.server, false));
	client_send(&other, GET("/hello"));
	ready = (struct pollfd){ other.descriptor, POLLIN, 0 };
	assert_int_equal(poll(&ready, 1, 50), 0);
	/* Who is connected is served as ever. */
	ask(GET("/hello"), 200);
	while (count > 0) {
		close(taken[--count]);
	}
	setrlimit(RLIMIT_NOFILE, &old);
	assert_true(client_answer(&other, &answer, false));
	check_status(200);
	client_close(&other);
}

static void
a_client_that_does_not_read_cannot_fill_our_memory(void **state)
{
	static uint8_t flood[65536];
	size_t sent = 0;
	struct pollfd ready;

	(void)state;
	open_app();
	client_send(&client, GET("/big?bytes=500000000"));
	memset(flood, 'x', sizeof(flood));
	for (;;) {
		ssize_t n = send(client.descriptor, flood, sizeof(flood),
		    MSG_DONTWAIT | MSG_NOSIGNAL);

		sent += n > 0 ? (size_t)n : 0;
		ready = (struct pollfd){ client.descriptor, POLLOUT, 0 };
		if (n < 0 && poll(&ready, 1, 200) == 0) {
			break; /* nobody takes any more */
		}
		assert_true(sent < 64u << 20);
	}
	client_reset(&client);
	assert_true(becomes(&app.released, 1));
}

static void
all_loops_serve(void **state)
{
	(void)state;
	app.loop_count = 2;
	open_app();
	for (int i = 0; i < 64; i++) {
		client_close(&client);
		client = client_open(server_port(app.server, false));
		ask(GET("/later"), 200);
		ask(GET("/hello"), 200);
	}
}

static void
a_server_that_stops_answers_what_is_under_way(void **state)
{
	struct client idle;

	(void)state;
	open_app();
	idle = client_open(server_port(app.server, false));
	assert_true(client_ask(&idle, GET("/hello"), &answer));
	client_send(&client, GET("/held"));
	assert_true(is_held());
	server_stop(app.server);
	assert_true(client_at_end(&idle));
	client_close(&idle);
	assert_int_equal(atomic_load(&app.stopped), 0);
	app_let_go(&app);
	read_answer(200);
	check_body("let go\n");
	check_field("Connection", "close");
	assert_true(client_at_end(&client));
	client_close(&client);
	assert_true(becomes(&app.stopped, 1));
}

static void
a_server_that_stops_does_not_wait_for_ever(void **state)
{
	(void)state;
	app.conf.drain_timeout_ms = 50;
	open_app();
	client_send(&client, GET("/big?bytes=500000000"));
	while (client_fill(&client) <= 0) {
	}
	server_stop(app.server);
	assert_true(becomes(&app.stopped, 1));
	assert_true(becomes(&app.released, 1));
}

static void
requests_are_counted_by_class(void **state)
{
	struct counts counts;
	struct buf text;

	(void)state;
	open_app();
	ask(GET("/hello"), 200);
	ask(GET("/nothing"), 404);
	ask(GET("/hello"), 200);
	/* The counters of an answer are written after it is sent. */
	ask(GET("/hello"), 200);
	server_counts(app.server, &counts);
	assert_true(atomic_load(&counts.requests[2]) >= 2);
	assert_int_equal(atomic_load(&counts.requests[4]), 1);
	assert_int_equal(atomic_load(&counts.accepted), 1);
	buf_init(&text, 65536);
	counts_format(&text, &counts);
	assert_non_null(strstr(buf_text(&text),
	    "hoso_http_requests_total{class=\"4xx\"} 1\n"));
	assert_non_null(strstr(buf_text(&text), "hoso_http_connections 1\n"));
	buf_fini(&text);
}

/* One read of a pipe into text. */
static const char *
logged(int descriptor)
{
	static char text[16384];
	ssize_t len = read(descriptor, text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

static void
a_request_is_one_line_of_the_log(void **state)
{
	const char *text;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	log_init(LOG_INFO, ends[1]);
	app.conf.log_requests = true;
	app.conf.linger_timeout_ms = 40; /* the tick, which writes the log */
	open_app();
	ask(GET("/record/a?b=secret"), 400);
	text = logged(ends[0]);
	assert_non_null(strstr(text, "event=http.request"));
	assert_non_null(strstr(text, "method=GET path=/record/a status=400"));
	assert_non_null(strstr(text, "peer=127.0.0.1"));
	assert_null(strstr(text, "secret"));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	ask("GE\x01", 400);
	assert_non_null(strstr(logged(ends[0]), "status=400"));
	close(ends[0]);
	close(ends[1]);
}

UNIT_MAIN(app_test(a_get_is_answered_and_the_connection_kept),
    app_test(a_request_may_come_byte_by_byte),
    app_test(pipelined_requests_are_answered_in_order),
    app_test(a_thousand_pipelined_requests_lose_none),
    app_test(an_answer_to_head_has_no_body),
    app_test(what_cannot_be_framed_is_answered_and_closed),
    app_test(close_is_said_and_done),
    app_test(a_connection_ends_after_as_many_requests_as_the_option_says),
    app_test(a_client_that_closed_its_side_is_still_answered),
    app_test(a_handler_may_answer_a_client_that_closed_its_side_long_ago),
    app_test(a_client_that_vanishes_does_not_take_its_request_along),
    app_test(a_slow_head_is_answered_with_408),
    app_test(a_client_that_says_nothing_is_closed_without_a_word),
    app_test(a_client_that_trickles_its_head_has_no_more_time_for_it),
    app_test(a_full_server_lets_clients_wait_until_there_is_room),
    app_test(an_idle_client_gives_way_to_one_that_waits),
    app_test(a_system_without_descriptors_is_waited_for),
    app_test(a_client_that_does_not_read_cannot_fill_our_memory),
    app_test(all_loops_serve),
    app_test(a_server_that_stops_answers_what_is_under_way),
    app_test(a_server_that_stops_does_not_wait_for_ever),
    app_test(requests_are_counted_by_class),
    app_test(a_request_is_one_line_of_the_log))
