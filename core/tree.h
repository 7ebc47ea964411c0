/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_TREE_H
#define CORE_TREE_H

#include "archive/merkle.h"
#include "storage/store.h"

/*
 * The hashes of the log's Merkle tree that proofs are made of: every complete
 * subtree of 256 leaves and more, and the small ones near the end.  Older
 * small ones are computed from the log when somebody asks.
 *
 * Thread:  tree_append() on the writer thread (or before it starts); all else
 *          any.  Hashes never change, so a size that was read stays provable.
 */
struct tree;

/* Rebuild from the log, with what tree_keep() left. */
int tree_new(struct tree **tree_out, struct store *store, struct fault *fault);
void tree_free(struct tree *tree);

void tree_append(struct tree *tree, struct bytes entry);
uint64_t tree_size(struct tree *tree);
struct sha256 tree_root(struct tree *tree);

/* For merkle_inclusion() and merkle_consistency(). */
struct merkle_subtrees tree_subtrees(struct tree *tree);

/*
 * Housekeeping: put the roots of full tiles that are not stored yet, so that
 * the next start need not read the whole log.  Derived data, no log entry.
 */
void tree_keep(struct tree *tree);

#endif
