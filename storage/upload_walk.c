/* SPDX-License-Identifier: Apache-2.0 */

/* From state to state; the rows of names between two are jumped over. */

#include "storage/upload_walk.h"

#include "storage/upload_row.h"

/* Behind all rows of this upload; "" is before the first. */
static void
key_behind(struct key *key, const char *id)
{
	key_start(key, TABLE_UPLOAD);
	if (*id != '\0') {
		key_add_text(key, id);
		key_next(key);
	}
}

/* A row that is no state has lost its own: fsck tells. */
static int
visit_row(const char *id, bool is_state, struct bytes row,
    upload_visit_fn visit, void *arg, struct arena *arena, struct fault *fault)
{
	struct upload_state state;

	if (!is_state) {
		return 0;
	}
	arena_reset(arena);
	if (upload_row_parse(&state, row, arena, fault) < 0) {
		return -1;
	}
	return visit(arg, id, &state, fault);
}

static int
visit_all(struct scan *scan, upload_visit_fn visit, void *arg,
    struct arena *arena, struct fault *fault)
{
	struct key_reader reader;
	char id[ID_TEXT];
	struct bytes key;
	struct bytes row;
	struct key next;
	int rc;

	while ((rc = scan_next(scan, &key, &row, fault)) == 1) {
		const char *text;

		key_read_start(&reader, key);
		text = key_read_text(&reader);
		if (strlen(text) != ID_TEXT - 1) {
			return fault_set(fault, FAULT_CORRUPT,
			    "a row of uploads has no id");
		}
		memcpy(id, text, ID_TEXT);
		rc = visit_row(id, key_read_u32(&reader) == 0, row, visit, arg,
		    arena, fault);
		if (rc != 0) {
			return rc;
		}
		key_behind(&next, id);
		scan_seek(scan, key_bytes(&next));
	}
	return rc;
}

int
upload_walk(struct store *store, const char *after, upload_visit_fn visit,
    void *arg, struct fault *fault)
{
	struct snapshot *snapshot;
	struct arena *arena;
	struct scan *scan;
	struct key from;
	struct key to;
	int rc = -1;

	key_behind(&from, after);
	key_start(&to, TABLE_UPLOAD);
	key_next(&to);
	if (snapshot_open(&snapshot, store, fault) < 0) {
		return -1;
	}
	arena = arena_new();
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) == 0) {
		rc = visit_all(scan, visit, arg, arena, fault);
		scan_close(scan);
	}
	arena_free(arena);
	snapshot_close(snapshot);
	return rc;
}
