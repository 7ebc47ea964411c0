/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One exchange against a server that says whatever a test wants it to say.
 * That it stops, and does not wait for ever, is seen by test_tsa_client.
 */

#include "core/fetch.h"

#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define ASKED_MAX 4096u

/* One connection: what was asked, and what is answered. */
struct peer {
	const char *answer;
	int server;
	pthread_t thread;
	char url[80];
	char asked[ASKED_MAX + 1];
};

/* What a call gave. */
struct got {
	int rc;
	unsigned status;
	struct fault fault;
	char body[64];
};

static void *
serve(void *arg)
{
	struct peer *peer = arg;
	int client = accept(peer->server, NULL, NULL);
	size_t len = 0;
	ssize_t count = 1;

	/* A request here ends with its head, or with the body "old 0\n". */
	while (count > 0 &&
	       (len < 4 || (memcmp(peer->asked + len - 4, "\r\n\r\n", 4) != 0 &&
	                       peer->asked[len - 1] != '\n'))) {
		count = read(client, peer->asked + len, ASKED_MAX - len);
		len += count > 0 ? (size_t)count : 0;
	}
	count = write(client, peer->answer, strlen(peer->answer));
	assert_int_equal(count, strlen(peer->answer));
	close(client);
	return NULL;
}

static void
start(struct peer *peer, const char *answer)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(here);

	*peer = (struct peer){ .answer = answer };
	peer->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(peer->server, (struct sockaddr *)&here, len), 0);
	assert_int_equal(listen(peer->server, 1), 0);
	assert_int_equal(
	    getsockname(peer->server, (struct sockaddr *)&here, &len), 0);
	snprintf(peer->url, sizeof(peer->url), "http://127.0.0.1:%u/a/b?c=d",
	    ntohs(here.sin_port));
	assert_int_equal(pthread_create(&peer->thread, NULL, serve, peer), 0);
}

/* POST where there is a type, GET where there is none. */
static void
ask(struct got *got, struct peer *peer, const char *type, bool any_status)
{
	struct fetch fetch = { .url = peer->url,
		.content_type = type,
		.body = type != NULL ? bytes_of_text("old 0\n") : NO_BYTES,
		.answer_max = 16,
		.timeout_ms = 20000 };
	struct buf body;

	*got = (struct got){ .rc = 0 };
	buf_init(&body, sizeof(got->body));
	got->rc = fetch_run(&body, any_status ? &got->status : NULL, &fetch,
	    &got->fault);
	snprintf(got->body, sizeof(got->body), "%s", buf_text(&body));
	buf_fini(&body);
	pthread_join(peer->thread, NULL);
	close(peer->server);
}

static void
a_post_sends_type_length_and_body(void **state)
{
	struct peer peer;
	struct got got;

	(void)state;
	start(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
	ask(&got, &peer, "text/plain", false);
	assert_int_equal(got.rc, 0);
	assert_string_equal(got.body, "yes");
	assert_non_null(strstr(peer.asked, "POST /a/b?c=d HTTP/1.0\r\n"));
	assert_non_null(strstr(peer.asked, "\r\nContent-Type: text/plain\r\n"));
	assert_non_null(strstr(peer.asked, "\r\nContent-Length: 6\r\n"));
	assert_non_null(strstr(peer.asked, "\r\n\r\nold 0\n"));
}

static void
a_get_has_no_body_and_names_the_host(void **state)
{
	struct peer peer;
	struct got got;

	(void)state;
	start(&peer, "HTTP/1.0 200\r\n\r\nto the end");
	*strchr(peer.url, '?') = '\0';
	ask(&got, &peer, NULL, false);
	assert_int_equal(got.rc, 0);
	assert_string_equal(got.body, "to the end");
	assert_non_null(strstr(peer.asked, "GET /a/b HTTP/1.0\r\nHost: "
	                                   "127.0.0.1:"));
	assert_null(strstr(peer.asked, "Content-"));
}

static void
the_body_of_a_refusal_is_handed_over_to_whoever_asks_for_the_status(
    void **state)
{
	static const char conflict[] = "HTTP/1.1 409 Conflict\r\n"
	                               "content-length:2\r\n\r\n5\n";
	struct peer peer;
	struct got got;

	(void)state;
	start(&peer, conflict);
	ask(&got, &peer, "text/plain", true);
	assert_int_equal(got.rc, 0);
	assert_int_equal(got.status, 409);
	assert_string_equal(got.body, "5\n");
	start(&peer, conflict);
	ask(&got, &peer, "text/plain", false);
	assert_int_equal(got.rc, -1);
	assert_int_equal(got.fault.code, FAULT_BUSY);
	assert_non_null(strstr(got.fault.text, "status 409"));
}

static void
what_is_no_whole_answer_is_refused(void **state)
{
	static const struct {
		const char *answer;
		const char *words;
	} cases[] = {
		{ "", "ends in the middle" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", "middle" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nye", "middle" },
		{ "SSH-2.0-OpenSSH\r\n\r\n", "not HTTP" },
		{ "HTTP/1.1 2x0 OK\r\n\r\n", "not HTTP" },
		{ "HTTP/2.0 200 OK\r\n\r\n", "not HTTP" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "not HTTP" },
		{ "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", "not HTTP" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
		  "\r\n",
		    "not HTTP" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n"
		  "seventeen bytes..",
		    "longer than 16 bytes" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: "
		  "99999999999999999999999999999999\r\n\r\n",
		    "longer than 16 bytes" },
		{ "HTTP/1.1 200 OK\r\n\r\nseventeen bytes..",
		    "longer than 16 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct peer peer;
		struct got got;

		start(&peer, cases[i].answer);
		ask(&got, &peer, NULL, true);
		if (got.rc == 0 || got.fault.code != FAULT_BUSY ||
		    strstr(got.fault.text, cases[i].words) == NULL) {
			fail_msg("case %zu: wanted \"%s\", got %d: %s", i,
			    cases[i].words, got.rc, got.fault.text);
		}
		assert_string_equal(got.body, "");
	}
}

static void
a_url_that_would_break_out_of_its_line_is_refused(void **state)
{
	static const char *const urls[] = { "http://a/b c", "http://a/\r\nX: y",
		"http://a/\x7f", "http://a/\xc3\xa0", "https://a/", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct fault fault = { .code = FAULT_NONE };

		if (fetch_check_url(urls[i], &fault) == 0) {
			fail_msg("%s was taken", urls[i]);
		}
		assert_int_equal(fault.code, FAULT_INVALID);
	}
}

UNIT_MAIN(unit(a_post_sends_type_length_and_body),
    unit(a_get_has_no_body_and_names_the_host),
    unit(the_body_of_a_refusal_is_handed_over_to_whoever_asks_for_the_status),
    unit(what_is_no_whole_answer_is_refused),
    unit(a_url_that_would_break_out_of_its_line_is_refused))
