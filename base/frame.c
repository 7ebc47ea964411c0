/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A length and a type before each message.  The length is judged before
 * anybody allocates for it.
 */

#include "base/frame.h"

#include "base/wire.h"

#include <assert.h>

bool
frame_type_is_known(unsigned type)
{
	return (type >= FRAME_CALL && type <= FRAME_BYTES) ||
	       (type >= FRAME_HELLO && type <= FRAME_DONE) ||
	       type == FRAME_BLOCK;
}

void
frame_encode(struct buf *out, enum frame_type type, struct bytes payload)
{
	uint8_t header[FRAME_HEADER];

	assert(payload.len <= FRAME_PAYLOAD_MAX);
	wire_put_u32le(header, (uint32_t)payload.len);
	header[4] = (uint8_t)type;
	buf_add(out, header, sizeof(header));
	buf_add_bytes(out, payload);
}

int
frame_decode(struct frame *frame_out, size_t *used_out, struct bytes input,
    size_t payload_max)
{
	uint32_t len;

	if (input.len < FRAME_HEADER) {
		return 0;
	}
	len = wire_get_u32le(input.data);
	if (len > payload_max || !frame_type_is_known(input.data[4])) {
		return -1;
	}
	if (input.len - FRAME_HEADER < len) {
		return 0;
	}
	frame_out->type = (enum frame_type)input.data[4];
	frame_out->payload = bytes_of(input.data + FRAME_HEADER, len);
	*used_out = FRAME_HEADER + len;
	return 1;
}
