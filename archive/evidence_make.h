/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_EVIDENCE_MAKE_H
#define ARCHIVE_EVIDENCE_MAKE_H

#include "archive/hash_tree.h"
#include "base/buf.h"

#include <stdbool.h>

/*
 * Makes evidence records of what is kept of them: for each time-stamp its
 * token, and the way from what it covers to the root of its tree.  It asks
 * nobody for anything; evidence_record.h, which shares nothing with it, says
 * whether a record is good.
 *
 *     the first piece of all     covers H(object), of each of a group
 *     begins_chain, and later    covers evidence_make_again() of each
 *     others                     cover H(token of the piece before)
 *
 * Thread:  any.
 * Source:  RFC 4998, sections 3 to 5.
 */
struct evidence_piece {
	bool begins_chain;                  /* as the first does anyway */
	const struct digest_value *covered; /* one hash, or those of a group */
	size_t covered_count;               /* at least 1 */
	const struct digest_value *path;    /* from there to the root */
	size_t path_count;                  /* 0: that is the root */
	struct bytes token;                 /* over the root; DER */
};

/*
 * Append the record.
 *
 * Units:   at least one piece, the oldest first.
 * Errors:  as `out` has.
 */
int evidence_make(struct buf *out, const struct evidence_piece *pieces,
    size_t count, struct fault *fault);

/*
 * The digest of all chains so far, which a hash tree that is renewed covers
 * with each object.
 */
int evidence_make_chains(struct digest_value *chains_out, enum digest_kind kind,
    const struct evidence_piece *pieces, size_t count, struct fault *fault);
/* H(H(object) || chains).  Source: RFC 4998, section 5.2, step 4. */
struct digest_value evidence_make_again(const struct digest_value *object,
    const struct digest_value *chains);

#endif
