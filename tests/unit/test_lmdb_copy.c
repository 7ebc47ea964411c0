/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the first pages of a copy announce is what LMDB then writes: in both
 * ways of copying, for environments that grew and shrank.
 */

#include "storage/lmdb_copy.h"

#include "base/file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>

struct scene {
	char path[SCRATCH_PATH];
	MDB_env *env;
	MDB_dbi table;
};

static int
setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	MDB_txn *txn;

	scratch_make(scene->path);
	mdb_env_create(&scene->env);
	mdb_env_set_mapsize(scene->env, 64 << 20);
	assert_int_equal(
	    mdb_env_open(scene->env, scene->path, MDB_NOSYNC, 0600), 0);
	assert_int_equal(mdb_txn_begin(scene->env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, NULL, 0, &scene->table), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	*state = scene;
	return 0;
}

static int
teardown(void **state)
{
	struct scene *scene = *state;

	mdb_env_close(scene->env);
	scratch_remove(scene->path);
	free(scene);
	return 0;
}

/* A copy in a file of that name, which is read again. */
static void
copy(const struct scene *scene, unsigned flags, struct buf *out)
{
	char path[SCRATCH_PATH + 16];
	struct fault fault;
	int file;

	snprintf(path, sizeof(path), "%s/copy", scene->path);
	file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_int_equal(mdb_env_copyfd2(scene->env, file, flags), 0);
	close(file);
	assert_int_equal(file_read(out, path, &fault), 0);
}

static void
check(const struct scene *scene, unsigned flags)
{
	struct fault fault = { 0 };
	uint64_t announced = 0;
	struct bytes head;
	struct buf bytes;

	buf_init(&bytes, 128 << 20);
	copy(scene, flags, &bytes);
	head = bytes_of(bytes.data,
	    bytes.len < LMDB_COPY_HEAD ? bytes.len : LMDB_COPY_HEAD);
	if (lmdb_copy_bytes(&announced, head, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(announced, bytes.len);
	buf_fini(&bytes);
}

/* Some commits, each with puts and deletions of values of any length. */
static void
work(struct scene *scene, uint64_t *seed)
{
	static uint8_t bytes[40000];
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(scene->env, NULL, 0, &txn), 0);
	for (int i = 0; i < 50; i++) {
		uint32_t name = (uint32_t)(scratch_draw(seed) >> 20) % 200;
		MDB_val key = { sizeof(name), &name };
		MDB_val value = { (size_t)(scratch_draw(seed) >> 20) %
			              sizeof(bytes),
			bytes };

		if (i % 3 == 0) {
			mdb_del(txn, scene->table, &key, NULL);
		} else {
			assert_int_equal(
			    mdb_put(txn, scene->table, &key, &value, 0), 0);
		}
	}
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static void
a_copy_has_the_length_that_it_announces(void **state)
{
	struct scene *scene = *state;
	uint64_t seed = 11;

	check(scene, 0); /* nothing in it */
	check(scene, MDB_CP_COMPACT);
	for (int i = 0; i < 60; i++) {
		work(scene, &seed);
		check(scene, i % 2 == 0 ? MDB_CP_COMPACT : 0);
	}
}

static void
what_is_no_copy_is_refused(void **state)
{
	struct scene *scene = *state;
	static const size_t places[] = { 10, 16, 20, 40, 41, 136 + 7, 4096 + 16,
		4096 + 40 };
	struct fault fault = { 0 };
	uint64_t announced;
	struct buf bytes;

	buf_init(&bytes, 128 << 20);
	copy(scene, 0, &bytes);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		bytes.data[places[i]] ^= 0xFF;
		assert_int_equal(
		    lmdb_copy_bytes(&announced, buf_bytes(&bytes), &fault), -1);
		assert_int_equal(fault.code, FAULT_CORRUPT);
		bytes.data[places[i]] ^= 0xFF;
	}
	for (size_t len = 0; len < 4096 + 152; len += 131) {
		assert_int_equal(lmdb_copy_bytes(&announced,
		                     bytes_of(bytes.data, len), &fault),
		    -1);
	}
	buf_fini(&bytes);
}

#define WITH_SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SCENE(a_copy_has_the_length_that_it_announces),
		WITH_SCENE(what_is_no_copy_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
