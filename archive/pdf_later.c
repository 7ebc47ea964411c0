/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What follows a signature is space, or it might be changed content: nothing
 * behind it is read.
 */

#include "archive/pdf_later.h"

#include "archive/pdf_tokens.h"

#define PIECE_BYTES 4096u

/* The end of the space that the file ends with. */
static int
find_space(const struct source *source, uint64_t *begin_out,
    struct fault *fault)
{
	uint8_t piece[PIECE_BYTES];
	uint64_t at = source->size;

	while (at > 0) {
		size_t len = at < sizeof(piece) ? (size_t)at : sizeof(piece);

		if (source->read(source->arg, at - len, piece, len, fault) <
		    0) {
			return -1;
		}
		while (len > 0 && pdf_is_space(piece[len - 1])) {
			len--;
			at--;
		}
		if (len > 0) {
			break;
		}
	}
	*begin_out = at;
	return 0;
}

int
pdf_later_find(const struct pdf_signatures *found, const struct source *source,
    struct fault *fault)
{
	uint64_t space;

	if (find_space(source, &space, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < found->count; i++) {
		struct pdf_signature *signature = &found->list[i];

		if (signature->end > 0 && signature->end < source->size) {
			signature->later = signature->end >= space
			                       ? PDF_LATER_SPACE
			                       : PDF_LATER_CONTENT;
		}
	}
	return 0;
}
