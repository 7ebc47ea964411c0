/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reads of one row: each enters its snapshot, reads, copies and leaves.  What
 * is found proves itself by its sum.  That something is not there is believed
 * when the rows beside its place are what was written.
 */

#include "storage/snapshot.h"

#include "base/clock.h"
#include "base/wire.h"
#include "storage/key.h"
#include "storage/past.h"

#include <errno.h>

static int
check_key(struct bytes key, struct fault *fault)
{
	if (key.len == 0 || key.len > KEY_MAX_BYTES) {
		return fault_set(fault, FAULT_INVALID,
		    "a key has 1 to %u bytes, this one %s", KEY_MAX_BYTES,
		    key.len == 0 ? "none" : "more, or text with a NUL");
	}
	return 0;
}

/* The row of a key, where it stands. */
static int
find_row(struct snapshot *snapshot, enum snapshot_table table, struct bytes key,
    struct bytes *raw_out)
{
	const struct source source = snapshot_source(snapshot);

	return tree_find_or_prove(snapshot_tree(snapshot, table), key,
	    (struct tree_check){ value_prove, &source }, raw_out);
}

/* A code of LMDB, or 0 and a value as a copy in the arena. */
static int
copy_value(const struct source *source, struct bytes key, struct bytes raw,
    struct arena *arena, struct bytes *value_out)
{
	size_t size;
	int code = value_size(raw, &size);

	if (code == 0) {
		uint8_t *copy = arena_alloc(arena, size + 1);

		code = value_copy(source, key, raw, copy, size);
		*value_out = bytes_of(copy, size);
	}
	return code;
}

/* A value of a table as a copy in the arena: 1, 0, -1. */
static int
find_in(struct snapshot *snapshot, enum snapshot_table table, struct bytes key,
    struct arena *arena, struct bytes *value_out, struct fault *fault)
{
	const struct source source = snapshot_source(snapshot);
	struct bytes raw;
	int code;

	if (snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	code = find_row(snapshot, table, key, &raw);
	if (code == 0) {
		code = copy_value(&source, key, raw, arena, value_out);
	}
	snapshot_leave(snapshot);
	if (code == MDB_NOTFOUND) {
		return 0;
	}
	return code == 0 ? 1 : records_fault(fault, code, "reading");
}

int
snapshot_find(struct snapshot *snapshot, struct bytes key, struct arena *arena,
    struct bytes *value_out, struct fault *fault)
{
	if (check_key(key, fault) < 0) {
		return -1;
	}
	return find_in(snapshot, SNAPSHOT_ROWS, key, arena, value_out, fault);
}

int
snapshot_find_several(struct snapshot *snapshot, const struct bytes *keys,
    size_t count, struct arena *arena, struct bytes *values_out,
    struct fault *fault)
{
	const struct source source = snapshot_source(snapshot);

	if (snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	tree_find_several(snapshot_tree(snapshot, SNAPSHOT_ROWS), keys, count,
	    values_out);
	for (size_t i = 0; i < count; i++) {
		if (values_out[i].data != NULL &&
		    copy_value(&source, keys[i], values_out[i], arena,
		        &values_out[i]) != 0) {
			values_out[i] = NO_BYTES;
		}
	}
	snapshot_leave(snapshot);
	return 0;
}

int
snapshot_find_record(struct snapshot *snapshot, struct bytes key,
    struct arena *arena, uint64_t *rev_out, struct bytes *record_out,
    struct fault *fault)
{
	struct bytes value;
	int found = snapshot_find(snapshot, key, arena, &value, fault);

	if (found == 1 && record_split(value, rev_out, record_out, fault) < 0) {
		return -1;
	}
	return found;
}

int
snapshot_has(struct snapshot *snapshot, struct bytes key, struct fault *fault)
{
	struct bytes raw;
	int code;

	if (check_key(key, fault) < 0 || snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	code = find_row(snapshot, SNAPSHOT_ROWS, key, &raw);
	snapshot_leave(snapshot);
	if (code == MDB_NOTFOUND) {
		return 0;
	}
	return code == 0 ? 1 : records_fault(fault, code, "reading");
}

int
snapshot_sum(struct snapshot *snapshot, struct bytes key, int64_t *sum_out,
    struct fault *fault)
{
	const struct source source = snapshot_source(snapshot);
	struct bytes raw;
	uint8_t data[8];
	size_t size;
	int code;

	if (check_key(key, fault) < 0 || snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	code = find_row(snapshot, SNAPSHOT_ROWS, key, &raw);
	if (code == 0) {
		code = value_size(raw, &size);
	}
	if (code == 0) {
		code = size == sizeof(data)
		           ? value_copy(&source, key, raw, data, size)
		           : EILSEQ;
	}
	snapshot_leave(snapshot);
	if (code == MDB_NOTFOUND) {
		*sum_out = 0;
		return 0;
	}
	if (code != 0) {
		return records_fault(fault, code, "reading a counter");
	}
	return counter_split(bytes_of(data, sizeof(data)), sum_out, fault);
}

int
snapshot_resolve(struct snapshot *snapshot, const struct set_id *id,
    struct arena *arena, struct writes_result *result_out, struct fault *fault)
{
	struct bytes value;
	struct past past;
	int found = find_in(snapshot, SNAPSHOT_PAST,
	    bytes_of(id->bytes, sizeof(id->bytes)), arena, &value, fault);
	int code;

	if (found != 1) {
		return found;
	}
	code = past_decode(value, clock_now(), &past);
	if (code != 0) {
		return code == MDB_NOTFOUND
		           ? 0
		           : records_fault(fault, code, "resolving a set");
	}
	*result_out = (struct writes_result){
		.outcome = OUTCOME_APPLIED,
		.repeated = true,
		.log_index = past.log_index,
		.log_count = past.log_count,
		.memo = past.memo,
	};
	return 1;
}

int
snapshot_log_size(struct snapshot *snapshot, uint64_t *size_out,
    struct fault *fault)
{
	int code;

	if (snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	code =
	    records_log_size(snapshot_tree(snapshot, SNAPSHOT_LOG), size_out);
	snapshot_leave(snapshot);
	return code == 0 ? 0 : records_fault(fault, code, "the log");
}

int
snapshot_log_find(struct snapshot *snapshot, uint64_t index,
    struct arena *arena, struct bytes *entry_out, struct fault *fault)
{
	uint8_t key[8];

	wire_put_u64be(key, index);
	return find_in(snapshot, SNAPSHOT_LOG, bytes_of(key, sizeof(key)),
	    arena, entry_out, fault);
}
