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
read_row(struct bytes id, MDB_val row, struct past *past, int64_t now)
{
	struct bytes value;
	int code = value_check(id, records_bytes(row));

	if (code == 0) {
		code = value_inside(records_bytes(row), &value);
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

	return code == 0 ? read_row(records_bytes(key), row, past_out, now)
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
static int
gather_old(MDB_cursor *cursor, int64_t now, unsigned count,
    struct past_sweep *sweep, struct set_id *old, unsigned *old_count_out)
{
	MDB_val key = key_of(&sweep->at);
	MDB_val value;
	unsigned found = 0;
	int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);

	for (unsigned i = 0; code == 0 && i < count; i++) {
		struct past past;

		if (key.mv_size == SET_ID_BYTES &&
		    read_row(records_bytes(key), value, &past, now) ==
		        MDB_NOTFOUND) {
			memcpy(old[found++].bytes, key.mv_data, SET_ID_BYTES);
		}
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	*sweep = (struct past_sweep){ 0 };
	if (code == 0 && key.mv_size == SET_ID_BYTES) {
		memcpy(sweep->at.bytes, key.mv_data, SET_ID_BYTES);
	}
	*old_count_out = found;
	return code == MDB_NOTFOUND ? 0 : code; /* the end: begin again */
}

static int
sweep_some(const struct records *records, MDB_txn *txn, int64_t now,
    unsigned count, struct past_sweep *sweep)
{
	struct set_id old[SWEEP_ROWS];
	unsigned old_count = 0;
	MDB_cursor *cursor;
	int code = mdb_cursor_open(txn, records->past, &cursor);

	if (code != 0) {
		return code;
	}
	code = gather_old(cursor, now, count, sweep, old, &old_count);
	mdb_cursor_close(cursor);
	/* By key: deleting through a cursor has its traps in 0.9.24. */
	for (unsigned i = 0; code == 0 && i < old_count; i++) {
		MDB_val key = key_of(&old[i]);

		code = mdb_del(txn, records->past, &key, NULL);
	}
	return code;
}

int
past_sweep(const struct records *records, MDB_txn *txn, int64_t now,
    unsigned count, struct past_sweep *sweep)
{
	int code = 0;

	while (code == 0 && count > 0) {
		unsigned rows = count < SWEEP_ROWS ? count : SWEEP_ROWS;

		code = sweep_some(records, txn, now, rows, sweep);
		count -= rows;
	}
	return code;
}
