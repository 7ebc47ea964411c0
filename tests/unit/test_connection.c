/* SPDX-License-Identifier: Apache-2.0 */

#include "tests/unit/http_app.h"
#include "tests/unit/http_client.h"
#include "tests/unit/unit.h"

#define GET(path)  "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"
#define HEAD(path) "HEAD " path " HTTP/1.1\r\nHost: h\r\n\r\n"
#define POST(path, type, len, body) \
	"POST " path " HTTP/1.1\r\nHost: h\r\nContent-Type: " type \
	"\r\nContent-Length: " len "\r\n\r\n" body

static struct app app;
static struct client client;
static struct answer answer;

static int
set_up(void **state)
{
	(void)state;
	app_init(&app);
	return 0;
}

static void
open_app(void)
{
	app_start(&app);
	client = client_open(server_port(app.server, false));
}

static int
tear_down(void **state)
{
	(void)state;
	client_close(&client);
	buf_fini(&answer.body);
	app_stop(&app);
	return 0;
}

static void
ask(const char *text, int status)
{
	assert_true(client_ask(&client, text, &answer));
	if (answer.status != status) {
		print_error("%s\n%s\n", answer.head, buf_text(&answer.body));
	}
	assert_int_equal(answer.status, status);
}

static void
a_get_is_answered_and_the_connection_kept(void **state)
{
	(void)state;
	open_app();
	for (int i = 0; i < 3; i++) {
		ask(GET("/hello"), 200);
		assert_text(buf_text(&answer.body), "hello\n");
		assert_null(answer_field(&answer, "Connection"));
	}
}

static void
json_comes_back_in_canonical_form(void **state)
{
	(void)state;
	open_app();
	ask(POST("/echo", "application/json; charset=utf-8", "14",
	        "{\"b\":1, \"a\":2}"),
	    201);
	assert_text(buf_text(&answer.body), "{\"a\":2,\"b\":1}");
	assert_text(answer_field(&answer, "Content-Type"), "application/json");
}

#define app_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(app_test(a_get_is_answered_and_the_connection_kept),
    app_test(json_comes_back_in_canonical_form))
