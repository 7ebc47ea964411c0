/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The chunk environment: what is put is there and stays, and what does not fit
 * refuses itself alone.
 */

#include "base/loop.h"
#include "tests/unit/chunk_scene.h"

#include <fcntl.h>
#include <pthread.h>

static void
a_chunk_is_read_back_after_a_restart(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = scene_put(scene, 100000);
	struct fault fault = { 0 };

	scene_reopen(scene, SCENE_MAP);
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
		struct sha256 name = scene_put(scene, lens[i][0]);
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
		scene_put(scene, CHUNK_BYTES);
	}
	before = scene_stat(scene).used_bytes;
	for (int i = 0; i < 64; i++) {
		scene_put(scene, CHUNK_BYTES);
	}
	/* 64 pages each, and a few for the tree. */
	assert_in_range(scene_stat(scene).used_bytes - before, 64 * 64 * 4096,
	    64 * 64 * 4096 + 16 * 4096);
}

static void
a_chunk_put_twice_is_stored_once(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = scene_put(scene, 70000);
	uint64_t used = scene_stat(scene).used_bytes;
	struct fault fault = { 0 };

	for (int i = 0; i < 20; i++) {
		assert_int_equal(chunk_put_wait(scene->chunks, &name,
		                     bytes_of(scene->data, 70000), &fault),
		    0);
	}
	assert_int_equal(scene_stat(scene).count, 1);
	assert_int_equal(scene_stat(scene).used_bytes, used);
}

/* A byte of what is stored, turned by somebody who does not ask hoso. */
static void
turn_byte(struct scene *scene, const struct sha256 *name, size_t place)
{
	struct fault fault = { 0 };
	struct bytes stored;
	char path[SCRATCH_PATH + 16];
	uint8_t byte;
	uint64_t at;
	int file;

	assert_int_equal(chunk_map(scene->chunks, name, &stored, &fault), 1);
	chunk_file(scene->chunks, stored.data + place, &at);
	snprintf(path, sizeof(path), "%s/data.mdb", scene->path);
	file = open(path, O_WRONLY);
	assert_true(file >= 0);
	byte = stored.data[place] ^ 0x04;
	assert_int_equal(pwrite(file, &byte, 1, (off_t)at), 1);
	close(file);
}

static void
must_be_as_put(struct scene *scene, const struct sha256 *name, size_t len)
{
	struct fault fault = { 0 };
	struct bytes stored;

	assert_int_equal(chunk_map(scene->chunks, name, &stored, &fault), 1);
	assert_int_equal(chunk_prove(scene->chunks, name, stored, len, &fault),
	    0);
	assert_memory_equal(stored.data, scene->data, len);
}

static void
a_damaged_chunk_is_mended_by_who_puts_it_again(void **state)
{
	struct scene *scene = *state;
	struct fault fault = { 0 };
	struct sha256 other = scene_put(scene, 90000);
	struct sha256 name = scene_put(scene, 70000);
	struct bytes sent = bytes_of(scene->data, 70000);
	struct hold *own = hold_new(chunks_holds(scene->chunks));

	must_be_as_put(scene, &name, 70000);
	turn_byte(scene, &name, 69999);
	hold_add(own, &name);
	assert_int_equal(chunk_put_wait(scene->chunks, &name, sent, &fault), 0);
	hold_free(own);
	must_be_as_put(scene, &name, 70000);
	scene_reopen(scene, SCENE_MAP);
	must_be_as_put(scene, &name, 70000);
	assert_true(scene_has(scene, &other));
	assert_int_equal(scene_stat(scene).count, 2);

	/* What lies behind its bytes is nobody's. */
	turn_byte(scene, &name, 70000);
	assert_int_equal(chunk_put_wait(scene->chunks, &name, sent, &fault), 0);
}

/* Nobody is told that his bytes are kept while others are stored for them. */
static void
one_that_is_read_meanwhile_is_not_taken_for_what_is_put_again(void **state)
{
	struct scene *scene = *state;
	struct fault fault = { 0 };
	struct sha256 name = scene_put(scene, 70000);
	struct bytes sent = bytes_of(scene->data, 70000);
	struct hold *own = hold_new(chunks_holds(scene->chunks));
	struct hold *reader = hold_of(chunks_holds(scene->chunks), &name, 1);
	struct bytes before, now;

	assert_int_equal(chunk_map(scene->chunks, &name, &before, &fault), 1);
	turn_byte(scene, &name, 5);
	hold_add(own, &name);
	assert_int_equal(chunk_put_wait(scene->chunks, &name, sent, &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(fault.text, "is not what was stored"));
	assert_int_equal(chunks_damage(scene->chunks), 0);
	assert_int_equal(chunk_map(scene->chunks, &name, &now, &fault), 1);
	assert_ptr_equal(now.data, before.data);

	hold_free(reader);
	assert_int_equal(chunk_put_wait(scene->chunks, &name, sent, &fault), 0);
	must_be_as_put(scene, &name, 70000);
	hold_free(own);
}

static void
an_absent_chunk_is_an_answer_and_no_error(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = scene_draw(scene, 10);
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
	struct sha256 name = scene_put(scene, 10);
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
	struct sha256 name = scene_draw(scene, 5000);
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
	assert_true(scene_has(scene, &name));
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
		assert_int_equal(scene_has(scene, &names[i]),
		    !answers[i].failed);
		if (answers[i].failed) {
			assert_int_equal(answers[i].code, FAULT_BUSY);
		}
		stored += !answers[i].failed;
	}
	assert_in_range(stored, 32 * 4 - 1, PUTS);
	assert_int_equal(scene_stat(scene).waiting_bytes, 0);
	loop_free(loop);
	free(data);
}

static void *
put_many(void *arg)
{
	struct scene *scene = arg;

	for (int i = 0; i < 40; i++) {
		scene_put(scene, 1 + scratch_draw(&scene->seed) % 3000);
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
	assert_int_equal(scene_stat(scene).count, THREADS * 40);
}

static void
a_chunk_in_the_map_stays_where_it_is(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = scene_put(scene, CHUNK_BYTES);
	uint8_t *copy = malloc(CHUNK_BYTES);
	struct bytes stored;
	struct bytes again;
	struct fault fault = { 0 };

	memcpy(copy, scene->data, CHUNK_BYTES);
	assert_int_equal(chunk_map(scene->chunks, &name, &stored, &fault), 1);
	for (int i = 0; i < 300; i++) {
		struct sha256 other =
		    scene_put(scene, 1 + scratch_draw(&scene->seed) % 200000);
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

	scene_reopen(scene, 4u << 20);
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
		assert_int_equal(scene_has(scene, &names[i]),
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
		names[i] = scene_put(scene, 8);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SCENE(a_chunk_is_read_back_after_a_restart),
		WITH_SCENE(
		    a_value_is_padded_with_zeros_to_one_of_three_lengths),
		WITH_SCENE(a_full_chunk_takes_no_page_more_than_its_bytes),
		WITH_SCENE(a_chunk_put_twice_is_stored_once),
		WITH_SCENE(a_damaged_chunk_is_mended_by_who_puts_it_again),
		WITH_SCENE(
		    one_that_is_read_meanwhile_is_not_taken_for_what_is_put_again),
		WITH_SCENE(an_absent_chunk_is_an_answer_and_no_error),
		WITH_SCENE(more_bytes_than_a_chunk_has_are_refused),
		WITH_SCENE(
		    a_loop_is_told_on_its_own_thread_when_the_chunk_is_there),
		WITH_SCENE(
		    a_loop_that_outruns_the_writer_is_told_busy_and_the_rest_is_stored),
		WITH_SCENE(threads_put_side_by_side_and_nothing_is_lost),
		WITH_SCENE(a_chunk_in_the_map_stays_where_it_is),
		WITH_SCENE(one_that_does_not_fit_refuses_itself_alone),
		WITH_SCENE(names_are_listed_by_first_byte_in_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
