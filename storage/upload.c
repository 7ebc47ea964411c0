/* SPDX-License-Identifier: Apache-2.0 */

/*
 * An upload in hand is a blob writer and the state that its rows have on the
 * disk.  A flush makes first the chunks durable, then the tail under the
 * number of whole chunks before it, then the rows; the tail that the old rows
 * need is deleted only by a later flush.  So at every instant the rows on the
 * disk find their chunks and at least as much tail as they count.
 *
 * The state of a hash cannot be kept on the disk.  Uploads that were released
 * stay in memory for a while with theirs; another is hashed again from its
 * chunks when it is taken.
 */

#include "storage/upload.h"

#include "base/clock.h"
#include "base/memory.h"
#include "storage/tail.h"
#include "storage/upload_claim.h"
#include "storage/upload_quota.h"
#include "storage/upload_row.h"

#include <assert.h>
#include <stdlib.h>

/* --- begin, find ------------------------------------------------------- */

/* Row 0 and the rows of names from number `from` on, in one set. */
static int
commit_rows(struct uploads *uploads, const char *id,
    const struct upload_state *state, const struct sha256 *names, size_t from,
    struct fault *fault)
{
	struct writes *writes = writes_new(uploads->store, NULL);
	struct arena *arena = arena_new();
	struct writes_result result;
	uint8_t row[UPLOAD_ROW_BYTES];
	struct key key;
	int rc;

	upload_row_key(&key, id, 0);
	writes_put(writes, key_bytes(&key), upload_row_format(row, state));
	upload_row_put_names(writes, id, names, from, upload_row_chunks(state));
	rc = writes_commit_wait(writes, &result, arena, fault);
	arena_free(arena);
	if (rc < 0) {
		fault_prefix(fault, "upload %s", id);
	}
	return rc;
}

static int64_t
expiry(const struct uploads *uploads, int64_t now)
{
	return now + (int64_t)uploads->options.lifetime_ms * 1000;
}

int
upload_begin(struct uploads *uploads, const struct upload_ask *ask,
    char id[ID_TEXT], struct fault *fault)
{
	int64_t now = clock_now();
	struct upload_state state = { .owner = ask->owner,
		.about = ask->about,
		.length = ask->length,
		.begun_at = now,
		.expires_at = expiry(uploads, now),
		.complete = ask->length == 0,
		.sum = sha256_of(NO_BYTES) };

	if (ask->length != UPLOAD_LENGTH_UNKNOWN &&
	    ask->length > uploads->options.length_max) {
		return fault_set(fault, FAULT_LIMIT,
		    "%llu bytes are over the limit of %llu",
		    (unsigned long long)ask->length,
		    (unsigned long long)uploads->options.length_max);
	}
	if (strlen(ask->owner) > UPLOAD_OWNER_MAX ||
	    ask->about.len > UPLOAD_ABOUT_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "what is said about an upload has over %u bytes",
		    UPLOAD_ABOUT_MAX);
	}
	if (upload_quota_take(uploads, ask, fault) < 0) {
		return -1;
	}
	id_make(id, now);
	return commit_rows(uploads, id, &state, NULL, 0, fault);
}

int
upload_find(struct snapshot *snapshot, const char *id, struct arena *arena,
    struct upload_state *state_out, struct fault *fault)
{
	struct bytes row;
	struct key key;
	int found;

	upload_row_key(&key, id, 0);
	if (key_bytes(&key).len == 0) {
		return 0; /* longer than any id */
	}
	found = snapshot_find(snapshot, key_bytes(&key), arena, &row, fault);
	if (found != 1) {
		return found;
	}
	if (upload_row_parse(state_out, row, arena, fault) < 0) {
		fault_prefix(fault, "upload %s", id);
		return -1;
	}
	return 1;
}

/* --- take, append, flush, release --------------------------------------- */

/* State and names as they are on the disk; FAULT_ABSENT. */
static int
read_rows(struct upload *upload, struct arena *scratch,
    const struct sha256 **names_out, struct fault *fault)
{
	struct snapshot *snapshot;
	int found;

	if (snapshot_open(&snapshot, upload->uploads->store, fault) < 0) {
		return -1;
	}
	found = upload_find(snapshot, upload->id, upload->arena, &upload->state,
	    fault);
	if (found == 0) {
		found =
		    fault_set(fault, FAULT_ABSENT, "no upload %s", upload->id);
	}
	if (found == 1 && upload_row_read_names(snapshot, upload->id,
	                      &upload->state, scratch, names_out, fault) < 0) {
		found = -1;
	}
	snapshot_close(snapshot);
	return found < 0 ? -1 : 0;
}

/* Put the durable tail into the writer; `check` its sum. */
static int
read_tail(struct upload *upload, bool check, struct fault *fault)
{
	struct chunks *chunks = store_chunks(upload->uploads->store);
	uint32_t number = (uint32_t)(upload->state.offset / CHUNK_BYTES);
	size_t len = (size_t)(upload->state.offset % CHUNK_BYTES);
	uint8_t *tail = xzalloc(CHUNK_BYTES);
	struct sha256 sum;
	int rc = -1;

	if (len > 0) {
		int found =
		    tail_find(chunks, upload->id, number, tail, len, fault);

		if (found == 0) {
			fault_set(fault, FAULT_CORRUPT,
			    "upload %s: its tail is missing", upload->id);
		}
		if (found != 1) {
			goto out;
		}
	}
	sum = sha256_of(bytes_of(tail, len));
	if (check && memcmp(&sum, &upload->state.sum, sizeof(sum)) != 0) {
		fault_set(fault, FAULT_CORRUPT,
		    "upload %s: its tail has other bytes", upload->id);
		goto out;
	}
	rc = blob_writer_add(upload->writer, bytes_of(tail, len), fault);
out:
	free(tail);
	return rc;
}

/* Read it from the disk and hash what is there. */
static int
load(struct upload *upload, struct fault *fault)
{
	struct arena *scratch = arena_new();
	const struct sha256 *names = NULL;
	size_t count;
	int rc;

	upload->arena = arena_new();
	rc = read_rows(upload, scratch, &names, fault);
	if (rc == 0 && !upload->state.complete) {
		count = upload_row_chunks(&upload->state);
		upload->writer = blob_writer_new(upload->uploads->store);
		for (size_t i = 0; rc == 0 && i < count; i++) {
			rc = blob_writer_resume(upload->writer, &names[i],
			    fault);
		}
		if (rc < 0) {
			fault_prefix(fault, "upload %s", upload->id);
		}
	}
	if (rc == 0 && upload->writer != NULL) {
		rc = read_tail(upload, true, fault);
	}
	upload->length = upload->state.length;
	arena_free(scratch);
	return rc;
}

int
upload_take(struct upload **upload_out, struct uploads *uploads, const char *id,
    struct fault *fault)
{
	struct upload *upload;
	int rc;

	if (strlen(id) >= ID_TEXT) {
		return fault_set(fault, FAULT_ABSENT, "no upload %.40s", id);
	}
	if (upload_claim(&upload, uploads, id, fault) < 0) {
		return -1;
	}
	rc = upload->writer != NULL ? read_tail(upload, false, fault)
	                            : load(upload, fault);
	if (rc < 0) {
		upload_discard(upload);
		return -1;
	}
	*upload_out = upload;
	return 0;
}

uint64_t
upload_offset(const struct upload *upload)
{
	return upload->writer != NULL ? blob_writer_size(upload->writer)
	                              : upload->state.offset;
}

uint64_t
upload_length(const struct upload *upload)
{
	return upload->length;
}

int64_t
upload_expires_at(const struct upload *upload)
{
	return upload->state.expires_at;
}

int
upload_set_length(struct upload *upload, uint64_t length, struct fault *fault)
{
	uint64_t limit = upload->uploads->options.length_max;

	if (length == upload->length) {
		return 0;
	}
	if (upload->length != UPLOAD_LENGTH_UNKNOWN) {
		return fault_set(fault, FAULT_CONFLICT,
		    "the upload has a length of %llu bytes already",
		    (unsigned long long)upload->length);
	}
	if (length > limit || length < upload_offset(upload)) {
		return fault_set(fault, FAULT_LIMIT,
		    "a length of %llu bytes is not between the %llu that are "
		    "there and the limit of %llu",
		    (unsigned long long)length,
		    (unsigned long long)upload_offset(upload),
		    (unsigned long long)limit);
	}
	upload->length = length;
	return 0;
}

int
upload_append(struct upload *upload, struct bytes bytes, struct fault *fault)
{
	uint64_t limit = upload->length != UPLOAD_LENGTH_UNKNOWN
	                     ? upload->length
	                     : upload->uploads->options.length_max;
	uint64_t offset = upload_offset(upload);

	if (bytes.len > limit - offset) {
		return fault_set(fault, FAULT_LIMIT,
		    "%zu bytes at %llu are more than the upload's %llu",
		    bytes.len, (unsigned long long)offset,
		    (unsigned long long)limit);
	}
	return bytes.len > 0 ? blob_writer_add(upload->writer, bytes, fault)
	                     : 0;
}

/* Chunks and tail durable; `next` is what the rows shall say. */
static int
flush_bytes(struct upload *upload, struct upload_state *next,
    struct fault *fault)
{
	struct chunks *chunks = store_chunks(upload->uploads->store);
	uint32_t old_number = (uint32_t)(upload->state.offset / CHUNK_BYTES);
	uint32_t number = (uint32_t)(next->offset / CHUNK_BYTES);
	struct bytes tail;
	struct blob_ref ref;

	if (next->complete) {
		if (blob_writer_end(upload->writer, &ref, fault) < 0) {
			return -1;
		}
		next->sum = ref.sum;
		return 0;
	}
	if (blob_writer_flush(upload->writer, fault) < 0) {
		return -1;
	}
	tail = blob_writer_tail(upload->writer);
	next->sum = sha256_of(tail);
	return tail.len == 0 ? 0
	                     : tail_put(chunks, upload->id, number, tail,
	                           old_number, fault);
}

int
upload_flush(struct upload *upload, struct fault *fault)
{
	struct upload_state next = upload->state;
	struct fault ignored = { 0 }; /* the collector deletes tails too */
	const struct sha256 *names;
	size_t count;

	next.offset = upload_offset(upload);
	next.length = upload->length;
	if (next.offset == upload->state.offset &&
	    next.length == upload->state.length) {
		return 0;
	}
	next.complete = next.offset == next.length;
	next.expires_at = expiry(upload->uploads, clock_now());
	if (flush_bytes(upload, &next, fault) < 0) {
		fault_prefix(fault, "upload %s", upload->id);
		return -1;
	}
	names = blob_writer_names(upload->writer, &count);
	assert(count == upload_row_chunks(&next));
	if (commit_rows(upload->uploads, upload->id, &next, names,
	        upload_row_chunks(&upload->state), fault) < 0) {
		return -1;
	}
	upload->state = next;
	if (next.complete) {
		blob_writer_free(upload->writer);
		upload->writer = NULL;
		tail_delete(store_chunks(upload->uploads->store), upload->id,
		    &ignored);
	}
	return 0;
}

void
upload_release(struct upload *upload)
{
	/* A writer cannot go back: with more than the rows it is of no use. */
	if (upload->writer != NULL &&
	    blob_writer_size(upload->writer) == upload->state.offset &&
	    upload->length == upload->state.length &&
	    upload->uploads->options.idle_max > 0) {
		upload_put_aside(upload);
	} else {
		upload_discard(upload);
	}
}

int
upload_finish(struct snapshot *snapshot, const char *id, struct arena *arena,
    struct writes *writes, struct blob_ref *ref_out, struct fault *fault)
{
	const struct sha256 *names;
	struct upload_state state;
	int found = upload_find(snapshot, id, arena, &state, fault);

	if (found != 1) {
		return found;
	}
	if (!state.complete) {
		return fault_set(fault, FAULT_CONFLICT,
		    "upload %s is not complete: %llu bytes are there", id,
		    (unsigned long long)state.offset);
	}
	if (upload_row_read_names(snapshot, id, &state, arena, &names, fault) <
	    0) {
		return -1;
	}
	*ref_out = (struct blob_ref){ state.sum, state.offset };
	blob_row_put(writes, ref_out, names);
	upload_row_delete_all(writes, id, &state);
	return 1;
}
