/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     id, 16 bytes -> a value (value.c): i64 applied at (microseconds) ·
 *                     u64 log index · u32 log entries · memo  (big-endian)
 *
 * Ids are drawn or hashes, so the table is in no order of time.  The writer
 * walks round it, a few rows a commit, and deletes what is older than a day:
 * neighbours lie on the same pages, so this dirties few, and no second table
 * by age is needed.  A row past its day that the walk did not reach yet
 * counts as gone.
 */

#include "storage/past.h"

#include "base/wire.h"
#include "storage/value.h"

#include <errno.h>

#define DAY_US     (24 * INT64_C(3600) * 1000000)
#define SWEEP_ROWS 64u /* gathered, then deleted */

static MDB_val
key_of(const struct set_id *id)
{
	return records_val(bytes_of(id->bytes, sizeof(id->bytes)));
}

static bool
is_over(struct bytes value, int64_t now)
{
	return now - (int64_t)wire_get_u64be(value.data) > DAY_US;
}

int
past_decode(struct bytes value, int64_t now, struct past *past_out)
{
	if (value.len < PAST_HEAD_BYTES) {
		return EILSEQ;
	}
	past_out->log_index = wire_get_u64be(value.data + 8);
	past_out->log_count = wire_get_u32be(value.data + 16);
	past_out->memo =
	    bytes_of(value.data + PAST_HEAD_BYTES, value.len - PAST_HEAD_BYTES);
	return is_over(value, now) ? MDB_NOTFOUND : 0;
}

/* The value of a row; it is short enough to lie in it. */
static int
read_row(struct bytes id, struct bytes row, struct past *past, int64_t now)
{
	struct bytes value;
	int code = value_check(id, row);

	if (code == 0) {
		code = value_inside(row, &value);
	}
	return code == 0 ? past_decode(value, now, past) : code;
}

int
past_find(const struct records *records, MDB_txn *txn, const struct set_id *id,
    int64_t now, struct past *past_out)
{
	MDB_val key = key_of(id);
	MDB_val row;
	int code = mdb_get(txn, records->past, &key, &row);

	return code == 0 ? read_row(records_bytes(key), records_bytes(row),
	                       past_out, now)
	                 : code;
}

int
past_keep(const struct records *records, MDB_txn *txn, const struct set_id *id,
    int64_t now, const struct past *past)
{
	const struct place place = { records, txn, records->past,
		bytes_of(id->bytes, sizeof(id->bytes)) };
	uint8_t head[PAST_HEAD_BYTES];

	wire_put_u64be(head, (uint64_t)now);
	wire_put_u64be(head + 8, past->log_index);
	wire_put_u32be(head + 16, (uint32_t)past->log_count);
	return value_put(&place, bytes_of(head, sizeof(head)), past->memo);
}

/* Walk over `count` rows, gather what is over, say where to go on. */
static unsigned
gather_old(const struct tree *tree, int64_t now, unsigned count,
    struct past_sweep *sweep, struct set_id *old)
{
	struct tree_cursor cursor;
	struct bytes next;
	unsigned found = 0;
	int code = tree_seek(&cursor, tree,
	    bytes_of(sweep->at.bytes, sizeof(sweep->at.bytes)));

	for (unsigned i = 0; code == 0 && i < count; i++) {
		struct bytes key = cursor.node.key;
		struct past past;

		if (key.len == SET_ID_BYTES && cursor.node.value.len > 0 &&
		    read_row(key, cursor.node.value, &past, now) ==
		        MDB_NOTFOUND) {
			memcpy(old[found++].bytes, key.data, SET_ID_BYTES);
		}
		code = tree_next(&cursor);
	}
	next = code == 0        ? cursor.node.key
	       : code == EILSEQ ? cursor.lost_to
	                        : NO_BYTES; /* the end: begin again */
	*sweep = (struct past_sweep){ 0 };
	if (next.len == SET_ID_BYTES) {
		memcpy(sweep->at.bytes, next.data, SET_ID_BYTES);
	}
	return found;
}

/* If it is old still: a set of this transaction may have taken the id anew. */
static int
delete_old(const struct past_table *past, const struct set_id *id, int64_t now)
{
	MDB_val key = key_of(id);
	struct bytes ignored;
	struct past found;
	int code;

	if (probe_row(past->probe, past->table, records_bytes(key),
	        PROBE_DELETE, 0, &ignored) != 0 ||
	    past_find(past->records, past->txn, id, now, &found) !=
	        MDB_NOTFOUND) {
		return 0;
	}
	code = mdb_del(past->txn, past->records->past, &key, NULL);
	return code == MDB_NOTFOUND ? 0 : code; /* it went all the way round */
}

int
past_sweep(const struct past_table *past, int64_t now, unsigned count,
    struct past_sweep *sweep)
{
	const struct tree *tree = probe_tree(past->probe, past->table);
	int code = 0;

	while (code == 0 && count > 0) {
		unsigned rows = count < SWEEP_ROWS ? count : SWEEP_ROWS;
		struct set_id old[SWEEP_ROWS];
		unsigned old_count = gather_old(tree, now, rows, sweep, old);

		/* By key: through a cursor has its traps in 0.9.24. */
		for (unsigned i = 0; code == 0 && i < old_count; i++) {
			code = delete_old(past, &old[i], now);
		}
		count -= rows;
	}
	return code;
}
