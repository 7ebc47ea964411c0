/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CHUNKED_H
#define API_CHUNKED_H

#include "base/bytes.h"

#define CHUNKED_DIGITS_MAX  8u
#define CHUNKED_EXTRA_MAX   256u  /* bytes of extensions a chunk */
#define CHUNKED_TRAILER_MAX 4096u /* bytes of trailers; all thrown away */

/* Where the decoder stands between two calls. */
struct chunked {
	int state;
	unsigned count; /* digits, extension or trailer bytes so far */
	uint64_t left;  /* of the chunk's data */
};

enum chunked_step {
	CHUNKED_BAD = -1,  /* broken framing: 400 and close */
	CHUNKED_MORE = 0,  /* all input was used */
	CHUNKED_PIECE = 1, /* *piece_out is data of the body */
	CHUNKED_END = 2,   /* the body is whole; what is left is not its */
};

void chunked_init(struct chunked *chunked);

/*
 * Take bytes from the front of *input until there is a piece of the body, the
 * end or nothing left.  Call again while it says CHUNKED_PIECE.
 *
 * Owner:   the piece is borrowed from the input.
 * Source:  RFC 9112, section 7.1.
 */
enum chunked_step chunked_next(struct chunked *chunked, struct bytes *input,
    struct bytes *piece_out);

#endif
