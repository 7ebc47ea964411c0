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
#include "storage/blob_writer.h"
#include "storage/tail.h"
#include "storage/upload_row.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define EXPIRE_PAGE 64u

struct upload {
	struct upload *next; /* under the lock, as busy is */
	bool busy;
	struct uploads *uploads;
	char id[ID_TEXT];
	struct arena *arena;        /* of what state points to */
	struct upload_state state;  /* durable */
	uint64_t length;            /* of the next flush */
	struct blob_writer *writer; /* NULL: not read yet, or complete */
};

struct uploads {
	struct store *store;
	struct uploads_options options;
	pthread_mutex_t lock; /* guards the list and busy */
	struct upload *first; /* the last released first */
};

struct uploads *
uploads_new(struct store *store, const struct uploads_options *options)
{
	struct uploads *uploads = xzalloc(sizeof(*uploads));

	assert(options->length_max <= BLOB_MAX_BYTES);
	uploads->store = store;
	uploads->options = *options;
	pthread_mutex_init(&uploads->lock, NULL);
	return uploads;
}

static void
upload_free(struct upload *upload)
{
	if (upload != NULL) {
		blob_writer_free(upload->writer);
		arena_free(upload->arena);
		free(upload);
	}
}

void
uploads_free(struct uploads *uploads)
{
	if (uploads == NULL) {
		return;
	}
	while (uploads->first != NULL) {
		struct upload *upload = uploads->first;

		assert(!upload->busy);
		uploads->first = upload->next;
		upload_free(upload);
	}
	pthread_mutex_destroy(&uploads->lock);
	free(uploads);
}

/* --- whose an upload is ------------------------------------------------ */

/* Where the upload of this id hangs in the list, or its end.  Locked. */
static struct upload **
place_of(struct uploads *uploads, const char *id)
{
	struct upload **place = &uploads->first;

	while (*place != NULL && strcmp((*place)->id, id) != 0) {
		place = &(*place)->next;
	}
	return place;
}

/* Make it ours alone; what it is on the disk is not looked at. */
static int
claim(struct upload **upload_out, struct uploads *uploads, const char *id,
    struct fault *fault)
{
	struct upload *fresh = xzalloc(sizeof(*fresh));
	struct upload **place;
	struct upload *upload;
	bool taken = false;

	pthread_mutex_lock(&uploads->lock);
	place = place_of(uploads, id);
	upload = *place;
	if (upload == NULL) {
		upload = fresh;
		fresh = NULL;
		upload->uploads = uploads;
		memcpy(upload->id, id, strlen(id) + 1);
		*place = upload;
	} else if (upload->busy) {
		taken = true;
	}
	upload->busy = true;
	pthread_mutex_unlock(&uploads->lock);
	free(fresh);
	if (taken) {
		return fault_set(fault, FAULT_CONFLICT,
		    "upload %s is in use by another request", id);
	}
	*upload_out = upload;
	return 0;
}

/* Forget it; its rows stay. */
static void
discard(struct upload *upload)
{
	struct uploads *uploads = upload->uploads;

	pthread_mutex_lock(&uploads->lock);
	*place_of(uploads, upload->id) = upload->next;
	pthread_mutex_unlock(&uploads->lock);
	upload_free(upload);
}

/* Unhang the idle one that was released longest ago, if there are too many. */
static struct upload *
unhang_surplus(struct uploads *uploads)
{
	struct upload **oldest = NULL;
	struct upload *surplus = NULL;
	unsigned idle = 0;

	for (struct upload **place = &uploads->first; *place != NULL;
	     place = &(*place)->next) {
		if (!(*place)->busy) {
			oldest = place;
			idle++;
		}
	}
	if (oldest != NULL && idle > uploads->options.idle_max) {
		surplus = *oldest;
		*oldest = surplus->next;
	}
	return surplus;
}

/* Keep it ready for the next request. */
static void
put_aside(struct upload *upload)
{
	struct uploads *uploads = upload->uploads;
	struct upload *surplus;

	blob_writer_rest(upload->writer);
	pthread_mutex_lock(&uploads->lock);
	*place_of(uploads, upload->id) = upload->next;
	upload->next = uploads->first;
	uploads->first = upload;
	upload->busy = false;
	surplus = unhang_surplus(uploads);
	pthread_mutex_unlock(&uploads->lock);
	upload_free(surplus);
}

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
	if (claim(&upload, uploads, id, fault) < 0) {
		return -1;
	}
	rc = upload->writer != NULL ? read_tail(upload, false, fault)
	                            : load(upload, fault);
	if (rc < 0) {
		discard(upload);
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
		put_aside(upload);
	} else {
		discard(upload);
	}
}

/* --- the end ------------------------------------------------------------ */

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

/* Rows first: a tail without a row is garbage, a row needs its tail. */
static int
end_at(struct uploads *uploads, const char *id, int64_t now,
    struct fault *fault)
{
	struct upload *upload;
	int rc;

	if (strlen(id) >= ID_TEXT) {
		return 0;
	}
	if (claim(&upload, uploads, id, fault) < 0) {
		return -1;
	}
	rc = delete_rows(upload, now, fault);
	if (rc == 1 &&
	    tail_delete(store_chunks(uploads->store), id, fault) < 0) {
		rc = -1;
	}
	discard(upload);
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
