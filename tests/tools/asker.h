/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TOOLS_ASKER_H
#define TESTS_TOOLS_ASKER_H

#include "tests/unit/http_client.h"

#include <signal.h>
#include <time.h>

/*
 * A client that wants an answer: where the server is gone it waits for the
 * next one and asks again.
 */
#define ASKER_PAUSE_NS 5000000L /* between two tries to connect */
#define TUS            "Tus-Resumable: 1.0.0\r\n"

struct asker {
	unsigned port;
	const char *token;
	unsigned tries_max; /* of one request; 0: until the run ends */
	bool forgives;      /* an error of the server is asked again, too */
	uint64_t requests;  /* that were answered */
	uint64_t refusals;  /* answers that put it off */
	uint64_t full;      /* those of them that say there is no room */
	char odd[300];      /* the last of the others */
	uint64_t losses;    /* requests that got no answer */
	uint64_t hangs;     /* those it waited for in vain */
	struct client client;
	bool is_open;
	struct answer answer;
};

/*
 * Clients keep SIGTERM blocked: a wait that it broke off would leave a request
 * going on in the server while the next one is sent.
 */
static inline void
asker_block_term(void)
{
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
}

static inline bool
asker_is_stopping(void)
{
	sigset_t waiting;

	sigpending(&waiting);
	return sigismember(&waiting, SIGTERM) == 1;
}

static inline void
asker_pause(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = ASKER_PAUSE_NS }, NULL);
}

static inline void
asker_hang_up(struct asker *asker)
{
	if (asker->is_open) {
		client_close(&asker->client);
	}
	asker->is_open = false;
}

/* Seconds that only grow. */
static inline time_t
asker_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/*
 * Whether it was answered to come back.  423: the server believes that a
 * request which broke off still goes on.
 */
static inline bool
asker_is_put_off(const struct asker *asker)
{
	int status = asker->answer.status;

	return status == 503 || status == 507 || status == 423 ||
	       (asker->forgives &&
	           (status >= 500 || status == 413 || status == 429));
}

/* That there is no room is said in Vietnamese where nobody asks otherwise. */
static inline bool
asker_is_full(const struct asker *asker)
{
	const char *text = buf_text(&asker->answer.body);

	return asker->answer.status == 507 &&
	       strstr(text, "\"type\":\"urn:hoso:problem:full\"") != NULL &&
	       strstr(text, "\"title\":\"Kho lưu trữ đã hết chỗ") != NULL;
}

/* Remember how it failed. */
static inline void
asker_count(struct asker *asker, bool answered, time_t start)
{
	asker->refusals += answered;
	if (answered && asker_is_full(asker)) {
		asker->full++;
	} else if (answered) {
		snprintf(asker->odd, sizeof(asker->odd), "%d %s",
		    asker->answer.status, buf_text(&asker->answer.body));
	}
	asker->losses += !answered;
	asker->hangs +=
	    !answered && asker_now() - start >= CLIENT_PATIENCE_MS / 1000;
}

/* Once; false where there is no answer that counts. */
static inline bool
asker_try(struct asker *asker, struct bytes request)
{
	bool bare = memcmp(request.data, "HEAD ", 5) == 0;
	time_t start = asker_now();
	bool answered;

	if (!asker->is_open) {
		asker->is_open = client_try(&asker->client, asker->port);
	}
	answered =
	    asker->is_open &&
	    client_send_bytes(&asker->client, request.data, request.len) &&
	    client_answer(&asker->client, &asker->answer, bare);
	if (answered && !asker_is_put_off(asker)) {
		asker->requests++;
		return true;
	}
	asker_count(asker, answered, start);
	asker_hang_up(asker);
	return false;
}

/* Send it until there is an answer; false where the run ends first. */
static inline bool
asker_ask(struct asker *asker, struct bytes request)
{
	for (unsigned tries = 1; !asker_try(asker, request); tries++) {
		if (asker_is_stopping() || tries == asker->tries_max) {
			return false;
		}
		asker_pause();
	}
	return true;
}

static inline void
asker_head(struct buf *out, const struct asker *asker, const char *method,
    const char *place)
{
	buf_init(out, 1u << 24);
	buf_add_format(out,
	    "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n",
	    method, place, asker->token);
}

static inline void
asker_body(struct buf *out, const char *type, struct bytes bytes)
{
	buf_add_format(out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
	    type, bytes.len);
	buf_add_bytes(out, bytes);
}

#endif
