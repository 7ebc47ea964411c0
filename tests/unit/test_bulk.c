/* SPDX-License-Identifier: Apache-2.0 */

#include "storage/bulk.h"
#include "storage/key.h"
#include "tests/unit/engine.h"

#define ROWS 20000u

static struct bytes
row_key(struct key *key, unsigned number)
{
	key_start(key, 'y');
	key_add_u32(key, number);
	return key_bytes(key);
}

/* A path where no store is yet. */
static struct store_options
beside(const struct engine *engine, char path[SCRATCH_PATH * 2])
{
	struct store_options options = engine->options;

	snprintf(path, SCRATCH_PATH * 2, "%s/beside", engine->path);
	options.path = path;
	return options;
}

static void
must(struct engine *engine, int rc)
{
	if (rc < 0) {
		fail_msg("%s", engine->fault.text);
	}
}

static void
what_was_filled_is_read_as_if_it_had_been_committed(void **state)
{
	struct engine *engine = *state;
	char path[SCRATCH_PATH * 2];
	struct store_options options = beside(engine, path);
	static uint8_t longer[9000];
	struct store *store;
	struct snapshot *snapshot;
	struct bytes bytes;
	struct bulk *bulk;
	struct key key;
	uint64_t rev, size;

	memset(longer, 'l', sizeof(longer));
	must(engine, bulk_open(&bulk, &options, &engine->fault));
	for (unsigned i = 0; i < ROWS; i++) {
		must(engine,
		    bulk_put(bulk, row_key(&key, i),
		        bytes_of(longer, i % 100 == 0 ? sizeof(longer) : i % 9),
		        &engine->fault));
	}
	must(engine, bulk_put_logged(bulk, row_key(&key, ROWS), 7, 1,
	                 bytes_of_text("{}"), &engine->fault));
	must(engine, bulk_log(bulk, bytes_of_text("one"), &engine->fault));
	must(engine, bulk_log(bulk, bytes_of_text("two"), &engine->fault));
	must(engine, bulk_close(bulk, &engine->fault));

	must(engine, store_open(&store, &options, &engine->fault));
	must(engine, snapshot_open(&snapshot, store, &engine->fault));
	for (unsigned i = 0; i < ROWS; i++) {
		assert_int_equal(snapshot_find(snapshot, row_key(&key, i),
		                     engine->arena, &bytes, &engine->fault),
		    1);
		assert_int_equal(bytes.len,
		    i % 100 == 0 ? sizeof(longer) : i % 9);
	}
	assert_int_equal(snapshot_find_record(snapshot, row_key(&key, ROWS),
	                     engine->arena, &rev, &bytes, &engine->fault),
	    1);
	assert_int_equal(rev, 7);
	assert_true(bytes_equal(bytes, bytes_of_text("{}")));
	must(engine, snapshot_log_size(snapshot, &size, &engine->fault));
	assert_int_equal(size, 2);
	assert_int_equal(snapshot_log_find(snapshot, 1, engine->arena, &bytes,
	                     &engine->fault),
	    1);
	assert_true(bytes_equal(bytes, bytes_of_text("two")));
	snapshot_close(snapshot);
	store_close(store);
}

static void
a_row_that_is_not_behind_the_last_is_refused(void **state)
{
	struct engine *engine = *state;
	char path[SCRATCH_PATH * 2];
	struct store_options options = beside(engine, path);
	struct bulk *bulk;
	struct key key;

	must(engine, bulk_open(&bulk, &options, &engine->fault));
	must(engine,
	    bulk_put(bulk, row_key(&key, 5), NO_BYTES, &engine->fault));
	assert_int_equal(
	    bulk_put(bulk, row_key(&key, 5), NO_BYTES, &engine->fault), -1);
	assert_int_equal(engine->fault.code, FAULT_INVALID);
	bulk_free(bulk);
}

static void
a_store_that_has_records_is_not_filled(void **state)
{
	struct engine *engine = *state;
	struct bulk *bulk = NULL;

	engine_close(engine);
	assert_int_equal(bulk_open(&bulk, &engine->options, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_CONFLICT);
	assert_null(bulk);
	engine_open(engine);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_was_filled_is_read_as_if_it_had_been_committed,
		    engine_setup, engine_teardown),
		cmocka_unit_test_setup_teardown(
		    a_row_that_is_not_behind_the_last_is_refused, engine_setup,
		    engine_teardown),
		cmocka_unit_test_setup_teardown(
		    a_store_that_has_records_is_not_filled, engine_setup,
		    engine_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
