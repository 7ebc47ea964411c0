/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Walks the engine's tables in one snapshot.  LMDB keeps no checksums: this
 * finds what does not fit together, core/ finds what does not say what its
 * hash says.
 *
 * Pieces are proved by counting: every piece that a value names is read, and
 * there are as many as all values name.
 */

#include "storage/store.h"

#include "base/memory.h"
#include "base/say.h"
#include "base/wire.h"
#include "storage/past.h"
#include "storage/snapshot.h"
#include "storage/value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FINDING_BYTES 200u
#define KEY_SHOWN     32u /* bytes of a key, in hexadecimal */

struct check {
	struct snapshot *snapshot;
	const struct records *records;
	MDB_txn *txn;
	store_found_fn found;
	void *arg;
	uint8_t *value;   /* room for the largest */
	uint64_t pieces;  /* named by values so far */
	uint64_t entries; /* of the log, so far */
};

static void find(struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
find(struct check *check, const char *format, ...)
{
	char text[FINDING_BYTES];
	va_list args;

	va_start(args, format);
	say_print(text, sizeof(text), format, args);
	va_end(args);
	check->found(check->arg, text);
}

static void
find_row(struct check *check, const char *table, MDB_val key, const char *what)
{
	char hex[2 * KEY_SHOWN + 1] = "";
	size_t len = key.mv_size < KEY_SHOWN ? key.mv_size : KEY_SHOWN;

	for (size_t i = 0; i < len; i++) {
		snprintf(hex + 2 * i, 3, "%02x",
		    ((const uint8_t *)key.mv_data)[i]);
	}
	find(check, "table %s, key %s%s: %s", table, hex,
	    len < key.mv_size ? "..." : "", what);
}

/* Read one value whole.  Whether it is as it was written. */
static bool
check_value(struct check *check, const char *table, MDB_val key, MDB_val raw)
{
	size_t size;

	if (value_size(raw, &size) != 0) {
		find_row(check, table, key, "the value has no known form");
		return false;
	}
	check->pieces += value_pieces(size);
	if (value_copy(check->records, check->txn, raw, check->value, size) !=
	    0) {
		find_row(check, table, key,
		    "a piece of the value is missing or too short");
		return false;
	}
	return true;
}

/* --- one row of each table; told the damage, they go on -------------------- */

static void
check_row(struct check *check, MDB_val key, MDB_val raw)
{
	check_value(check, "rows", key, raw);
}

static void
check_entry(struct check *check, MDB_val key, MDB_val raw)
{
	uint64_t index;

	if (key.mv_size != 8) {
		find_row(check, "log", key, "the key is no index");
		return;
	}
	index = wire_get_u64be(key.mv_data);
	if (index != check->entries) {
		find(check,
		    "the log has entry %" PRIu64 " where %" PRIu64
		    " should follow",
		    index, check->entries);
	}
	check->entries = index + 1;
	check_value(check, "log", key, raw);
}

static void
check_past(struct check *check, MDB_val key, MDB_val raw)
{
	const uint8_t *data = raw.mv_data;

	if (key.mv_size != SET_ID_BYTES || raw.mv_size < PAST_HEAD_BYTES ||
	    raw.mv_size > PAST_HEAD_BYTES + MEMO_MAX_BYTES) {
		find_row(check, "past", key, "no remembered set");
		return;
	}
	if (wire_get_u64be(data + 8) + wire_get_u32be(data + 16) >
	    check->entries) {
		find_row(check, "past", key,
		    "the set's log entries are not in the log");
	}
}

/* --- the walk ---------------------------------------------------------------- */

static int
walk(struct check *check, MDB_dbi table,
    void (*row)(struct check *check, MDB_val key, MDB_val raw),
    struct fault *fault)
{
	MDB_cursor *cursor;
	MDB_val key;
	MDB_val raw;
	int code;

	if (snapshot_enter(check->snapshot, fault) < 0) {
		return -1;
	}
	code = mdb_cursor_open(check->txn, table, &cursor);
	if (code != 0) {
		snapshot_leave(check->snapshot);
		return records_fault(fault, code, "a walk");
	}
	code = mdb_cursor_get(cursor, &key, &raw, MDB_FIRST);
	while (code == 0) {
		row(check, key, raw);
		/* Between two rows the writer may cut us off. */
		snapshot_leave(check->snapshot);
		if (snapshot_enter(check->snapshot, fault) < 0) {
			mdb_cursor_close(cursor);
			return -1;
		}
		code = mdb_cursor_get(cursor, &key, &raw, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	snapshot_leave(check->snapshot);
	return code == MDB_NOTFOUND ? 0 : records_fault(fault, code, "a walk");
}

static int
check_pieces(struct check *check, struct fault *fault)
{
	MDB_stat stat;
	int code;

	if (snapshot_enter(check->snapshot, fault) < 0) {
		return -1;
	}
	code = mdb_stat(check->txn, check->records->pieces, &stat);
	snapshot_leave(check->snapshot);
	if (code != 0) {
		return records_fault(fault, code, "the pieces");
	}
	if (stat.ms_entries != check->pieces) {
		find(check,
		    "there are %zu pieces of long values, and values name "
		    "%" PRIu64,
		    stat.ms_entries, check->pieces);
	}
	return 0;
}

int
store_check(struct store *store, store_found_fn found, void *arg,
    struct fault *fault)
{
	struct check check = { .found = found, .arg = arg };
	int rc = -1;

	if (snapshot_open(&check.snapshot, store, fault) < 0) {
		return -1;
	}
	check.records = snapshot_records(check.snapshot);
	check.txn = snapshot_txn(check.snapshot);
	check.value = xzalloc(VALUE_MAX_BYTES);
	if (walk(&check, check.records->rows, check_row, fault) == 0 &&
	    walk(&check, check.records->log, check_entry, fault) == 0 &&
	    walk(&check, check.records->past, check_past, fault) == 0 &&
	    check_pieces(&check, fault) == 0) {
		rc = 0;
	}
	free(check.value);
	snapshot_close(check.snapshot);
	return rc;
}
