/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A blob gives back the bytes that went in, whatever their number, and says so
 * when it cannot.  The model is the bytes in memory.
 */

#include "storage/blob_row.h"
#include "storage/hold.h"
#include "tests/unit/blobs.h"

#include <sys/stat.h>

static void
bytes_of_every_length_around_a_border_come_back(void **state)
{
	struct engine *engine = *state;
	static const int around[] = { 0, 1, 2, 60 };

	for (size_t i = 0; i < sizeof(around) / sizeof(*around); i++) {
		for (int by = -1; by <= 1; by++) {
			int64_t len = (int64_t)around[i] * CHUNK_BYTES + by;
			struct blob_ref ref;
			uint8_t *data;

			if (len < 0) {
				continue;
			}
			data = blobs_draw((uint64_t)len, (size_t)len);
			ref = blobs_put(engine, data, (size_t)len);
			blobs_check(engine, &ref, data, (size_t)len);
			free(data);
			arena_reset(engine->arena);
		}
	}
}

static void
ranges_read_are_those_of_the_model(void **state)
{
	struct engine *engine = *state;
	size_t len = 5 * CHUNK_BYTES + 4321;
	uint8_t *data = blobs_draw(1, len);
	uint8_t *read = malloc(len);
	struct blob_ref ref = blobs_put(engine, data, len);
	struct blob *blob = blobs_find(engine, &ref.sum);
	uint64_t seed = 99;

	for (int i = 0; i < 300; i++) {
		uint64_t from = (scratch_draw(&seed) >> 16) % (len + 1);
		size_t some =
		    (size_t)((scratch_draw(&seed) >> 16) % (len - from + 1));

		if (blob_read(blob, from, read, some, &engine->fault) < 0) {
			fail_msg("%s", engine->fault.text);
		}
		assert_memory_equal(read, data + from, some);
	}
	assert_int_equal(blob_read(blob, len, read, 1, &engine->fault), -1);
	assert_int_equal(engine->fault.code, FAULT_INVALID);
	assert_int_equal(blob_read(blob, UINT64_MAX, read, 2, &engine->fault),
	    -1);
	free(read);
	free(data);
}

static void
random_lengths_come_back_after_a_restart(void **state)
{
	enum { BLOBS = 40 };
	struct engine *engine = *state;
	struct blob_ref refs[BLOBS];
	uint64_t seed = 4711;
	size_t lens[BLOBS];

	for (unsigned i = 0; i < BLOBS; i++) {
		uint8_t *data;

		lens[i] = (size_t)(scratch_draw(&seed) >> 20) %
		          ((size_t)1 << (scratch_draw(&seed) >> 20) % 21);
		data = blobs_draw(i, lens[i]);
		refs[i] = blobs_put(engine, data, lens[i]);
		free(data);
	}
	arena_reset(engine->arena);
	engine_reopen(engine);
	for (unsigned i = 0; i < BLOBS; i++) {
		uint8_t *data = blobs_draw(i, lens[i]);

		blobs_check(engine, &refs[i], data, lens[i]);
		free(data);
	}
}

static void
a_blob_stored_twice_is_written_once(void **state)
{
	struct engine *engine = *state;
	size_t len = 3 * CHUNK_BYTES + 5;
	uint8_t *data = blobs_draw(7, len);
	struct blob_ref first = blobs_put(engine, data, len);
	struct chunks_stat before = blobs_stat(engine);
	struct blob_ref second = blobs_put(engine, data, len);
	struct chunks_stat after = blobs_stat(engine);

	assert_memory_equal(&first.sum, &second.sum, sizeof(first.sum));
	assert_int_equal(before.count, 4);
	assert_int_equal(after.count, 4);
	assert_int_equal(after.used_bytes, before.used_bytes);
	blobs_check(engine, &second, data, len);
	free(data);
}

static void
equal_chunks_of_different_blobs_are_stored_once(void **state)
{
	struct engine *engine = *state;
	size_t len = 2 * CHUNK_BYTES + 100;
	uint8_t *data = blobs_draw(8, len);
	struct blob_ref a = blobs_put(engine, data, len);
	struct blob_ref b;

	data[len - 1] ^= 1;
	b = blobs_put(engine, data, len);
	assert_int_equal(blobs_stat(engine).count, 4);
	blobs_check(engine, &b, data, len);
	data[len - 1] ^= 1;
	blobs_check(engine, &a, data, len);
	free(data);
}

static void
a_blob_is_absent_until_its_rows_are_committed(void **state)
{
	struct engine *engine = *state;
	struct writes *writes = writes_new(engine->store, NULL);
	struct blob_ref ref;

	assert_int_equal(blob_put(engine->store, bytes_of_text("hồ sơ"), writes,
	                     &ref, &engine->fault),
	    0);
	assert_null(blobs_find(engine, &ref.sum));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	blobs_check(engine, &ref, (const uint8_t *)"hồ sơ", strlen("hồ sơ"));
	blobs_delete(engine, &ref);
	assert_null(blobs_find(engine, &ref.sum));
}

static void
a_missing_chunk_is_named_by_everything_that_wants_it(void **state)
{
	struct engine *engine = *state;
	size_t len = 2 * CHUNK_BYTES;
	uint8_t *data = blobs_draw(9, len);
	struct blob_ref ref = blobs_put(engine, data, len);
	struct sha256 name =
	    sha256_of(bytes_of(data + CHUNK_BYTES, CHUNK_BYTES));
	struct chunks *chunks = store_chunks(engine->store);
	struct blob *blob = blobs_find(engine, &ref.sum);
	char text[SHA256_TEXT];
	struct bytes run;
	size_t deleted;

	holds_mark(chunks_holds(chunks), &name, 1, 0);
	assert_int_equal(
	    chunk_delete_marked(chunks, &name, 1, &deleted, &engine->fault), 0);
	assert_int_equal(deleted, 1);
	sha256_format(text, &name);
	assert_int_equal(blob_read(blob, CHUNK_BYTES, data, 1, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(engine->fault.text, text));
	assert_int_equal(blob_verify(blob, &engine->fault), -1);
	assert_non_null(strstr(engine->fault.text, text));
	blob_pin(blob);
	assert_int_equal(blob_map(blob, len - 1, &run, &engine->fault), -1);
	blob_unpin(blob);
	free(data);
}

/* Flip one bit of `wanted` where it lies in the file of the chunks. */
static void
flip_in_file(struct engine *engine, const uint8_t *wanted, size_t len)
{
	char path[SCRATCH_PATH + 32];
	struct stat stat_of;
	uint8_t *bytes;
	uint8_t *place;
	FILE *file;

	snprintf(path, sizeof(path), "%s/chunks/data.mdb", engine->path);
	file = fopen(path, "r+");
	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &stat_of), 0);
	bytes = malloc((size_t)stat_of.st_size);
	assert_int_equal(fread(bytes, 1, (size_t)stat_of.st_size, file),
	    stat_of.st_size);
	place = memmem(bytes, (size_t)stat_of.st_size, wanted, len);
	assert_non_null(place);
	fseek(file, place - bytes, SEEK_SET);
	fputc(*place ^ 4, file);
	fclose(file);
	free(bytes);
}

static void
a_flipped_bit_is_found_and_its_chunk_named(void **state)
{
	struct engine *engine = *state;
	size_t len = 3 * CHUNK_BYTES + 77;
	uint8_t *data = blobs_draw(10, len);
	struct blob_ref ref = blobs_put(engine, data, len);
	struct sha256 name = sha256_of(bytes_of(data + 3 * CHUNK_BYTES, 77));
	char text[SHA256_TEXT];
	struct blob *blob;

	engine_close(engine);
	flip_in_file(engine, data + 3 * CHUNK_BYTES + 10, 60);
	engine_open(engine);
	blob = blobs_find(engine, &ref.sum);
	assert_int_equal(blob_verify(blob, &engine->fault), -1);
	assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	sha256_format(text, &name);
	assert_non_null(strstr(engine->fault.text, text));
	free(data);
}

static void
a_row_of_another_form_is_refused(void **state)
{
	struct engine *engine = *state;
	uint8_t *data = blobs_draw(11, 100);
	struct blob_ref ref = blobs_put(engine, data, 100);
	uint8_t key[37] = { 'B' };
	static const char *const rows[] = { "", "\1", "\2\1\0\0\0\0\0\0\0\0",
		"\1\1\0\0\0\0\0\0\0\1", "\1\1\377\0\0\0\0\0\0\1" };

	memcpy(key + 1, ref.sum.bytes, SHA256_BYTES);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct writes *writes = writes_new(engine->store, NULL);
		struct snapshot *snapshot;
		struct blob *blob;

		writes_put(writes, bytes_of(key, sizeof(key)),
		    bytes_of(rows[i], i < 2 ? strlen(rows[i]) : 10));
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
		snapshot = engine_snapshot(engine);
		assert_int_equal(blob_find(snapshot, &ref.sum, engine->arena,
		                     &blob, &engine->fault),
		    -1);
		assert_int_equal(engine->fault.code, FAULT_CORRUPT);
		snapshot_close(snapshot);
	}
	free(data);
}

static void
a_full_map_fails_the_writer_and_nothing_else(void **state)
{
	struct engine *engine = *state;
	size_t len = 40 * CHUNK_BYTES;
	uint8_t *data = blobs_draw(12, len);
	struct blob_writer *writer;
	struct fault again = { 0 };
	struct blob_ref small;
	struct blob_ref ref;

	engine->options.chunks_map_bytes = 4 << 20;
	engine_reopen(engine);
	small = blobs_put(engine, data, 1000);
	writer = blob_writer_new(engine->store);
	if (blob_writer_add(writer, bytes_of(data, len), &engine->fault) == 0) {
		assert_int_equal(blob_writer_end(writer, &ref, &engine->fault),
		    -1);
	}
	assert_int_equal(engine->fault.code, FAULT_FULL);
	assert_int_equal(blob_writer_end(writer, &ref, &again), -1);
	assert_int_equal(again.code, FAULT_FULL);
	blob_writer_free(writer);
	blobs_check(engine, &small, data, 1000);
	free(data);
}

static void
a_loop_is_given_what_was_read_and_proven(void **state)
{
	struct engine *engine = *state;
	uint8_t *data = blobs_draw(13, CHUNK_BYTES);
	struct blob_ref ref = blobs_put(engine, data, CHUNK_BYTES);
	struct blob *blob = blobs_find(engine, &ref.sum);
	struct bytes run;

	blob_pin(blob);
	assert_int_equal(blob_peek(blob, 100, &run, &engine->fault), 0);
	assert_int_equal(blob_map(blob, 100, &run, &engine->fault), 0);
	blob_warm(run);
	run = NO_BYTES;
	assert_int_equal(blob_peek(blob, 100, &run, &engine->fault), 1);
	assert_int_equal(run.len, CHUNK_BYTES - 100);
	assert_memory_equal(run.data, data + 100, run.len);
	chunk_doubt(store_chunks(engine->store), run.data);
	assert_int_equal(blob_peek(blob, 100, &run, &engine->fault), 0);
	assert_int_equal(blob_peek(blob, CHUNK_BYTES, &run, &engine->fault), 1);
	assert_int_equal(run.len, 0);
	blob_unpin(blob);
	free(data);
}

/* Put in the rows of a set, without a chunk. */
static struct blob_ref
put_small(struct engine *engine, const uint8_t *data, size_t len)
{
	struct blob_ref ref = { sha256_of(bytes_of(data, len)), len };
	struct writes *writes = writes_new(engine->store, NULL);

	blob_put_small(writes, &ref.sum, bytes_of(data, len));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	return ref;
}

static void
small_bytes_ride_in_the_set_that_names_them(void **state)
{
	static const size_t lengths[] = { 1, 32, 4079, 4080, 16384,
		BLOB_SMALL_BYTES };
	struct engine *engine = *state;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		uint8_t *data = blobs_draw(i, lengths[i]);
		struct blob_ref ref = put_small(engine, data, lengths[i]);

		blobs_check(engine, &ref, data, lengths[i]);
		free(data);
	}
	assert_int_equal(blobs_stat(engine).count, 0);
}

/* The same bytes come again the other way; each time they are there once. */
static void
small_bytes_and_chunks_take_each_others_place(void **state)
{
	enum { LEN = 16384 };
	struct engine *engine = *state;
	uint8_t *data = blobs_draw(15, LEN);
	struct snapshot *snapshot;
	struct blob_ref ref;
	struct key key;

	for (unsigned i = 0; i < 4; i++) {
		ref = i % 2 == 0 ? put_small(engine, data, LEN)
		                 : blobs_put(engine, data, LEN);
		blobs_check(engine, &ref, data, LEN);
		snapshot = engine_snapshot(engine);
		blob_row_key(&key, &ref.sum, 1);
		assert_int_equal(
		    snapshot_has(snapshot, key_bytes(&key), &engine->fault),
		    i % 2 == 0);
		snapshot_close(snapshot);
	}
	put_small(engine, data, LEN);
	blobs_delete(engine, &ref);
	assert_null(blobs_find(engine, &ref.sum));
	snapshot = engine_snapshot(engine);
	assert_int_equal(
	    snapshot_has(snapshot, key_bytes(&key), &engine->fault), 0);
	snapshot_close(snapshot);
	free(data);
}

static void
a_run_of_the_map_lies_in_the_file_where_it_is_said_to(void **state)
{
	enum { LEN = 3 * CHUNK_BYTES + 1000 };
	struct engine *engine = *state;
	uint8_t *data = blobs_draw(14, LEN);
	uint8_t *read = malloc(LEN);
	struct blob_ref ref = blobs_put(engine, data, LEN);
	struct blob *blob = blobs_find(engine, &ref.sum);
	struct bytes run;
	uint64_t at;

	blob_pin(blob);
	for (uint64_t from = 100; from < LEN; from += run.len) {
		int file;

		assert_int_equal(blob_map(blob, from, &run, &engine->fault), 0);
		file = blob_file(blob, run, &at);
		assert_true(file >= 0);
		assert_int_equal(pread(file, read, run.len, (off_t)at),
		    (ssize_t)run.len);
		assert_memory_equal(read, data + from, run.len);
	}
	blob_unpin(blob);
	free(read);
	free(data);
}

static void
memory_stays_flat_while_256_mib_flow_through(void **state)
{
	enum { PIECE = 1 << 20, PIECES = 256 };
	struct engine *engine = *state;
	struct blob_writer *writer = blob_writer_new(engine->store);
	uint8_t *piece = malloc(PIECE);
	long most = 0;
	struct blob_ref ref;
	uint64_t seed = 14;

	scratch_fill(&seed, piece, PIECE);
	for (int i = 0; i < PIECES; i++) {
		long now;

		/* A word is enough: no chunk begins where a piece does. */
		scratch_fill(&seed, piece + 8 * i, 8);
		if (blob_writer_add(writer, bytes_of(piece, PIECE),
		        &engine->fault) < 0) {
			fail_msg("%s", engine->fault.text);
		}
		now = blobs_anonymous_kib();
		most = now > most ? now : most;
	}
	assert_int_equal(blob_writer_end(writer, &ref, &engine->fault), 0);
	assert_int_equal(ref.size, (uint64_t)PIECE * PIECES);
	blobs_check_anonymous(most, 40 * 1024);
	blob_writer_free(writer);
	free(piece);
}

#define WITH_BLOBS(name) \
	cmocka_unit_test_setup_teardown(name, blobs_setup, engine_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BLOBS(bytes_of_every_length_around_a_border_come_back),
		WITH_BLOBS(ranges_read_are_those_of_the_model),
		WITH_BLOBS(random_lengths_come_back_after_a_restart),
		WITH_BLOBS(a_blob_stored_twice_is_written_once),
		WITH_BLOBS(equal_chunks_of_different_blobs_are_stored_once),
		WITH_BLOBS(a_blob_is_absent_until_its_rows_are_committed),
		WITH_BLOBS(
		    a_missing_chunk_is_named_by_everything_that_wants_it),
		WITH_BLOBS(a_flipped_bit_is_found_and_its_chunk_named),
		WITH_BLOBS(a_row_of_another_form_is_refused),
		WITH_BLOBS(a_full_map_fails_the_writer_and_nothing_else),
		WITH_BLOBS(a_loop_is_given_what_was_read_and_proven),
		WITH_BLOBS(small_bytes_ride_in_the_set_that_names_them),
		WITH_BLOBS(small_bytes_and_chunks_take_each_others_place),
		WITH_BLOBS(
		    a_run_of_the_map_lies_in_the_file_where_it_is_said_to),
		WITH_BLOBS(memory_stays_flat_while_256_mib_flow_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
