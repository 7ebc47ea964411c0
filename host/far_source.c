/* SPDX-License-Identifier: Apache-2.0 */

#include "host/far_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int
fetch(struct far_source *far, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	struct port *port = far->port;
	struct frame frame;
	char ask[96];
	int rc;

	snprintf(ask, sizeof(ask),
	    "{\"at\":%" PRIu64 ",\"length\":%zu,\"of\":%u}", offset, len,
	    far->of);
	if (port->send(port, FRAME_ASK, bytes_of_text(ask), fault) < 0) {
		return -1;
	}
	rc = port->receive(port, &frame, fault);
	if (rc < 0) {
		return -1;
	}
	if (rc == 0 || frame.type != FRAME_BYTES || frame.payload.len != len) {
		return fault_set(fault, FAULT_SYSTEM,
		    "the server gave other bytes than it was asked for");
	}
	memcpy(data, frame.payload.data, len);
	return 0;
}

/* Into the window, unless it lies there. */
static int
look(struct far_source *far, uint64_t offset, size_t len, struct fault *fault)
{
	uint64_t left = far->size - offset;

	if (offset >= far->at && offset + len <= far->at + far->len) {
		return 0;
	}
	far->len = 0;
	if (fetch(far, offset, far->window,
	        left < FAR_WINDOW ? (size_t)left : FAR_WINDOW, fault) < 0) {
		return -1;
	}
	far->at = offset;
	far->len = left < FAR_WINDOW ? (size_t)left : FAR_WINDOW;
	return 0;
}

static int
read_far(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	struct far_source *far = arg;
	uint8_t *at = data;

	while (len >= FAR_WINDOW) {
		size_t piece = len < FAR_PIECE ? len : FAR_PIECE;

		if (fetch(far, offset, at, piece, fault) < 0) {
			return -1;
		}
		at += piece;
		offset += piece;
		len -= piece;
	}
	if (len == 0) {
		return 0;
	}
	if (look(far, offset, len, fault) < 0) {
		return -1;
	}
	memcpy(at, far->window + (offset - far->at), len);
	return 0;
}

struct source
far_source(struct far_source *far)
{
	return (struct source){ read_far, far, far->size };
}
