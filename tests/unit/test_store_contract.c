/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What every engine behind storage/store.h promises of write sets: guards,
 * groups, counters, the log.
 */

#include "tests/unit/contract.h"

#include <pthread.h>

/* --- guards ------------------------------------------------------------- */

static struct writes *
new_record(struct engine *engine, const char *key, const char *record)
{
	struct writes *writes = writes_new(engine->store, NULL);

	writes_expect_absent(writes, text(key));
	writes_put_record(writes, text(key), 1, text(record));
	return writes;
}

static struct writes *
next_record(struct engine *engine, const char *key, uint64_t from,
    const char *record)
{
	struct writes *writes = writes_new(engine->store, NULL);

	writes_expect_rev(writes, text(key), from);
	writes_put_record(writes, text(key), from + 1, text(record));
	return writes;
}

static void
a_record_expected_absent_is_made_once(void **state)
{
	struct engine *engine = *state;

	assert_int_equal(engine_commit(engine, new_record(engine, "r1", "a")),
	    OUTCOME_APPLIED);
	assert_int_equal(engine_commit(engine, new_record(engine, "r1", "b")),
	    OUTCOME_CONFLICT);
	assert_int_equal(engine->fault.code, FAULT_CONFLICT);
}

/* Whoever comes first in a pause has the snapshot that he judges by. */
static void
in_a_pause_the_first_is_the_one_that_says_so(void **state)
{
	struct engine *engine = *state;
	struct writes *other = new_record(engine, "r1", "other");
	struct writes *first = new_record(engine, "r1", "first");
	unsigned counter = 0;
	struct told others = { .counter = &counter };
	struct told firsts = { .counter = &counter };
	struct snapshot *snapshot;
	struct bytes record;
	uint64_t rev;

	store_pause(engine->store);
	writes_commit(other, NULL, note_outcome, &others);
	assert_int_equal(
	    snapshot_open(&snapshot, engine->store, &engine->fault), 0);
	assert_int_equal(snapshot_find_record(snapshot, text("r1"),
	                     engine->arena, &rev, &record, &engine->fault),
	    0);
	snapshot_close(snapshot);
	writes_go_first(first);
	writes_commit(first, NULL, note_outcome, &firsts);
	store_resume(engine->store);
	engine_commit(engine, new_record(engine, "r2", "after both"));
	assert_int_equal(firsts.outcome, OUTCOME_APPLIED);
	assert_int_equal(others.outcome, OUTCOME_CONFLICT);
}

static void
a_record_is_updated_only_from_the_revision_it_has(void **state)
{
	struct engine *engine = *state;
	struct snapshot *snapshot;
	struct bytes record;
	uint64_t rev = 0;

	assert_int_equal(
	    engine_commit(engine, next_record(engine, "r1", 1, "b")),
	    OUTCOME_CONFLICT); /* absent */
	engine_commit(engine, new_record(engine, "r1", "a"));
	assert_int_equal(
	    engine_commit(engine, next_record(engine, "r1", 2, "b")),
	    OUTCOME_CONFLICT);
	assert_int_equal(
	    engine_commit(engine, next_record(engine, "r1", 1, "b")),
	    OUTCOME_APPLIED);
	assert_int_equal(
	    engine_commit(engine, next_record(engine, "r1", 1, "c")),
	    OUTCOME_CONFLICT);

	snapshot = engine_snapshot(engine);
	assert_int_equal(snapshot_find_record(snapshot, text("r1"),
	                     engine->arena, &rev, &record, &engine->fault),
	    1);
	assert_int_equal(rev, 2);
	assert_string_equal((const char *)record.data, "b");
	snapshot_close(snapshot);
}

static uint64_t
index_of(struct engine *engine, const char *key, uint64_t rev,
    const char *record)
{
	struct snapshot *snapshot = engine_snapshot(engine);
	struct bytes value;
	struct bytes bytes;
	uint64_t index = 0;
	uint64_t has = 0;

	assert_int_equal(snapshot_find(snapshot, text(key), engine->arena,
	                     &value, &engine->fault),
	    1);
	assert_true(record_log_index(value, &index));
	assert_int_equal(record_split(value, &has, &bytes, &engine->fault), 0);
	assert_int_equal(has, rev);
	assert_true(bytes_equal(bytes, text(record)));
	assert_int_equal(snapshot_find_record(snapshot, text(key),
	                     engine->arena, &has, &bytes, &engine->fault),
	    1);
	assert_int_equal(has, rev);
	snapshot_close(snapshot);
	return index;
}

static void
a_record_keeps_the_index_of_its_entry(void **state)
{
	struct engine *engine = *state;
	struct snapshot *snapshot;
	struct writes *writes;
	struct bytes value;
	uint64_t index;

	for (int i = 0; i < 3; i++) { /* entries 0 to 2 are others' */
		writes = writes_new(engine->store, NULL);
		writes_log(writes, text("before"));
		engine_commit(engine, writes);
	}
	writes = writes_new(engine->store, NULL);
	writes_expect_absent(writes, text("r1"));
	writes_put_logged(writes, text("r1"), 1, LOG_OWN, text("a"));
	writes_put_logged(writes, text("r2"), 7, LOG_OWN, text("b"));
	writes_put_logged(writes, text("old"), 6, 1, text("c"));
	writes_log(writes, text("first of two"));
	writes_log(writes, text("second"));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	assert_int_equal(index_of(engine, "r1", 1, "a"), 3);
	assert_int_equal(index_of(engine, "r2", 7, "b"), 3);
	assert_int_equal(index_of(engine, "old", 6, "c"), 1);

	/* The revision guards as ever. */
	assert_int_equal(
	    engine_commit(engine, next_record(engine, "r2", 6, "d")),
	    OUTCOME_CONFLICT);
	assert_int_equal(
	    engine_commit(engine, next_record(engine, "r2", 7, "d")),
	    OUTCOME_APPLIED);
	snapshot = engine_snapshot(engine);
	assert_int_equal(snapshot_find(snapshot, text("r2"), engine->arena,
	                     &value, &engine->fault),
	    1);
	assert_false(record_log_index(value, &index)); /* put without one */
	snapshot_close(snapshot);
}

static void
a_record_of_a_set_without_entries_cannot_name_one(void **state)
{
	struct engine *engine = *state;
	struct writes *writes = writes_new(engine->store, NULL);

	writes_put_logged(writes, text("r1"), 1, LOG_OWN, text("a"));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_REFUSED);
	assert_int_equal(engine->fault.code, FAULT_INVALID);
	assert_null(engine_get(engine, "r1"));
}

static void
a_set_whose_guard_fails_leaves_no_trace(void **state)
{
	struct engine *engine = *state;
	struct set_id id = engine_id(1);
	struct writes *writes = writes_new(engine->store, &id);
	struct writes_result result;
	struct snapshot *snapshot;

	engine_commit(engine, new_record(engine, "r1", "a"));
	writes_put(writes, text("i1"), text("row"));
	writes_add(writes, text("c1"), 5);
	writes_log(writes, text("entry"));
	writes_put_record(writes, text("r1"), 1, text("b"));
	writes_expect_absent(writes, text("r1")); /* the last step of all */
	assert_int_equal(engine_commit(engine, writes), OUTCOME_CONFLICT);

	assert_null(engine_get(engine, "i1"));
	assert_int_equal(engine_sum(engine, "c1"), 0);
	assert_int_equal(engine_log_size(engine), 0);
	snapshot = engine_snapshot(engine);
	assert_int_equal(snapshot_resolve(snapshot, &id, engine->arena, &result,
	                     &engine->fault),
	    0);
	snapshot_close(snapshot);
}

static void
a_guarded_key_must_be_written_by_its_set(void **state)
{
	struct engine *engine = *state;
	struct writes *writes = writes_new(engine->store, NULL);

	writes_expect_absent(writes, text("r1"));
	writes_put(writes, text("r2"), NO_BYTES);
	writes_add(writes, text("r1"), 1);
	assert_int_equal(engine_commit(engine, writes), OUTCOME_REFUSED);
	assert_int_equal(engine->fault.code, FAULT_INVALID);
	assert_null(engine_get(engine, "r2"));

	writes = writes_new(engine->store, NULL);
	writes_delete(writes, text("r1"));
	writes_expect_absent(writes, text("r1"));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
}

static void
the_last_step_on_a_key_stays(void **state)
{
	struct engine *engine = *state;
	struct writes *writes = writes_new(engine->store, NULL);

	engine_put(engine, "i1", "old");
	writes_delete(writes, text("i1"));
	writes_put(writes, text("i1"), text("new"));
	writes_put(writes, text("i2"), text("new"));
	writes_delete(writes, text("i2"));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	assert_string_equal(engine_get(engine, "i1"), "new");
	assert_null(engine_get(engine, "i2"));
}

/* --- groups ------------------------------------------------------------- */

/* Counts the calls of the durable hook and keeps what it was shown. */
struct hook {
	unsigned calls;
	unsigned released;
	struct log_entry entries[64];
	char texts[64][16];
	size_t count;
};

static void *
note_entries(void *arg, const struct log_entry *entries, size_t count)
{
	struct hook *hook = arg;

	for (size_t i = 0; i < count && hook->count < 64; i++) {
		hook->entries[hook->count].index = entries[i].index;
		snprintf(hook->texts[hook->count], 16, "%.*s",
		    (int)entries[i].bytes.len,
		    (const char *)entries[i].bytes.data);
		hook->count++;
	}
	hook->calls++;
	return &hook->entries[hook->calls]; /* a place of its own a group */
}

static void
note_release(void *arg, void *group)
{
	struct hook *hook = arg;

	(void)group;
	hook->released++;
}

static void
a_set_is_refused_alone_in_its_group(void **state)
{
	enum { SETS = 12 };
	struct engine *engine = *state;
	struct hook hook = { 0 };
	struct durable_hook durable = { note_entries, note_release, &hook };
	struct engine_gate gate;
	struct told told[SETS];
	unsigned counter = 0;
	sem_t done;

	store_on_durable(engine->store, &durable);
	sem_init(&done, 0, 0);
	engine_gate_close(engine, &gate);
	for (unsigned i = 0; i < SETS; i++) {
		struct writes *writes = writes_new(engine->store, NULL);
		char key[16];
		char entry[16];

		/* Every third wants a key that its forerunner has made. */
		snprintf(key, sizeof(key), "r%u", i - (i % 3 == 2));
		snprintf(entry, sizeof(entry), "entry %u", i);
		writes_expect_absent(writes, text(key));
		writes_put_record(writes, text(key), 1, text(entry));
		writes_add(writes, text("c"), 1);
		writes_log(writes, text(entry));
		told[i] = (struct told){ .counter = &counter, .done = &done };
		writes_commit(writes, NULL, note_outcome, &told[i]);
	}
	engine_gate_open(&gate, &done, SETS);

	for (unsigned i = 0, index = 0; i < SETS; i++) {
		assert_int_equal(told[i].order, i + 1);
		assert_ptr_equal(told[i].group, &hook.entries[1]);
		if (i % 3 == 2) {
			assert_int_equal(told[i].outcome, OUTCOME_CONFLICT);
			continue;
		}
		assert_int_equal(told[i].outcome, OUTCOME_APPLIED);
		assert_int_equal(told[i].log_index, index);
		assert_int_equal(hook.entries[index].index, index);
		index++;
	}
	engine_put(engine, "after", ""); /* all of the group was told */
	assert_int_equal(hook.calls, 1);
	assert_int_equal(hook.released, 1);
	assert_int_equal(hook.count, 8);
	assert_string_equal(hook.texts[2], "entry 3");
	assert_int_equal(engine_sum(engine, "c"), 8);
	assert_int_equal(engine_log_size(engine), 8);
}

static void
of_two_updates_in_a_group_one_wins(void **state)
{
	struct engine *engine = *state;
	struct engine_gate gate;
	struct told told[2];
	unsigned counter = 0;
	sem_t done;

	engine_commit(engine, new_record(engine, "r1", "a"));
	sem_init(&done, 0, 0);
	engine_gate_close(engine, &gate);
	for (unsigned i = 0; i < 2; i++) {
		told[i] = (struct told){ .counter = &counter, .done = &done };
		writes_commit(
		    next_record(engine, "r1", 1, i == 0 ? "first" : "second"),
		    NULL, note_outcome, &told[i]);
	}
	engine_gate_open(&gate, &done, 2);
	assert_int_equal(told[0].outcome, OUTCOME_APPLIED);
	assert_int_equal(told[1].outcome, OUTCOME_CONFLICT);
}

/* --- counters ----------------------------------------------------------- */

static void *
add_many(void *arg)
{
	struct engine *engine = arg;
	struct arena *arena = arena_new();

	for (int i = 1; i <= 50; i++) {
		struct writes *writes = writes_new(engine->store, NULL);
		struct writes_result result;
		struct fault fault;

		writes_add(writes, text("c"), i % 2 == 0 ? i : -i);
		writes_add(writes, text("c"), 10);
		writes_commit_wait(writes, &result, arena, &fault);
	}
	arena_free(arena);
	return NULL;
}

static void
additions_of_many_never_conflict(void **state)
{
	enum { THREADS = 4 };
	struct engine *engine = *state;
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		pthread_create(&threads[i], NULL, add_many, engine);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
	}
	/* Each: -1+2-3+...+50 = 25, and 50 tens. */
	assert_int_equal(engine_sum(engine, "c"), THREADS * (25 + 500));
}

static void
a_counter_back_at_zero_leaves_no_row(void **state)
{
	struct engine *engine = *state;
	int64_t deltas[] = { 7, -7, 0, INT64_MAX, INT64_MIN + 1 };
	bool there[] = { true, false, false, true, false };

	for (size_t i = 0; i < sizeof(deltas) / sizeof(*deltas); i++) {
		struct writes *writes = writes_new(engine->store, NULL);
		struct snapshot *snapshot;

		writes_add(writes, text("c"), deltas[i]);
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
		snapshot = engine_snapshot(engine);
		assert_int_equal(
		    snapshot_has(snapshot, text("c"), &engine->fault),
		    there[i]);
		snapshot_close(snapshot);
	}
}

static void
a_counter_beyond_its_range_refuses_its_set_alone(void **state)
{
	struct engine *engine = *state;
	struct engine_gate gate;
	struct told told[3];
	int64_t deltas[] = { INT64_MAX, 1, -1 };
	unsigned counter = 0;
	sem_t done;

	sem_init(&done, 0, 0);
	engine_gate_close(engine, &gate);
	for (unsigned i = 0; i < 3; i++) {
		struct writes *writes = writes_new(engine->store, NULL);

		writes_put(writes, text(i == 1 ? "no" : "yes"), NO_BYTES);
		writes_add(writes, text("c"), deltas[i]);
		writes_log(writes, text("entry"));
		told[i] = (struct told){ .counter = &counter, .done = &done };
		writes_commit(writes, NULL, note_outcome, &told[i]);
	}
	engine_gate_open(&gate, &done, 3);
	assert_int_equal(told[0].outcome, OUTCOME_APPLIED);
	assert_int_equal(told[1].outcome, OUTCOME_REFUSED);
	assert_int_equal(told[2].outcome, OUTCOME_APPLIED);
	assert_int_equal(told[2].log_index, 1);
	assert_true(engine_sum(engine, "c") == INT64_MAX - 1);
	assert_null(engine_get(engine, "no"));
	assert_int_equal(engine_log_size(engine), 2);
}

/* --- the log ------------------------------------------------------------ */

static void
log_entries_follow_each_other_without_a_gap(void **state)
{
	struct engine *engine = *state;
	uint64_t wanted = 0;

	for (unsigned i = 0; i < 40; i++) {
		struct writes *writes = writes_new(engine->store, NULL);
		bool refuse = i % 5 == 3;

		writes_put_record(writes, text("r"), 1, NO_BYTES);
		if (refuse) {
			writes_expect_rev(writes, text("r"), 9);
		}
		for (unsigned j = 0; j < i % 4; j++) {
			char entry[16];

			snprintf(entry, sizeof(entry), "%u.%u", i, j);
			writes_log(writes, text(entry));
		}
		assert_int_equal(engine_commit(engine, writes),
		    refuse ? OUTCOME_CONFLICT : OUTCOME_APPLIED);
		if (!refuse) {
			assert_int_equal(engine->result.log_index, wanted);
			assert_int_equal(engine->result.log_count, i % 4);
			wanted += i % 4;
		}
		if (i == 20) {
			engine_reopen(engine);
		}
	}
	assert_int_equal(engine_log_size(engine), wanted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		contract(a_record_expected_absent_is_made_once),
		contract(in_a_pause_the_first_is_the_one_that_says_so),
		contract(a_record_is_updated_only_from_the_revision_it_has),
		contract(a_record_keeps_the_index_of_its_entry),
		contract(a_record_of_a_set_without_entries_cannot_name_one),
		contract(a_set_whose_guard_fails_leaves_no_trace),
		contract(a_guarded_key_must_be_written_by_its_set),
		contract(the_last_step_on_a_key_stays),
		contract(a_set_is_refused_alone_in_its_group),
		contract(of_two_updates_in_a_group_one_wins),
		contract(additions_of_many_never_conflict),
		contract(a_counter_back_at_zero_leaves_no_row),
		contract(a_counter_beyond_its_range_refuses_its_set_alone),
		contract(log_entries_follow_each_other_without_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
