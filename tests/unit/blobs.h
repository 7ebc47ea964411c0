/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_BLOBS_H
#define TESTS_UNIT_BLOBS_H

#include "config.h"
#include "storage/blob_writer.h"
#include "storage/chunk.h"
#include "tests/unit/engine.h"

/* A store with room for blobs, and bytes to compare them with. */

static inline int
blobs_setup(void **state)
{
	int rc;

	digest_init();
	rc = engine_setup(state);
	if (rc == 0) {
		struct engine *engine = *state;

		engine->options.chunks_map_bytes = 1 << 30;
		engine_reopen(engine);
	}
	return rc;
}

/* `len` bytes that only this seed gives; free(). */
static inline uint8_t *
blobs_draw(uint64_t seed, size_t len)
{
	uint8_t *data = malloc(len + 8);

	seed = seed * 2 + 1;
	scratch_fill(&seed, data, len);
	return data;
}

/* Write in random pieces and commit. */
static inline struct blob_ref
blobs_put(struct engine *engine, const uint8_t *data, size_t len)
{
	struct blob_writer *writer = blob_writer_new(engine->store);
	struct writes *writes = writes_new(engine->store, NULL);
	uint64_t seed = len * 2 + 1;
	struct blob_ref ref;

	for (size_t at = 0; at < len;) {
		size_t most = scratch_draw(&seed) % 3 == 0 ? 1000 : 600000;
		size_t some = (scratch_draw(&seed) >> 20) % most;

		some = some < len - at ? some : len - at;
		if (blob_writer_add(writer, bytes_of(data + at, some),
		        &engine->fault) < 0) {
			fail_msg("%s", engine->fault.text);
		}
		at += some;
	}
	if (blob_writer_end(writer, &ref, &engine->fault) < 0) {
		fail_msg("%s", engine->fault.text);
	}
	blob_put_rows(writer, writes);
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	blob_writer_free(writer);
	return ref;
}

/* The blob, in engine->arena, or NULL. */
static inline struct blob *
blobs_find(struct engine *engine, const struct sha256 *sum)
{
	struct snapshot *snapshot = engine_snapshot(engine);
	struct blob *blob = NULL;
	int found =
	    blob_find(snapshot, sum, engine->arena, &blob, &engine->fault);

	snapshot_close(snapshot);
	if (found < 0) {
		fail_msg("%s", engine->fault.text);
	}
	return found == 1 ? blob : NULL;
}

/* It is there, whole, and every byte is that of `data`. */
static inline void
blobs_check(struct engine *engine, const struct blob_ref *ref,
    const uint8_t *data, size_t len)
{
	struct sha256 sum = sha256_of(bytes_of(data, len));
	struct blob *blob = blobs_find(engine, &ref->sum);
	uint64_t at = 0;

	assert_memory_equal(&ref->sum, &sum, sizeof(sum));
	assert_int_equal(ref->size, len);
	assert_non_null(blob);
	assert_int_equal(blob_size(blob), len);
	blob_pin(blob);
	while (at < len) {
		struct bytes run;

		if (blob_map(blob, at, &run, &engine->fault) < 0) {
			fail_msg("%s", engine->fault.text);
		}
		assert_in_range(run.len, 1, len - at);
		assert_memory_equal(run.data, data + at, run.len);
		at += run.len;
	}
	blob_unpin(blob);
	if (blob_verify(blob, &engine->fault) < 0) {
		fail_msg("%s", engine->fault.text);
	}
}

static inline void
blobs_delete(struct engine *engine, const struct blob_ref *ref)
{
	struct writes *writes = writes_new(engine->store, NULL);

	blob_delete_rows(writes, ref);
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
}

static inline struct chunks_stat
blobs_stat(struct engine *engine)
{
	struct chunks_stat stat;

	assert_int_equal(
	    chunks_stat(store_chunks(engine->store), &stat, &engine->fault), 0);
	return stat;
}

/* Anonymous memory of this process in KiB. */
static inline long
blobs_anonymous_kib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[128];
	long kib = -1;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "RssAnon: %ld", &kib) == 1) {
			break;
		}
	}
	fclose(file);
	assert_true(kib > 0);
	return kib;
}

/*
 * The shadow of a sanitizer or of valgrind is anonymous too: the bar is for
 * runs without, which have large maps.
 */
static inline void
blobs_check_anonymous(long most_kib, long bar_kib)
{
	print_message("# RssAnon at most %ld KiB\n", most_kib);
	if (getenv("HOSO_SMALL_MAPS") == NULL) {
		assert_in_range(most_kib, 1, bar_kib - 1);
	}
}

#endif
