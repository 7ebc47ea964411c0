/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_CHUNK_SCENE_H
#define TESTS_UNIT_CHUNK_SCENE_H

/* A chunk environment of its own, and what is put there. */

#include "storage/chunk.h"
#include "storage/hold.h"
#include "storage/tail.h"
#include "tests/unit/scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SCENE_UPLOAD "0123456789abcdefghj0" /* with tails */

#define SCENE_MAP (64u << 20)

struct scene {
	char path[SCRATCH_PATH];
	struct chunks *chunks;
	uint64_t seed;
	uint8_t data[CHUNK_BYTES];
	uint8_t read[CHUNK_BYTES];
};

static inline void
scene_reopen(struct scene *scene, uint64_t map_bytes)
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

static inline int
scene_setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	digest_init();
	scratch_make(scene->path);
	scene->seed = 20260131;
	scene_reopen(scene, SCENE_MAP);
	*state = scene;
	return 0;
}

static inline int
scene_teardown(void **state)
{
	struct scene *scene = *state;

	chunks_close(scene->chunks);
	scratch_remove(scene->path);
	free(scene);
	return 0;
}

/* New random bytes of this length in scene->data. */
static inline struct sha256
scene_draw(struct scene *scene, size_t len)
{
	scratch_fill(&scene->seed, scene->data, len);
	return sha256_of(bytes_of(scene->data, len));
}

static inline struct sha256
scene_put(struct scene *scene, size_t len)
{
	struct sha256 name = scene_draw(scene, len);
	struct fault fault = { 0 };

	if (chunk_put_wait(scene->chunks, &name, bytes_of(scene->data, len),
	        &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return name;
}

static inline bool
scene_has(struct scene *scene, const struct sha256 *name)
{
	struct fault fault = { 0 };
	int found = chunk_has(scene->chunks, name, &fault);

	assert_int_not_equal(found, -1);
	return found == 1;
}

static inline struct chunks_stat
scene_stat(struct scene *scene)
{
	struct chunks_stat stat;
	struct fault fault = { 0 };

	assert_int_equal(chunks_stat(scene->chunks, &stat, &fault), 0);
	return stat;
}

static inline size_t
scene_delete(struct scene *scene, const struct sha256 *name)
{
	struct fault fault = { 0 };
	size_t deleted;

	if (chunk_delete_marked(scene->chunks, name, 1, &deleted, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return deleted;
}

static inline void
scene_put_tail(struct scene *scene, const char *upload, uint32_t number,
    size_t len, uint32_t keep_from)
{
	struct fault fault = { 0 };

	scratch_fill(&scene->seed, scene->data, len);
	if (tail_put(scene->chunks, upload, number, bytes_of(scene->data, len),
	        keep_from, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

#define WITH_SCENE(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

#endif
