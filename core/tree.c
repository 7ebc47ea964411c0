/* SPDX-License-Identifier: Apache-2.0 */

/*
 * `levels[l]` holds the hashes of complete subtrees of 2^l leaves from number
 * `first` on.  From level 8 (a full tile of 256 leaves) up all are kept, some
 * 2.5 MB for 10 million entries; below it only those of the newest tiles,
 * which nearly all receipts need.  Of an older tile all are computed from the
 * log where one is asked for, and kept for a while (tiles.c).
 *
 *     TABLE_TILE  level u8 (1), number u64 -> root of 256 leaves, 32 bytes
 */

#include "core/tree.h"

#include "base/memory.h"
#include "core/schema.h"
#include "core/tiles.h"
#include "storage/key.h"

#include <pthread.h>
#include <stdlib.h>

#define LEVELS       64u
#define TILE_LEVEL   TILES_LEVEL
#define RECENT_MIN   16u /* tiles whose small subtrees are kept */
#define RECENT_MAX   32u
#define KEEP_AT_ONCE 512u /* rows of one housekeeping set */

struct level {
	uint64_t first;
	size_t count;
	size_t room;
	struct sha256 *hashes;
};

struct tree {
	struct store *store;
	struct tiles *older;
	pthread_mutex_t lock; /* guards all below */
	struct merkle_frontier frontier;
	struct level levels[LEVELS];
	uint64_t kept; /* full tiles that TABLE_TILE has, or soon will */
};

static void
level_add(struct level *level, const struct sha256 *hash)
{
	if (level->count == level->room) {
		size_t room = level->room > 0 ? 2 * level->room : 256;
		struct sha256 *hashes = xzalloc(room * sizeof(*hashes));

		if (level->count > 0) {
			memcpy(hashes, level->hashes,
			    level->count * sizeof(*hashes));
		}
		free(level->hashes);
		level->hashes = hashes;
		level->room = room;
	}
	level->hashes[level->count++] = *hash;
}

/* Forget small subtrees of all but the newest tiles. */
static void
trim(struct tree *tree)
{
	uint64_t tiles = tree->frontier.size >> TILE_LEVEL;
	uint64_t from = tiles > RECENT_MIN ? tiles - RECENT_MIN : 0;

	for (unsigned l = 0; l < TILE_LEVEL; l++) {
		struct level *level = &tree->levels[l];
		uint64_t first = from << (TILE_LEVEL - l);
		size_t drop =
		    first > level->first ? (size_t)(first - level->first) : 0;

		if (drop > level->count) {
			drop = level->count;
		}
		if (drop > 0) {
			level->count -= drop;
			level->first += drop;
			memmove(level->hashes, level->hashes + drop,
			    level->count * sizeof(*level->hashes));
		}
	}
}

static void
completed(void *arg, unsigned number, uint64_t index, const struct sha256 *hash)
{
	struct tree *tree = arg;

	(void)index; /* subtrees of a level are completed in order */
	level_add(&tree->levels[number], hash);
}

static void
append_leaf(struct tree *tree, const struct sha256 *leaf)
{
	struct level *leaves = &tree->levels[0];

	merkle_frontier_append(&tree->frontier, leaf, completed, tree);
	if (leaves->count >= (size_t)RECENT_MAX << TILE_LEVEL) {
		trim(tree);
	}
}

void
tree_append(struct tree *tree, struct bytes entry)
{
	struct sha256 leaf = merkle_leaf(entry);

	pthread_mutex_lock(&tree->lock);
	append_leaf(tree, &leaf);
	pthread_mutex_unlock(&tree->lock);
}

uint64_t
tree_size(struct tree *tree)
{
	uint64_t size;

	pthread_mutex_lock(&tree->lock);
	size = tree->frontier.size;
	pthread_mutex_unlock(&tree->lock);
	return size;
}

struct sha256
tree_root(struct tree *tree)
{
	struct sha256 root;

	pthread_mutex_lock(&tree->lock);
	root = merkle_frontier_root(&tree->frontier);
	pthread_mutex_unlock(&tree->lock);
	return root;
}

static bool
find_kept(struct tree *tree, unsigned number, uint64_t index,
    struct sha256 *hash_out)
{
	struct level *level = &tree->levels[number];
	bool found;

	pthread_mutex_lock(&tree->lock);
	found = index >= level->first && index - level->first < level->count;
	if (found) {
		*hash_out = level->hashes[index - level->first];
	}
	pthread_mutex_unlock(&tree->lock);
	return found;
}

/*
 * Run the log's entries from <= i < to through `take`, which is given the
 * leaf hash of each.
 */
static int
read_leaves(struct snapshot *snapshot, uint64_t from, uint64_t to,
    void (*take)(void *arg, const struct sha256 *leaf), void *arg,
    struct fault *fault)
{
	struct bytes key, entry;
	struct scan *scan;
	uint64_t next = from;
	int rc = 1;

	if (scan_open_log(&scan, snapshot, from, fault) < 0) {
		return -1;
	}
	while (next < to && (rc = scan_next(scan, &key, &entry, fault)) == 1 &&
	       scan_log_index(key) == next) {
		struct sha256 leaf = merkle_leaf(entry);

		take(arg, &leaf);
		next++;
	}
	scan_close(scan);
	if (rc >= 0 && next < to) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the log has no entry %llu", (unsigned long long)next);
	}
	return rc < 0 ? -1 : 0;
}

static void
take_in_tile(void *arg, const struct sha256 *leaf)
{
	tile_add_leaf(arg, leaf);
}

static void
take_in_tree(void *arg, const struct sha256 *leaf)
{
	append_leaf(arg, leaf);
}

/* All subtrees of an old tile, from its entries in the log. */
static int
compute_tile(struct tree *tree, struct tile *tile, uint64_t number,
    struct fault *fault)
{
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, tree->store, fault) < 0) {
		return -1;
	}
	rc = read_leaves(snapshot, number << TILE_LEVEL,
	    (number + 1) << TILE_LEVEL, take_in_tile, tile, fault);
	snapshot_close(snapshot);
	return rc;
}

static int
find_older(struct tree *tree, unsigned number, uint64_t index,
    struct sha256 *hash_out, struct fault *fault)
{
	uint64_t wanted = index >> (TILE_LEVEL - number);
	struct tile *tile;

	if (tiles_find(tree->older, number, index, hash_out)) {
		return 0;
	}
	tile = tile_new(wanted);
	if (compute_tile(tree, tile, wanted, fault) < 0) {
		tile_free(tile);
		return -1;
	}
	*hash_out = *tile_hash(tile, number, index);
	tiles_add(tree->older, tile);
	return 0;
}

static int
find(void *arg, unsigned number, uint64_t index, struct sha256 *hash_out,
    struct fault *fault)
{
	struct tree *tree = arg;

	if (number < LEVELS && find_kept(tree, number, index, hash_out)) {
		return 0;
	}
	if (number >= TILE_LEVEL) {
		return fault_set(fault, FAULT_INVALID,
		    "the tree has no subtree %llu of level %u",
		    (unsigned long long)index, number);
	}
	return find_older(tree, number, index, hash_out, fault);
}

struct merkle_subtrees
tree_subtrees(struct tree *tree)
{
	return (struct merkle_subtrees){ find, tree };
}

/* --- start ---------------------------------------------------------------- */

static void
tile_key(struct key *key, uint64_t number)
{
	key_start(key, TABLE_TILE);
	key_add_u8(key, 1);
	key_add_u64(key, number);
}

/* Take the stored roots of full tiles, as long as the log has them. */
static int
load_tiles(struct tree *tree, struct snapshot *snapshot, uint64_t size,
    struct fault *fault)
{
	struct bytes key, value;
	struct key from, to;
	struct scan *scan;
	uint64_t number = 0;
	int rc;

	tile_key(&from, 0);
	tile_key(&to, size >> TILE_LEVEL);
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		struct key_reader at;
		struct sha256 root;

		key_read_start(&at, key);
		key_read_u8(&at);
		if (key_read_u64(&at) != number ||
		    value.len != sizeof(root.bytes)) {
			break; /* derived: the rest comes from the log */
		}
		memcpy(root.bytes, value.data, sizeof(root.bytes));
		level_add(&tree->levels[TILE_LEVEL], &root);
		number++;
	}
	scan_close(scan);
	tree->kept = number;
	return rc < 0 ? -1 : 0;
}

/* The levels above the tiles, and a frontier of whole tiles. */
static void
build_upper(struct tree *tree)
{
	uint64_t tiles = tree->levels[TILE_LEVEL].count;

	for (unsigned l = TILE_LEVEL; l + 1 < LEVELS; l++) {
		struct level *low = &tree->levels[l];

		for (size_t i = 0; i + 1 < low->count; i += 2) {
			struct sha256 node =
			    merkle_node(&low->hashes[i], &low->hashes[i + 1]);

			level_add(&tree->levels[l + 1], &node);
		}
	}
	for (unsigned l = 0; l < TILE_LEVEL; l++) {
		tree->levels[l].first = tiles << (TILE_LEVEL - l);
	}
}

int
tree_new(struct tree **tree_out, struct store *store, struct fault *fault)
{
	struct tree *tree = xzalloc(sizeof(*tree));
	struct snapshot *snapshot = NULL;
	uint64_t size;
	int rc = -1;

	tree->store = store;
	tree->older = tiles_new();
	pthread_mutex_init(&tree->lock, NULL);
	merkle_frontier_init(&tree->frontier);
	if (snapshot_open(&snapshot, store, fault) < 0 ||
	    snapshot_log_size(snapshot, &size, fault) < 0 ||
	    load_tiles(tree, snapshot, size, fault) < 0) {
		goto out;
	}
	build_upper(tree);
	if (merkle_frontier_load(&tree->frontier, tree->kept << TILE_LEVEL,
	        &(struct merkle_subtrees){ find, tree }, fault) < 0) {
		goto out;
	}
	if (read_leaves(snapshot, tree->frontier.size, size, take_in_tree, tree,
	        fault) < 0) {
		goto out;
	}
	*tree_out = tree;
	tree = NULL;
	rc = 0;
out:
	snapshot_close(snapshot);
	tree_free(tree);
	return rc;
}

void
tree_free(struct tree *tree)
{
	if (tree == NULL) {
		return;
	}
	for (unsigned l = 0; l < LEVELS; l++) {
		free(tree->levels[l].hashes);
	}
	tiles_free(tree->older);
	pthread_mutex_destroy(&tree->lock);
	free(tree);
}

/* A set of tiles on its way into the store. */
struct keeping {
	struct tree *tree;
	uint64_t first; /* what it begins with */
};

/* What was not kept, since the disk was full, is tried again the next time. */
static void
kept(void *arg, const struct writes_result *result)
{
	struct keeping *keeping = arg;
	struct tree *tree = keeping->tree;

	pthread_mutex_lock(&tree->lock);
	if (result->outcome != OUTCOME_APPLIED && tree->kept > keeping->first) {
		tree->kept = keeping->first;
	}
	pthread_mutex_unlock(&tree->lock);
	free(keeping);
}

void
tree_keep(struct tree *tree)
{
	struct keeping *keeping = xzalloc(sizeof(*keeping));
	struct writes *writes = NULL;
	struct key key;
	uint64_t number;

	pthread_mutex_lock(&tree->lock);
	*keeping = (struct keeping){ tree, tree->kept };
	for (number = tree->kept; number < tree->levels[TILE_LEVEL].count &&
	                          number < tree->kept + KEEP_AT_ONCE;
	     number++) {
		const struct sha256 *root =
		    &tree->levels[TILE_LEVEL].hashes[number];

		if (writes == NULL) {
			writes = writes_new(tree->store, NULL);
		}
		tile_key(&key, number);
		writes_put(writes, key_bytes(&key),
		    bytes_of(root->bytes, sizeof(root->bytes)));
	}
	tree->kept = number;
	pthread_mutex_unlock(&tree->lock);
	if (writes != NULL) {
		writes_commit(writes, NULL, kept, keeping);
	} else {
		free(keeping);
	}
}
