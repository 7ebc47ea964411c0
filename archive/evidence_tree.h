/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_EVIDENCE_TREE_H
#define ARCHIVE_EVIDENCE_TREE_H

#include "archive/evidence_asn1.h"

/*
 * Reduced hash trees, for archive/ itself.
 *
 * Source:  RFC 4998, section 4.3.
 */

/* A digest of any kind, zeros behind it. */
struct evidence_hash {
	uint8_t bytes[DIGEST_MAX_BYTES];
};

/* What a time-stamp must cover: one hash, or those of a group. */
struct evidence_leaves {
	enum digest_kind kind;
	const struct evidence_hash *hashes;
	size_t count; /* at least 1 */
};

struct evidence_root {
	struct evidence_hash hash; /* what the token must cover */
	bool holds;                /* the tree has the leaves in its place */
};

/*
 * The root of a link's tree; where it has none, that of the leaves alone.
 *
 * Errors:  FAULT_BUSY there is no memory.
 */
int evidence_tree_root(struct evidence_root *root_out,
    const struct evidence_link *link, const struct evidence_leaves *leaves,
    struct fault *fault);

#endif
