/* SPDX-License-Identifier: Apache-2.0 */

/* What one user has begun and not filed has an end; others have their own. */

#include "base/clock.h"
#include "storage/blob_row.h"
#include "storage/upload.h"
#include "storage/upload_quota.h"
#include "tests/unit/blobs.h"

#define MIB UINT64_C(1048576)

static const struct uploads_options presets = { .lifetime_ms = 3600 * 1000,
	.length_max = 10 * MIB,
	.owner_max = 30 * MIB,
	.idle_max = 2 };

static struct engine *engine;
static struct uploads *uploads;
static char last[ID_TEXT];

static int
setup(void **state)
{
	clock_set(INT64_C(1700000000000000));
	blobs_setup(state);
	engine = *state;
	uploads = uploads_new(engine->store, &presets);
	return 0;
}

static int
teardown(void **state)
{
	uploads_free(uploads);
	return engine_teardown(state);
}

static enum fault_code
begin(const char *owner, uint64_t length)
{
	struct upload_ask ask = { .owner = owner,
		.length = length,
		.about = bytes_of_text("Tờ trình.pdf") };
	struct fault fault = { .code = FAULT_NONE };

	return upload_begin(uploads, &ask, last, &fault) == 0 ? FAULT_NONE
	                                                      : fault.code;
}

static void
what_was_begun_is_counted_for_its_owner_alone(void **state)
{
	(void)state;
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	assert_int_equal(begin("lan", 10 * MIB + 1), FAULT_LIMIT); /* one */
	assert_int_equal(begin("lan", 9 * MIB), FAULT_NONE);
	assert_int_equal(begin("lan", MIB + 1), FAULT_LIMIT);
	assert_int_equal(begin("minh", 10 * MIB), FAULT_NONE);
	assert_int_equal(begin("lan", MIB), FAULT_NONE);
	assert_int_equal(begin("lan", 0), FAULT_LIMIT);
}

static void
an_unknown_length_counts_as_the_longest(void **state)
{
	(void)state;
	assert_int_equal(begin("lan", UPLOAD_LENGTH_UNKNOWN), FAULT_NONE);
	assert_int_equal(begin("lan", UPLOAD_LENGTH_UNKNOWN), FAULT_NONE);
	assert_int_equal(begin("lan", UPLOAD_LENGTH_UNKNOWN), FAULT_NONE);
	assert_int_equal(begin("lan", 1), FAULT_LIMIT);
}

static void
many_without_a_byte_count_as_well(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < presets.owner_max / UPLOAD_LEAST_BYTES; i++) {
		assert_int_equal(begin("lan", 0), FAULT_NONE);
	}
	assert_int_equal(begin("lan", 0), FAULT_LIMIT);
}

static void
what_has_ended_makes_room(void **state)
{
	unsigned ended = 0;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	}
	assert_int_equal(begin("lan", 10 * MIB), FAULT_LIMIT);
	assert_int_equal(upload_abandon(uploads, last, &engine->fault), 1);
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	assert_int_equal(begin("lan", 10 * MIB), FAULT_LIMIT);
	assert_int_equal(
	    uploads_expire(uploads, INT64_MAX, &ended, &engine->fault), 0);
	assert_int_equal(ended, 3);
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
}

/* A row that no walk gets over. */
static void
put_in_the_way(const char *id)
{
	struct writes *writes = writes_new(engine->store, NULL);
	struct arena *arena = arena_new();
	struct writes_result result;
	struct key key;

	key_start(&key, TABLE_UPLOAD);
	key_add_text(&key, id);
	writes_put(writes, key_bytes(&key), bytes_of_text("x"));
	assert_int_equal(
	    writes_commit_wait(writes, &result, arena, &engine->fault), 0);
	arena_free(arena);
}

static void
what_was_counted_once_is_counted_no_more_while_there_is_room(void **state)
{
	(void)state;
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	put_in_the_way("!");
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	assert_int_equal(begin("minh", 10 * MIB), FAULT_NONE);
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	assert_int_equal(begin("lan", 10 * MIB), FAULT_CORRUPT);
}

static void
what_was_begun_before_a_start_is_counted_after_it(void **state)
{
	(void)state;
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	uploads_free(uploads);
	uploads = uploads_new(engine->store, &presets);
	assert_int_equal(begin("lan", 10 * MIB), FAULT_NONE);
	assert_int_equal(begin("lan", 10 * MIB), FAULT_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_was_begun_is_counted_for_its_owner_alone, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    an_unknown_length_counts_as_the_longest, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    many_without_a_byte_count_as_well, setup, teardown),
		cmocka_unit_test_setup_teardown(what_has_ended_makes_room,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    what_was_counted_once_is_counted_no_more_while_there_is_room,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    what_was_begun_before_a_start_is_counted_after_it, setup,
		    teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
