/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_RANGE_H
#define API_RANGE_H

#include "base/bytes.h"

/* `len` bytes from `from` on; len is never 0. */
struct range {
	uint64_t from;
	uint64_t len;
};

enum range_answer {
	RANGE_WHOLE,   /* none, malformed, or several: serve all, 200 */
	RANGE_PART,    /* 206 */
	RANGE_OUTSIDE, /* nothing of it is there: 416 */
};

/*
 * Read the value of a Range field for a body of `size` bytes.  One range is
 * served; a server may ignore the rest (RFC 9110, section 14.2), and several
 * would only help who wants to make work.
 *
 * Source:  RFC 9110, sections 14.1.2 and 14.2.
 */
enum range_answer range_parse(struct bytes value, uint64_t size,
    struct range *range_out);

#endif
