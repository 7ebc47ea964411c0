/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every leaf is read once: its hash joins a tree of the checker's own, its
 * text says which revisions were stored.  Whether an index is missing is for
 * store_check() to say.
 */

#include "core/fsck_log.h"

#include "archive/checkpoint.h"
#include "base/say.h"
#include "base/wire.h"
#include "core/fsck_cosigned.h"
#include "core/fsck_leaf.h"
#include "core/tree.h"

#include <inttypes.h>
#include <stdlib.h>

#define TILE_LEVEL 8u /* 256 leaves */

/* The checker's tree. */
struct grown {
	struct fsck *fsck;
	struct merkle_frontier frontier;
	struct fsck_cosigned cosigned;
	struct buf tiles; /* roots of full tiles */
	uint64_t stored;  /* tiles that are stored */
	uint64_t wrong;
};

/* --- leaves ----------------------------------------------------------------- */

static void
check_leaf(struct fsck *fsck, uint64_t index, struct bytes entry)
{
	const char *where;
	struct fault fault;
	json_t *event;

	arena_reset(fsck->scratch);
	where = arena_format(fsck->scratch, "leaf %" PRIu64, index);
	event = json_read(fsck->scratch, entry, &fault);
	if (!json_is_object(event)) {
		fsck_find_tell(&fsck->find, "leaf.unreadable", where,
		    "it is no JSON object: %s",
		    event == NULL ? say_fault(&fault) : say_text("a list"));
		return;
	}
	if (!bytes_equal(json_bytes(fsck->scratch, event), entry)) {
		fsck_find_tell(&fsck->find, "leaf.form", where,
		    "its bytes are not canonical JSON");
	}
	if (!fsck_leaf_add(fsck->told, fsck->scratch, index, event)) {
		fsck_find_tell(&fsck->find, "leaf.form", where,
		    "it does not name a revision and its hash");
	}
}

static void
tile_done(void *arg, unsigned level, uint64_t index, const struct sha256 *hash)
{
	struct grown *grown = arg;

	(void)index; /* completed in order */
	if (level == TILE_LEVEL) {
		buf_add(&grown->tiles, hash->bytes, SHA256_BYTES);
	}
}

static void
add_leaf(struct grown *grown, const struct sha256 *leaf)
{
	merkle_frontier_append(&grown->frontier, leaf, tile_done, grown);
	fsck_cosigned_compare(&grown->cosigned, grown->fsck, &grown->frontier);
	grown->fsck->counts->leaves++;
}

/* For entries that cannot be read, so that the others keep their places. */
static void
stand_in(struct grown *grown, uint64_t index)
{
	struct sha256 nothing = merkle_leaf(NO_BYTES);

	while (grown->fsck->counts->leaves < index) {
		add_leaf(grown, &nothing);
	}
}

static int
grow(struct grown *grown, struct fault *fault)
{
	struct fsck *fsck = grown->fsck;
	struct bytes key, entry;
	struct scan *scan;
	int rc;

	if (fsck_cosigned_read(&grown->cosigned, fsck, fault) < 0 ||
	    scan_open_log(&scan, fsck->snapshot, 0, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next_sound(scan, &key, &entry, fault)) == 1) {
		struct sha256 leaf = merkle_leaf(entry);

		stand_in(grown, scan_log_index(key));
		add_leaf(grown, &leaf);
		check_leaf(fsck, scan_log_index(key), entry);
	}
	scan_close(scan);
	fsck_cosigned_end(&grown->cosigned, fsck, grown->frontier.size);
	return rc < 0 ? -1 : buf_check(&grown->tiles, fault);
}

/* --- tiles -------------------------------------------------------------------- */

static void
check_tile(struct grown *grown, struct bytes key, struct bytes value)
{
	struct fsck *fsck = grown->fsck;
	const char *where = fsck_find_key(fsck->scratch, key);
	uint64_t count = grown->tiles.len / SHA256_BYTES;
	struct key_reader reader;
	struct fault ignored;
	uint64_t number;
	uint8_t level;

	key_read_start(&reader, key);
	level = key_read_u8(&reader);
	number = key_read_u64(&reader);
	if (key_read_end(&reader, &ignored) < 0 || level != 1 ||
	    number >= count) {
		fsck_find_tell(&fsck->find, "tile.extra", where,
		    "the log has %" PRIu64 " full tiles", count);
		grown->wrong++;
		return;
	}
	for (; grown->stored < number; grown->stored++) {
		fsck_find_tell(&fsck->find, "tile.missing",
		    arena_format(fsck->scratch, "tiles level=1 number=%" PRIu64,
		        grown->stored),
		    "later tiles are stored and this one is not");
		grown->wrong++;
	}
	grown->stored = number + 1;
	if (!bytes_equal(value,
	        bytes_of(grown->tiles.data + number * SHA256_BYTES,
	            SHA256_BYTES))) {
		fsck_find_tell(&fsck->find, "tile.different", where,
		    "it is not the root of its 256 leaves");
		grown->wrong++;
	}
}

static int
check_tiles(struct grown *grown, struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc;

	if (scan_open_table(&scan, grown->fsck->snapshot, TABLE_TILE, fault) <
	    0) {
		return -1;
	}
	while ((rc = scan_next_sound(scan, &key, &value, fault)) == 1) {
		arena_reset(grown->fsck->scratch);
		check_tile(grown, key, value);
	}
	scan_close(scan);
	return rc;
}

/* --- the tree of the server, and its keys ---------------------------------------- */

/* What the server would sign, beside what the log gives. */
static void
check_server_tree(struct grown *grown)
{
	struct fsck *fsck = grown->fsck;
	struct sha256 root = merkle_frontier_root(&grown->frontier);
	struct sha256 signs;
	struct fault fault;
	struct tree *tree;

	if (tree_new(&tree, fsck->store, &fault) < 0) {
		fsck_find_tell(&fsck->find, "checkpoint.tree", "log", "%s",
		    say_fault(&fault));
		return;
	}
	signs = tree_root(tree);
	/* Where a server has gone on meanwhile the two cannot be compared. */
	if (tree_size(tree) == grown->frontier.size &&
	    memcmp(signs.bytes, root.bytes, SHA256_BYTES) != 0) {
		fsck_find_tell(&fsck->find, "checkpoint.tree", "log",
		    "the tree that receipts are made of has another root than "
		    "the log");
	}
	tree_free(tree);
}

static int
verify_key(struct bytes key_text, struct bytes vkey_text, uint64_t size,
    const struct sha256 *root, struct fault *fault)
{
	struct note_verifier verifier;
	struct checkpoint checkpoint;
	struct note_key *key = NULL;
	struct buf note;
	int rc = -1;

	while (vkey_text.len > 0 && vkey_text.data[vkey_text.len - 1] == '\n') {
		vkey_text.len--;
	}
	buf_init(&note, CHECKPOINT_MAX);
	if (note_key_parse(&key, key_text, fault) == 0 &&
	    note_verifier_parse(&verifier, vkey_text, fault) == 0 &&
	    checkpoint_sign(&note, size, root, key, fault) == 0 &&
	    checkpoint_open(&checkpoint, buf_bytes(&note), &verifier, fault) ==
	        0) {
		rc = 0;
	}
	buf_fini(&note);
	note_key_free(key);
	return rc;
}

static void
check_keys(struct grown *grown)
{
	const struct fsck_options *options = grown->fsck->options;
	struct sha256 root = merkle_frontier_root(&grown->frontier);
	struct fault fault;

	if (options->log_key.len == 0 || options->log_vkey.len == 0) {
		return;
	}
	if (verify_key(options->log_key, options->log_vkey,
	        grown->frontier.size, &root, &fault) < 0) {
		fsck_find_tell(&grown->fsck->find, "checkpoint.key",
		    "keys/log.key",
		    "what it signs keys/log.vkey does not verify: %s",
		    say_fault(&fault));
	}
}

int
fsck_log_check(struct fsck *fsck, struct fault *fault)
{
	struct grown grown = { .fsck = fsck };
	int rc = -1;

	merkle_frontier_init(&grown.frontier);
	buf_init(&grown.tiles, SIZE_MAX / 2);
	if (grow(&grown, fault) == 0 && check_tiles(&grown, fault) == 0) {
		if (grown.wrong == 0) {
			check_server_tree(&grown);
		}
		check_keys(&grown);
		rc = 0;
	}
	buf_fini(&grown.tiles);
	return rc;
}

/* --- leaves beside revisions ------------------------------------------------------ */

struct pair {
	bool is_there;
	struct bytes key; /* kind, id, NUL, rev */
	struct bytes value;
};

static int
next_pair(struct sorter *sorter, struct pair *pair, struct fault *fault)
{
	int rc = sorter_next(sorter, &pair->key, &pair->value, fault);

	pair->is_there = rc == 1;
	return rc < 0 ? -1 : 0;
}

static const char *
where_of(struct fsck *fsck, struct bytes key)
{
	const char *id = (const char *)key.data + 1;

	arena_reset(fsck->scratch);
	return arena_format(fsck->scratch, "%s/%s rev %" PRIu64,
	    record_kind_name((enum record_kind)key.data[0]), id,
	    wire_get_u64be(key.data + key.len - 8));
}

/* Does its row name the leaf that tells of it?  Receipts are made of that. */
static void
compare_leaf(struct fsck *fsck, const struct pair *revision,
    const struct pair *told)
{
	uint64_t named = wire_get_u64be(revision->value.data + SHA256_BYTES);
	uint64_t index = wire_get_u64be(told->value.data + SHA256_BYTES);
	const char *where = where_of(fsck, revision->key);

	if (named == LOG_OWN) {
		fsck_find_tell(&fsck->find, "row.leaf", where,
		    "its row names no leaf, leaf %" PRIu64 " tells of it",
		    index);
	} else if (named != index) {
		fsck_find_tell(&fsck->find, "row.leaf", where,
		    "its row names leaf %" PRIu64 ", leaf %" PRIu64
		    " tells of it",
		    named, index);
	}
}

/* A revision and the first leaf that names it. */
static void
compare_one(struct fsck *fsck, const struct pair *revision,
    const struct pair *told, int order)
{
	if (order < 0) {
		fsck_find_tell(&fsck->find, "revision.unlogged",
		    where_of(fsck, revision->key), "no leaf names it");
	} else if (order > 0) {
		fsck_find_tell(&fsck->find, "revision.missing",
		    where_of(fsck, told->key),
		    "leaf %" PRIu64 " names it, and it is not here",
		    wire_get_u64be(told->value.data + SHA256_BYTES));
	} else if (memcmp(revision->value.data, told->value.data,
	               SHA256_BYTES) != 0) {
		fsck_find_tell(&fsck->find, "revision.changed",
		    where_of(fsck, revision->key),
		    "its bytes are not those that leaf %" PRIu64 " names",
		    wire_get_u64be(told->value.data + SHA256_BYTES));
	} else {
		compare_leaf(fsck, revision, told);
	}
}

/* Go on behind a leaf, and tell of more that name the same revision. */
static int
pass_told(struct fsck *fsck, struct pair *told, struct fault *fault)
{
	struct bytes first = arena_copy(fsck->scratch, told->key);
	int rc;

	while ((rc = next_pair(fsck->told, told, fault)) == 0 &&
	       told->is_there && bytes_equal(told->key, first)) {
		const char *where = where_of(fsck, told->key);

		fsck_find_tell(&fsck->find, "leaf.twice", where,
		    "leaf %" PRIu64 " names it once more",
		    wire_get_u64be(told->value.data + SHA256_BYTES));
		first = arena_copy(fsck->scratch, told->key);
	}
	return rc;
}

int
fsck_log_compare(struct fsck *fsck, struct fault *fault)
{
	struct pair revision = { .is_there = false };
	struct pair told = { .is_there = false };

	if (sorter_sort(fsck->revisions, fault) < 0 ||
	    sorter_sort(fsck->told, fault) < 0 ||
	    next_pair(fsck->revisions, &revision, fault) < 0 ||
	    next_pair(fsck->told, &told, fault) < 0) {
		return -1;
	}
	while (revision.is_there || told.is_there) {
		int order = !told.is_there ? -1
		            : !revision.is_there
		                ? 1
		                : bytes_compare(revision.key, told.key);

		compare_one(fsck, &revision, &told, order);
		arena_reset(fsck->scratch);
		if ((order <= 0 &&
		        next_pair(fsck->revisions, &revision, fault) < 0) ||
		    (order >= 0 && pass_told(fsck, &told, fault) < 0)) {
			return -1;
		}
	}
	return 0;
}
