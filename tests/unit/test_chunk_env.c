/* SPDX-License-Identifier: Apache-2.0 */

/* What is opened as a chunk environment: none, one read by others, one damaged. */

#include "base/wire.h"
#include "tests/unit/chunk_scene.h"

#include <fcntl.h>
#include <unistd.h>

static void
what_is_no_chunk_environment_is_refused(void **state)
{
	struct scene *scene = *state;
	struct chunks_options options = { .path = "/nonexistent/chunks",
		.map_bytes = SCENE_MAP };
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
	struct sha256 name = scene_put(scene, 1234);
	struct chunks_options options = { .path = scene->path,
		.map_bytes = SCENE_MAP,
		.read_only = true };
	struct fault fault = { 0 };

	chunks_close(scene->chunks); /* one environment a process */
	scene->chunks = NULL;
	assert_int_equal(chunks_open(&scene->chunks, &options, &fault), 0);
	assert_int_equal(
	    chunk_get(scene->chunks, &name, 0, scene->read, 1234, &fault), 1);
	assert_memory_equal(scene->read, scene->data, 1234);
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
	struct sha256 name = scene_put(scene, 1000);
	struct sha256 other;
	struct fault fault = { 0 };

	scene_put_tail(scene, SCENE_UPLOAD, 0, 1000, 0);
	assert_int_equal(tail_delete(scene->chunks, SCENE_UPLOAD, &fault), 0);
	chunks_close(scene->chunks);
	scene->chunks = NULL;
	clear_free_pages(scene);
	scene_reopen(scene, SCENE_MAP);
	assert_true(scene_has(scene, &name));
	other = scene_draw(scene, 1000);
	assert_int_equal(chunk_put_wait(scene->chunks, &other,
	                     bytes_of(scene->data, 1000), &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_CORRUPT);
	assert_false(scene_has(scene, &other));
}

/* LMDB maps what they count, and looks there, before it looks at more. */
static void
a_damaged_meta_page_does_not_end_the_process(void **state)
{
	static const struct {
		off_t at; /* mdb.c, MDB_meta: size of a page, last page */
		uint64_t value;
	} damages[] = {
		{ 40, 1 << 16 },
		{ 4096 + 40, 1 << 26 },
		{ 4096 + 40, 0 },
		{ 40, 0 },
		{ 136, UINT64_C(1) << 50 },
		{ 4096 + 136, UINT64_C(1) << 50 },
	};
	struct scene *scene = *state;
	struct sha256 name = scene_put(scene, CHUNK_BYTES);
	struct chunks_options options = { .path = scene->path,
		.map_bytes = SCENE_MAP };
	char path[SCRATCH_PATH + 16];
	unsigned refused = 0;
	int file;

	chunks_close(scene->chunks);
	scene->chunks = NULL;
	snprintf(path, sizeof(path), "%s/data.mdb", scene->path);
	file = open(path, O_RDWR | O_CLOEXEC);
	assert_true(file >= 0);
	for (size_t i = 0; i < sizeof(damages) / sizeof(*damages); i++) {
		size_t len = damages[i].at % 4096 == 40 ? 4 : 8;
		struct fault fault = { 0 };
		uint64_t before;

		assert_int_equal(pread(file, &before, len, damages[i].at), len);
		assert_int_equal(
		    pwrite(file, &damages[i].value, len, damages[i].at), len);
		if (chunks_open(&scene->chunks, &options, &fault) < 0) {
			assert_int_equal(fault.code, FAULT_CORRUPT);
			refused++;
		}
		/* Of the older one how much it counts is not asked. */
		chunks_close(scene->chunks);
		scene->chunks = NULL;
		assert_int_equal(pwrite(file, &before, len, damages[i].at),
		    len);
	}
	close(file);
	assert_true(refused >= 5);
	scene_reopen(scene, SCENE_MAP);
	assert_true(scene_has(scene, &name));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SCENE(what_is_no_chunk_environment_is_refused),
		WITH_SCENE(a_second_reader_opens_it_read_only),
		WITH_SCENE(
		    where_the_free_pages_are_damaged_all_is_read_and_nothing_written),
		WITH_SCENE(a_damaged_meta_page_does_not_end_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
