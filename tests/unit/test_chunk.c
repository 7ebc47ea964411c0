/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The chunk environment: what is put is there and stays, what is not marked is
 * not deleted, and what does not fit refuses itself alone.
 */

#include "storage/chunk.h"

#include "base/loop.h"
#include "base/wire.h"
#include "storage/hold.h"
#include "storage/tail.h"
#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MAP_BYTES (64u << 20)

struct scene {
	char path[SCRATCH_PATH];
	struct chunks *chunks;
	uint64_t seed;
	uint8_t data[CHUNK_BYTES];
	uint8_t read[CHUNK_BYTES];
};

static void
reopen(struct scene *scene, uint64_t map_bytes)
{
	struct chunks_options options = { .path = scene->path,
		.map_bytes = map_bytes,
		.create = true };
	struct fault fault = { 0 };

	chunks_close(scene->chunks);
	scene->chunks = NULL;
	if (chunks_open(&scene->chunks, &options, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static int
setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	digest_init();
	scratch_make(scene->path);
	scene->seed = 20260131;
	reopen(scene, MAP_BYTES);
	*state = scene;
	return 0;
}

static int
teardown(void **state)
{
	struct scene *scene = *state;

	chunks_close(scene->chunks);
	scratch_remove(scene->path);
	free(scene);
	return 0;
}

/* New random bytes of this length in scene->data. */
static struct sha256
draw_chunk(struct scene *scene, size_t len)
{
	scratch_fill(&scene->seed, scene->data, len);
	return sha256_of(bytes_of(scene->data, len));
}

static struct sha256
put_new(struct scene *scene, size_t len)
{
	struct sha256 name = draw_chunk(scene, len);
	struct fault fault = { 0 };

	if (chunk_put_wait(scene->chunks, &name, bytes_of(scene->data, len),
	        &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return name;
}

static bool
is_there(struct scene *scene, const struct sha256 *name)
{
	struct fault fault = { 0 };
	int found = chunk_has(scene->chunks, name, &fault);

	assert_int_not_equal(found, -1);
	return found == 1;
}

static struct chunks_stat
stat_of(struct scene *scene)
{
	struct chunks_stat stat;
	struct fault fault = { 0 };

	assert_int_equal(chunks_stat(scene->chunks, &stat, &fault), 0);
	return stat;
}

static void
a_chunk_is_read_back_after_a_restart(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, 100000);
	struct fault fault = { 0 };

	reopen(scene, MAP_BYTES);
	assert_int_equal(
	    chunk_get(scene->chunks, &name, 0, scene->read, 100000, &fault), 1);
	assert_memory_equal(scene->read, scene->data, 100000);
	assert_int_equal(
	    chunk_get(scene->chunks, &name, 99990, scene->read, 10, &fault), 1);
	assert_memory_equal(scene->read, scene->data + 99990, 10);
}

static void
a_value_is_padded_with_zeros_to_one_of_three_lengths(void **state)
{
	static const size_t lens[][2] = { { 1, 65520 }, { 65519, 65520 },
		{ 65520, 65520 }, { 65521, 131056 }, { 131056, 131056 },
		{ 131057, 262128 }, { 262128, 262128 } };
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
		struct sha256 name = put_new(scene, lens[i][0]);
		struct bytes stored;
		struct fault fault = { 0 };

		assert_int_equal(
		    chunk_map(scene->chunks, &name, &stored, &fault), 1);
		assert_int_equal(stored.len, lens[i][1]);
		assert_memory_equal(stored.data, scene->data, lens[i][0]);
		for (size_t j = lens[i][0]; j < stored.len; j++) {
			assert_int_equal(stored.data[j], 0);
		}
	}
}

static void
a_full_chunk_takes_no_page_more_than_its_bytes(void **state)
{
	struct scene *scene = *state;
	uint64_t before;

	for (int i = 0; i < 8; i++) {
		put_new(scene, CHUNK_BYTES);
	}
	before = stat_of(scene).used_bytes;
	for (int i = 0; i < 64; i++) {
		put_new(scene, CHUNK_BYTES);
	}
	/* 64 pages each, and a few for the tree. */
	assert_in_range(stat_of(scene).used_bytes - before, 64 * 64 * 4096,
	    64 * 64 * 4096 + 16 * 4096);
}

static void
a_chunk_put_twice_is_stored_once(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, 70000);
	uint64_t used = stat_of(scene).used_bytes;
	struct fault fault = { 0 };

	for (int i = 0; i < 20; i++) {
		assert_int_equal(chunk_put_wait(scene->chunks, &name,
		                     bytes_of(scene->data, 70000), &fault),
		    0);
	}
	assert_int_equal(stat_of(scene).count, 1);
	assert_int_equal(stat_of(scene).used_bytes, used);
}

static void
an_absent_chunk_is_an_answer_and_no_error(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = draw_chunk(scene, 10);
	struct bytes stored;
	struct fault fault = { 0 };

	assert_int_equal(chunk_has(scene->chunks, &name, &fault), 0);
	assert_int_equal(chunk_map(scene->chunks, &name, &stored, &fault), 0);
	assert_int_equal(
	    chunk_get(scene->chunks, &name, 0, scene->read, 1, &fault), 0);
	assert_int_equal(fault.code, FAULT_NONE);
}

static void
more_bytes_than_a_chunk_has_are_refused(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, 10);
	struct fault fault = { 0 };

	assert_int_equal(
	    chunk_get(scene->chunks, &name, 65520, scene->read, 1, &fault), -1);
	assert_int_equal(fault.code, FAULT_CORRUPT);
}

struct answer {
	pthread_t thread;
	bool told;
	bool failed;
	enum fault_code code;
};

static void
note_answer(void *arg, const struct fault *fault)
{
	struct answer *answer = arg;

	answer->thread = pthread_self();
	answer->told = true;
	answer->failed = fault != NULL;
	answer->code = fault != NULL ? fault->code : FAULT_NONE;
}

static void
a_loop_is_told_on_its_own_thread_when_the_chunk_is_there(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = draw_chunk(scene, 5000);
	struct answer answer = { 0 };
	struct loop *loop;
	struct fault fault = { 0 };

	assert_int_equal(loop_new(&loop, 0, &fault), 0);
	chunk_put(scene->chunks, &name, bytes_of(scene->data, 5000), loop,
	    note_answer, &answer);
	assert_false(answer.told);
	loop_run_until(loop, &answer.told);
	assert_false(answer.failed);
	assert_true(pthread_equal(answer.thread, pthread_self()));
	assert_true(is_there(scene, &name));
	loop_free(loop);
}

static void
a_loop_that_outruns_the_writer_is_told_busy_and_the_rest_is_stored(void **state)
{
	enum { PUTS = 200 }; /* 50 MiB, over what may wait */
	struct scene *scene = *state;
	struct answer answers[PUTS] = { 0 };
	struct sha256 names[PUTS];
	uint8_t *data = malloc((size_t)PUTS * CHUNK_BYTES);
	struct loop *loop;
	struct fault fault = { 0 };
	unsigned stored = 0;

	assert_int_equal(loop_new(&loop, 0, &fault), 0);
	scratch_fill(&scene->seed, data, (size_t)PUTS * CHUNK_BYTES);
	for (unsigned i = 0; i < PUTS; i++) {
		names[i] =
		    sha256_of(bytes_of(data + i * CHUNK_BYTES, CHUNK_BYTES));
	}
	for (unsigned i = 0; i < PUTS; i++) {
		chunk_put(scene->chunks, &names[i],
		    bytes_of(data + i * CHUNK_BYTES, CHUNK_BYTES), loop,
		    note_answer, &answers[i]);
	}
	for (unsigned i = 0; i < PUTS; i++) {
		loop_run_until(loop, &answers[i].told);
		assert_int_equal(is_there(scene, &names[i]),
		    !answers[i].failed);
		if (answers[i].failed) {
			assert_int_equal(answers[i].code, FAULT_BUSY);
		}
		stored += !answers[i].failed;
	}
	assert_in_range(stored, 32 * 4 - 1, PUTS);
	assert_int_equal(stat_of(scene).waiting_bytes, 0);
	loop_free(loop);
	free(data);
}

static void *
put_many(void *arg)
{
	struct scene *scene = arg;

	for (int i = 0; i < 40; i++) {
		put_new(scene, 1 + scratch_draw(&scene->seed) % 3000);
	}
	return NULL;
}

static void
threads_put_side_by_side_and_nothing_is_lost(void **state)
{
	enum { THREADS = 4 };
	struct scene *scene = *state;
	struct scene *others[THREADS];
	pthread_t threads[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		others[i] = calloc(1, sizeof(*scene));
		others[i]->chunks = scene->chunks;
		others[i]->seed = i + 1;
		pthread_create(&threads[i], NULL, put_many, others[i]);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		free(others[i]);
	}
	assert_int_equal(stat_of(scene).count, THREADS * 40);
}

static void
a_chunk_in_the_map_stays_where_it_is(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, CHUNK_BYTES);
	uint8_t *copy = malloc(CHUNK_BYTES);
	struct bytes stored;
	struct bytes again;
	struct fault fault = { 0 };

	memcpy(copy, scene->data, CHUNK_BYTES);
	assert_int_equal(chunk_map(scene->chunks, &name, &stored, &fault), 1);
	for (int i = 0; i < 300; i++) {
		struct sha256 other =
		    put_new(scene, 1 + scratch_draw(&scene->seed) % 200000);
		size_t deleted;

		if (i % 3 != 0) {
			holds_mark(chunks_holds(scene->chunks), &other, 1, 0);
			assert_int_equal(chunk_delete_marked(scene->chunks,
			                     &other, 1, &deleted, &fault),
			    0);
			assert_int_equal(deleted, 1);
		}
	}
	assert_memory_equal(stored.data, copy, CHUNK_BYTES);
	assert_int_equal(chunk_map(scene->chunks, &name, &again, &fault), 1);
	assert_ptr_equal(again.data, stored.data);
	free(copy);
}

static size_t
delete_one(struct scene *scene, const struct sha256 *name)
{
	struct fault fault = { 0 };
	size_t deleted;

	if (chunk_delete_marked(scene->chunks, name, 1, &deleted, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return deleted;
}

static void
only_a_marked_chunk_is_deleted(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, 10);
	struct holds *holds = chunks_holds(scene->chunks);

	assert_int_equal(delete_one(scene, &name), 0);
	assert_true(is_there(scene, &name));
	holds_mark(holds, &name, 1, 0);
	assert_int_equal(delete_one(scene, &name), 1);
	assert_false(is_there(scene, &name));
	assert_int_equal(delete_one(scene, &name), 0);
}

static void
a_put_takes_the_mark_away(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, 10);
	struct holds *holds = chunks_holds(scene->chunks);
	struct fault fault = { 0 };

	holds_mark(holds, &name, 1, 0);
	assert_int_equal(chunk_put_wait(scene->chunks, &name,
	                     bytes_of(scene->data, 10), &fault),
	    0);
	assert_int_equal(delete_one(scene, &name), 0);
	assert_true(is_there(scene, &name));
}

static void
a_hold_keeps_the_mark_away(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, 10);
	struct holds *holds = chunks_holds(scene->chunks);
	struct hold *hold;

	holds_mark(holds, &name, 1, 0);
	hold = hold_of(holds, &name, 1); /* comes after the mark */
	assert_int_equal(delete_one(scene, &name), 0);
	holds_mark(holds, &name, 1, 0); /* comes before the mark */
	assert_int_equal(delete_one(scene, &name), 0);
	hold_free(hold);
	holds_mark(holds, &name, 1, 0);
	assert_int_equal(delete_one(scene, &name), 1);
}

static void
nothing_is_deleted_while_a_backup_copies(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, 10);
	struct holds *holds = chunks_holds(scene->chunks);

	holds_mark(holds, &name, 1, 0);
	holds_freeze(holds);
	assert_int_equal(delete_one(scene, &name), 0);
	holds_thaw(holds);
	assert_int_equal(delete_one(scene, &name), 1);
}

static void
a_full_map_refuses_a_put_and_serves_again_after_a_deletion(void **state)
{
	struct scene *scene = *state;
	struct sha256 names[64];
	struct fault fault = { 0 };
	unsigned count = 0;
	int rc;

	reopen(scene, 4u << 20);
	do {
		struct bytes data = bytes_of(scene->data, CHUNK_BYTES);

		assert_true(count < 64);
		names[count] = draw_chunk(scene, CHUNK_BYTES);
		rc = chunk_put_wait(scene->chunks, &names[count], data, &fault);
		count += rc == 0;
	} while (rc == 0);
	assert_in_range(count, 8, 16);
	assert_int_equal(fault.code, FAULT_FULL);
	assert_false(is_there(scene, &names[count]));

	for (unsigned i = 0; i < count; i++) {
		assert_true(is_there(scene, &names[i]));
	}
	holds_mark(chunks_holds(scene->chunks), names, 2, 0);
	assert_int_equal(delete_one(scene, &names[0]), 1);
	assert_int_equal(delete_one(scene, &names[1]), 1);
	/* LMDB reuses the pages two commits later. */
	put_new(scene, 10);
	put_new(scene, CHUNK_BYTES);
}

static void
one_that_does_not_fit_refuses_itself_alone(void **state)
{
	enum { PUTS = 40 };
	struct scene *scene = *state;
	struct answer answers[PUTS] = { 0 };
	struct sha256 names[PUTS];
	uint8_t *data = malloc((size_t)PUTS * CHUNK_BYTES);
	struct loop *loop;
	struct fault fault = { 0 };
	unsigned refused = 0;

	reopen(scene, 4u << 20);
	assert_int_equal(loop_new(&loop, 0, &fault), 0);
	scratch_fill(&scene->seed, data, (size_t)PUTS * CHUNK_BYTES);
	for (unsigned i = 0; i < PUTS; i++) {
		/* Every other one is small. */
		struct bytes bytes = bytes_of(data + i * CHUNK_BYTES,
		    i % 2 == 0 ? CHUNK_BYTES : 100);

		names[i] = sha256_of(bytes);
		chunk_put(scene->chunks, &names[i], bytes, loop, note_answer,
		    &answers[i]);
	}
	for (unsigned i = 0; i < PUTS; i++) {
		loop_run_until(loop, &answers[i].told);
		assert_int_equal(is_there(scene, &names[i]),
		    !answers[i].failed);
		refused += answers[i].failed;
	}
	assert_in_range(refused, 1, PUTS - 10);
	loop_free(loop);
	free(data);
}

static int
compare_names(const void *a, const void *b)
{
	return memcmp(a, b, SHA256_BYTES);
}

static void
names_are_listed_by_first_byte_in_pages(void **state)
{
	enum { PUTS = 600, PAGE = 2 };
	struct scene *scene = *state;
	struct sha256 names[PUTS];
	size_t at = 0;

	for (unsigned i = 0; i < PUTS; i++) {
		names[i] = put_new(scene, 8);
	}
	qsort(names, PUTS, sizeof(*names), compare_names);
	for (unsigned first = 0; first < 256; first++) {
		struct sha256 page[PAGE];
		struct sha256 last;
		size_t count = PAGE;

		for (bool begun = false; count == PAGE; begun = true) {
			struct fault fault = { 0 };

			assert_int_equal(chunk_list(scene->chunks,
			                     (uint8_t)first,
			                     begun ? &last : NULL, page, PAGE,
			                     &count, &fault),
			    0);
			for (size_t i = 0; i < count; i++) {
				assert_memory_equal(&page[i], &names[at++],
				    SHA256_BYTES);
				last = page[i];
			}
		}
	}
	assert_int_equal(at, PUTS);
}

static void
what_is_no_chunk_environment_is_refused(void **state)
{
	struct scene *scene = *state;
	struct chunks_options options = { .path = "/nonexistent/chunks",
		.map_bytes = MAP_BYTES };
	struct chunks *chunks;
	struct fault fault = { 0 };

	assert_int_equal(chunks_open(&chunks, &options, &fault), -1);
	assert_int_equal(fault.code, FAULT_ABSENT);

	chunks_close(scene->chunks);
	scene->chunks = NULL;
	{
		char name[SCRATCH_PATH + 16];
		FILE *file;

		snprintf(name, sizeof(name), "%s/data.mdb", scene->path);
		file = fopen(name, "r+");
		assert_non_null(file);
		fputs("this is not the first page of an LMDB file", file);
		fclose(file);
	}
	options.path = scene->path;
	assert_int_equal(chunks_open(&chunks, &options, &fault), -1);
	assert_int_equal(fault.code, FAULT_CORRUPT);
}

static void
a_second_reader_opens_it_read_only(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, 1234);
	struct chunks_options options = { .path = scene->path,
		.map_bytes = MAP_BYTES,
		.read_only = true };
	struct fault fault = { 0 };

	chunks_close(scene->chunks); /* one environment a process */
	scene->chunks = NULL;
	assert_int_equal(chunks_open(&scene->chunks, &options, &fault), 0);
	assert_int_equal(
	    chunk_get(scene->chunks, &name, 0, scene->read, 1234, &fault), 1);
	assert_memory_equal(scene->read, scene->data, 1234);
}

#define UPLOAD_A "0123456789abcdefghj0"
#define UPLOAD_B "0123456789abcdefghj1"

static void
put_tail(struct scene *scene, const char *upload, uint32_t number, size_t len,
    uint32_t keep_from)
{
	struct fault fault = { 0 };

	scratch_fill(&scene->seed, scene->data, len);
	if (tail_put(scene->chunks, upload, number, bytes_of(scene->data, len),
	        keep_from, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static int
find_tail(struct scene *scene, const char *upload, uint32_t number, size_t len)
{
	struct fault fault = { 0 };

	return tail_find(scene->chunks, upload, number, scene->read, len,
	    &fault);
}

static void
a_tail_is_replaced_and_an_older_one_stays_until_told(void **state)
{
	struct scene *scene = *state;

	put_tail(scene, UPLOAD_A, 0, 1000, 0);
	put_tail(scene, UPLOAD_B, 0, 1000, 0);
	put_tail(scene, UPLOAD_A, 0, 90000, 0);
	assert_int_equal(find_tail(scene, UPLOAD_A, 0, 90000), 1);
	assert_memory_equal(scene->read, scene->data, 90000);

	put_tail(scene, UPLOAD_A, 3, 100, 0);
	assert_int_equal(find_tail(scene, UPLOAD_A, 0, 90000), 1);
	put_tail(scene, UPLOAD_A, 3, 200, 3);
	assert_int_equal(find_tail(scene, UPLOAD_A, 0, 1), 0);
	assert_int_equal(find_tail(scene, UPLOAD_A, 3, 200), 1);
	assert_memory_equal(scene->read, scene->data, 200);
	assert_int_equal(find_tail(scene, UPLOAD_B, 0, 1000), 1);
	assert_int_equal(stat_of(scene).tails, 2);
}

static void
uploads_with_tails_are_walked_and_deleted(void **state)
{
	struct scene *scene = *state;
	char upload[ID_TEXT];
	struct fault fault = { 0 };

	assert_int_equal(tail_next(scene->chunks, "", upload, &fault), 0);
	put_tail(scene, UPLOAD_B, 7, 10, 0);
	put_tail(scene, UPLOAD_A, 0, 10, 0);
	put_tail(scene, UPLOAD_A, 300, 10, 0);
	assert_int_equal(tail_next(scene->chunks, "", upload, &fault), 1);
	assert_string_equal(upload, UPLOAD_A);
	assert_int_equal(tail_next(scene->chunks, upload, upload, &fault), 1);
	assert_string_equal(upload, UPLOAD_B);
	assert_int_equal(tail_next(scene->chunks, upload, upload, &fault), 0);
	assert_int_equal(tail_delete(scene->chunks, UPLOAD_A, &fault), 0);
	assert_int_equal(tail_next(scene->chunks, "", upload, &fault), 1);
	assert_string_equal(upload, UPLOAD_B);
	assert_int_equal(stat_of(scene).tails, 1);
}

/* Clear the root of the free pages: mdb.c, MDB_meta and MDB_db. */
static void
clear_free_pages(struct scene *scene)
{
	char path[SCRATCH_PATH + 16];
	uint8_t metas[2 * 4096];
	static const uint8_t zeros[4096];
	const uint8_t *newest;
	uint64_t root;
	int file;

	snprintf(path, sizeof(path), "%s/data.mdb", scene->path);
	file = open(path, O_RDWR | O_CLOEXEC);
	assert_true(file >= 0);
	assert_int_equal(pread(file, metas, sizeof(metas), 0), sizeof(metas));
	newest = wire_get_u64le(metas + 144) > wire_get_u64le(metas + 4240)
	             ? metas
	             : metas + 4096;
	root = wire_get_u64le(newest + 80);
	assert_true(root != UINT64_MAX);
	assert_int_equal(
	    pwrite(file, zeros, sizeof(zeros), (off_t)(root * 4096)),
	    sizeof(zeros));
	close(file);
}

static void
where_the_free_pages_are_damaged_all_is_read_and_nothing_written(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = put_new(scene, 1000);
	struct sha256 other;
	struct fault fault = { 0 };

	put_tail(scene, UPLOAD_A, 0, 1000, 0);
	assert_int_equal(tail_delete(scene->chunks, UPLOAD_A, &fault), 0);
	chunks_close(scene->chunks);
	scene->chunks = NULL;
	clear_free_pages(scene);
	reopen(scene, MAP_BYTES);
	assert_true(is_there(scene, &name));
	other = draw_chunk(scene, 1000);
	assert_int_equal(chunk_put_wait(scene->chunks, &other,
	                     bytes_of(scene->data, 1000), &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_CORRUPT);
	assert_false(is_there(scene, &other));
}

#define WITH_SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SCENE(a_chunk_is_read_back_after_a_restart),
		WITH_SCENE(
		    a_value_is_padded_with_zeros_to_one_of_three_lengths),
		WITH_SCENE(a_full_chunk_takes_no_page_more_than_its_bytes),
		WITH_SCENE(a_chunk_put_twice_is_stored_once),
		WITH_SCENE(an_absent_chunk_is_an_answer_and_no_error),
		WITH_SCENE(more_bytes_than_a_chunk_has_are_refused),
		WITH_SCENE(
		    a_loop_is_told_on_its_own_thread_when_the_chunk_is_there),
		WITH_SCENE(
		    a_loop_that_outruns_the_writer_is_told_busy_and_the_rest_is_stored),
		WITH_SCENE(threads_put_side_by_side_and_nothing_is_lost),
		WITH_SCENE(a_chunk_in_the_map_stays_where_it_is),
		WITH_SCENE(only_a_marked_chunk_is_deleted),
		WITH_SCENE(a_put_takes_the_mark_away),
		WITH_SCENE(a_hold_keeps_the_mark_away),
		WITH_SCENE(nothing_is_deleted_while_a_backup_copies),
		WITH_SCENE(
		    a_full_map_refuses_a_put_and_serves_again_after_a_deletion),
		WITH_SCENE(one_that_does_not_fit_refuses_itself_alone),
		WITH_SCENE(names_are_listed_by_first_byte_in_pages),
		WITH_SCENE(what_is_no_chunk_environment_is_refused),
		WITH_SCENE(a_second_reader_opens_it_read_only),
		WITH_SCENE(
		    a_tail_is_replaced_and_an_older_one_stays_until_told),
		WITH_SCENE(uploads_with_tails_are_walked_and_deleted),
		WITH_SCENE(
		    where_the_free_pages_are_damaged_all_is_read_and_nothing_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
