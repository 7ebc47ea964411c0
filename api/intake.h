/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_INTAKE_H
#define API_INTAKE_H

#include "api/chunked.h"
#include "api/head.h"

/* A request's body on its way in: what its framing makes of the bytes. */
struct intake {
	enum head_framing framing;
	uint64_t left; /* of a body with a length */
	uint64_t got;  /* bytes of the body so far */
	bool whole;
	struct chunked chunked;
};

enum intake_step {
	INTAKE_BAD = -1,
	INTAKE_MORE = 0,
	INTAKE_PIECE = 1,
	INTAKE_END = 2, /* again and again, once the body is whole */
};

void intake_init(struct intake *intake, const struct head *head);

/* As chunked_next(), for any framing. */
enum intake_step intake_next(struct intake *intake, struct bytes *input,
    struct bytes *piece_out);

/*
 * How many bytes to receive at most, so that little or nothing of a next
 * request comes along.
 */
size_t intake_room(const struct intake *intake, size_t max);

#endif
