/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_CLIENTS_H
#define BENCH_CLIENTS_H

#include "base/bytes.h"

#include <stdbool.h>

/*
 * Many HTTP clients in one thread, each with one kept connection and one
 * request under way.  It costs a processor as little as it can, so that what
 * is measured is the server.  Whatever is not as it should be ends the
 * process.
 */
struct clients;

struct answer {
	int status;
	const char *head;  /* NUL at its end */
	struct bytes body; /* its beginning, up to ANSWER_KEEPS */
	int64_t took;      /* microseconds since the request was sent */
};

#define ANSWER_KEEPS 16384u

/*
 * The next request of one client: `answer` is that of its last one, NULL at
 * the beginning.  Borrowed until the next call for this client.  One of no
 * bytes ends it.
 */
typedef struct bytes (
    *clients_next_fn)(void *arg, unsigned client, const struct answer *answer);

struct clients_order {
	unsigned port;
	unsigned count;
	double seconds; /* 0: until all clients have ended */
	bool drops;     /* the bytes of large answers, unread, in the kernel */
	clients_next_fn next;
	void *arg;
};

struct clients_result {
	double seconds;
	uint64_t answers;
	uint64_t bytes; /* received */
};

void clients_run(const struct clients_order *order,
    struct clients_result *result_out);

/* The value of a field of an answer's head, to its end of line; or NULL. */
const char *answer_field(const struct answer *answer, const char *name);

#endif
