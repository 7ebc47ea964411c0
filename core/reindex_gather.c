/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two readers, since that is what the work falls into: one of the present
 * records, which most rows come of; one of the log, whose hashing takes as
 * long, and of older revisions.
 */

#include "core/reindex_gather.h"

#include "archive/merkle.h"
#include "base/thread.h"
#include "core/leaf_tally.h"

#include <inttypes.h>

#define TILE_LEVEL 8u /* 256 leaves */

/* One of the two; each has a snapshot, and all are of one state. */
struct reader {
	struct reindex_gathered *gathered;
	struct snapshot *snapshot;
	struct fsck_expect expect;
	struct leaf_tally named; /* by rows */
	struct leaf_tally told;  /* by the log */
	int rc;
	struct fault fault;
};

static int
reader_init(struct reader *reader, struct reindex_gathered *gathered,
    struct store *store, const struct rules *rules,
    const struct fsck_tree *tree, struct fault *fault)
{
	*reader = (struct reader){ .gathered = gathered };
	if (snapshot_open(&reader->snapshot, store, fault) < 0) {
		return -1;
	}
	reader->expect = (struct fsck_expect){
		.snapshot = reader->snapshot,
		.rules = rules,
		.known = fsck_known_new(tree),
		.arena = arena_new(),
		.rows = gathered->rows,
		.counts = gathered->counts,
	};
	return 0;
}

static void
reader_fini(struct reader *reader)
{
	if (reader->snapshot != NULL) {
		snapshot_close(reader->snapshot);
		fsck_known_free(reader->expect.known);
		arena_free(reader->expect.arena);
	}
}

/* --- records ---------------------------------------------------------------- */

static int
read_row(struct record *record, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct key_reader reader;
	bool is_present = key_read_start(&reader, key) == TABLE_RECORD;
	uint64_t rev = 0;

	*record = (struct record){ .kind = 0 };
	record->kind = (enum record_kind)key_read_u8(&reader);
	record->id = key_read_text(&reader);
	if (!is_present) {
		rev = key_read_u64(&reader);
	}
	if (key_read_end(&reader, fault) < 0 ||
	    record_read(record, value, fault) < 0) {
		return -1;
	}
	if (!is_present) {
		record->rev = rev;
	}
	return 0;
}

int
reindex_each(struct snapshot *snapshot, enum table table, reindex_row_fn row,
    void *arg, struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc;

	if (scan_open_table(&scan, snapshot, (uint8_t)table, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		struct record record;

		if (read_row(&record, key, value, fault) < 0 ||
		    row(arg, &record, fault) < 0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}

static void
note_named(struct reader *reader, const struct record *record)
{
	leaf_tally_add(&reader->named, (uint8_t)record->kind,
	    bytes_of_text(record->id), record->rev, record->log_index);
}

static int
blame(const struct record *record, struct fault *fault)
{
	fault_prefix(fault, "key %c/%s rev %" PRIu64, (char)record->kind,
	    record->id, record->rev);
	fault->code = FAULT_CORRUPT;
	return -1;
}

static int
take_present(void *arg, const struct record *record, struct fault *fault)
{
	struct reader *reader = arg;
	struct record parsed = *record;

	note_named(reader, record);
	reader->gathered->records++;
	arena_reset(reader->expect.arena);
	if (fsck_expect_wants_tree(record->kind)) {
		parsed.value =
		    json_read(reader->expect.arena, record->bytes, fault);
		if (parsed.value == NULL) {
			return blame(record, fault);
		}
	}
	return fsck_expect_record(&reader->expect, &parsed, fault) < 0
	           ? blame(record, fault)
	           : 0;
}

static int
take_older(void *arg, const struct record *record, struct fault *fault)
{
	struct reader *reader = arg;

	note_named(reader, record);
	arena_reset(reader->expect.arena);
	return fsck_expect_older(&reader->expect, record, fault) < 0
	           ? blame(record, fault)
	           : 0;
}

/* --- the log ---------------------------------------------------------------- */

static void
tile_done(void *arg, unsigned level, uint64_t index, const struct sha256 *hash)
{
	struct reader *reader = arg;
	struct key key;

	if (level == TILE_LEVEL) {
		key_start(&key, TABLE_TILE);
		key_add_u8(&key, 1);
		key_add_u64(&key, index);
		sorter_add(reader->expect.rows, key_bytes(&key),
		    bytes_of(hash->bytes, SHA256_BYTES));
	}
}

static int
take_log(struct reader *reader, struct fault *fault)
{
	struct merkle_frontier frontier;
	struct bytes key, entry;
	struct scan *scan;
	int rc;

	if (scan_open_log(&scan, reader->snapshot, 0, fault) < 0) {
		return -1;
	}
	merkle_frontier_init(&frontier);
	while ((rc = scan_next(scan, &key, &entry, fault)) == 1) {
		struct sha256 leaf = merkle_leaf(entry);

		if (scan_log_index(key) != frontier.size) {
			rc = fault_set(fault, FAULT_CORRUPT,
			    "the log has no entry %" PRIu64, frontier.size);
			break;
		}
		leaf_tally_event(&reader->told, entry, frontier.size);
		merkle_frontier_append(&frontier, &leaf, tile_done, reader);
	}
	scan_close(scan);
	return rc;
}

/* --- all -------------------------------------------------------------------- */

static void *
run_log(void *arg)
{
	struct reader *reader = arg;

	reader->rc = take_log(reader, &reader->fault);
	if (reader->rc == 0) {
		reader->rc = reindex_each(reader->snapshot, TABLE_HISTORY,
		    take_older, reader, &reader->fault);
	}
	return NULL;
}

static int
run_both(struct reader *records, struct reader *log, struct fault *fault)
{
	pthread_t thread;

	if (thread_start(&thread, THREAD_WORKER, "log", run_log, log, fault) <
	    0) {
		return -1;
	}
	records->rc = reindex_each(records->snapshot, TABLE_RECORD,
	    take_present, records, fault);
	pthread_join(thread, NULL);
	if (records->rc == 0 && log->rc < 0) {
		*fault = log->fault;
	}
	return records->rc < 0 || log->rc < 0 ? -1 : 0;
}

/* The few rows of the log's reader join the others. */
static int
join(struct reindex_gathered *gathered, struct reader *records,
    struct reader *log, struct fault *fault)
{
	struct bytes key, value;
	int rc = sorter_sort(log->expect.rows, fault);

	while (rc == 0 &&
	       (rc = sorter_next(log->expect.rows, &key, &value, fault)) == 1) {
		sorter_add(gathered->rows, key, value);
		rc = 0;
	}
	leaf_tally_join(&records->named, &log->named);
	gathered->leaves_match =
	    leaf_tally_is_same(&records->named, &log->told);
	return rc;
}

static int
gather(struct reindex_gathered *gathered, struct store *store,
    const struct rules *rules, const struct reindex_options *options,
    struct fsck_tree *tree, struct fault *fault)
{
	const struct sorter_options own = { SORTER_LAST,
		options->memory_max_bytes, options->folder };
	struct reader records = { .snapshot = NULL };
	struct reader log = { .snapshot = NULL };
	int rc = -1;

	if (reader_init(&records, gathered, store, rules, tree, fault) < 0 ||
	    reader_init(&log, gathered, store, rules, tree, fault) < 0) {
		goto out;
	}
	log.expect.rows = sorter_new(&own);
	rc =
	    fsck_tree_read(tree, records.snapshot, records.expect.arena, fault);
	if (rc == 0) {
		gathered->has_units = tree->count > 0;
		rc = run_both(&records, &log, fault);
	}
	if (rc == 0) {
		rc = join(gathered, &records, &log, fault);
	}
	sorter_free(log.expect.rows);
out:
	reader_fini(&log);
	reader_fini(&records);
	return rc;
}

int
reindex_gather(struct reindex_gathered *gathered, struct store *store,
    const struct rules *rules, const struct reindex_options *options,
    struct fault *fault)
{
	const struct sorter_options rows = { SORTER_LAST,
		options->memory_max_bytes, options->folder };
	const struct sorter_options counts = { SORTER_SUM,
		options->memory_max_bytes, options->folder };
	struct arena *arena = arena_new();
	struct fsck_tree tree;
	int rc;

	*gathered = (struct reindex_gathered){
		.rows = sorter_new(&rows),
		.counts = sorter_new(&counts),
	};
	fsck_tree_init(&tree, arena);
	rc = gather(gathered, store, rules, options, &tree, fault);
	arena_free(arena);
	return rc;
}

void
reindex_gathered_fini(struct reindex_gathered *gathered)
{
	sorter_free(gathered->rows);
	sorter_free(gathered->counts);
}
