/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A scan is a cursor with bounds.  What it gives lies in its own two buffers,
 * not in the map, so that the writer may cut its snapshot off between two
 * steps.
 *
 * Where it begins, the rows on both sides of the place are looked at, and each
 * key must be behind the one before: so no damage makes it pass over rows in
 * silence.
 *
 * `where` says how the next step finds its place: at the bound or the key
 * that was sought, or beside the last one.
 */

#include "base/buf.h"
#include "base/memory.h"
#include "base/wire.h"
#include "storage/key.h"
#include "storage/snapshot.h"
#include "storage/value.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum where {
	AT_BOUND, /* the first step, or a seek beyond the near bound */
	AT_SOUGHT,
	AT_LEAST, /* the same, whatever is before it */
	BESIDE,
	BEHIND_ALL,
	AT_DAMAGE, /* pass_damage() leads on */
};

struct scan {
	struct snapshot *snapshot;
	const struct tree *tree;
	struct tree_cursor cursor;
	bool backwards;
	enum where where;
	enum where was; /* before the last step */
	size_t from_len;
	size_t to_len;
	size_t key_len; /* of the last one given, or of the one sought */
	uint8_t from[KEY_MAX_BYTES];
	uint8_t to[KEY_MAX_BYTES];
	uint8_t key[KEY_MAX_BYTES];
	struct buf value;
	enum scan_gap gap; /* passed by the last scan_next_sound() */
	/* after a damage: of more than a row, and between which keys */
	bool is_lost;
	size_t lost_from_len;
	size_t lost_to_len;
	uint8_t lost_from[KEY_MAX_BYTES];
	uint8_t lost_to[KEY_MAX_BYTES];
};

static int
open_cursor(struct scan **scan_out, struct snapshot *snapshot,
    enum snapshot_table table, struct fault *fault)
{
	struct scan *scan;

	if (snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	snapshot_leave(snapshot);
	scan = xzalloc(sizeof(*scan));
	scan->snapshot = snapshot;
	scan->tree = snapshot_tree(snapshot, table);
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
	if (open_cursor(&scan, snapshot, SNAPSHOT_ROWS, fault) < 0) {
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
		scan->where =
		    bytes_compare(from, to) < 0 ? AT_BOUND : BEHIND_ALL;
	}
	*scan_out = scan;
	return 0;
}

int
scan_open_prefix(struct scan **scan_out, struct snapshot *snapshot,
    struct bytes prefix, struct fault *fault)
{
	struct key behind = { .len = 0 };

	if (prefix.len <= KEY_MAX_BYTES) { /* else scan_open() refuses it */
		key_add_raw(&behind, prefix);
		key_next(&behind);
	}
	return scan_open(scan_out, snapshot, prefix, key_bytes(&behind), false,
	    fault);
}

int
scan_open_table(struct scan **scan_out, struct snapshot *snapshot,
    uint8_t table, struct fault *fault)
{
	return scan_open_prefix(scan_out, snapshot, bytes_of(&table, 1), fault);
}

int
scan_open_log(struct scan **scan_out, struct snapshot *snapshot, uint64_t from,
    struct fault *fault)
{
	if (open_cursor(scan_out, snapshot, SNAPSHOT_LOG, fault) < 0) {
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
scan_behind(const struct scan *scan, struct bytes key, struct key *place_out)
{
	if (scan->tree == snapshot_tree(scan->snapshot, SNAPSHOT_LOG)) {
		*place_out = (struct key){ .len = 0 };
		key_add_u64(place_out, scan_log_index(key) + 1);
	} else {
		key_after(place_out, key);
	}
}

void
scan_close(struct scan *scan)
{
	if (scan == NULL) {
		return;
	}
	buf_fini(&scan->value);
	free(scan);
}

static int
seek_proven(struct scan *scan, struct bytes at)
{
	const struct source source = snapshot_source(scan->snapshot);

	return tree_seek_proven(&scan->cursor, scan->tree, at,
	    (struct tree_check){ value_prove, &source });
}

/* At the first key >= `at`; at the very first where it is empty. */
static int
place_upwards(struct scan *scan, struct bytes at)
{
	return at.len > 0 ? seek_proven(scan, at)
	                  : tree_first(&scan->cursor, scan->tree);
}

/* At the last key < `at`, or at `at` itself; at the very last where empty. */
static int
place_downwards(struct scan *scan, struct bytes at, bool itself)
{
	int code;

	if (at.len == 0) {
		return tree_last(&scan->cursor, scan->tree);
	}
	code = seek_proven(scan, at);
	if (code == MDB_NOTFOUND) {
		return tree_last(&scan->cursor, scan->tree);
	}
	if (code != 0 || (itself && bytes_equal(scan->cursor.node.key, at))) {
		return code;
	}
	return tree_prev(&scan->cursor);
}

/* To the row beside the last one given. */
static int
go_on(struct scan *scan)
{
	struct bytes last = bytes_of(scan->key, scan->key_len);
	int code = scan->backwards ? tree_prev(&scan->cursor)
	                           : tree_next(&scan->cursor);
	int order;

	if (code != 0) {
		return code;
	}
	order = bytes_compare(scan->cursor.node.key, last);
	return (scan->backwards ? order < 0 : order > 0) ? 0 : EILSEQ;
}

static int
step(struct scan *scan)
{
	struct bytes from = bytes_of(scan->from, scan->from_len);
	struct bytes to = bytes_of(scan->to, scan->to_len);
	struct bytes sought = bytes_of(scan->key, scan->key_len);

	scan->cursor.lost_from = NO_BYTES;
	scan->cursor.lost_to = NO_BYTES;
	scan->cursor.lost_anywhere = false;
	switch (scan->where) {
	case AT_BOUND:
		return scan->backwards ? place_downwards(scan, to, false)
		                       : place_upwards(scan, from);
	case AT_SOUGHT:
		return scan->backwards ? place_downwards(scan, sought, true)
		                       : place_upwards(scan, sought);
	case AT_LEAST:
		return tree_seek(&scan->cursor, scan->tree, sought);
	case BESIDE:
		return go_on(scan);
	case AT_DAMAGE:
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
keep(struct scan *scan)
{
	const struct source source = snapshot_source(scan->snapshot);
	struct bytes key = scan->cursor.node.key;
	struct bytes raw = scan->cursor.node.value;
	size_t size;
	uint8_t *place;
	int code = value_size(raw, &size);

	if (key.len > KEY_MAX_BYTES) {
		return EILSEQ;
	}
	memcpy(scan->key, key.data, key.len);
	scan->key_len = key.len;
	if (code != 0) {
		return code;
	}
	buf_reset(&scan->value);
	place = buf_reserve(&scan->value, size);
	if (place == NULL) {
		return ENOMEM;
	}
	code = value_copy(&source, key, raw, place, size);
	buf_grow(&scan->value, size);
	return code;
}

static void
copy_key(uint8_t to[KEY_MAX_BYTES], size_t *len_out, struct bytes key)
{
	*len_out = key.len <= KEY_MAX_BYTES ? key.len : 0;
	if (*len_out > 0) {
		memcpy(to, key.data, *len_out);
	}
}

/*
 * A page beyond the range that cannot be read is nothing to this scan; one
 * within it is remembered, for pass_damage().
 */
static int
meet_damage(struct scan *scan)
{
	const struct tree_cursor *cursor = &scan->cursor;
	struct bytes from = cursor->lost_from;
	struct bytes to = cursor->lost_to;

	if (!cursor->lost_anywhere && !scan->backwards && from.len > 0 &&
	    is_beyond(scan, from)) {
		return MDB_NOTFOUND;
	}
	if (!cursor->lost_anywhere && scan->backwards && to.len > 0 &&
	    scan->from_len > 0 &&
	    bytes_compare(to, bytes_of(scan->from, scan->from_len)) <= 0) {
		return MDB_NOTFOUND;
	}
	copy_key(scan->lost_from, &scan->lost_from_len, from);
	copy_key(scan->lost_to, &scan->lost_to_len, to);
	return EILSEQ;
}

static int
step_and_keep(struct scan *scan)
{
	int code = step(scan);

	scan->is_lost = code == EILSEQ;
	if (code == EILSEQ) {
		return meet_damage(scan);
	}
	if (code == 0 && is_beyond(scan, scan->cursor.node.key)) {
		return MDB_NOTFOUND;
	}
	return code == 0 ? keep(scan) : code;
}

int
scan_next(struct scan *scan, struct bytes *key_out, struct bytes *value_out,
    struct fault *fault)
{
	int code;

	if (snapshot_enter(scan->snapshot, fault) < 0) {
		return -1;
	}
	scan->was = scan->where;
	code = step_and_keep(scan);
	snapshot_leave(scan->snapshot);
	scan->where = code == 0        ? BESIDE
	              : code == EILSEQ ? AT_DAMAGE
	                               : BEHIND_ALL;
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

/* Whether it can go on behind a page that is lost; from where. */
static bool
find_way(struct scan *scan)
{
	if (scan->lost_to_len > 0) {
		memcpy(scan->key, scan->lost_to, scan->lost_to_len);
		scan->key_len = scan->lost_to_len;
		return true;
	}
	if (scan->was == AT_BOUND && scan->lost_from_len == 0) {
		/* The page is whole; a row beside the place is not. */
		memcpy(scan->key, scan->from, scan->from_len);
		scan->key_len = scan->from_len;
		return scan->from_len > 0;
	}
	return scan->was == AT_SOUGHT && scan->lost_from_len == 0;
}

/* Go on behind the damage that the last step has met. */
static void
pass_damage(struct scan *scan)
{
	assert(!scan->backwards);
	if (scan->is_lost) {
		scan->gap = SCAN_GAP_ROWS;
		scan->where = find_way(scan) ? AT_LEAST : BEHIND_ALL;
		return;
	}
	scan->where = BESIDE;
	if (scan->gap == SCAN_NO_GAP) {
		scan->gap = SCAN_GAP_ROW;
		copy_key(scan->lost_from, &scan->lost_from_len,
		    bytes_of(scan->key, scan->key_len));
	} else {
		scan->gap = SCAN_GAP_ROWS;
	}
}

int
scan_next_sound(struct scan *scan, struct bytes *key_out,
    struct bytes *value_out, struct fault *fault)
{
	int rc;

	scan->gap = SCAN_NO_GAP;
	while ((rc = scan_next(scan, key_out, value_out, fault)) < 0 &&
	       scan->where == AT_DAMAGE) {
		pass_damage(scan);
	}
	return rc;
}

enum scan_gap
scan_gap(const struct scan *scan, struct bytes *key_out)
{
	if (key_out != NULL) {
		*key_out = scan->gap == SCAN_GAP_ROW
		               ? bytes_of(scan->lost_from, scan->lost_from_len)
		               : NO_BYTES;
	}
	return scan->gap;
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
