/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Bytes are collected in a slot of one chunk.  A full slot is named by its
 * hash and handed to the chunk writer, while a second thread takes it into the
 * sum of the whole; it is free again when both are done.  Hashing costs more
 * than all else, so both hashes of a chunk run side by side.
 *
 * The sum of the whole takes in whole chunks as they are cut and the tail at
 * the end.  The first chunk is hashed once: its name is what the sum of the
 * whole is by then.  Only a blob of several whole chunks is worth a second
 * thread.
 */

#include "storage/blob_writer.h"

#include "base/memory.h"
#include "base/thread.h"
#include "storage/blob_row.h"
#include "storage/chunk.h"
#include "storage/hold.h"

#include <assert.h>
#include <stdlib.h>

#define SLOTS 8u

struct slot {
	struct blob_writer *writer;
	struct sha256 name;
	uint8_t *data; /* CHUNK_BYTES, or NULL while never used */
	size_t len;
	struct bytes whole; /* to be hashed: the data, or a stored chunk */
	unsigned uses;      /* under the lock; 0 is free */
};

struct blob_writer {
	struct chunks *chunks;
	struct hold *hold;           /* names of the chunks so far */
	struct sha256_stream *whole; /* the hasher's, while it has anything */
	uint64_t size;
	struct slot *filling; /* NULL: the next add takes one */
	struct slot slots[SLOTS];
	struct blob_ref ref;
	bool ended;
	bool has_hasher;
	pthread_t hasher;

	pthread_mutex_t lock; /* guards what is below, and uses */
	pthread_cond_t landed;
	pthread_cond_t work;        /* for the hasher */
	unsigned puts;              /* that are not durable yet */
	struct slot *hashes[SLOTS]; /* a ring: what the hasher has to do */
	unsigned first_hash;
	unsigned hash_count; /* with the one that it is at */
	bool stopping;
	bool failed;
	struct fault fault; /* the first */
};

struct blob_writer *
blob_writer_new(struct store *store)
{
	struct blob_writer *writer = xzalloc(sizeof(*writer));

	writer->chunks = store_chunks(store);
	writer->hold = hold_new(chunks_holds(writer->chunks));
	writer->whole = sha256_stream_new();
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->landed, NULL);
	pthread_cond_init(&writer->work, NULL);
	for (unsigned i = 0; i < SLOTS; i++) {
		writer->slots[i].writer = writer;
	}
	return writer;
}

/* Wait until nothing is under way; whether all went well so far. */
static int
wait_for_all(struct blob_writer *writer, struct fault *fault)
{
	int rc = 0;

	pthread_mutex_lock(&writer->lock);
	while (writer->puts > 0 || writer->hash_count > 0) {
		pthread_cond_wait(&writer->landed, &writer->lock);
	}
	if (writer->failed) {
		*fault = writer->fault;
		rc = -1;
	}
	pthread_mutex_unlock(&writer->lock);
	return rc;
}

/* --- the sum of the whole ------------------------------------------------ */

static void *
run_hasher(void *arg)
{
	struct blob_writer *writer = arg;

	pthread_mutex_lock(&writer->lock);
	for (;;) {
		struct slot *slot;

		while (writer->hash_count == 0 && !writer->stopping) {
			pthread_cond_wait(&writer->work, &writer->lock);
		}
		if (writer->hash_count == 0) {
			break;
		}
		slot = writer->hashes[writer->first_hash];
		pthread_mutex_unlock(&writer->lock);
		sha256_stream_add(writer->whole, slot->whole);
		pthread_mutex_lock(&writer->lock);
		writer->first_hash = (writer->first_hash + 1) % SLOTS;
		writer->hash_count--;
		slot->uses--;
		pthread_cond_signal(&writer->landed);
	}
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

/* Take a whole chunk into the sum, now or by the hasher in its turn. */
static void
add_to_whole(struct blob_writer *writer, struct slot *slot, struct bytes bytes)
{
	struct fault fault = { 0 };

	/* Where no thread starts it works as well. */
	if (!writer->has_hasher && bytes.len == CHUNK_BYTES) {
		writer->has_hasher =
		    thread_start(&writer->hasher, THREAD_WORKER, "hasher",
		        run_hasher, writer, &fault) == 0;
	}
	if (!writer->has_hasher) {
		sha256_stream_add(writer->whole, bytes);
		return;
	}
	slot->whole = bytes;
	pthread_mutex_lock(&writer->lock);
	writer->hashes[(writer->first_hash + writer->hash_count++) % SLOTS] =
	    slot;
	slot->uses++;
	pthread_cond_signal(&writer->work);
	pthread_mutex_unlock(&writer->lock);
}

static void
stop_hasher(struct blob_writer *writer)
{
	if (!writer->has_hasher) {
		return;
	}
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_signal(&writer->work);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->hasher, NULL);
	writer->stopping = false;
	writer->has_hasher = false;
}

/* --- slots ---------------------------------------------------------------- */

void
blob_writer_rest(struct blob_writer *writer)
{
	struct fault fault = { 0 }; /* told to whoever asks next */

	wait_for_all(writer, &fault);
	stop_hasher(writer);
	if (writer->filling != NULL) {
		writer->size -= writer->filling->len;
		writer->filling = NULL;
	}
	for (unsigned i = 0; i < SLOTS; i++) {
		free(writer->slots[i].data);
		writer->slots[i].data = NULL;
	}
}

void
blob_writer_free(struct blob_writer *writer)
{
	if (writer == NULL) {
		return;
	}
	blob_writer_rest(writer);
	pthread_cond_destroy(&writer->work);
	pthread_cond_destroy(&writer->landed);
	pthread_mutex_destroy(&writer->lock);
	sha256_stream_free(writer->whole);
	hold_free(writer->hold);
	free(writer);
}

/* On the thread of the chunk writer. */
static void
land(void *arg, const struct fault *fault)
{
	struct slot *slot = arg;
	struct blob_writer *writer = slot->writer;

	pthread_mutex_lock(&writer->lock);
	slot->uses--;
	writer->puts--;
	if (fault != NULL && !writer->failed) {
		writer->failed = true;
		writer->fault = *fault;
	}
	pthread_cond_signal(&writer->landed);
	pthread_mutex_unlock(&writer->lock);
}

static struct slot *
find_free(struct blob_writer *writer)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		if (writer->slots[i].uses == 0) {
			return &writer->slots[i];
		}
	}
	return NULL;
}

/* A slot that nothing uses, as soon as there is one. */
static int
take_slot(struct blob_writer *writer, struct slot **slot_out,
    struct fault *fault)
{
	int rc = 0;

	pthread_mutex_lock(&writer->lock);
	while ((*slot_out = find_free(writer)) == NULL) {
		pthread_cond_wait(&writer->landed, &writer->lock);
	}
	if (writer->failed) {
		*fault = writer->fault;
		rc = -1;
	}
	pthread_mutex_unlock(&writer->lock);
	return rc;
}

static int
begin_slot(struct blob_writer *writer, struct fault *fault)
{
	struct slot *slot;

	if (take_slot(writer, &slot, fault) < 0) {
		return -1;
	}
	if (slot->data == NULL) {
		slot->data = xmalloc(CHUNK_BYTES);
	}
	slot->len = 0;
	writer->filling = slot;
	return 0;
}

/* Name what is in the slot and hand it over. */
static void
cut(struct blob_writer *writer)
{
	struct slot *slot = writer->filling;
	struct bytes bytes = bytes_of(slot->data, slot->len);

	if (hold_count(writer->hold) == 0) {
		sha256_stream_add(writer->whole, bytes);
		slot->name = sha256_stream_peek(writer->whole);
	} else {
		add_to_whole(writer, slot, bytes);
		slot->name = sha256_of(bytes);
	}
	/* Held before it is put: the collector never sees it alone. */
	hold_add(writer->hold, &slot->name);
	writer->filling = NULL;
	pthread_mutex_lock(&writer->lock);
	slot->uses++;
	writer->puts++;
	pthread_mutex_unlock(&writer->lock);
	chunk_put(writer->chunks, &slot->name, bytes, NULL, land, slot);
}

int
blob_writer_add(struct blob_writer *writer, struct bytes bytes,
    struct fault *fault)
{
	assert(!writer->ended);
	if (bytes.len > BLOB_MAX_BYTES - writer->size) {
		return fault_set(fault, FAULT_LIMIT,
		    "a blob has at most %llu bytes", BLOB_MAX_BYTES);
	}
	while (bytes.len > 0) {
		struct slot *slot;
		size_t some;

		if (writer->filling == NULL && begin_slot(writer, fault) < 0) {
			return -1;
		}
		slot = writer->filling;
		some = CHUNK_BYTES - slot->len;
		some = bytes.len < some ? bytes.len : some;
		memcpy(slot->data + slot->len, bytes.data, some);
		slot->len += some;
		writer->size += some;
		bytes = bytes_of(bytes.data + some, bytes.len - some);
		if (slot->len == CHUNK_BYTES) {
			cut(writer);
		}
	}
	return 0;
}

int
blob_writer_flush(struct blob_writer *writer, struct fault *fault)
{
	return wait_for_all(writer, fault);
}

struct bytes
blob_writer_tail(const struct blob_writer *writer)
{
	const struct slot *slot = writer->filling;

	return slot != NULL ? bytes_of(slot->data, slot->len) : NO_BYTES;
}

void
blob_writer_close(struct blob_writer *writer)
{
	if (writer->filling != NULL) {
		cut(writer);
	}
}

int
blob_writer_end(struct blob_writer *writer, struct blob_ref *ref_out,
    struct fault *fault)
{
	if (!writer->ended) {
		blob_writer_close(writer);
		if (wait_for_all(writer, fault) < 0) {
			return -1;
		}
		writer->ref.sum = sha256_stream_end(writer->whole);
		writer->ref.size = writer->size;
		writer->ended = true;
	}
	*ref_out = writer->ref;
	return 0;
}

struct blob *
blob_writer_read(const struct blob_writer *writer, struct arena *arena)
{
	assert(writer->ended);
	return blob_of_names(writer->chunks, &writer->ref,
	    hold_names(writer->hold), arena);
}

void
blob_put_rows(const struct blob_writer *writer, struct writes *writes)
{
	assert(writer->ended);
	blob_row_put(writes, &writer->ref, hold_names(writer->hold));
}

int
blob_put(struct store *store, struct bytes bytes, struct writes *writes,
    struct blob_ref *ref_out, struct fault *fault)
{
	struct blob_writer *writer = blob_writer_new(store);
	int rc = -1;

	if (blob_writer_add(writer, bytes, fault) < 0 ||
	    blob_writer_end(writer, ref_out, fault) < 0) {
		goto out;
	}
	blob_put_rows(writer, writes);
	rc = 0;
out:
	blob_writer_free(writer);
	return rc;
}

uint64_t
blob_writer_size(const struct blob_writer *writer)
{
	return writer->size;
}

const struct sha256 *
blob_writer_names(const struct blob_writer *writer, size_t *count_out)
{
	*count_out = hold_count(writer->hold);
	return hold_names(writer->hold);
}

int
blob_writer_resume(struct blob_writer *writer, const struct sha256 *name,
    struct fault *fault)
{
	char text[SHA256_TEXT];
	struct bytes stored;
	struct sha256 sum;
	struct slot *slot;
	int found;

	assert(writer->filling == NULL && !writer->ended);
	if (take_slot(writer, &slot, fault) < 0) {
		return -1;
	}
	hold_add(writer->hold, name); /* before it is read by two threads */
	found = chunk_map(writer->chunks, name, &stored, fault);
	if (found < 0) {
		return -1;
	}
	sha256_format(text, name);
	if (found == 0) {
		return fault_set(fault, FAULT_CORRUPT, "chunk %s is missing",
		    text);
	}
	add_to_whole(writer, slot, stored); /* a whole chunk has no padding */
	sum = sha256_of(stored);
	if (memcmp(&sum, name, sizeof(sum)) != 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "chunk %s has other bytes", text);
	}
	writer->size += stored.len;
	return 0;
}
