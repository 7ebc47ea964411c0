/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_FAR_SOURCE_H
#define HOST_FAR_SOURCE_H

#include "archive/stream.h"
#include "host/port.h"

#define FAR_WINDOW (64u << 10)  /* read at a time where less is asked for */
#define FAR_PIECE  (256u << 10) /* most in one message */

/*
 * Bytes that the server holds: FRAME_ASK for a piece, FRAME_BYTES with it.
 * Whoever is confined can read these and nothing else.
 */
struct far_source {
	struct port *port;
	unsigned of; /* which of the call's files */
	uint64_t size;
	uint64_t at; /* of the window */
	size_t len;  /* 0: there is none yet */
	uint8_t window[FAR_WINDOW];
};

/* Owner: `far` must stay while the source is used. */
struct source far_source(struct far_source *far);

#endif
