/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_MULTIPART_H
#define API_MULTIPART_H

#include "base/arena.h"
#include "base/fault.h"

/*
 * A body of multipart/form-data that is in memory, taken apart.
 *
 * Source:  RFC 7578; RFC 2046, 5.1; what browsers do with quotes in names:
 *          HTML Living Standard, 4.10.21.8.
 */
#define MULTIPART_PARTS_MAX 64u

struct multipart_part {
	const char *name;      /* UTF-8, not empty, once in a body */
	const char *file_name; /* UTF-8 in NFC, or NULL */
	struct bytes type;     /* Content-Type as it stands, or none */
	struct bytes bytes;    /* borrowed from the body */
};

struct multipart {
	unsigned count;
	struct multipart_part parts[MULTIPART_PARTS_MAX];
};

/*
 * `content_type` is the request's, with its boundary.
 *
 * Errors:  FAULT_INVALID, which says what is not as it must be; FAULT_LIMIT
 *          over MULTIPART_PARTS_MAX.
 */
int multipart_parse(struct multipart *multipart_out, struct bytes content_type,
    struct bytes body, struct arena *arena, struct fault *fault);

#endif
