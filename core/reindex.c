/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What must be is computed by the checker's functions, gathered in order of
 * key and laid beside what is stored; the differences are written in pages,
 * each one commit, and each page is read in a snapshot of its own, so that
 * pages which are freed can be used again.  Nothing is written before every
 * record was read.
 */

#include "core/reindex.h"

#include "archive/merkle.h"
#include "base/wire.h"
#include "core/fsck_leaf.h"
#include "core/fsck_walk.h"
#include "core/record.h"
#include "storage/store.h"

#include <inttypes.h>

#define PAGE_ROWS  1000u
#define PAGE_BYTES (1u << 20)
#define TILE_LEVEL 8u /* 256 leaves */

#define NAMED_BYTES 9u /* index of the leaf u64, table of the row */

struct reindex {
	struct store *store;
	const struct reindex_options *options;
	struct reindex_counts *counts;
	struct arena *arena;
	struct arena *scratch;
	struct fsck_tree tree;
	struct fsck_expect expect;
	struct sorter *named; /* kind, id, rev -> the leaf its row names */
	struct sorter *told;  /* kind, id, rev -> as fsck_leaf.h has it */
};

/* --- what must be ---------------------------------------------------------------- */

/* One present or older revision. */
static int
take_revision(struct reindex *reindex, struct record *record, bool is_present,
    struct fault *fault)
{
	int rc = -1;

	record->value = json_read(reindex->scratch, record->bytes, fault);
	if (record->value != NULL) {
		rc = fsck_expect_revision(&reindex->expect, record, fault);
	}
	if (rc == 0 && is_present) {
		reindex->counts->records++;
		rc = fsck_expect_record(&reindex->expect, record, fault);
	}
	if (rc < 0) {
		fault_prefix(fault, "key %c/%s rev %" PRIu64,
		    (char)record->kind, record->id, record->rev);
		fault->code = FAULT_CORRUPT;
	}
	return rc;
}

/* Which leaf the row names, beside what the log will say. */
static void
note_named(struct reindex *reindex, const struct record *record,
    bool is_present)
{
	uint8_t value[NAMED_BYTES];
	struct key key;

	key_start(&key, (uint8_t)record->kind);
	key_add_text(&key, record->id);
	key_add_u64(&key, record->rev);
	wire_put_u64be(value, record->log_index);
	value[8] = is_present ? TABLE_RECORD : TABLE_HISTORY;
	sorter_add(reindex->named, key_bytes(&key),
	    bytes_of(value, sizeof(value)));
}

static int
take_row(struct reindex *reindex, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct key_reader reader;
	struct record record = { .kind = 0 };
	uint64_t rev = 0;
	bool is_present;

	arena_reset(reindex->scratch);
	is_present = key_read_start(&reader, key) == TABLE_RECORD;
	record.kind = (enum record_kind)key_read_u8(&reader);
	record.id = key_read_text(&reader);
	if (!is_present) {
		rev = key_read_u64(&reader);
	}
	if (key_read_end(&reader, fault) < 0 ||
	    record_read(&record, value, fault) < 0) {
		return -1;
	}
	if (!is_present) {
		record.rev = rev;
	}
	note_named(reindex, &record, is_present);
	return take_revision(reindex, &record, is_present, fault);
}

static int
take_table(struct reindex *reindex, enum table table, struct fault *fault)
{
	struct bytes key, value;
	struct key from, to;
	struct scan *scan;
	int rc;

	key_start(&from, (uint8_t)table);
	to = from;
	key_next(&to);
	if (scan_open(&scan, reindex->expect.snapshot, key_bytes(&from),
	        key_bytes(&to), false, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		if (take_row(reindex, key, value, fault) < 0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}

static void
tile_done(void *arg, unsigned level, uint64_t index, const struct sha256 *hash)
{
	struct reindex *reindex = arg;
	struct key key;

	if (level == TILE_LEVEL) {
		key_start(&key, TABLE_TILE);
		key_add_u8(&key, 1);
		key_add_u64(&key, index);
		sorter_add(reindex->expect.rows, key_bytes(&key),
		    bytes_of(hash->bytes, SHA256_BYTES));
	}
}

static int
take_log(struct reindex *reindex, struct fault *fault)
{
	struct merkle_frontier frontier;
	struct bytes key, entry;
	struct scan *scan;
	int rc;

	if (scan_open_log(&scan, reindex->expect.snapshot, 0, fault) < 0) {
		return -1;
	}
	merkle_frontier_init(&frontier);
	while ((rc = scan_next(scan, &key, &entry, fault)) == 1) {
		struct sha256 leaf = merkle_leaf(entry);
		const json_t *event;

		if (scan_log_index(key) != frontier.size) {
			rc = fault_set(fault, FAULT_CORRUPT,
			    "the log has no entry %" PRIu64, frontier.size);
			break;
		}
		merkle_frontier_append(&frontier, &leaf, tile_done, reindex);
		arena_reset(reindex->scratch);
		event = json_read(reindex->scratch, entry, fault);
		if (event == NULL) {
			fault->code = FAULT_CORRUPT;
			fault_prefix(fault, "leaf %" PRIu64,
			    scan_log_index(key));
			rc = -1;
			break;
		}
		/* What it tells of badly, fsck tells. */
		fsck_leaf_add(reindex->told, reindex->scratch,
		    scan_log_index(key), event);
	}
	scan_close(scan);
	return rc;
}

static int
take_all(struct reindex *reindex, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc = -1;

	if (snapshot_open(&snapshot, reindex->store, fault) < 0) {
		return -1;
	}
	reindex->expect.snapshot = snapshot;
	if (fsck_tree_read(&reindex->tree, snapshot, reindex->scratch, fault) ==
	        0 &&
	    take_table(reindex, TABLE_RECORD, fault) == 0 &&
	    take_table(reindex, TABLE_HISTORY, fault) == 0 &&
	    take_log(reindex, fault) == 0) {
		rc = 0;
	}
	snapshot_close(snapshot);
	return rc;
}

/* --- what is written ----------------------------------------------------------------- */

static bool
owns(struct bytes key)
{
	return fsck_expect_owns(key) ||
	       (key.len > 0 && key.data[0] == TABLE_TILE);
}

/* One difference into the page. */
static void
mend(struct reindex *reindex, const struct fsck_difference *difference,
    struct writes *writes)
{
	switch (difference->state) {
	case FSCK_MISSING:
		reindex->counts->added++;
		break;
	case FSCK_EXTRA:
		reindex->counts->removed++;
		writes_delete(writes, difference->key);
		return;
	case FSCK_DIFFERENT:
		reindex->counts->changed++;
		break;
	}
	if (difference->is_counter) {
		writes_delete(writes, difference->key);
		writes_add(writes, difference->key,
		    sorter_number(difference->wanted));
	} else {
		writes_put(writes, difference->key, difference->wanted);
	}
}

/* Differences until a commit is full.  1 more may follow, 0 the end, -1. */
static int
fill_page(struct reindex *reindex, struct fsck_walk *walk,
    struct writes *writes, size_t *rows_out, struct fault *fault)
{
	size_t rows_max = reindex->options->page_rows > 0
	                      ? reindex->options->page_rows
	                      : PAGE_ROWS;
	struct fsck_difference difference;
	size_t rows = 0;
	size_t bytes = 0;
	int rc = 1;

	while (rows < rows_max && bytes < PAGE_BYTES &&
	       (rc = fsck_walk_next(walk, &difference, fault)) == 1) {
		mend(reindex, &difference, writes);
		bytes += difference.key.len + difference.wanted.len;
		rows++;
	}
	*rows_out = rows;
	return rc;
}

static int
write_page(struct reindex *reindex, struct fsck_walk *walk, struct fault *fault)
{
	struct writes *writes = writes_new(reindex->store, NULL);
	struct writes_result result;
	struct snapshot *snapshot;
	size_t rows = 0;
	int rc;

	if (snapshot_open(&snapshot, reindex->store, fault) < 0) {
		writes_free(writes);
		return -1;
	}
	rc = fsck_walk_look(walk, snapshot, fault);
	if (rc == 0) {
		rc = fill_page(reindex, walk, writes, &rows, fault);
	}
	if (fsck_walk_look(walk, NULL, fault) < 0) {
		rc = -1;
	}
	snapshot_close(snapshot);
	if (rc < 0 || rows == 0) {
		writes_free(writes);
		return rc;
	}
	arena_reset(reindex->scratch);
	return writes_commit_wait(writes, &result, reindex->scratch, fault) < 0
	           ? -1
	           : rc;
}

/* The tree's revision, which no record tells: it only must be there. */
static int
mend_guard(struct reindex *reindex, struct fault *fault)
{
	struct writes *writes;
	struct writes_result result;
	struct snapshot *snapshot;
	struct key key;
	int found;

	if (snapshot_open(&snapshot, reindex->store, fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_META);
	key_add_text(&key, "units");
	found = snapshot_has(snapshot, key_bytes(&key), fault);
	snapshot_close(snapshot);
	if (found != 0 || reindex->tree.count == 0) {
		return found < 0 ? -1 : 0;
	}
	writes = writes_new(reindex->store, NULL);
	writes_put_record(writes, key_bytes(&key), 1, NO_BYTES);
	reindex->counts->added++;
	return writes_commit_wait(writes, &result, reindex->scratch, fault);
}

/* --- which leaf tells of a row ------------------------------------------------------- */

/* A line of one of the two lists. */
struct line {
	bool is_there;
	struct bytes key; /* kind, id, NUL, rev */
	struct bytes value;
};

static int
next_line(struct sorter *sorter, struct line *line, struct fault *fault)
{
	int rc = sorter_next(sorter, &line->key, &line->value, fault);

	line->is_there = rc == 1;
	return rc < 0 ? -1 : 0;
}

/* Write a revision's row anew with the leaf that tells of it. */
static int
mend_leaf(struct reindex *reindex, const struct line *named, uint64_t index,
    struct fault *fault)
{
	bool is_present = named->value.data[8] == TABLE_RECORD;
	size_t rev_at = named->key.len - 8;
	struct writes_result result;
	struct snapshot *snapshot;
	struct writes *writes;
	struct bytes bytes;
	struct key key;
	uint64_t rev;
	int found;

	arena_reset(reindex->scratch);
	key_start(&key, named->value.data[8]);
	key_add_raw(&key,
	    bytes_of(named->key.data, is_present ? rev_at : named->key.len));
	if (snapshot_open(&snapshot, reindex->store, fault) < 0) {
		return -1;
	}
	found = snapshot_find_record(snapshot, key_bytes(&key),
	    reindex->scratch, &rev, &bytes, fault);
	snapshot_close(snapshot);
	if (found <= 0) {
		return found; /* it was there: only a writer beside us */
	}
	writes = writes_new(reindex->store, NULL);
	writes_put_logged(writes, key_bytes(&key),
	    wire_get_u64be(named->key.data + rev_at), index, bytes);
	reindex->counts->changed++;
	return writes_commit_wait(writes, &result, reindex->scratch, fault);
}

/* A damage of single rows: each is a commit of its own. */
static int
mend_leaves(struct reindex *reindex, struct fault *fault)
{
	struct line named = { .is_there = false };
	struct line told = { .is_there = false };
	int rc = 0;

	if (sorter_sort(reindex->named, fault) < 0 ||
	    sorter_sort(reindex->told, fault) < 0 ||
	    next_line(reindex->named, &named, fault) < 0 ||
	    next_line(reindex->told, &told, fault) < 0) {
		return -1;
	}
	while (rc == 0 && named.is_there && told.is_there) {
		int order = bytes_compare(named.key, told.key);
		uint64_t index = wire_get_u64be(told.value.data + SHA256_BYTES);

		if (order == 0 && wire_get_u64be(named.value.data) != index) {
			rc = mend_leaf(reindex, &named, index, fault);
		}
		if (rc == 0 && order <= 0) {
			rc = next_line(reindex->named, &named, fault);
		}
		if (rc == 0 && order > 0) {
			rc = next_line(reindex->told, &told, fault);
		}
	}
	return rc;
}

static int
write_all(struct reindex *reindex, struct fault *fault)
{
	struct fsck_walk *walk;
	int rc;

	if (fsck_walk_new(&walk, &reindex->expect, owns, fault) < 0) {
		return -1;
	}
	do {
		rc = write_page(reindex, walk, fault);
	} while (rc == 1);
	reindex->counts->compared = fsck_walk_count(walk);
	fsck_walk_free(walk);
	if (rc == 0) {
		rc = mend_leaves(reindex, fault);
	}
	return rc < 0 ? -1 : mend_guard(reindex, fault);
}

int
reindex_run(struct store *store, const struct rules *rules,
    const struct reindex_options *options, struct reindex_counts *counts_out,
    struct fault *fault)
{
	struct sorter_options rows = { SORTER_LAST, options->memory_max_bytes,
		options->folder };
	struct sorter_options counts = { SORTER_SUM, options->memory_max_bytes,
		options->folder };
	struct sorter_options leaves = { SORTER_ALL, options->memory_max_bytes,
		options->folder };
	struct reindex reindex = { .store = store,
		.options = options,
		.counts = counts_out };
	int rc;

	*counts_out = (struct reindex_counts){ 0 };
	reindex.arena = arena_new();
	reindex.scratch = arena_new();
	fsck_tree_init(&reindex.tree, reindex.arena);
	reindex.expect = (struct fsck_expect){ .rules = rules,
		.tree = &reindex.tree,
		.arena = reindex.scratch,
		.rows = sorter_new(&rows),
		.counts = sorter_new(&counts) };
	reindex.named = sorter_new(&rows);
	reindex.told = sorter_new(&leaves);
	rc = take_all(&reindex, fault);
	if (rc == 0) {
		rc = write_all(&reindex, fault);
	}
	sorter_free(reindex.told);
	sorter_free(reindex.named);
	sorter_free(reindex.expect.counts);
	sorter_free(reindex.expect.rows);
	arena_free(reindex.scratch);
	arena_free(reindex.arena);
	return rc;
}
