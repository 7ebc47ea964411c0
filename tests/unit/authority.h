/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_AUTHORITY_H
#define TESTS_UNIT_AUTHORITY_H

/* A time-stamping authority on the loopback, on a thread of this process. */

#include "tests/unit/tsa_http.h"
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>

#define AUTHORITY_MISTAKES 8u

struct authority {
	struct tsa *tsa;
	const char *mistakes[AUTHORITY_MISTAKES]; /* made first, in turn */
	unsigned next;
	/* Called before each answer, with the request; or NULL. */
	void (*before)(void *arg);
	void *arg;
	atomic_uint asked; /* connections so far */
	int server;
	int wake[2]; /* closed at its end to stop the thread */
	pthread_t thread;
	char url[80];
};

static inline void *
authority_run(void *arg)
{
	struct authority *authority = arg;
	struct pollfd look[2] = {
		{ .fd = authority->server, .events = POLLIN },
		{ .fd = authority->wake[0], .events = POLLIN },
	};

	while (poll(look, 2, -1) >= 0 && look[1].revents == 0) {
		int client = accept(authority->server, NULL, NULL);
		const char *mistake = authority->next < AUTHORITY_MISTAKES
		                          ? authority->mistakes[authority->next]
		                          : NULL;

		if (client < 0) {
			continue;
		}
		authority->next += mistake != NULL;
		atomic_fetch_add(&authority->asked, 1);
		if (authority->before != NULL) {
			authority->before(authority->arg);
		}
		tsa_http_serve(client, authority->tsa, mistake);
		close(client);
	}
	return NULL;
}

static inline socklen_t
authority_bind(int server, int family, unsigned *port_out)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in four = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	bool is_six = family == AF_INET6;
	struct sockaddr *here =
	    is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four;
	socklen_t len = is_six ? sizeof(six) : sizeof(four);

	if (server < 0 || bind(server, here, len) < 0 ||
	    listen(server, 8) < 0 || getsockname(server, here, &len) < 0) {
		return 0;
	}
	*port_out = ntohs(is_six ? six.sin6_port : four.sin_port);
	return len;
}

/* False where the machine has no such loopback. */
static inline bool
authority_start(struct authority *authority, int family, int64_t at)
{
	unsigned port = 0;

	authority->server = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (authority_bind(authority->server, family, &port) == 0) {
		close(authority->server);
		return false;
	}
	snprintf(authority->url, sizeof(authority->url), "http://%s:%u/tsa",
	    family == AF_INET6 ? "[::1]" : "127.0.0.1", port);
	authority->tsa = tsa_new(at, "critical,timeStamping");
	assert_int_equal(pipe(authority->wake), 0);
	assert_int_equal(
	    pthread_create(&authority->thread, NULL, authority_run, authority),
	    0);
	return true;
}

static inline void
authority_stop(struct authority *authority)
{
	close(authority->wake[1]);
	pthread_join(authority->thread, NULL);
	close(authority->wake[0]);
	close(authority->server);
	tsa_free(authority->tsa);
}

#endif
