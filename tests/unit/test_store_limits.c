/* SPDX-License-Identifier: Apache-2.0 */

/* What every engine behind storage/store.h refuses for its size. */

#include "tests/unit/contract.h"

static enum outcome
put_sized(struct engine *engine, size_t key_len, size_t value_len)
{
	struct writes *writes = writes_new(engine->store, NULL);
	uint8_t *value = calloc(1, value_len + 1);
	uint8_t key[1024];
	enum outcome outcome;

	memset(key, 'k', sizeof(key));
	writes_put(writes, bytes_of(key, key_len), bytes_of(value, value_len));
	outcome = engine_commit(engine, writes);
	free(value);
	return outcome;
}

static void
keys_and_values_have_limits(void **state)
{
	struct engine *engine = *state;
	const struct store_caps *caps = store_caps(engine->store);

	assert_int_equal(put_sized(engine, 0, 1), OUTCOME_REFUSED);
	assert_int_equal(engine->fault.code, FAULT_INVALID);
	assert_int_equal(put_sized(engine, 1, 0), OUTCOME_APPLIED);
	assert_int_equal(put_sized(engine, caps->key_max_bytes, 1),
	    OUTCOME_APPLIED);
	assert_int_equal(put_sized(engine, caps->key_max_bytes + 1, 1),
	    OUTCOME_REFUSED);
	assert_int_equal(put_sized(engine, 1, caps->value_max_bytes),
	    OUTCOME_APPLIED);
	assert_int_equal(put_sized(engine, 1, caps->value_max_bytes + 9),
	    OUTCOME_REFUSED);
	assert_int_equal(engine->fault.code, FAULT_LIMIT);
}

static void
log_entries_and_memos_have_limits(void **state)
{
	static const uint8_t bytes[LOG_ENTRY_MAX_BYTES + 1];
	struct engine *engine = *state;
	size_t entries[] = { 0, LOG_ENTRY_MAX_BYTES, LOG_ENTRY_MAX_BYTES + 1 };
	size_t memos[] = { 0, MEMO_MAX_BYTES, MEMO_MAX_BYTES + 1 };

	for (unsigned i = 0; i < 3; i++) {
		struct writes *writes = writes_new(engine->store, NULL);
		enum outcome wanted =
		    i == 2 ? OUTCOME_REFUSED : OUTCOME_APPLIED;

		writes_log(writes, bytes_of(bytes, entries[i]));
		assert_int_equal(engine_commit(engine, writes), wanted);
		writes = writes_new(engine->store, NULL);
		writes_memo(writes, bytes_of(bytes, memos[i]));
		assert_int_equal(engine_commit(engine, writes), wanted);
	}
	assert_int_equal(engine_log_size(engine), 2);
}

static void
a_set_over_the_limit_is_refused_whole(void **state)
{
	struct engine *engine = *state;
	const struct store_caps *caps = store_caps(engine->store);
	struct writes *writes = writes_new(engine->store, NULL);
	uint8_t *value = calloc(1, caps->value_max_bytes);

	for (size_t at = 0; at <= caps->set_max_bytes;
	     at += caps->value_max_bytes) {
		writes_put(writes, text("a"),
		    bytes_of(value, caps->value_max_bytes));
	}
	assert_int_equal(engine_commit(engine, writes), OUTCOME_REFUSED);
	assert_int_equal(engine->fault.code, FAULT_LIMIT);
	free(value);

	for (size_t extra = 0; extra < 2; extra++) {
		writes = writes_new(engine->store, NULL);
		for (size_t i = 0; i < caps->set_max_steps + extra; i++) {
			uint8_t key[3] = { 's', (uint8_t)(i >> 8), (uint8_t)i };

			writes_put(writes, bytes_of(key, 3), NO_BYTES);
		}
		assert_int_equal(engine_commit(engine, writes),
		    extra == 0 ? OUTCOME_APPLIED : OUTCOME_REFUSED);
	}
	assert_null(engine_get(engine, "a"));
}

static void
the_first_failed_step_is_the_one_that_is_told(void **state)
{
	struct engine *engine = *state;
	struct writes *writes = writes_new(engine->store, NULL);

	writes_put(writes, text("fine"), NO_BYTES);
	writes_put(writes, NO_BYTES, NO_BYTES);
	writes_log(writes, bytes_of(NULL, LOG_ENTRY_MAX_BYTES + 1));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_REFUSED);
	assert_int_equal(engine->fault.code, FAULT_INVALID);
	assert_null(engine_get(engine, "fine"));
	writes_free(writes_new(engine->store, NULL)); /* never committed */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		contract(keys_and_values_have_limits),
		contract(log_entries_and_memos_have_limits),
		contract(a_set_over_the_limit_is_refused_whole),
		contract(the_first_failed_step_is_the_one_that_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
