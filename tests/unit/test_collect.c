/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The collector takes every chunk that nobody needs and no other.  The model
 * is a list of the blobs that are there; their chunks are the ones that stay.
 */

#include "storage/collect.h"

#include "base/thread.h"
#include "storage/hold.h"
#include "storage/sums.h"
#include "storage/tail.h"
#include "storage/upload.h"
#include "tests/unit/blobs.h"

#define HOUR_MS 3600000u

static struct collect_counts
collect(struct engine *engine, uint64_t grace_ms)
{
	struct collect_counts counts;

	if (collect_run(engine->store, grace_ms, NULL, &counts,
	        &engine->fault) < 0) {
		fail_msg("%s", engine->fault.text);
	}
	return counts;
}

/* Chunks of bytes that no row names. */
static void
put_orphan(struct engine *engine, uint64_t seed, size_t len)
{
	uint8_t *data = blobs_draw(seed, len);
	struct writes *writes = writes_new(engine->store, NULL);
	struct blob_ref ref;

	assert_int_equal(blob_put(engine->store, bytes_of(data, len), writes,
	                     &ref, &engine->fault),
	    0);
	writes_free(writes);
	free(data);
}

/* Their bytes are no names of chunks, whatever they are. */
static void
small_blobs_are_walked_over(void **state)
{
	struct engine *engine = *state;
	uint8_t *data = blobs_draw(3, 20000);
	struct blob_ref ref = blobs_put(engine, data, 20000);
	struct writes *writes = writes_new(engine->store, NULL);
	struct sha256 name = sha256_of(bytes_of(data, 20000));

	/* 31: no list of names; 32: what a list of one would look like. */
	for (size_t len = 31; len <= 32; len++) {
		struct sha256 sum = sha256_of(bytes_of(name.bytes, len));

		blob_put_small(writes, &sum, bytes_of(name.bytes, len));
	}
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	blobs_delete(engine, &ref);
	assert_int_equal(collect(engine, 0).orphans, 1);
	assert_int_equal(collect(engine, 0).deleted, 1);
	free(data);
}

static void
an_orphan_is_marked_by_one_run_and_deleted_by_another(void **state)
{
	struct engine *engine = *state;
	struct collect_counts counts;

	put_orphan(engine, 1, 3 * CHUNK_BYTES);
	counts = collect(engine, 0);
	assert_int_equal(counts.chunks, 3);
	assert_int_equal(counts.orphans, 3);
	assert_int_equal(counts.deleted, 0);
	counts = collect(engine, 0);
	assert_int_equal(counts.deleted, 3);
	assert_int_equal(blobs_stat(engine).count, 0);
}

static void
an_orphan_stays_for_the_grace_period(void **state)
{
	struct engine *engine = *state;

	put_orphan(engine, 1, 100);
	assert_int_equal(collect(engine, HOUR_MS).deleted, 0);
	assert_int_equal(collect(engine, HOUR_MS).deleted, 0);
	assert_int_equal(blobs_stat(engine).count, 1);
	assert_int_equal(collect(engine, 0).deleted, 1);
}

static void
a_restart_begins_the_grace_period_anew(void **state)
{
	struct engine *engine = *state;

	put_orphan(engine, 1, 100);
	collect(engine, 0);
	engine_reopen(engine);
	assert_int_equal(collect(engine, 0).deleted, 0);
	assert_int_equal(collect(engine, 0).deleted, 1);
}

static void
an_orphan_that_is_put_again_begins_anew(void **state)
{
	struct engine *engine = *state;

	put_orphan(engine, 1, 100);
	collect(engine, 0);
	put_orphan(engine, 1, 100);
	assert_int_equal(collect(engine, 0).deleted, 0);
	assert_int_equal(collect(engine, 0).deleted, 1);
}

static void
a_blob_in_the_making_keeps_its_chunks(void **state)
{
	struct engine *engine = *state;
	size_t len = 20 * CHUNK_BYTES;
	uint8_t *data = blobs_draw(2, len);
	struct blob_writer *writer = blob_writer_new(engine->store);
	struct writes *writes = writes_new(engine->store, NULL);
	struct blob_ref ref;

	assert_int_equal(
	    blob_writer_add(writer, bytes_of(data, len), &engine->fault), 0);
	collect(engine, 0);
	assert_int_equal(blob_writer_end(writer, &ref, &engine->fault), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(collect(engine, 0).deleted, 0);
	}
	blob_put_rows(writer, writes);
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	blob_writer_free(writer);
	assert_int_equal(collect(engine, 0).orphans, 0);
	assert_int_equal(collect(engine, 0).deleted, 0);
	blobs_check(engine, &ref, data, len);
	free(data);
}

static void
a_pinned_blob_outlives_its_rows(void **state)
{
	struct engine *engine = *state;
	size_t len = 5 * CHUNK_BYTES;
	uint8_t *data = blobs_draw(3, len);
	struct blob_ref ref = blobs_put(engine, data, len);
	struct blob *blob = blobs_find(engine, &ref.sum);
	struct bytes run;

	blob_pin(blob);
	assert_int_equal(blob_map(blob, 2 * CHUNK_BYTES, &run, &engine->fault),
	    0);
	blobs_delete(engine, &ref);
	for (uint64_t i = 0; i < 3; i++) {
		collect(engine, 0);
		put_orphan(engine, 100 + i, CHUNK_BYTES); /* in freed pages */
	}
	assert_memory_equal(run.data, data + 2 * CHUNK_BYTES, run.len);
	assert_int_equal(blob_verify(blob, &engine->fault), 0);
	blob_unpin(blob);
	collect(engine, 0);
	collect(engine, 0);
	assert_int_equal(blobs_stat(engine).count, 0);
	free(data);
}

static void
a_pin_ends_with_its_arena(void **state)
{
	struct engine *engine = *state;
	uint8_t *data = blobs_draw(3, 10);
	struct blob_ref ref = blobs_put(engine, data, 10);

	blob_pin(blobs_find(engine, &ref.sum));
	blobs_delete(engine, &ref);
	collect(engine, 0);
	assert_int_equal(collect(engine, 0).deleted, 0);
	arena_reset(engine->arena);
	collect(engine, 0);
	assert_int_equal(collect(engine, 0).deleted, 1);
	free(data);
}

static void
an_upload_keeps_its_chunks_and_its_tail_until_it_ends(void **state)
{
	static const struct uploads_options options = { .lifetime_ms = HOUR_MS,
		.length_max = 1 << 30,
		.owner_max = UINT64_C(1) << 40 };
	struct upload_ask ask = { .owner = "lan", .length = 100 << 20 };
	struct engine *engine = *state;
	size_t len = 3 * CHUNK_BYTES + 10;
	uint8_t *data = blobs_draw(4, len);
	struct uploads *uploads = uploads_new(engine->store, &options);
	struct upload *upload;
	char id[ID_TEXT];

	assert_int_equal(upload_begin(uploads, &ask, id, &engine->fault), 0);
	assert_int_equal(upload_take(&upload, uploads, id, &engine->fault), 0);
	assert_int_equal(
	    upload_append(upload, bytes_of(data, len), &engine->fault), 0);
	collect(engine, 0); /* in hand, not in rows */
	collect(engine, 0);
	assert_int_equal(upload_flush(upload, &engine->fault), 0);
	upload_release(upload);
	collect(engine, 0); /* in rows alone */
	collect(engine, 0);
	assert_int_equal(upload_take(&upload, uploads, id, &engine->fault), 0);
	assert_int_equal(upload_offset(upload), len);
	upload_release(upload);

	assert_int_equal(upload_abandon(uploads, id, &engine->fault), 1);
	collect(engine, 0);
	assert_int_equal(collect(engine, 0).deleted, 3);
	uploads_free(uploads);
	free(data);
}

static void
a_tail_without_its_upload_is_deleted(void **state)
{
	struct engine *engine = *state;
	struct chunks *chunks = store_chunks(engine->store);

	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(tail_put(chunks, "0123456789abcdefghj0", i,
		                     bytes_of_text("tail"), 0, &engine->fault),
		    0);
	}
	assert_int_equal(tail_put(chunks, "0123456789abcdefghj1", 0,
	                     bytes_of_text("tail"), 0, &engine->fault),
	    0);
	assert_int_equal(collect(engine, HOUR_MS).tails, 2);
	assert_int_equal(blobs_stat(engine).tails, 0);
}

static void
a_row_that_is_not_understood_stops_it(void **state)
{
	struct engine *engine = *state;
	struct collect_counts counts;

	put_orphan(engine, 1, 100);
	collect(engine, 0);
	engine_put(engine, "B2345678901234567890123456789012\1\1\1\1", "?");
	assert_int_equal(
	    collect_run(engine->store, 0, NULL, &counts, &engine->fault), -1);
	assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	assert_int_equal(blobs_stat(engine).count, 1);
}

static void
a_run_that_is_stopped_deletes_nothing_it_has_not_judged(void **state)
{
	struct engine *engine = *state;
	atomic_bool stop = true;
	struct collect_counts counts;

	put_orphan(engine, 1, 100);
	collect(engine, 0);
	assert_int_equal(
	    collect_run(engine->store, 0, &stop, &counts, &engine->fault), 0);
	assert_int_equal(counts.deleted, 0);
	assert_int_equal(blobs_stat(engine).count, 1);
}

/* --- against the model -------------------------------------------------- */

#define POOL  24 /* chunks that blobs are made of, so that they share some */
#define BLOBS 12

static uint8_t *pool;

/* Blob number i is these chunks of the pool, the last one cut. */
static size_t
make_blob(uint64_t seed, uint8_t *data)
{
	size_t chunks = (size_t)(scratch_draw(&seed) >> 20) % 6;
	size_t len = 0;

	for (size_t i = 0; i <= chunks; i++) {
		size_t which = (size_t)(scratch_draw(&seed) >> 20) % POOL;

		memcpy(data + len, pool + which * CHUNK_BYTES, CHUNK_BYTES);
		len += i < chunks ? CHUNK_BYTES : 1000 + which;
	}
	return len;
}

static void
add_chunks(struct sums *wanted, const uint8_t *data, size_t len)
{
	for (size_t at = 0; at < len; at += CHUNK_BYTES) {
		size_t some = len - at < CHUNK_BYTES ? len - at : CHUNK_BYTES;
		struct sha256 name = sha256_of(bytes_of(data + at, some));

		sums_add(wanted, &name, 0);
	}
}

/* Exactly the wanted ones are stored. */
static void
check_stored(struct engine *engine, const struct sums *wanted)
{
	struct sha256 names[256];
	size_t total = 0;

	for (unsigned first = 0; first < 256; first++) {
		size_t count;

		assert_int_equal(chunk_list(store_chunks(engine->store),
		                     (uint8_t)first, NULL, names, 256, &count,
		                     &engine->fault),
		    0);
		for (size_t i = 0; i < count; i++) {
			assert_true(sums_has(wanted, &names[i], NULL));
		}
		total += count;
	}
	assert_int_equal(total, sums_count(wanted));
}

static void
exactly_the_chunks_of_the_blobs_that_are_there_stay(void **state)
{
	struct engine *engine = *state;
	uint8_t *data = malloc(8 * CHUNK_BYTES);
	struct sums *wanted = sums_new();
	struct blob_ref refs[BLOBS];
	uint64_t seeds[BLOBS] = { 0 }; /* 0: not there */
	uint64_t seed = 8;

	pool = blobs_draw(5, POOL * CHUNK_BYTES);
	for (int round = 0; round < 12; round++) {
		for (int step = 0; step < 8; step++) {
			size_t i = (size_t)(scratch_draw(&seed) >> 20) % BLOBS;

			if (seeds[i] != 0) {
				blobs_delete(engine, &refs[i]);
				seeds[i] = 0;
			} else {
				/* Few seeds: a deleted blob comes back. */
				seeds[i] = 1 + i * 2 + scratch_draw(&seed) % 2;
				refs[i] = blobs_put(engine, data,
				    make_blob(seeds[i], data));
			}
		}
		collect(engine, 0);
		collect(engine, 0);
		sums_clear(wanted);
		for (size_t i = 0; i < BLOBS; i++) {
			if (seeds[i] != 0) {
				add_chunks(wanted, data,
				    make_blob(seeds[i], data));
			}
		}
		check_stored(engine, wanted);
	}
	sums_free(wanted);
	free(data);
	free(pool);
}

/* --- beside writers and readers ------------------------------------------ */

struct crowd {
	struct engine *engine;
	uint64_t seed;
	unsigned number;
	unsigned mistakes;
	atomic_bool *stop;
};

/* Put a blob, read it, delete it, over and over; the last one stays. */
static void *
put_and_delete(void *arg)
{
	struct crowd *self = arg;
	struct store *store = self->engine->store;
	uint8_t *data = malloc(8 * CHUNK_BYTES);
	struct arena *arena = arena_new();

	for (int i = 0; i < 60; i++) {
		size_t len =
		    make_blob(1 + (scratch_draw(&self->seed) >> 20) % 5, data);
		struct blob_writer *writer = blob_writer_new(store);
		struct writes *writes = writes_new(store, NULL);
		struct writes_result result;
		struct snapshot *snapshot;
		struct blob *blob = NULL;
		struct fault fault = { 0 };
		struct blob_ref ref;

		/* A blob of this thread's own out of chunks that all share. */
		memcpy(data + len, &self->number, sizeof(self->number));
		len += sizeof(self->number);
		self->mistakes +=
		    blob_writer_add(writer, bytes_of(data, len), &fault) < 0;
		self->mistakes += blob_writer_end(writer, &ref, &fault) < 0;
		blob_put_rows(writer, writes);
		self->mistakes +=
		    writes_commit_wait(writes, &result, arena, &fault) < 0;
		blob_writer_free(writer);

		self->mistakes += snapshot_open(&snapshot, store, &fault) < 0;
		self->mistakes +=
		    blob_find(snapshot, &ref.sum, arena, &blob, &fault) != 1;
		snapshot_close(snapshot);
		self->mistakes += blob == NULL || blob_verify(blob, &fault) < 0;
		writes = writes_new(store, NULL);
		blob_delete_rows(writes, &ref);
		self->mistakes +=
		    writes_commit_wait(writes, &result, arena, &fault) < 0;
		arena_reset(arena);
	}
	arena_free(arena);
	free(data);
	return NULL;
}

static void *
collect_on(void *arg)
{
	struct crowd *self = arg;

	while (!atomic_load(self->stop)) {
		struct collect_counts counts;
		struct fault fault = { 0 };

		self->mistakes += collect_run(self->engine->store, 0, NULL,
		                      &counts, &fault) < 0;
	}
	return NULL;
}

static void
no_blob_loses_a_chunk_to_a_collector_that_never_rests(void **state)
{
	enum { WRITERS = 3 };
	struct engine *engine = *state;
	struct crowd crowd[WRITERS + 1];
	pthread_t threads[WRITERS + 1];
	atomic_bool stop = false;

	pool = blobs_draw(5, POOL * CHUNK_BYTES);
	for (unsigned i = 0; i <= WRITERS; i++) {
		crowd[i] = (struct crowd){ .engine = engine,
			.seed = i + 1,
			.number = i,
			.stop = &stop };
		assert_int_equal(thread_start(&threads[i], THREAD_WORKER,
		                     "crowd",
		                     i < WRITERS ? put_and_delete : collect_on,
		                     &crowd[i], &engine->fault),
		    0);
	}
	for (unsigned i = 0; i <= WRITERS; i++) {
		if (i == WRITERS) {
			atomic_store(&stop, true);
		}
		pthread_join(threads[i], NULL);
		assert_int_equal(crowd[i].mistakes, 0);
	}
	collect(engine, 0);
	collect(engine, 0);
	assert_int_equal(blobs_stat(engine).count, 0);
	free(pool);
}

#define WITH_BLOBS(name) \
	cmocka_unit_test_setup_teardown(name, blobs_setup, engine_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BLOBS(
		    an_orphan_is_marked_by_one_run_and_deleted_by_another),
		WITH_BLOBS(small_blobs_are_walked_over),
		WITH_BLOBS(an_orphan_stays_for_the_grace_period),
		WITH_BLOBS(a_restart_begins_the_grace_period_anew),
		WITH_BLOBS(an_orphan_that_is_put_again_begins_anew),
		WITH_BLOBS(a_blob_in_the_making_keeps_its_chunks),
		WITH_BLOBS(a_pinned_blob_outlives_its_rows),
		WITH_BLOBS(a_pin_ends_with_its_arena),
		WITH_BLOBS(
		    an_upload_keeps_its_chunks_and_its_tail_until_it_ends),
		WITH_BLOBS(a_tail_without_its_upload_is_deleted),
		WITH_BLOBS(a_row_that_is_not_understood_stops_it),
		WITH_BLOBS(
		    a_run_that_is_stopped_deletes_nothing_it_has_not_judged),
		WITH_BLOBS(exactly_the_chunks_of_the_blobs_that_are_there_stay),
		WITH_BLOBS(
		    no_blob_loses_a_chunk_to_a_collector_that_never_rests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
