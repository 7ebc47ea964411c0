/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_HTTP_FIXTURE_H
#define TESTS_UNIT_HTTP_FIXTURE_H

#include "tests/unit/http_app.h"
#include "tests/unit/http_client.h"
#include "tests/unit/unit.h"

#include <fcntl.h>

/*
 * For each test a server of its own, a client connected to it, and the last
 * answer.  A test sets app.conf, then calls open_app().
 */
static struct app app;
static struct client client;
static struct answer answer;
static bool app_runs;

#define HOST       " HTTP/1.1\r\nHost: h\r\n"
#define GET(path)  "GET " path HOST "\r\n"
#define HEAD(path) "HEAD " path HOST "\r\n"

static inline int
set_up(void **state)
{
	(void)state;
	log_init(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));
	app_init(&app);
	client.descriptor = -1;
	return 0;
}

static inline void
open_app(void)
{
	app_start(&app);
	app_runs = true;
	client = client_open(server_port(app.server, false));
}

static inline int
tear_down(void **state)
{
	(void)state;
	client_close(&client);
	buf_fini(&answer.body);
	if (app_runs) {
		app_stop(&app);
		app_runs = false;
	}
	return 0;
}

#define app_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static inline void
check_status(int status)
{
	if (answer.status != status) {
		print_error("%s%s\n", answer.head, buf_text(&answer.body));
	}
	assert_int_equal(answer.status, status);
}

static inline void
read_answer(int status)
{
	assert_true(client_answer(&client, &answer, false));
	check_status(status);
}

static inline void
ask(const char *text, int status)
{
	assert_true(client_ask(&client, text, &answer));
	check_status(status);
}

#define check_body(wanted) assert_text(buf_text(&answer.body), wanted)
#define check_field(name, wanted) \
	assert_text(answer_field(&answer, name), wanted)

/* "METHOD PATH" with a body of that type, and its length counted. */
static inline void
post(const char *line, const char *type, const char *body, int status)
{
	char text[4096];

	snprintf(text, sizeof(text),
	    "%s" HOST "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", line,
	    type, strlen(body), body);
	ask(text, status);
}

/* Another thread will count it up. */
static inline bool
becomes(_Atomic unsigned *number, unsigned wanted)
{
	for (unsigned i = CLIENT_PATIENCE_MS; i > 0; i--) {
		if (atomic_load(number) == wanted) {
			return true;
		}
		usleep(1000);
	}
	return false;
}

static inline bool
is_held(void)
{
	for (unsigned i = CLIENT_PATIENCE_MS; i > 0; i--) {
		if (atomic_load(&app.held) != NULL) {
			return true;
		}
		usleep(1000);
	}
	return false;
}

#endif
