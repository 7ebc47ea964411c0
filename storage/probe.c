/* SPDX-License-Identifier: Apache-2.0 */

/*
 * To put a row LMDB reads the pages from the root to its leaf, and may split
 * them.  To delete one it may join a leaf that is less than a quarter full
 * with the one beside it, or take a row from there, and so upwards.  So each
 * key's way is looked at, and where the leaf may become that empty, the leaves
 * beside it: in the state before the transaction, since what the transaction
 * made itself is sound.  A leaf that was joined before stands for more than
 * one of these: `leaves` holds those seen, and the search goes on beyond.
 *
 * What is free neither is taken from behind the last page in use, which never
 * goes back: a number that was damaged into a smaller one shows itself by that
 * of the state before.
 *
 * Rows that come in the order of their keys mostly belong between the same two
 * rows as the one before: their way is that one's.
 *
 * The list of free pages is read as a whole: a number in it that is in use
 * would be written over.  Its form is checked, and that no page is free twice
 * or on the way to a row; in a small file, that none is in use at all.
 */

#include "storage/probe.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/wire.h"

#include <errno.h>
#include <stdlib.h>

#define FREE_US     1000000
#define SMALL_PAGES 8192u /* 32 MiB: read in some milliseconds */
#define LEAVES_MIN  1024u /* a power of two */
#define NODE_BYTES  12u   /* head, place, and to an even length */
#define RUN_BYTES   8u    /* a long value's number in its leaf */
#define INSIDE_MAX  2030u /* what is longer has pages of its own */

struct leaf {
	uint64_t number; /* 0: none */
	size_t removed;  /* bytes of rows, at most; in this transaction */
	size_t added;
};

/* Where a key is not: between two rows, or bounds of the leaf. */
struct gap {
	struct tree_cursor path;
	struct bytes after;  /* a key that is less than those in it */
	struct bytes before; /* one that is greater; without bytes: no gap */
};

struct probe {
	const struct state_file *file;
	const char *const *names;
	struct state state;
	struct tree tables[PROBE_TABLES_MAX];
	struct gap gaps[PROBE_TABLES_MAX]; /* where the last keys were not */
	uint64_t last;            /* page in use, of the state before */
	unsigned deletions;       /* in the transaction */
	struct pages_known known; /* since it began */
	struct leaf *leaves;      /* touched, or beside such */
	size_t mask;
	size_t leaf_count;
	int free_code; /* of the last look at the free pages */
	int64_t free_ticks;
	uint8_t *free; /* a bit a page; in the transaction that looked */
	bool in_use;   /* one of them is */
};

struct probe *
probe_new(const struct state_file *file, const char *const *names)
{
	struct probe *probe = xzalloc(sizeof(*probe));

	probe->file = file;
	probe->names = names;
	probe->leaves = xzalloc(LEAVES_MIN * sizeof(*probe->leaves));
	probe->mask = LEAVES_MIN - 1;
	return probe;
}

void
probe_free(struct probe *probe)
{
	if (probe != NULL) {
		free(probe->leaves);
		free(probe->free);
		free(probe);
	}
}

/* --- leaves of the transaction ------------------------------------------- */

static struct leaf *
slot_of(struct probe *probe, uint64_t number)
{
	size_t i = (number * UINT64_C(0x9E3779B97F4A7C15) >> 32) & probe->mask;

	while (
	    probe->leaves[i].number != 0 && probe->leaves[i].number != number) {
		i = (i + 1) & probe->mask;
	}
	return &probe->leaves[i];
}

static void
grow(struct probe *probe)
{
	struct leaf *old = probe->leaves;
	size_t count = probe->mask + 1;

	probe->leaves = xzalloc(2 * count * sizeof(*probe->leaves));
	probe->mask = 2 * count - 1;
	for (size_t i = 0; i < count; i++) {
		if (old[i].number != 0) {
			*slot_of(probe, old[i].number) = old[i];
		}
	}
	free(old);
}

static struct leaf *
leaf_of(struct probe *probe, const uint8_t *page, bool *is_new_out)
{
	uint64_t number = wire_get_u64le(page);
	struct leaf *leaf = slot_of(probe, number);

	*is_new_out = leaf->number == 0;
	if (*is_new_out && 2 * (probe->leaf_count + 1) > probe->mask) {
		grow(probe);
		leaf = slot_of(probe, number);
	}
	if (*is_new_out) {
		probe->leaf_count++;
		leaf->number = number;
	}
	return leaf;
}

static void
forget_leaves(struct probe *probe)
{
	if (probe->mask + 1 > LEAVES_MIN) {
		free(probe->leaves);
		probe->leaves = xzalloc(LEAVES_MIN * sizeof(*probe->leaves));
		probe->mask = LEAVES_MIN - 1;
	} else if (probe->leaf_count > 0) {
		memset(probe->leaves, 0, LEAVES_MIN * sizeof(*probe->leaves));
	}
	probe->leaf_count = 0;
}

/* --- free pages ------------------------------------------------------------ */

static bool
is_free(const struct probe *probe, uint64_t page)
{
	return (probe->free[page / 8] >> page % 8 & 1) != 0;
}

static bool
note_free(void *arg, uint64_t page)
{
	struct probe *probe = arg;

	if (is_free(probe, page)) {
		return false; /* twice */
	}
	probe->free[page / 8] |= (uint8_t)(1u << page % 8);
	return true;
}

static void
note_use(void *arg, uint64_t first, uint64_t count)
{
	struct probe *probe = arg;

	for (uint64_t page = first; page < first + count; page++) {
		probe->in_use |= is_free(probe, page);
	}
}

/* What of other tables is damaged is not what is asked here. */
static void
note_tables(struct probe *probe)
{
	tree_each_page(&probe->state.tables, note_use, probe);
	for (unsigned i = 0; probe->names[i] != NULL; i++) {
		tree_each_page(&probe->tables[i], note_use, probe);
	}
}

static int
look_at_free(struct probe *probe)
{
	if (probe->state.last >= probe->file->len / probe->state.pages.bytes) {
		return EILSEQ;
	}
	probe->free = xzalloc(probe->state.last / 8 + 1);
	probe->in_use = false;
	if (state_each_free(&probe->state, note_free, probe) != 0 ||
	    tree_each_page(&probe->state.free_pages, note_use, probe) != 0) {
		return EILSEQ;
	}
	if (probe->state.last < SMALL_PAGES) {
		note_tables(probe);
	}
	return probe->in_use ? EILSEQ : 0;
}

static int
check_free(struct probe *probe)
{
	int64_t now = clock_ticks();

	free(probe->free);
	probe->free = NULL;
	/* What is damaged may be mended by nobody: look again each time. */
	if (probe->free_code == 0 && probe->free_ticks != 0 &&
	    now - probe->free_ticks < FREE_US) {
		return 0;
	}
	probe->free_ticks = now;
	probe->free_code = look_at_free(probe);
	return probe->free_code;
}

/* --- a transaction --------------------------------------------------------- */

/* Whether there are more pages than in the state before. */
static bool
has_gone_on(struct probe *probe)
{
	struct state before;

	/* The other meta page has it: nobody but this writer overwrites it. */
	if (probe->last == 0 &&
	    state_read(&before, probe->file, probe->state.txn - 1) == 0) {
		probe->last = before.last;
	}
	if (probe->state.last < probe->last) {
		return false;
	}
	probe->last = probe->state.last;
	return true;
}

int
probe_start(struct probe *probe, MDB_txn *txn)
{
	int code = state_read(&probe->state, probe->file, mdb_txn_id(txn) - 1);

	forget_leaves(probe);
	for (unsigned i = 0; i < PROBE_TABLES_MAX; i++) {
		probe->gaps[i].before = NO_BYTES;
	}
	memset(&probe->known, 0, sizeof(probe->known));
	probe->deletions = 0;
	if (code != 0 || !has_gone_on(probe)) {
		return EILSEQ;
	}
	probe->state.pages.known = &probe->known;
	for (unsigned i = 0; probe->names[i] != NULL; i++) {
		struct tree *tree = &probe->tables[i];

		code = state_table(&probe->state, probe->names[i], tree);
		if (code != 0) {
			*tree = (struct tree){ .pages = &probe->state.pages,
				.root = TREE_EMPTY };
		}
		/* Roots of all tables lie on the pages where one changes. */
		if (code != 0 && code != MDB_NOTFOUND) {
			return EILSEQ;
		}
	}
	return check_free(probe);
}

/* Whether a page of the way to a row is said to be free. */
static bool
is_way_free(const struct probe *probe, const struct tree_cursor *path)
{
	for (unsigned i = 0; probe->free != NULL && i < path->tree->depth;
	     i++) {
		if (is_free(probe, wire_get_u64le(path->levels[i].page))) {
			return true;
		}
	}
	return false;
}

static bool
see(void *arg, const uint8_t *page)
{
	bool is_new;

	leaf_of(arg, page, &is_new);
	return is_new;
}

/*
 * Whether the leaf may get less than a quarter full (LMDB's FILL_THRESHOLD),
 * all of it or one of what it was split into.
 */
static bool
may_be_joined(const struct probe *probe, const struct leaf *leaf,
    const uint8_t *page)
{
	size_t room = probe->state.pages.bytes - PAGE_HEAD_BYTES;
	size_t used = page_used(&probe->state.pages, page);

	return used + leaf->added > room ||
	       used < leaf->removed + room / 4 + NODE_BYTES;
}

static size_t
node_bytes(size_t key_len, size_t value_len)
{
	return NODE_BYTES + key_len +
	       (NODE_BYTES + key_len + value_len > INSIDE_MAX ? RUN_BYTES
	                                                      : value_len);
}

static int
probe_way(struct probe *probe, const struct tree_cursor *path, struct bytes key,
    enum probe_act act, size_t size, size_t old_bytes)
{
	const uint8_t *page = path->levels[path->tree->depth - 1].page;
	bool is_new;
	struct leaf *leaf;

	if (is_way_free(probe, path)) {
		return EILSEQ;
	}
	if (act == PROBE_READ) {
		return 0;
	}
	leaf = leaf_of(probe, page, &is_new);
	leaf->removed += old_bytes;
	if (act == PROBE_PUT) {
		leaf->added += node_bytes(key.len, size);
		return 0;
	}
	probe->deletions++;
	return may_be_joined(probe, leaf, page)
	           ? tree_probe_joins(path, probe->deletions, see, probe)
	           : 0;
}

/* tree_probe(), or nothing where it is known what that gives. */
static int
find(struct probe *probe, unsigned table, struct bytes key,
    const struct tree_cursor **path_out)
{
	const struct tree *tree = &probe->tables[table];
	struct gap *gap = &probe->gaps[table];
	int code;

	*path_out = &gap->path;
	if (gap->before.len > 0 &&
	    page_compare(key, gap->before, tree->by_number) < 0 &&
	    page_compare(key, gap->after, tree->by_number) > 0) {
		return MDB_NOTFOUND;
	}
	gap->before = NO_BYTES;
	code = tree_probe(&gap->path, tree, key);
	if (code == MDB_NOTFOUND && tree->root != TREE_EMPTY) {
		tree_probe_gap(&gap->path, &gap->after, &gap->before);
	}
	return code;
}

int
probe_row(struct probe *probe, unsigned table, struct bytes key,
    enum probe_act act, size_t size, struct bytes *value_out)
{
	const struct tree_cursor *path;
	size_t old_bytes = 0;
	int code;
	int found = find(probe, table, key, &path);

	if (found == EILSEQ || path->tree->root == TREE_EMPTY) {
		return found;
	}
	if (found == 0) {
		*value_out = path->node.value;
		old_bytes = node_bytes(key.len, path->node.value.len);
	}
	if (found == MDB_NOTFOUND && act == PROBE_DELETE) {
		/* It may be put before, in the same transaction. */
		old_bytes = node_bytes(key.len, 0);
	}
	code = probe_way(probe, path, key, act, size, old_bytes);
	return code == 0 ? found : code;
}

int
probe_end(struct probe *probe, unsigned table)
{
	static const uint8_t end[8] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
		0xFF, 0xFF };
	const struct tree *tree = &probe->tables[table];
	struct tree_cursor cursor;
	bool is_new;
	int code = tree_probe(&cursor, tree, bytes_of(end, sizeof(end)));

	if (tree->root == TREE_EMPTY || code == EILSEQ) {
		return code == EILSEQ ? EILSEQ : 0;
	}
	/* It may be split: nobody tells how much is appended. */
	leaf_of(probe, cursor.levels[tree->depth - 1].page, &is_new)->added =
	    probe->state.pages.bytes;
	return is_way_free(probe, &cursor)
	           ? EILSEQ
	           : tree_probe_joins(&cursor, probe->deletions, see, probe);
}

const struct tree *
probe_tree(const struct probe *probe, unsigned table)
{
	return &probe->tables[table];
}
