/* SPDX-License-Identifier: Apache-2.0 */

/* Bodies with a length, in chunks, or none, behind one call. */

#include "api/intake.h"

#define CHUNKED_READ_MAX 65536u

void
intake_init(struct intake *intake, const struct head *head)
{
	*intake =
	    (struct intake){ .framing = head->framing, .left = head->length };
	chunked_init(&intake->chunked);
	intake->whole = head->framing != HEAD_BODY_CHUNKED && head->length == 0;
}

static enum intake_step
next_of_length(struct intake *intake, struct bytes *input,
    struct bytes *piece_out)
{
	size_t len =
	    input->len < intake->left ? input->len : (size_t)intake->left;

	if (len == 0) {
		return INTAKE_MORE;
	}
	*piece_out = bytes_of(input->data, len);
	input->data += len;
	input->len -= len;
	intake->left -= len;
	intake->whole = intake->left == 0;
	return INTAKE_PIECE;
}

static enum intake_step
next_of_chunks(struct intake *intake, struct bytes *input,
    struct bytes *piece_out)
{
	switch (chunked_next(&intake->chunked, input, piece_out)) {
	case CHUNKED_PIECE:
		return INTAKE_PIECE;
	case CHUNKED_END:
		intake->whole = true;
		return INTAKE_END;
	case CHUNKED_MORE:
		return INTAKE_MORE;
	case CHUNKED_BAD:
	default:
		return INTAKE_BAD;
	}
}

enum intake_step
intake_next(struct intake *intake, struct bytes *input, struct bytes *piece_out)
{
	enum intake_step step;

	if (intake->whole) {
		return INTAKE_END;
	}
	step = intake->framing == HEAD_BODY_CHUNKED
	           ? next_of_chunks(intake, input, piece_out)
	           : next_of_length(intake, input, piece_out);
	if (step == INTAKE_PIECE) {
		intake->got += piece_out->len;
	}
	return step;
}

size_t
intake_room(const struct intake *intake, size_t max)
{
	if (intake->framing == HEAD_BODY_CHUNKED) {
		return max < CHUNKED_READ_MAX ? max : CHUNKED_READ_MAX;
	}
	return intake->left < max ? (size_t)intake->left : max;
}
