/* SPDX-License-Identifier: Apache-2.0 */

/*
 * How uploads end that become no blob: given up by their owner, or expired.
 * The rows go first and the tail after: a tail without a row is garbage that
 * the collector takes, a row without its tail would be a damaged upload.
 */

#include "storage/tail.h"
#include "storage/upload_claim.h"
#include "storage/upload_row.h"

#define EXPIRE_PAGE 64u

/* Delete the rows of a claimed upload where it expired by `now`. */
static int
delete_rows(struct upload *upload, int64_t now, struct fault *fault)
{
	struct store *store = upload->uploads->store;
	struct arena *arena = arena_new();
	struct writes_result result;
	struct snapshot *snapshot;
	struct upload_state state;
	struct writes *writes;
	int rc = -1;

	if (snapshot_open(&snapshot, store, fault) < 0) {
		goto out;
	}
	rc = upload_find(snapshot, upload->id, arena, &state, fault);
	snapshot_close(snapshot);
	if (rc == 1 && state.expires_at > now) {
		rc = 0;
	}
	if (rc == 1) {
		writes = writes_new(store, NULL);
		upload_row_delete_all(writes, upload->id, &state);
		if (writes_commit_wait(writes, &result, arena, fault) < 0) {
			rc = -1;
		}
	}
out:
	arena_free(arena);
	return rc;
}

static int
end_at(struct uploads *uploads, const char *id, int64_t now,
    struct fault *fault)
{
	struct upload *upload;
	int rc;

	if (strlen(id) >= ID_TEXT) {
		return 0;
	}
	if (upload_claim(&upload, uploads, id, fault) < 0) {
		return -1;
	}
	rc = delete_rows(upload, now, fault);
	if (rc == 1 &&
	    tail_delete(store_chunks(uploads->store), id, fault) < 0) {
		rc = -1;
	}
	upload_discard(upload);
	return rc;
}

int
upload_abandon(struct uploads *uploads, const char *id, struct fault *fault)
{
	return end_at(uploads, id, INT64_MAX, fault);
}

/* A page of expired ids behind `after`, which moves on. */
struct expired {
	char after[ID_TEXT];
	char ids[EXPIRE_PAGE][ID_TEXT];
	unsigned count;
	bool more;
};

/* Note the upload whose row is at `key`, if it expired. */
static int
note_expired(struct expired *page, struct bytes key, struct bytes row,
    int64_t now, struct arena *arena, struct fault *fault)
{
	struct key_reader reader;
	struct upload_state state;
	const char *id;

	key_read_start(&reader, key);
	id = key_read_text(&reader);
	if (strlen(id) != ID_TEXT - 1) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a row of uploads has no id");
	}
	memcpy(page->after, id, ID_TEXT);
	if (key_read_u32(&reader) != 0) {
		return 0; /* names alone: fsck tells */
	}
	if (upload_row_parse(&state, row, arena, fault) < 0) {
		return -1;
	}
	if (state.expires_at <= now) {
		memcpy(page->ids[page->count++], id, ID_TEXT);
	}
	return 0;
}

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

static int
list_expired(struct store *store, int64_t now, struct expired *page,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	struct snapshot *snapshot;
	struct scan *scan = NULL;
	struct bytes key;
	struct bytes row;
	struct key from;
	struct key to;
	int rc = -1;

	page->count = 0;
	key_behind(&from, page->after);
	key_start(&to, TABLE_UPLOAD);
	key_next(&to);
	if (snapshot_open(&snapshot, store, fault) < 0) {
		arena_free(arena);
		return -1;
	}
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		goto out;
	}
	while (page->count < EXPIRE_PAGE &&
	       (rc = scan_next(scan, &key, &row, fault)) == 1) {
		if (note_expired(page, key, row, now, arena, fault) < 0) {
			rc = -1;
			break;
		}
		key_behind(&from, page->after);
		scan_seek(scan, key_bytes(&from));
	}
out:
	page->more = page->count == EXPIRE_PAGE;
	scan_close(scan);
	snapshot_close(snapshot);
	arena_free(arena);
	return rc < 0 ? -1 : 0;
}

int
uploads_expire(struct uploads *uploads, int64_t now, unsigned *count_out,
    struct fault *fault)
{
	struct expired page = { .more = true };

	*count_out = 0;
	while (page.more) {
		if (list_expired(uploads->store, now, &page, fault) < 0) {
			return -1;
		}
		for (unsigned i = 0; i < page.count; i++) {
			struct fault own = { 0 };
			int rc = end_at(uploads, page.ids[i], now, &own);

			if (rc < 0 && own.code != FAULT_CONFLICT) {
				*fault = own;
				return -1;
			}
			*count_out += rc == 1;
		}
	}
	return 0;
}
