/* SPDX-License-Identifier: Apache-2.0 */

/*
 * How uploads end that become no blob: given up by their owner, or expired.
 * The rows go first and the tail after: a tail without a row is garbage that
 * the collector takes, a row without its tail would be a damaged upload.
 */

#include "storage/tail.h"
#include "storage/upload_claim.h"
#include "storage/upload_row.h"
#include "storage/upload_walk.h"

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
	int64_t now;
	char after[ID_TEXT];
	char ids[EXPIRE_PAGE][ID_TEXT];
	unsigned count;
};

static int
note_expired(void *arg, const char *id, const struct upload_state *state,
    struct fault *fault)
{
	struct expired *page = arg;

	(void)fault;
	memcpy(page->after, id, ID_TEXT);
	if (state->expires_at <= page->now) {
		memcpy(page->ids[page->count++], id, ID_TEXT);
	}
	return page->count == EXPIRE_PAGE;
}

int
uploads_expire(struct uploads *uploads, int64_t now, unsigned *count_out,
    struct fault *fault)
{
	struct expired page = { .now = now };
	int more = 1;

	*count_out = 0;
	while (more == 1) {
		page.count = 0;
		more = upload_walk(uploads->store, page.after, note_expired,
		    &page, fault);
		if (more < 0) {
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
