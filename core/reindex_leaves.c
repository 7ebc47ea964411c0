/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two lists in order of kind, id and revision: the leaf that its row names,
 * and those that the log has for it.
 */

#include "core/reindex_leaves.h"

#include "base/digest.h"
#include "base/wire.h"
#include "core/fsck_leaf.h"
#include "core/reindex_gather.h"
#include "core/sorter.h"

#define NAMED_BYTES 9u /* index of the leaf u64, table of the row */

struct leaves {
	struct store *store;
	struct arena *scratch;
	struct sorter *named; /* kind, id, rev -> the leaf its row names */
	struct sorter *told;  /* kind, id, rev -> as fsck_leaf.h has it */
	uint64_t *changed;
	uint8_t table; /* that is being read */
};

/* --- both lists ------------------------------------------------------------- */

static int
note_named(void *arg, const struct record *record, struct fault *fault)
{
	struct leaves *leaves = arg;
	uint8_t value[NAMED_BYTES];
	struct key key;

	(void)fault;
	key_start(&key, (uint8_t)record->kind);
	key_add_text(&key, record->id);
	key_add_u64(&key, record->rev);
	wire_put_u64be(value, record->log_index);
	value[8] = leaves->table;
	sorter_add(leaves->named, key_bytes(&key),
	    bytes_of(value, sizeof(value)));
	return 0;
}

static int
note_table(struct leaves *leaves, struct snapshot *snapshot, enum table table,
    struct fault *fault)
{
	leaves->table = (uint8_t)table;
	return reindex_each(snapshot, table, note_named, leaves, fault);
}

static int
note_told(struct leaves *leaves, struct snapshot *snapshot, struct fault *fault)
{
	struct bytes key, entry;
	struct scan *scan;
	int rc;

	if (scan_open_log(&scan, snapshot, 0, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &entry, fault)) == 1) {
		struct fault ignored; /* what it tells of badly, fsck tells */
		const json_t *event;

		arena_reset(leaves->scratch);
		event = json_read(leaves->scratch, entry, &ignored);
		if (event != NULL) {
			fsck_leaf_add(leaves->told, leaves->scratch,
			    scan_log_index(key), event);
		}
	}
	scan_close(scan);
	return rc;
}

static int
note_all(struct leaves *leaves, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc = -1;

	if (snapshot_open(&snapshot, leaves->store, fault) < 0) {
		return -1;
	}
	if (note_table(leaves, snapshot, TABLE_RECORD, fault) == 0 &&
	    note_table(leaves, snapshot, TABLE_HISTORY, fault) == 0) {
		rc = note_told(leaves, snapshot, fault);
	}
	snapshot_close(snapshot);
	return rc;
}

/* --- beside each other ------------------------------------------------------ */

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
mend_leaf(struct leaves *leaves, const struct line *named, uint64_t index,
    struct fault *fault)
{
	bool is_present = named->value.data[8] == TABLE_RECORD;
	size_t rev_at = named->key.len - 8;
	struct snapshot *snapshot;
	struct writes *writes;
	struct bytes bytes;
	struct key key;
	uint64_t rev;
	int found;

	arena_reset(leaves->scratch);
	key_start(&key, named->value.data[8]);
	key_add_raw(&key,
	    bytes_of(named->key.data, is_present ? rev_at : named->key.len));
	if (snapshot_open(&snapshot, leaves->store, fault) < 0) {
		return -1;
	}
	found = snapshot_find_record(snapshot, key_bytes(&key), leaves->scratch,
	    &rev, &bytes, fault);
	snapshot_close(snapshot);
	if (found <= 0) {
		return found; /* it was there: only a writer beside us */
	}
	writes = writes_new(leaves->store, NULL);
	writes_put_logged(writes, key_bytes(&key),
	    wire_get_u64be(named->key.data + rev_at), index, bytes);
	(*leaves->changed)++;
	return writes_commit_now(writes, fault);
}

static int
mend_leaves(struct leaves *leaves, struct fault *fault)
{
	struct line named = { .is_there = false };
	struct line told = { .is_there = false };
	int rc = 0;

	if (sorter_sort(leaves->named, fault) < 0 ||
	    sorter_sort(leaves->told, fault) < 0 ||
	    next_line(leaves->named, &named, fault) < 0 ||
	    next_line(leaves->told, &told, fault) < 0) {
		return -1;
	}
	while (rc == 0 && named.is_there && told.is_there) {
		int order = bytes_compare(named.key, told.key);
		uint64_t index = wire_get_u64be(told.value.data + SHA256_BYTES);

		if (order == 0 && wire_get_u64be(named.value.data) != index) {
			rc = mend_leaf(leaves, &named, index, fault);
		}
		if (rc == 0 && order <= 0) {
			rc = next_line(leaves->named, &named, fault);
		}
		if (rc == 0 && order > 0) {
			rc = next_line(leaves->told, &told, fault);
		}
	}
	return rc;
}

int
reindex_leaves(struct store *store, const struct reindex_options *options,
    uint64_t *changed, struct fault *fault)
{
	const struct sorter_options last = { SORTER_LAST,
		options->memory_max_bytes, options->folder };
	const struct sorter_options all = { SORTER_ALL,
		options->memory_max_bytes, options->folder };
	struct leaves leaves = {
		.store = store,
		.scratch = arena_new(),
		.named = sorter_new(&last),
		.told = sorter_new(&all),
		.changed = changed,
	};
	int rc = note_all(&leaves, fault);

	if (rc == 0) {
		rc = mend_leaves(&leaves, fault);
	}
	sorter_free(leaves.told);
	sorter_free(leaves.named);
	arena_free(leaves.scratch);
	return rc;
}
