/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include "base/buf.h"

#include <stdbool.h>

/*
 * Messages between hosod and hoso-host, framed: docs/plugin-protocol.md says
 * who sends which when.
 *
 *     offset  size  what
 *     0       4     length of the payload, little-endian, 0 to payload_max
 *     4       1     type
 *     5       n     payload: one JSON object; bytes of OUTPUT, EVENT, BYTES
 */
#define FRAME_HEADER      5u
#define FRAME_PAYLOAD_MAX (1u << 20)
/* The status of a host that died because its memory was used up. */
#define FRAME_NO_MEMORY 86

enum frame_type {
	/* server to host */
	FRAME_CALL = 1, /* what to do: kind, name, parameters, options */
	FRAME_TABLE,    /* a table of the call begins: name */
	FRAME_ROW,      /* one row of that table, or of an answer */
	FRAME_END,      /* the answer, the tables or the blocks are complete */
	FRAME_REFUSED,  /* the question cannot be answered: text */
	FRAME_EVENT,    /* an audit event: index (8 bytes LE), then its JSON */
	FRAME_FLUSH,    /* make sure of the events before this */
	FRAME_BYTES,    /* the bytes of a file that were asked for */
	/* host to server */
	FRAME_HELLO = 64,  /* confined and loaded: what confines it */
	FRAME_DESCRIPTION, /* what the plugin offers */
	FRAME_ASK,         /* a question: kind, where */
	FRAME_OUTPUT,      /* bytes of a file */
	FRAME_RESULT,      /* one unit's place in a ranking */
	FRAME_LOG,         /* a line for the operator: text */
	FRAME_FLUSHED,     /* the events up to this are safe: index */
	FRAME_FAILED,      /* the call failed: text */
	FRAME_DONE,        /* the call is over and good */
	/* both ways */
	FRAME_BLOCK = 128, /* one block of a document */
};

struct frame {
	enum frame_type type;
	struct bytes payload; /* borrowed from the input */
};

bool frame_type_is_known(unsigned type);
void frame_encode(struct buf *out, enum frame_type type, struct bytes payload);

/*
 * Take one frame from the front of `input`.  A pure function of its bytes:
 * whatever begins a good frame says "more".
 *
 * Returns: 1 and the bytes used; 0 when more bytes are needed; -1 when this
 *          is no frame (unknown type, or a length over payload_max).
 */
int frame_decode(struct frame *frame_out, size_t *used_out, struct bytes input,
    size_t payload_max);

#endif
