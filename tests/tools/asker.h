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
	uint64_t requests; /* that were answered */
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

/* Send it until there is an answer; false where the run ends first. */
static inline bool
asker_ask(struct asker *asker, struct bytes request)
{
	bool bare = memcmp(request.data, "HEAD ", 5) == 0;

	for (;;) {
		if (!asker->is_open) {
			asker->is_open =
			    client_try(&asker->client, asker->port);
		}
		if (asker->is_open &&
		    client_send_bytes(&asker->client, request.data,
		        request.len) &&
		    client_answer(&asker->client, &asker->answer, bare) &&
		    asker->answer.status != 503 &&
		    asker->answer.status != 423) {
			asker->requests++;
			return true;
		}
		asker_hang_up(asker);
		if (asker_is_stopping()) {
			return false;
		}
		asker_pause();
	}
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
