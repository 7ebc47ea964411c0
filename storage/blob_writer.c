/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Bytes are collected in a slot of one chunk.  A full slot is hashed, alone
 * and into the sum of the whole, and handed to the chunk writer; it is free
 * again when the chunk is durable, and meanwhile the next slot fills.
 *
 * The sum of the whole takes in whole chunks as they are cut and the tail at
 * the end.  A blob of one chunk has the chunk's name, so it is hashed once.
 */

#include "storage/blob_writer.h"

#include "base/memory.h"
#include "storage/blob_row.h"
#include "storage/chunk.h"
#include "storage/hold.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define SLOTS 8u

struct slot {
	struct blob_writer *writer;
	struct sha256 name;
	uint8_t *data; /* CHUNK_BYTES, or NULL while never used */
	size_t len;
	bool in_flight; /* under the lock */
};

struct blob_writer {
	struct chunks *chunks;
	struct hold *hold; /* names of the chunks so far */
	struct sha256_stream *whole;
	uint64_t size;
	struct slot *filling; /* NULL: the next add takes one */
	struct slot slots[SLOTS];
	struct blob_ref ref;
	bool ended;

	pthread_mutex_t lock; /* guards what is below, and in_flight */
	pthread_cond_t landed;
	unsigned in_flight;
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
	for (unsigned i = 0; i < SLOTS; i++) {
		writer->slots[i].writer = writer;
	}
	return writer;
}

/* Wait until nothing is in flight; whether all went well so far. */
static int
wait_for_all(struct blob_writer *writer, struct fault *fault)
{
	int rc = 0;

	pthread_mutex_lock(&writer->lock);
	while (writer->in_flight > 0) {
		pthread_cond_wait(&writer->landed, &writer->lock);
	}
	if (writer->failed) {
		*fault = writer->fault;
		rc = -1;
	}
	pthread_mutex_unlock(&writer->lock);
	return rc;
}

void
blob_writer_rest(struct blob_writer *writer)
{
	struct fault fault = { 0 }; /* told to whoever asks next */

	wait_for_all(writer, &fault);
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
	slot->in_flight = false;
	writer->in_flight--;
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
		if (!writer->slots[i].in_flight) {
			return &writer->slots[i];
		}
	}
	return NULL;
}

/* An empty slot to fill, as soon as there is one. */
static int
take_slot(struct blob_writer *writer, struct fault *fault)
{
	struct slot *slot;
	int rc = 0;

	pthread_mutex_lock(&writer->lock);
	while ((slot = find_free(writer)) == NULL) {
		pthread_cond_wait(&writer->landed, &writer->lock);
	}
	if (writer->failed) {
		*fault = writer->fault;
		rc = -1;
	}
	pthread_mutex_unlock(&writer->lock);
	if (rc == 0) {
		if (slot->data == NULL) {
			slot->data = xzalloc(CHUNK_BYTES);
		}
		slot->len = 0;
		writer->filling = slot;
	}
	return rc;
}

/* Name what is in the slot and hand it over. */
static void
cut(struct blob_writer *writer)
{
	struct slot *slot = writer->filling;
	struct bytes bytes = bytes_of(slot->data, slot->len);

	slot->name = sha256_of(bytes);
	/* Held before it is put: the collector never sees it alone. */
	hold_add(writer->hold, &slot->name);
	writer->filling = NULL;
	pthread_mutex_lock(&writer->lock);
	slot->in_flight = true;
	writer->in_flight++;
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

		if (writer->filling == NULL && take_slot(writer, fault) < 0) {
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
			sha256_stream_add(writer->whole,
			    bytes_of(slot->data, slot->len));
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

/* Cut the tail; the sum of the whole. */
static struct sha256
finish(struct blob_writer *writer)
{
	bool alone = hold_count(writer->hold) == 0;

	if (writer->filling == NULL && alone) {
		return sha256_of(NO_BYTES);
	}
	if (!alone) {
		sha256_stream_add(writer->whole, blob_writer_tail(writer));
	}
	if (writer->filling != NULL) {
		cut(writer);
	}
	return alone ? hold_names(writer->hold)[0]
	             : sha256_stream_end(writer->whole);
}

int
blob_writer_end(struct blob_writer *writer, struct blob_ref *ref_out,
    struct fault *fault)
{
	if (!writer->ended) {
		writer->ended = true;
		writer->ref.sum = finish(writer);
		writer->ref.size = writer->size;
	}
	if (wait_for_all(writer, fault) < 0) {
		return -1;
	}
	*ref_out = writer->ref;
	return 0;
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

struct bytes
blob_writer_tail(const struct blob_writer *writer)
{
	const struct slot *slot = writer->filling;

	return slot != NULL ? bytes_of(slot->data, slot->len) : NO_BYTES;
}

int
blob_writer_resume(struct blob_writer *writer, const struct sha256 *name,
    struct fault *fault)
{
	char text[SHA256_TEXT];
	struct bytes stored;
	struct sha256 sum;
	int found;

	assert(writer->filling == NULL && !writer->ended);
	hold_add(writer->hold, name);
	found = chunk_map(writer->chunks, name, &stored, fault);
	if (found < 0) {
		return -1;
	}
	sha256_format(text, name);
	if (found == 0) {
		return fault_set(fault, FAULT_CORRUPT, "chunk %s is missing",
		    text);
	}
	sum = sha256_of(stored); /* a whole chunk has no padding */
	if (memcmp(&sum, name, sizeof(sum)) != 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "chunk %s has other bytes", text);
	}
	sha256_stream_add(writer->whole, stored);
	writer->size += stored.len;
	return 0;
}
