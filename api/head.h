/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_HEAD_H
#define API_HEAD_H

#include "api/method.h"

#include <stdbool.h>

#define HEAD_BYTES_MAX  16384u /* request line, fields and the empty line */
#define HEAD_TARGET_MAX 8000u  /* RFC 9112, section 3: at least 8000 */
#define HEAD_FIELDS_MAX 64u
#define HEAD_METHOD_MAX 24u

struct head_field {
	struct bytes name;
	struct bytes value; /* without blanks around it; may be empty */
};

/* How the body is framed. */
enum head_framing {
	HEAD_BODY_NONE,
	HEAD_BODY_LENGTH,
	HEAD_BODY_CHUNKED,
};

/* A request's head.  All bytes are borrowed from what was parsed. */
struct head {
	enum method method;
	struct bytes method_name;
	struct bytes target; /* "/..." or "*", as sent */
	struct bytes host;   /* empty where HTTP/1.0 sent none */
	unsigned minor;      /* of the version: 0 or 1 */
	unsigned count;
	enum head_framing framing;
	uint64_t length; /* of the body; 0 unless HEAD_BODY_LENGTH */
	bool closes;     /* no further request on this connection */
	bool expects;    /* wants "100 Continue" before it sends the body */
	/* What is wrong, where head_parse() refuses and can tell; or NULL. */
	const char *flaw;
	struct head_field fields[HEAD_FIELDS_MAX];
};

/*
 * Parse a head at the start of `bytes`, by rules that leave no two readers
 * of one request with two opinions about its end.
 *
 * Returns the bytes used when > 0, 0 when more must come first, and the
 * negative status of the refusal otherwise: after that the connection is
 * answered and closed, since its framing cannot be trusted.
 *
 * Source:  RFC 9112, sections 2 to 6; RFC 9110, sections 5.5, 7.2, 10.1.1.
 */
int head_parse(struct head *head, struct bytes bytes);

/* The head's bytes were copied from `from` to `to`: point there. */
void head_move(struct head *head, const uint8_t *from, const uint8_t *to);

#endif
