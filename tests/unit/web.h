/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_WEB_H
#define TESTS_UNIT_WEB_H

/*
 * A server on the loopback, on a thread of this process, that gives one body
 * to whoever asks; or 503 while it is down.
 */

#include "base/buf.h"
#include "tests/unit/authority.h"

struct web {
	struct buf body;
	atomic_bool is_down;
	atomic_uint asked; /* connections so far */
	int server;
	int wake[2]; /* closed at its end to stop the thread */
	pthread_t thread;
	char url[80];
};

/* Up to the end of the head, and of the body where there is one. */
static inline void
web_read(int client)
{
	char text[TSA_REQUEST_MAX + 1] = "";
	size_t len = 0;
	ssize_t got;

	while ((got = read(client, text + len, TSA_REQUEST_MAX - len)) > 0) {
		const char *length;
		const char *body;

		len += (size_t)got;
		text[len] = '\0';
		length = strcasestr(text, "\r\nContent-Length:");
		body = strstr(text, "\r\n\r\n");
		if (body != NULL &&
		    len >= (size_t)(body - text) + 4 +
		               (length != NULL ? strtoul(length + 17, NULL, 10)
		                               : 0)) {
			return;
		}
	}
}

static inline void *
web_run(void *arg)
{
	struct web *web = arg;
	struct pollfd look[2] = {
		{ .fd = web->server, .events = POLLIN },
		{ .fd = web->wake[0], .events = POLLIN },
	};

	while (poll(look, 2, -1) >= 0 && look[1].revents == 0) {
		int client = accept(web->server, NULL, NULL);

		if (client < 0) {
			continue;
		}
		atomic_fetch_add(&web->asked, 1);
		web_read(client);
		if (web->is_down) {
			tsa_http_reply(client, "503 Service Unavailable",
			    NO_BYTES);
		} else {
			tsa_http_reply(client, "200 OK", buf_bytes(&web->body));
		}
		close(client);
	}
	return NULL;
}

/* Its body is filled in before anybody asks. */
static inline void
web_start(struct web *web)
{
	unsigned port = 0;

	buf_init(&web->body, 1 << 20);
	web->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(authority_bind(web->server, AF_INET, &port) > 0);
	snprintf(web->url, sizeof(web->url), "http://127.0.0.1:%u/ca", port);
	assert_int_equal(pipe(web->wake), 0);
	assert_int_equal(pthread_create(&web->thread, NULL, web_run, web), 0);
}

static inline void
web_stop(struct web *web)
{
	close(web->wake[1]);
	pthread_join(web->thread, NULL);
	close(web->wake[0]);
	close(web->server);
	buf_fini(&web->body);
}

#endif
