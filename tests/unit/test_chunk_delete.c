/* SPDX-License-Identifier: Apache-2.0 */

/* What is not marked is not deleted, and what is makes room. */

#include "tests/unit/chunk_scene.h"

#include <fcntl.h>
#include <unistd.h>

static void
only_a_marked_chunk_is_deleted(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = scene_put(scene, 10);
	struct holds *holds = chunks_holds(scene->chunks);

	assert_int_equal(scene_delete(scene, &name), 0);
	assert_true(scene_has(scene, &name));
	holds_mark(holds, &name, 1, 0);
	assert_int_equal(scene_delete(scene, &name), 1);
	assert_false(scene_has(scene, &name));
	assert_int_equal(scene_delete(scene, &name), 0);
}

static void
a_put_takes_the_mark_away(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = scene_put(scene, 10);
	struct holds *holds = chunks_holds(scene->chunks);
	struct fault fault = { 0 };

	holds_mark(holds, &name, 1, 0);
	assert_int_equal(chunk_put_wait(scene->chunks, &name,
	                     bytes_of(scene->data, 10), &fault),
	    0);
	assert_int_equal(scene_delete(scene, &name), 0);
	assert_true(scene_has(scene, &name));
}

static void
a_hold_keeps_the_mark_away(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = scene_put(scene, 10);
	struct holds *holds = chunks_holds(scene->chunks);
	struct hold *hold;

	holds_mark(holds, &name, 1, 0);
	hold = hold_of(holds, &name, 1); /* comes after the mark */
	assert_int_equal(scene_delete(scene, &name), 0);
	holds_mark(holds, &name, 1, 0); /* comes before the mark */
	assert_int_equal(scene_delete(scene, &name), 0);
	hold_free(hold);
	holds_mark(holds, &name, 1, 0);
	assert_int_equal(scene_delete(scene, &name), 1);
}

static void
nothing_is_deleted_while_a_backup_copies(void **state)
{
	struct scene *scene = *state;
	struct sha256 name = scene_put(scene, 10);
	struct holds *holds = chunks_holds(scene->chunks);

	holds_mark(holds, &name, 1, 0);
	holds_freeze(holds);
	assert_int_equal(scene_delete(scene, &name), 0);
	holds_thaw(holds);
	assert_int_equal(scene_delete(scene, &name), 1);
}

static void
a_full_map_refuses_a_put_and_serves_again_after_a_deletion(void **state)
{
	struct scene *scene = *state;
	struct sha256 names[64];
	struct fault fault = { 0 };
	unsigned count = 0;
	int rc;

	scene_reopen(scene, 4u << 20);
	do {
		struct bytes data = bytes_of(scene->data, CHUNK_BYTES);

		assert_true(count < 64);
		names[count] = scene_draw(scene, CHUNK_BYTES);
		rc = chunk_put_wait(scene->chunks, &names[count], data, &fault);
		count += rc == 0;
	} while (rc == 0);
	assert_in_range(count, 8, 16);
	assert_int_equal(fault.code, FAULT_FULL);
	assert_false(scene_has(scene, &names[count]));

	for (unsigned i = 0; i < count; i++) {
		assert_true(scene_has(scene, &names[i]));
	}
	holds_mark(chunks_holds(scene->chunks), names, 2, 0);
	assert_int_equal(scene_delete(scene, &names[0]), 1);
	assert_int_equal(scene_delete(scene, &names[1]), 1);
	/* LMDB reuses the pages two commits later. */
	scene_put(scene, 10);
	scene_put(scene, CHUNK_BYTES);
}

/* Put one, and where it lies. */
static struct bytes
put_and_map(struct scene *scene, struct sha256 *name_out)
{
	struct fault fault = { 0 };
	struct bytes stored;

	*name_out = scene_put(scene, CHUNK_BYTES);
	assert_int_equal(chunk_map(scene->chunks, name_out, &stored, &fault),
	    1);
	return stored;
}

/* Their place in the file is given to others, whose bytes nobody hashed. */
static void
what_was_proven_of_a_chunk_is_not_believed_of_the_next_one(void **state)
{
	enum { COUNT = 16 };

	struct scene *scene = *state;
	struct sha256 names[COUNT];
	struct fault fault = { 0 };
	const uint8_t *end = NULL;
	unsigned again = 0;

	for (unsigned i = 0; i < COUNT; i++) {
		struct bytes stored = put_and_map(scene, &names[i]);

		assert_int_equal(chunk_prove(scene->chunks, &names[i], stored,
		                     CHUNK_BYTES, &fault),
		    0);
		end = stored.data > end ? stored.data : end;
	}
	holds_mark(chunks_holds(scene->chunks), names, COUNT, 0);
	for (unsigned i = 0; i < COUNT; i++) {
		assert_int_equal(scene_delete(scene, &names[i]), 1);
	}
	for (unsigned i = 0; i < COUNT; i++) {
		struct bytes stored = put_and_map(scene, &names[i]);

		again += stored.data <= end;
		assert_false(chunk_is_proven(scene->chunks, &names[i], stored));
	}
	assert_true(again > COUNT / 2);
}

static uint64_t
run_of(struct scene *scene, struct bytes stored)
{
	uint64_t at;

	chunk_file(scene->chunks, stored.data, &at);
	return at / 4096;
}

/* In every leaf that has it, a name's row leads to another's first page. */
static void
turn_row(struct scene *scene, const struct sha256 *name, uint64_t from,
    uint64_t to)
{
	static uint8_t image[SCENE_MAP];
	char path[SCRATCH_PATH + 16];
	unsigned turned = 0;
	ssize_t len;
	int file;

	snprintf(path, sizeof(path), "%s/data.mdb", scene->path);
	file = open(path, O_RDWR | O_CLOEXEC);
	len = pread(file, image, sizeof(image), 0);
	for (ssize_t i = 0; i + SHA256_BYTES + 8 <= len; i++) {
		if (memcmp(image + i, name->bytes, SHA256_BYTES) == 0 &&
		    memcmp(image + i + SHA256_BYTES, &from, 8) == 0) {
			assert_int_equal(
			    pwrite(file, &to, 8, (off_t)(i + SHA256_BYTES)), 8);
			turned++;
		}
	}
	close(file);
	assert_true(turned > 0);
}

/* Neither read as what it is not, nor written or deleted in its place. */
static void
a_damaged_row_does_no_harm_to_the_chunk_that_it_leads_to(void **state)
{
	struct scene *scene = *state;
	struct sha256 damaged, other;
	struct fault fault = { 0 };
	struct bytes before = put_and_map(scene, &damaged);
	struct bytes others = put_and_map(scene, &other);
	struct bytes found;

	assert_int_equal(
	    chunk_prove(scene->chunks, &other, others, CHUNK_BYTES, &fault), 0);
	turn_row(scene, &damaged, run_of(scene, before), run_of(scene, others));
	assert_int_equal(chunk_map(scene->chunks, &damaged, &found, &fault), 1);
	assert_ptr_equal(found.data, others.data);
	assert_false(chunk_is_proven(scene->chunks, &damaged, found));
	assert_int_equal(
	    chunk_prove(scene->chunks, &damaged, found, CHUNK_BYTES, &fault),
	    -1);
	assert_int_equal(chunk_put_wait(scene->chunks, &damaged,
	                     bytes_of(before.data, CHUNK_BYTES), &fault),
	    -1);
	holds_mark(chunks_holds(scene->chunks), &damaged, 1, 0);
	assert_int_equal(scene_delete(scene, &damaged), 0);
	for (unsigned i = 0; i < 4; i++) {
		scene_put(scene, CHUNK_BYTES);
	}
	chunk_doubt(scene->chunks, others.data);
	assert_int_equal(
	    chunk_prove(scene->chunks, &other, others, CHUNK_BYTES, &fault), 0);
}

/* Where it ends nobody says but its name. */
static void
a_chunk_of_any_length_is_deleted(void **state)
{
	static const size_t lengths[] = { 1, 2, 4095, 4096, 65519, 65520, 65521,
		131040, 131041, CHUNK_BYTES - 1, CHUNK_BYTES };
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (size_t zeros = 0; zeros <= lengths[i];
		     zeros = zeros == 0 ? 1 : 30 * zeros) {
			struct fault fault = { 0 };
			struct sha256 name;

			scene_draw(scene, lengths[i]);
			memset(scene->data + lengths[i] - zeros, 0, zeros);
			name = sha256_of(bytes_of(scene->data, lengths[i]));
			assert_int_equal(chunk_put_wait(scene->chunks, &name,
			                     bytes_of(scene->data, lengths[i]),
			                     &fault),
			    0);
			holds_mark(chunks_holds(scene->chunks), &name, 1, 0);
			assert_int_equal(scene_delete(scene, &name), 1);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SCENE(only_a_marked_chunk_is_deleted),
		WITH_SCENE(a_put_takes_the_mark_away),
		WITH_SCENE(a_hold_keeps_the_mark_away),
		WITH_SCENE(nothing_is_deleted_while_a_backup_copies),
		WITH_SCENE(
		    what_was_proven_of_a_chunk_is_not_believed_of_the_next_one),
		WITH_SCENE(
		    a_damaged_row_does_no_harm_to_the_chunk_that_it_leads_to),
		WITH_SCENE(a_chunk_of_any_length_is_deleted),
		WITH_SCENE(
		    a_full_map_refuses_a_put_and_serves_again_after_a_deletion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
