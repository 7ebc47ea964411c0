/* SPDX-License-Identifier: Apache-2.0 */

/* Tails of uploads: the last bytes, which are no whole chunk yet. */

#include "tests/unit/chunk_scene.h"

#define OTHER_UPLOAD "0123456789abcdefghj1"

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

	scene_put_tail(scene, SCENE_UPLOAD, 0, 1000, 0);
	scene_put_tail(scene, OTHER_UPLOAD, 0, 1000, 0);
	scene_put_tail(scene, SCENE_UPLOAD, 0, 90000, 0);
	assert_int_equal(find_tail(scene, SCENE_UPLOAD, 0, 90000), 1);
	assert_memory_equal(scene->read, scene->data, 90000);

	scene_put_tail(scene, SCENE_UPLOAD, 3, 100, 0);
	assert_int_equal(find_tail(scene, SCENE_UPLOAD, 0, 90000), 1);
	scene_put_tail(scene, SCENE_UPLOAD, 3, 200, 3);
	assert_int_equal(find_tail(scene, SCENE_UPLOAD, 0, 1), 0);
	assert_int_equal(find_tail(scene, SCENE_UPLOAD, 3, 200), 1);
	assert_memory_equal(scene->read, scene->data, 200);
	assert_int_equal(find_tail(scene, OTHER_UPLOAD, 0, 1000), 1);
	assert_int_equal(scene_stat(scene).tails, 2);
}

static void
uploads_with_tails_are_walked_and_deleted(void **state)
{
	struct scene *scene = *state;
	char upload[ID_TEXT];
	struct fault fault = { 0 };

	assert_int_equal(tail_next(scene->chunks, "", upload, &fault), 0);
	scene_put_tail(scene, OTHER_UPLOAD, 7, 10, 0);
	scene_put_tail(scene, SCENE_UPLOAD, 0, 10, 0);
	scene_put_tail(scene, SCENE_UPLOAD, 300, 10, 0);
	assert_int_equal(tail_next(scene->chunks, "", upload, &fault), 1);
	assert_string_equal(upload, SCENE_UPLOAD);
	assert_int_equal(tail_next(scene->chunks, upload, upload, &fault), 1);
	assert_string_equal(upload, OTHER_UPLOAD);
	assert_int_equal(tail_next(scene->chunks, upload, upload, &fault), 0);
	assert_int_equal(tail_delete(scene->chunks, SCENE_UPLOAD, &fault), 0);
	assert_int_equal(tail_next(scene->chunks, "", upload, &fault), 1);
	assert_string_equal(upload, OTHER_UPLOAD);
	assert_int_equal(scene_stat(scene).tails, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SCENE(
		    a_tail_is_replaced_and_an_older_one_stays_until_told),
		WITH_SCENE(uploads_with_tails_are_walked_and_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
