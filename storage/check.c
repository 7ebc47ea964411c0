/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Walks the engine's tables in one snapshot: their pages must be whole, each
 * row what its sum says, and no page in use twice or in use and free.  What is
 * damaged is told with the keys around it, and the walk goes on behind it.
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
#include "storage/state.h"
#include "storage/tree.h"
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
	store_found_fn found;
	void *arg;
	uint8_t *value;   /* room for the largest */
	uint8_t *used;    /* a bit for each page */
	uint64_t twice;   /* pages that were in use already */
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
format_key(char hex[2 * KEY_SHOWN + 4], struct bytes key)
{
	size_t len = key.len < KEY_SHOWN ? key.len : KEY_SHOWN;

	hex[0] = '\0';
	for (size_t i = 0; i < len; i++) {
		snprintf(hex + 2 * i, 3, "%02x", key.data[i]);
	}
	if (len < key.len) {
		memcpy(hex + 2 * len, "...", 4);
	}
}

static void
find_row(struct check *check, const char *table, struct bytes key,
    const char *what)
{
	char hex[2 * KEY_SHOWN + 4];

	format_key(hex, key);
	find(check, "table %s, key %s: %s", table, hex, what);
}

/* Read one value whole.  Whether it is as it was written. */
static bool
check_value(struct check *check, const char *table, struct bytes key,
    struct bytes raw)
{
	const struct source source = snapshot_source(check->snapshot);
	size_t size;

	if (raw.data == NULL) {
		find_row(check, table, key,
		    "the pages of the value are damaged");
		return false;
	}
	if (value_size(raw, &size) != 0) {
		find_row(check, table, key, "the value has no known form");
		return false;
	}
	check->pieces += value_pieces(size);
	if (value_copy(&source, key, raw, check->value, size) != 0) {
		find_row(check, table, key,
		    value_pieces(size) > 0
		        ? "a piece of the value is missing, too short or "
		          "damaged"
		        : "the value is not what its sum says");
		return false;
	}
	return true;
}

/* --- one row of each table; told the damage, they go on -------------------- */

static void
check_row(struct check *check, struct bytes key, struct bytes raw)
{
	check_value(check, "rows", key, raw);
}

static void
check_entry(struct check *check, struct bytes key, struct bytes raw)
{
	uint64_t index;

	if (key.len != 8) {
		find_row(check, "log", key, "the key is no index");
		return;
	}
	index = wire_get_u64be(key.data);
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
check_past(struct check *check, struct bytes key, struct bytes raw)
{
	struct bytes value;
	struct past past;

	if (key.len != SET_ID_BYTES || value_check(key, raw) != 0 ||
	    value_inside(raw, &value) != 0 ||
	    past_decode(value, 0, &past) != 0 ||
	    past.memo.len > MEMO_MAX_BYTES) {
		find_row(check, "past", key, "no remembered set");
		return;
	}
	if (past.log_index + past.log_count > check->entries) {
		find_row(check, "past", key,
		    "the set's log entries are not in the log");
	}
}

/* --- the walk ---------------------------------------------------------------- */

/* Tell of pages that are lost, and go on behind them. */
static int
pass_damage(struct check *check, const char *table, struct tree_cursor *cursor)
{
	char from[2 * KEY_SHOWN + 4];
	char to[2 * KEY_SHOWN + 4];
	struct bytes behind = cursor->lost_to;

	format_key(from, cursor->lost_from);
	format_key(to, behind);
	find(check, "table %s, keys from %s to %s: a page is damaged", table,
	    from[0] != '\0' ? from : say_text("the first"),
	    to[0] != '\0' ? to : say_text("the last"));
	return behind.len > 0 ? tree_seek(cursor, cursor->tree, behind)
	                      : MDB_NOTFOUND;
}

static int
walk(struct check *check, const char *name, enum snapshot_table table,
    void (*row)(struct check *check, struct bytes key, struct bytes raw),
    struct fault *fault)
{
	struct tree_cursor cursor;
	int code;

	if (snapshot_enter(check->snapshot, fault) < 0) {
		return -1;
	}
	code = tree_first(&cursor, snapshot_tree(check->snapshot, table));
	while (code != MDB_NOTFOUND) {
		if (code == EILSEQ) {
			code = pass_damage(check, name, &cursor);
			continue;
		}
		row(check, cursor.node.key, cursor.node.value);
		/* Between two rows the writer may cut us off. */
		snapshot_leave(check->snapshot);
		if (snapshot_enter(check->snapshot, fault) < 0) {
			return -1;
		}
		code = tree_next(&cursor);
	}
	snapshot_leave(check->snapshot);
	return 0;
}

static void
check_pieces(struct check *check)
{
	uint64_t length =
	    snapshot_tree(check->snapshot, SNAPSHOT_PIECES)->length;

	if (length != check->pieces) {
		find(check,
		    "there are %" PRIu64
		    " pieces of long values, and values name %" PRIu64,
		    length, check->pieces);
	}
}

/* --- whose pages are ---------------------------------------------------------- */

static void
use_pages(void *arg, uint64_t first, uint64_t count)
{
	struct check *check = arg;

	for (uint64_t page = first; page < first + count; page++) {
		uint8_t bit = (uint8_t)(1u << page % 8);

		check->twice += (check->used[page / 8] & bit) != 0;
		check->used[page / 8] |= bit;
	}
}

static bool
use_free(void *arg, uint64_t page)
{
	use_pages(arg, page, 1);
	return true;
}

static void
check_pages(struct check *check)
{
	const struct state *state = snapshot_state(check->snapshot);
	struct tree meta;

	check->used = xzalloc(state->last / 8 + 1);
	use_pages(check, 0, 2);
	if (tree_each_page(&state->tables, use_pages, check) != 0 ||
	    tree_each_page(&state->free_pages, use_pages, check) != 0 ||
	    state_table(state, "meta", &meta) != 0 ||
	    tree_each_page(&meta, use_pages, check) != 0) {
		find(check, "the lists of tables and free pages are damaged");
	}
	for (unsigned i = 0; i < SNAPSHOT_TABLES; i++) {
		/* What is damaged there was told. */
		tree_each_page(snapshot_tree(check->snapshot, i), use_pages,
		    check);
	}
	if (state_each_free(state, use_free, check) != 0) {
		find(check, "a list of free pages is damaged");
	}
	if (check->twice > 0) {
		find(check,
		    "%" PRIu64 " pages are in use twice, or in use and free",
		    check->twice);
	}
	free(check->used);
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
	check.value = xzalloc(VALUE_MAX_BYTES);
	if (walk(&check, "rows", SNAPSHOT_ROWS, check_row, fault) == 0 &&
	    walk(&check, "log", SNAPSHOT_LOG, check_entry, fault) == 0 &&
	    walk(&check, "past", SNAPSHOT_PAST, check_past, fault) == 0 &&
	    snapshot_enter(check.snapshot, fault) == 0) {
		check_pieces(&check);
		check_pages(&check);
		snapshot_leave(check.snapshot);
		rc = 0;
	}
	free(check.value);
	snapshot_close(check.snapshot);
	return rc;
}
