/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_HASH_TREE_H
#define ARCHIVE_HASH_TREE_H

#include "archive/digest_kind.h"

/*
 * A hash tree over digests of one kind, so that one time-stamp covers all of
 * them: two and two together, level by level, and one that has no neighbour
 * goes up as it is.
 *
 * Thread:  any.
 * Source:  RFC 4998, sections 4.1 and 4.2.
 */
#define HASH_TREE_LEAVES_MAX 65536u
#define HASH_TREE_DEPTH      16u /* the longest way to the root */

struct hash_tree;

/* Owner:   the leaves, 1 to HASH_TREE_LEAVES_MAX, are copied. */
struct hash_tree *hash_tree_new(const struct digest_value *leaves,
    size_t count);
void hash_tree_free(struct hash_tree *tree);
/* Borrowed from the tree. */
const struct digest_value *hash_tree_root(const struct hash_tree *tree);
/* What a leaf needs on its way to the root, from the leaf up: how many. */
size_t hash_tree_path(const struct hash_tree *tree, size_t leaf,
    struct digest_value path_out[HASH_TREE_DEPTH]);

/*
 * The hash of several digests in binary ascending order, which they are put
 * into; of one, itself.  This is what stands for a group of objects.
 */
struct digest_value hash_tree_join(struct digest_value *hashes, size_t count);

#endif
