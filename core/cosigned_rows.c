/* SPDX-License-Identifier: Apache-2.0 */

#include "core/cosigned_rows.h"

#include "core/schema.h"
#include "core/witnesses.h"
#include "storage/key.h"

#include <inttypes.h>

/* --- reading --------------------------------------------------------------- */

static int
read_row(struct cosigned_rows *rows, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct cosigned_row *row = &rows->list[rows->count];
	struct key_reader reader;
	const json_t *stored;
	const char *note;

	key_read_start(&reader, key);
	row->size = key_read_u64(&reader);
	stored = json_read(rows->arena, value, fault);
	if (key_read_end(&reader, fault) < 0 || stored == NULL) {
		return -1;
	}
	note = json_text_at(stored, "checkpoint");
	row->note = bytes_of_text(note != NULL ? note : "");
	row->carried = json_object_get(stored, "for");
	if (cosigners_read(&row->cosigned,
	        witnesses_policy(rows->core->witnesses), row->note,
	        fault) < 0) {
		fault_prefix(fault, "the cosigned checkpoint %" PRIu64,
		    row->size);
		return -1;
	}
	rows->count++;
	return 0;
}

static int
scan_rows(struct cosigned_rows *rows, struct snapshot *snapshot,
    struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc;

	if (scan_open_table(&scan, snapshot, TABLE_COSIGNED, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		if (rows->count == COSIGNED_ROWS_MAX) {
			rc = fault_set(fault, FAULT_CORRUPT,
			    "more than %u cosigned checkpoints",
			    COSIGNED_ROWS_MAX);
			break;
		}
		if (read_row(rows, key, arena_copy(rows->arena, value), fault) <
		    0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}

int
cosigned_rows_read(struct cosigned_rows *rows, struct core *core,
    struct arena *arena, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc;

	*rows = (struct cosigned_rows){ .core = core, .arena = arena };
	if (snapshot_open(&snapshot, core->store, fault) < 0) {
		return -1;
	}
	rc = scan_rows(rows, snapshot, fault);
	snapshot_close(snapshot);
	return rc;
}

static struct cosigned_row *
row_of(struct cosigned_rows *rows, uint64_t size)
{
	for (unsigned i = 0; i < rows->count; i++) {
		if (rows->list[i].size == size) {
			return &rows->list[i];
		}
	}
	return NULL;
}

const struct cosigned_row *
cosigned_rows_of(const struct cosigned_rows *rows, unsigned place)
{
	for (unsigned i = rows->count; i > 0; i--) {
		if (rows->list[i - 1].cosigned.has[place]) {
			return &rows->list[i - 1];
		}
	}
	return NULL;
}

uint64_t
cosigned_rows_seen(const struct cosigned_rows *rows, unsigned place)
{
	const struct cosigned_row *row = cosigned_rows_of(rows, place);

	return row != NULL ? row->size : 0;
}

const struct cosigned_row *
cosigned_rows_enough(const struct cosigned_rows *rows)
{
	const struct cosigners *policy =
	    witnesses_policy(rows->core->witnesses);

	for (unsigned i = rows->count; i > 0 && policy->needed > 0; i--) {
		const struct cosigned_row *row = &rows->list[i - 1];

		if (cosigners_are_enough(policy, &row->cosigned)) {
			return row;
		}
	}
	return NULL;
}

/* --- writing --------------------------------------------------------------- */

static bool
is_carried(const struct cosigned_rows *rows, const struct cosigned_row *row)
{
	const json_t *name;
	size_t i;

	json_array_foreach(row->carried, i, name)
	{
		unsigned place;

		if (witnesses_find(rows->core->witnesses,
		        json_string_value(name), &place) == 1 &&
		    cosigned_rows_seen(rows, place) < row->size) {
			return true;
		}
	}
	return false;
}

static bool
is_kept(const struct cosigned_rows *rows, const struct cosigned_row *row)
{
	const struct cosigners *policy =
	    witnesses_policy(rows->core->witnesses);

	if (row == cosigned_rows_enough(rows) || is_carried(rows, row)) {
		return true;
	}
	for (unsigned i = 0; i < policy->count; i++) {
		if (cosigned_rows_of(rows, i) == row) {
			return true;
		}
	}
	return false;
}

static void
write_row(struct writes *writes, struct arena *arena,
    const struct cosigned_row *row)
{
	json_t *value = json_own(arena,
	    json_pack("{s:s%, s:O}", "checkpoint", row->note.data,
	        row->note.len, "for", row->carried));
	struct key key;

	key_start(&key, TABLE_COSIGNED);
	key_add_u64(&key, row->size);
	writes_put(writes, key_bytes(&key), json_bytes(arena, value));
}

int
cosigned_rows_write(const struct cosigned_rows *rows, struct fault *fault)
{
	struct writes *writes = writes_new(rows->core->store, NULL);

	for (unsigned i = 0; i < rows->count; i++) {
		const struct cosigned_row *row = &rows->list[i];
		struct key key;

		if (is_kept(rows, row)) {
			write_row(writes, rows->arena, row);
		} else {
			key_start(&key, TABLE_COSIGNED);
			key_add_u64(&key, row->size);
			writes_delete(writes, key_bytes(&key));
		}
	}
	return writes_commit_now(writes, fault);
}

int
cosigned_rows_add(struct cosigned_rows *rows, uint64_t size,
    struct cosigned_row **row_out, struct fault *fault)
{
	unsigned at = rows->count;

	*row_out = row_of(rows, size);
	if (*row_out != NULL) {
		return 0;
	}
	if (rows->count == COSIGNED_ROWS_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "more than %u cosigned checkpoints", COSIGNED_ROWS_MAX);
	}
	for (; at > 0 && rows->list[at - 1].size > size; at--) {
		rows->list[at] = rows->list[at - 1];
	}
	rows->count++;
	rows->list[at] = (struct cosigned_row){ .size = size,
		.carried = json_own(rows->arena, json_array()) };
	*row_out = &rows->list[at];
	return 0;
}
