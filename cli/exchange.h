/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_EXCHANGE_H
#define CLI_EXCHANGE_H

#include "cli/client.h"

#include <stdbool.h>

struct progress;

#define ANSWER_MAX (64u << 20)

/*
 * One request and its answer, for client.c and tus.c: what the functions of
 * client.h are made of.
 */
struct exchange {
	const char *method;
	const char *path;
	struct bytes body;
	const char *media_type;
	const char *extra[6]; /* header lines, ends with NULL */
	FILE *file;           /* the body goes there, or ... */
	struct buf *out;      /* ... there */
	struct progress *progress;
	struct client *client; /* filled by exchange_perform() */
	long status;           /* filled by exchange_perform() */
};

/* Send it; the answer's body goes where the exchange says. */
int exchange_perform(struct client *client, struct exchange *exchange,
    struct fault *fault);
/* The value of a header of the last answer, in the arena, or NULL. */
const char *exchange_header(const struct client *client, struct arena *arena,
    const char *name);
bool exchange_shows_progress(const struct client *client);

#endif
