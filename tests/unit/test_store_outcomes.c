/* SPDX-License-Identifier: Apache-2.0 */

/* What every engine behind storage/store.h tells of a set, once and again. */

#include "base/clock.h"
#include "tests/unit/contract.h"

static void
outcomes_are_told_on_the_loop_in_order_of_commit(void **state)
{
	enum { SETS = 100 };
	struct engine *engine = *state;
	struct loop *loop;
	struct told told[SETS];
	unsigned counter = 0;
	bool finished = false;

	assert_int_equal(loop_new(&loop, 0, &engine->fault), 0);
	for (unsigned i = 0; i < SETS; i++) {
		struct writes *writes = writes_new(engine->store, NULL);

		writes_log(writes, text("entry"));
		told[i] = (struct told){ .counter = &counter };
		writes_commit(writes, loop, note_outcome, &told[i]);
	}
	assert_int_equal(counter, 0); /* nothing runs but on the loop */
	engine_close(engine);         /* commits and posts all of it */
	while (!finished) {
		event_base_loop(loop_base(loop), EVLOOP_ONCE);
		finished = counter == SETS;
	}
	for (unsigned i = 0; i < SETS; i++) {
		assert_int_equal(told[i].order, i + 1);
		assert_int_equal(told[i].log_index, i);
	}
	loop_free(loop);
	engine_open(engine);
	assert_int_equal(engine_log_size(engine), SETS);
}

static void
what_was_handed_over_before_the_end_is_told(void **state)
{
	enum { SETS = 200 };
	struct engine *engine = *state;
	struct told told[SETS];
	unsigned counter = 0;

	for (unsigned i = 0; i < SETS; i++) {
		struct writes *writes = writes_new(engine->store, NULL);

		writes_add(writes, text("c"), 1);
		told[i] = (struct told){ .counter = &counter };
		writes_commit(writes, NULL, note_outcome, &told[i]);
	}
	engine_close(engine);
	assert_int_equal(counter, SETS);
	engine_open(engine);
	assert_int_equal(engine_sum(engine, "c"), SETS);
}

static struct writes *
counted_set(struct engine *engine, uint64_t id_number, const char *memo)
{
	struct set_id id = engine_id(id_number);
	struct writes *writes = writes_new(engine->store, &id);

	writes_add(writes, text("c"), 1);
	writes_log(writes, text("entry"));
	writes_memo(writes, text(memo));
	return writes;
}

static void
a_repeated_id_is_answered_with_the_first_outcome(void **state)
{
	struct engine *engine = *state;

	engine_put(engine, "before", "");
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(
		    engine_commit(engine,
		        counted_set(engine, 7, i == 0 ? "first" : "other")),
		    OUTCOME_APPLIED);
		assert_int_equal(engine->result.repeated, i > 0);
		assert_int_equal(engine->result.log_index, 0);
		assert_int_equal(engine->result.log_count, 1);
		assert_int_equal(engine->result.memo.len, 5);
		assert_memory_equal(engine->result.memo.data, "first", 5);
		engine_commit(engine, counted_set(engine, 100 + i, ""));
		engine_reopen(engine);
	}
	assert_int_equal(engine_sum(engine, "c"), 4);
}

static void
an_id_that_comes_twice_in_a_group_is_applied_once(void **state)
{
	struct engine *engine = *state;
	struct engine_gate gate;
	struct told told[3];
	unsigned counter = 0;
	sem_t done;

	sem_init(&done, 0, 0);
	engine_gate_close(engine, &gate);
	for (unsigned i = 0; i < 3; i++) {
		told[i] = (struct told){ .counter = &counter, .done = &done };
		writes_commit(counted_set(engine, i == 1 ? 8 : 7,
		                  i == 0 ? "first" : "later"),
		    NULL, note_outcome, &told[i]);
	}
	engine_gate_open(&gate, &done, 3);
	assert_false(told[0].repeated);
	assert_false(told[1].repeated);
	assert_true(told[2].repeated);
	assert_string_equal(told[2].memo, "first");
	assert_int_equal(told[2].log_index, 0);
	assert_int_equal(engine_sum(engine, "c"), 2);
}

static void
a_set_is_resolved_by_its_id(void **state)
{
	struct engine *engine = *state;
	struct set_id known = engine_id(7);
	struct set_id unknown = engine_id(8);
	struct writes_result result;
	struct snapshot *snapshot;

	engine_commit(engine, counted_set(engine, 6, ""));
	engine_commit(engine, counted_set(engine, 7, "memo"));
	snapshot = engine_snapshot(engine);
	assert_int_equal(snapshot_resolve(snapshot, &known, engine->arena,
	                     &result, &engine->fault),
	    1);
	assert_int_equal(result.outcome, OUTCOME_APPLIED);
	assert_int_equal(result.log_index, 1);
	assert_int_equal(result.log_count, 1);
	assert_memory_equal(result.memo.data, "memo", 4);
	assert_int_equal(snapshot_resolve(snapshot, &unknown, engine->arena,
	                     &result, &engine->fault),
	    0);
	snapshot_close(snapshot);
}

#define DAY_US (INT64_C(86400) * 1000000)

static void
an_id_is_forgotten_after_a_day(void **state)
{
	struct engine *engine = *state;
	int64_t start = INT64_C(1769800000) * 1000000;

	clock_set(start);
	engine_commit(engine, counted_set(engine, 7, "first"));
	clock_set(start + DAY_US);
	engine_commit(engine, counted_set(engine, 7, "second"));
	assert_true(engine->result.repeated);
	clock_set(start + DAY_US + 1);
	engine_commit(engine, counted_set(engine, 7, "third"));
	assert_false(engine->result.repeated);
	assert_memory_equal(engine->result.memo.data, "third", 5);
	clock_set(0);
	assert_int_equal(engine_sum(engine, "c"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		contract(outcomes_are_told_on_the_loop_in_order_of_commit),
		contract(what_was_handed_over_before_the_end_is_told),
		contract(a_repeated_id_is_answered_with_the_first_outcome),
		contract(an_id_that_comes_twice_in_a_group_is_applied_once),
		contract(a_set_is_resolved_by_its_id),
		contract(an_id_is_forgotten_after_a_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
