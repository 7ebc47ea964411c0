/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A scan is a cursor with bounds.  What it gives lies in its own two buffers,
 * not in the map, so that the writer may cut its snapshot off between two
 * steps.
 *
 * `where` says how the next step finds its place: at the bound or the key
 * that was sought, or beside the last one.
 */

#include "base/buf.h"
#include "base/memory.h"
#include "base/wire.h"
#include "storage/key.h"
#include "storage/records.h"
#include "storage/snapshot.h"
#include "storage/value.h"

#include <errno.h>
#include <stdlib.h>

enum where {
	AT_BOUND, /* the first step, or a seek beyond the near bound */
	AT_SOUGHT,
	BESIDE,
	BEHIND_ALL,
};

struct scan {
	struct snapshot *snapshot;
	MDB_cursor *cursor;
	bool backwards;
	enum where where;
	size_t from_len;
	size_t to_len;
	size_t key_len; /* of the last one given, or of the one sought */
	uint8_t from[KEY_MAX_BYTES];
	uint8_t to[KEY_MAX_BYTES];
	uint8_t key[KEY_MAX_BYTES];
	struct buf value;
};

static int
open_cursor(struct scan **scan_out, struct snapshot *snapshot, MDB_dbi table,
    struct fault *fault)
{
	struct scan *scan;
	MDB_cursor *cursor;
	int code;

	if (snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	code = mdb_cursor_open(snapshot_txn(snapshot), table, &cursor);
	snapshot_leave(snapshot);
	if (code != 0) {
		return records_fault(fault, code, "a scan");
	}
	scan = xzalloc(sizeof(*scan));
	scan->snapshot = snapshot;
	scan->cursor = cursor;
	buf_init(&scan->value, VALUE_MAX_BYTES);
	*scan_out = scan;
	return 0;
}

int
scan_open(struct scan **scan_out, struct snapshot *snapshot, struct bytes from,
    struct bytes to, bool backwards, struct fault *fault)
{
	struct scan *scan;

	if (from.len > KEY_MAX_BYTES || to.len > KEY_MAX_BYTES) {
		return fault_set(fault, FAULT_INVALID,
		    "a key has more than %u bytes, or text with a NUL",
		    KEY_MAX_BYTES);
	}
	if (open_cursor(&scan, snapshot, snapshot_records(snapshot)->rows,
	        fault) < 0) {
		return -1;
	}
	scan->backwards = backwards;
	scan->from_len = from.len;
	scan->to_len = to.len;
	if (from.len > 0) {
		memcpy(scan->from, from.data, from.len);
	}
	if (to.len > 0) {
		memcpy(scan->to, to.data, to.len);
	}
	*scan_out = scan;
	return 0;
}

int
scan_open_log(struct scan **scan_out, struct snapshot *snapshot, uint64_t from,
    struct fault *fault)
{
	if (open_cursor(scan_out, snapshot, snapshot_records(snapshot)->log,
	        fault) < 0) {
		return -1;
	}
	wire_put_u64be((*scan_out)->from, from);
	(*scan_out)->from_len = 8;
	return 0;
}

uint64_t
scan_log_index(struct bytes key)
{
	return key.len == 8 ? wire_get_u64be(key.data) : 0;
}

void
scan_close(struct scan *scan)
{
	if (scan == NULL) {
		return;
	}
	mdb_cursor_close(scan->cursor);
	buf_fini(&scan->value);
	free(scan);
}

/* At the first key >= `at`; at the very first where it is empty. */
static int
place_upwards(struct scan *scan, struct bytes at, MDB_val *key, MDB_val *value)
{
	*key = records_val(at);
	return mdb_cursor_get(scan->cursor, key, value,
	    at.len > 0 ? MDB_SET_RANGE : MDB_FIRST);
}

/* At the last key < `at`, or at `at` itself; at the very last where empty. */
static int
place_downwards(struct scan *scan, struct bytes at, bool itself, MDB_val *key,
    MDB_val *value)
{
	int code;

	if (at.len == 0) {
		return mdb_cursor_get(scan->cursor, key, value, MDB_LAST);
	}
	*key = records_val(at);
	code = mdb_cursor_get(scan->cursor, key, value, MDB_SET_RANGE);
	if (code == MDB_NOTFOUND) {
		return mdb_cursor_get(scan->cursor, key, value, MDB_LAST);
	}
	if (code != 0 || (itself && bytes_equal(records_bytes(*key), at))) {
		return code;
	}
	return mdb_cursor_get(scan->cursor, key, value, MDB_PREV);
}

static int
step(struct scan *scan, MDB_val *key, MDB_val *value)
{
	struct bytes from = bytes_of(scan->from, scan->from_len);
	struct bytes to = bytes_of(scan->to, scan->to_len);
	struct bytes sought = bytes_of(scan->key, scan->key_len);

	switch (scan->where) {
	case AT_BOUND:
		return scan->backwards
		           ? place_downwards(scan, to, false, key, value)
		           : place_upwards(scan, from, key, value);
	case AT_SOUGHT:
		return scan->backwards
		           ? place_downwards(scan, sought, true, key, value)
		           : place_upwards(scan, sought, key, value);
	case BESIDE:
		return mdb_cursor_get(scan->cursor, key, value,
		    scan->backwards ? MDB_PREV : MDB_NEXT);
	case BEHIND_ALL:
		break;
	}
	return MDB_NOTFOUND;
}

static bool
is_beyond(const struct scan *scan, struct bytes key)
{
	if (scan->backwards) {
		return bytes_compare(key,
		           bytes_of(scan->from, scan->from_len)) < 0;
	}
	return scan->to_len > 0 &&
	       bytes_compare(key, bytes_of(scan->to, scan->to_len)) >= 0;
}

/* Copy a pair to the scan's buffers. */
static int
keep(struct scan *scan, MDB_val key, MDB_val raw)
{
	size_t size;
	uint8_t *place;
	int code = value_size(raw, &size);

	if (code != 0 || key.mv_size > KEY_MAX_BYTES) {
		return EILSEQ;
	}
	memcpy(scan->key, key.mv_data, key.mv_size);
	scan->key_len = key.mv_size;
	buf_reset(&scan->value);
	place = buf_reserve(&scan->value, size);
	if (place == NULL) {
		return ENOMEM;
	}
	code = value_copy(snapshot_records(scan->snapshot),
	    snapshot_txn(scan->snapshot), raw, place, size);
	buf_grow(&scan->value, size);
	return code;
}

int
scan_next(struct scan *scan, struct bytes *key_out, struct bytes *value_out,
    struct fault *fault)
{
	MDB_val key;
	MDB_val raw;
	int code;

	if (snapshot_enter(scan->snapshot, fault) < 0) {
		return -1;
	}
	code = step(scan, &key, &raw);
	if (code == 0 && is_beyond(scan, records_bytes(key))) {
		code = MDB_NOTFOUND;
	}
	if (code == 0) {
		code = keep(scan, key, raw);
	}
	snapshot_leave(scan->snapshot);
	scan->where = code == 0 ? BESIDE : BEHIND_ALL;
	if (code == MDB_NOTFOUND) {
		return 0;
	}
	if (code != 0) {
		return records_fault(fault, code, "a scan");
	}
	*key_out = bytes_of(scan->key, scan->key_len);
	*value_out = buf_bytes(&scan->value);
	return 1;
}

void
scan_seek(struct scan *scan, struct bytes key)
{
	struct bytes from = bytes_of(scan->from, scan->from_len);
	struct bytes to = bytes_of(scan->to, scan->to_len);

	if (scan->backwards ? to.len > 0 && bytes_compare(key, to) >= 0
	                    : bytes_compare(key, from) <= 0) {
		scan->where = AT_BOUND;
		return;
	}
	if (key.len == 0 || key.len > KEY_MAX_BYTES) {
		scan->where = BEHIND_ALL; /* no such key */
		return;
	}
	memmove(scan->key, key.data, key.len);
	scan->key_len = key.len;
	scan->where = AT_SOUGHT;
}

int
record_split(struct bytes value, uint64_t *rev_out, struct bytes *record_out,
    struct fault *fault)
{
	size_t head = 8;

	if (value.len < 8) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a record of %zu bytes has no revision", value.len);
	}
	*rev_out = wire_get_u64be(value.data);
	if ((*rev_out & RECORD_LOGGED) != 0) {
		*rev_out &= ~RECORD_LOGGED;
		head = RECORD_LOGGED_BYTES;
	}
	if (value.len < head) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a record of %zu bytes has no place in the log", value.len);
	}
	*record_out = bytes_of(value.data + head, value.len - head);
	return 0;
}

bool
record_log_index(struct bytes value, uint64_t *index_out)
{
	if (value.len < RECORD_LOGGED_BYTES ||
	    (wire_get_u64be(value.data) & RECORD_LOGGED) == 0) {
		return false;
	}
	*index_out = wire_get_u64be(value.data + 8);
	return true;
}

int
counter_split(struct bytes value, int64_t *sum_out, struct fault *fault)
{
	if (value.len != 8) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a counter has %zu bytes, not 8", value.len);
	}
	*sum_out = (int64_t)wire_get_u64be(value.data);
	return 0;
}
