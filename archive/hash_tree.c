/* SPDX-License-Identifier: Apache-2.0 */

/*
 * All levels lie behind each other, the leaves first.  Two neighbours that
 * are the same are one: a list of a reduced tree is a set.
 */

#include "archive/hash_tree.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

struct hash_tree {
	size_t count;               /* of leaves */
	struct digest_value *nodes; /* of all levels */
};

static int
compare(const void *a, const void *b)
{
	const struct digest_value *left = a;
	const struct digest_value *right = b;

	return memcmp(left->bytes, right->bytes, DIGEST_MAX_BYTES);
}

struct digest_value
hash_tree_join(struct digest_value *hashes, size_t count)
{
	struct digest_value joined;
	struct digest_set *set;

	assert(count > 0);
	if (count == 1) {
		return hashes[0];
	}
	qsort(hashes, count, sizeof(*hashes), compare);
	set = digest_set_new();
	digest_set_want(set, hashes[0].kind);
	for (size_t i = 0; i < count; i++) {
		digest_set_add(set, digest_value_bytes(&hashes[i]));
	}
	digest_set_end(set);
	joined = digest_set_value(set, hashes[0].kind);
	digest_set_free(set);
	return joined;
}

/* The node over some place of a level. */
static struct digest_value
join_pair(const struct digest_value *level, size_t count, size_t left)
{
	struct digest_value pair[2];

	if (left + 1 == count || compare(&level[left], &level[left + 1]) == 0) {
		return level[left];
	}
	pair[0] = level[left];
	pair[1] = level[left + 1];
	return hash_tree_join(pair, 2);
}

/* How many nodes a tree has. */
static size_t
count_nodes(size_t count)
{
	size_t nodes = count;

	for (; count > 1; nodes += count) {
		count = (count + 1) / 2;
	}
	return nodes;
}

struct hash_tree *
hash_tree_new(const struct digest_value *leaves, size_t count)
{
	struct hash_tree *tree = xzalloc(sizeof(*tree));
	struct digest_value *level;

	assert(count > 0 && count <= HASH_TREE_LEAVES_MAX);
	tree->count = count;
	tree->nodes = xmalloc(count_nodes(count) * sizeof(*tree->nodes));
	level = tree->nodes;
	memcpy(level, leaves, count * sizeof(*leaves));
	for (; count > 1; count = (count + 1) / 2) {
		for (size_t left = 0; left < count; left += 2) {
			level[count + left / 2] = join_pair(level, count, left);
		}
		level += count;
	}
	return tree;
}

void
hash_tree_free(struct hash_tree *tree)
{
	if (tree != NULL) {
		free(tree->nodes);
		free(tree);
	}
}

const struct digest_value *
hash_tree_root(const struct hash_tree *tree)
{
	return &tree->nodes[count_nodes(tree->count) - 1];
}

size_t
hash_tree_path(const struct hash_tree *tree, size_t leaf,
    struct digest_value path_out[HASH_TREE_DEPTH])
{
	const struct digest_value *level = tree->nodes;
	size_t len = 0;

	for (size_t count = tree->count; count > 1; count = (count + 1) / 2) {
		size_t beside = leaf ^ 1;

		if (beside < count &&
		    compare(&level[leaf], &level[beside]) != 0) {
			path_out[len++] = level[beside];
		}
		leaf /= 2;
		level += count;
	}
	return len;
}
