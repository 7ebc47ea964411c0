/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The chunked coding, byte by byte but for the data itself, which is handed
 * out where it lies.
 *
 *   size [;extension] CR LF data CR LF ... 0 [;extension] CR LF
 *   *( trailer CR LF ) CR LF
 *
 * Extensions and trailers are checked for their octets and thrown away.
 */

#include "api/chunked.h"

#include "api/octet.h"

enum state {
	STATE_SIZE,
	STATE_EXTENSION,
	STATE_SIZE_LF,
	STATE_DATA,
	STATE_DATA_CR,
	STATE_DATA_LF,
	STATE_TRAILER, /* at the start of a line */
	STATE_TRAILER_NAME,
	STATE_TRAILER_VALUE,
	STATE_TRAILER_LF,
	STATE_END_LF,
	STATE_END,
	STATE_BAD,
};

void
chunked_init(struct chunked *chunked)
{
	*chunked = (struct chunked){ .state = STATE_SIZE };
}

static int
step_size(struct chunked *chunked, uint8_t octet)
{
	int digit = octet_hex(octet);

	if (digit >= 0) {
		chunked->left = chunked->left * 16 + (uint64_t)digit;
		return ++chunked->count <= CHUNKED_DIGITS_MAX ? STATE_SIZE
		                                              : STATE_BAD;
	}
	if (chunked->count == 0) {
		return STATE_BAD;
	}
	chunked->count = 0;
	return octet == ';'    ? STATE_EXTENSION
	       : octet == '\r' ? STATE_SIZE_LF
	                       : STATE_BAD;
}

static int
step_extension(struct chunked *chunked, uint8_t octet)
{
	if (octet == '\r') {
		return STATE_SIZE_LF;
	}
	return octet_is(octet, OCTET_VALUE) &&
	               ++chunked->count <= CHUNKED_EXTRA_MAX
	           ? STATE_EXTENSION
	           : STATE_BAD;
}

/* One octet of the trailer section. */
static int
step_trailer(struct chunked *chunked, uint8_t octet)
{
	if (++chunked->count > CHUNKED_TRAILER_MAX) {
		return STATE_BAD;
	}
	switch (chunked->state) {
	case STATE_TRAILER:
		return octet == '\r'                  ? STATE_END_LF
		       : octet_is(octet, OCTET_TOKEN) ? STATE_TRAILER_NAME
		                                      : STATE_BAD;
	case STATE_TRAILER_NAME:
		return octet == ':'                   ? STATE_TRAILER_VALUE
		       : octet_is(octet, OCTET_TOKEN) ? STATE_TRAILER_NAME
		                                      : STATE_BAD;
	case STATE_TRAILER_VALUE:
		return octet == '\r'                  ? STATE_TRAILER_LF
		       : octet_is(octet, OCTET_VALUE) ? STATE_TRAILER_VALUE
		                                      : STATE_BAD;
	default: /* STATE_TRAILER_LF */
		return octet == '\n' ? STATE_TRAILER : STATE_BAD;
	}
}

/* The end of a size line: data, or after the last chunk the trailers. */
static int
step_size_lf(struct chunked *chunked, uint8_t octet)
{
	chunked->count = 0;
	if (octet != '\n') {
		return STATE_BAD;
	}
	return chunked->left > 0 ? STATE_DATA : STATE_TRAILER;
}

static int
step(struct chunked *chunked, uint8_t octet)
{
	switch (chunked->state) {
	case STATE_SIZE:
		return step_size(chunked, octet);
	case STATE_EXTENSION:
		return step_extension(chunked, octet);
	case STATE_SIZE_LF:
		return step_size_lf(chunked, octet);
	case STATE_DATA_CR:
		return octet == '\r' ? STATE_DATA_LF : STATE_BAD;
	case STATE_DATA_LF:
		return octet == '\n' ? STATE_SIZE : STATE_BAD;
	case STATE_END_LF:
		return octet == '\n' ? STATE_END : STATE_BAD;
	default:
		return step_trailer(chunked, octet);
	}
}

static void
advance(struct bytes *input, size_t len)
{
	input->data += len;
	input->len -= len;
}

enum chunked_step
chunked_next(struct chunked *chunked, struct bytes *input,
    struct bytes *piece_out)
{
	while (chunked->state != STATE_END && chunked->state != STATE_BAD &&
	       input->len > 0) {
		if (chunked->state == STATE_DATA) {
			size_t len = input->len < chunked->left
			                 ? input->len
			                 : (size_t)chunked->left;

			*piece_out = bytes_of(input->data, len);
			advance(input, len);
			chunked->left -= len;
			if (chunked->left == 0) {
				chunked->state = STATE_DATA_CR;
			}
			return CHUNKED_PIECE;
		}
		chunked->state = step(chunked, input->data[0]);
		advance(input, 1);
	}
	return chunked->state == STATE_END   ? CHUNKED_END
	       : chunked->state == STATE_BAD ? CHUNKED_BAD
	                                     : CHUNKED_MORE;
}
