/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_MERKLE_H
#define ARCHIVE_MERKLE_H

#include "base/digest.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * The Merkle tree of the audit log.
 *
 * Units:   sizes and indexes in leaves, sizes up to 2^63.
 * Thread:  any; digest_init() was called.
 * Source:  RFC 6962, section 2.1; RFC 9162, section 2.1.
 */

#define MERKLE_PROOF_MAX 64u

struct sha256 merkle_empty(void);
struct sha256 merkle_leaf(struct bytes entry);
struct sha256 merkle_node(const struct sha256 *left,
    const struct sha256 *right);

/*
 * What must be kept of a tree that only grows: the roots of its complete
 * subtrees from the largest to the smallest, one for each bit of the size.
 */
struct merkle_frontier {
	uint64_t size;
	unsigned count;
	struct sha256 peaks[MERKLE_PROOF_MAX];
};

/* Told of each subtree that a new leaf completes, level 0 (it) upwards. */
typedef void (*merkle_done_fn)(void *arg, unsigned level, uint64_t index,
    const struct sha256 *hash);

void merkle_frontier_init(struct merkle_frontier *frontier);
/* done may be NULL. */
void merkle_frontier_append(struct merkle_frontier *frontier,
    const struct sha256 *leaf, merkle_done_fn done, void *arg);
struct sha256 merkle_frontier_root(const struct merkle_frontier *frontier);

/*
 * Finds the hash of the complete subtree over the leaves index << level up to
 * (index + 1) << level.  Where every one is stored a proof costs some
 * 2 log2(size) calls.
 */
typedef int (*merkle_find_fn)(void *arg, unsigned level, uint64_t index,
    struct sha256 *hash_out, struct fault *fault);

struct merkle_subtrees {
	merkle_find_fn find;
	void *arg;
};

struct merkle_proof {
	unsigned count;
	struct sha256 hashes[MERKLE_PROOF_MAX];
};

/* The frontier and so the root of the tree's first `size` leaves. */
int merkle_frontier_load(struct merkle_frontier *frontier_out, uint64_t size,
    const struct merkle_subtrees *subtrees, struct fault *fault);
/* Errors: FAULT_INVALID unless index < size; what find() says. */
int merkle_inclusion(struct merkle_proof *proof_out, uint64_t index,
    uint64_t size, const struct merkle_subtrees *subtrees, struct fault *fault);
/* Errors: FAULT_INVALID unless 0 < old_size <= size. */
int merkle_consistency(struct merkle_proof *proof_out, uint64_t old_size,
    uint64_t size, const struct merkle_subtrees *subtrees, struct fault *fault);

/* Source: RFC 9162, sections 2.1.3.2 and 2.1.4.2.  Old size 0 is refused. */
bool merkle_inclusion_is_valid(const struct merkle_proof *proof, uint64_t index,
    uint64_t size, const struct sha256 *leaf, const struct sha256 *root);
bool merkle_consistency_is_valid(const struct merkle_proof *proof,
    uint64_t old_size, uint64_t size, const struct sha256 *old_root,
    const struct sha256 *root);

#endif
