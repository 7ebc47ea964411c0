/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The writer when LMDB fails under it.  The linker puts our functions in the
 * place of three of LMDB's (-Wl,--wrap), so that a put fails at any chosen
 * point, a commit fails, or leaves in doubt whether it happened.
 */

#include "tests/unit/engine.h"

#include <errno.h>
#include <lmdb.h>
#include <stdatomic.h>

enum { SETS = 4 };

/* --- what fails -------------------------------------------------------------- */

static atomic_int puts_left;   /* the put that counts it to 0 fails; 0: none */
static atomic_uint bad_size;   /* a put of so many bytes fails; 0: none */
static atomic_int commits_bad; /* so many commits fail from now on */
static atomic_int doubt;       /* 1: it fails undone, 2: it fails done */
static atomic_bool panic;      /* no write transaction begins */

int __real_mdb_put(MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *data,
    unsigned flags);
int __wrap_mdb_put(MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *data,
    unsigned flags);
int __real_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);
int __real_mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags,
    MDB_txn **txn);
int __wrap_mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags,
    MDB_txn **txn);

int
__wrap_mdb_put(MDB_txn *txn, MDB_dbi dbi, MDB_val *key, MDB_val *data,
    unsigned flags)
{
	if ((puts_left > 0 && --puts_left == 0) ||
	    (bad_size > 0 && data->mv_size == bad_size)) {
		return MDB_MAP_FULL;
	}
	return __real_mdb_put(txn, dbi, key, data, flags);
}

int
__wrap_mdb_txn_commit(MDB_txn *txn)
{
	if (doubt != 0) {
		if (doubt == 1) {
			mdb_txn_abort(txn);
		} else {
			__real_mdb_txn_commit(txn);
		}
		panic = true;
		return EIO;
	}
	if (commits_bad > 0) {
		commits_bad--;
		mdb_txn_abort(txn);
		return ENOSPC;
	}
	return __real_mdb_txn_commit(txn);
}

int
__wrap_mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags,
    MDB_txn **txn)
{
	if (panic && (flags & MDB_RDONLY) == 0) {
		return MDB_PANIC;
	}
	return __real_mdb_txn_begin(env, parent, flags, txn);
}

static int
heal(void **state)
{
	puts_left = 0;
	bad_size = 0;
	commits_bad = 0;
	doubt = 0;
	panic = false;
	return engine_teardown(state);
}

struct failing {
	int put;
	int commits;
	unsigned size;
};

static const struct failing nothing;

/* --- a group ------------------------------------------------------------------- */

struct told {
	enum outcome outcome;
	enum fault_code code;
	uint64_t log_index;
	sem_t *done;
};

static void
note_outcome(void *arg, const struct writes_result *result)
{
	struct told *told = arg;

	told->outcome = result->outcome;
	told->code = result->fault != NULL ? result->fault->code : FAULT_NONE;
	told->log_index = result->log_index;
	sem_post(told->done);
}

/* A set that does a bit of everything; the last one of a group is long. */
static struct writes *
broad_set(struct engine *engine, uint64_t number)
{
	static const uint8_t record[9000];
	struct set_id id = engine_id(number);
	struct writes *writes = writes_new(engine->store, &id);
	uint8_t key[2] = { 'r', (uint8_t)number };
	size_t len = number % SETS == SETS - 1 ? sizeof(record) : 100;

	writes_expect_absent(writes, bytes_of(key, 2));
	writes_put_record(writes, bytes_of(key, 2), 1, bytes_of(record, len));
	key[0] = 'i';
	writes_put(writes, bytes_of(key, 2), NO_BYTES);
	writes_add(writes, engine_text("c"), 1);
	writes_log(writes, engine_text("first"));
	writes_log(writes, engine_text("second"));
	return writes;
}

/*
 * Hand over a group of sets from `first` on while the writer is held; let
 * what was chosen fail from then on.
 */
static void
commit_group(struct engine *engine, uint64_t first, struct told told[SETS],
    struct failing failing)
{
	struct engine_gate gate;
	sem_t done;

	sem_init(&done, 0, 0);
	engine_gate_close(engine, &gate);
	for (uint64_t i = 0; i < SETS; i++) {
		told[i] = (struct told){ .done = &done };
		writes_commit(broad_set(engine, first + i), NULL, note_outcome,
		    &told[i]);
	}
	puts_left = failing.put;
	commits_bad = failing.commits;
	bad_size = failing.size;
	engine_gate_open(&gate, &done, SETS);
}

static bool
is_whole(struct engine *engine, uint64_t number)
{
	struct snapshot *snapshot = engine_snapshot(engine);
	struct set_id id = engine_id(number);
	struct writes_result result;
	uint8_t row[2] = { 'i', (uint8_t)number };
	uint8_t key[2] = { 'r', (uint8_t)number };
	int has_row = snapshot_has(snapshot, bytes_of(row, 2), &engine->fault);
	int has_record =
	    snapshot_has(snapshot, bytes_of(key, 2), &engine->fault);
	int is_known = snapshot_resolve(snapshot, &id, engine->arena, &result,
	    &engine->fault);

	snapshot_close(snapshot);
	assert_int_equal(has_row, has_record);
	assert_int_equal(is_known, has_record);
	return has_record == 1;
}

/* --- tests ---------------------------------------------------------------------- */

static void
a_put_that_fails_at_any_point_leaves_all_sets_whole(void **state)
{
	struct engine *engine = *state;
	uint64_t number = 0;
	int point = 0;

	do {
		struct told told[SETS];

		commit_group(engine, number, told,
		    (struct failing){ .put = ++point });
		for (uint64_t i = 0; i < SETS; i++, number++) {
			assert_int_equal(told[i].outcome, OUTCOME_APPLIED);
			assert_int_equal(told[i].log_index, 2 * number);
			assert_true(is_whole(engine, number));
		}
		assert_int_equal(engine_sum(engine, "c"), number);
		assert_int_equal(engine_log_size(engine), 2 * number);
	} while (puts_left == 0); /* until the group had no such put */
	/*
	 * 7 a set (the counter is tried as a new row first), 3 pieces of the
	 * long record, the number of the group.
	 */
	assert_int_equal(point, SETS * 7 + 3 + 1 + 1);
}

static void
a_set_that_never_fits_is_refused_alone(void **state)
{
	struct engine *engine = *state;
	struct told told[SETS];

	/* A piece of the long record. */
	commit_group(engine, 0, told, (struct failing){ .size = 4080 });
	for (uint64_t i = 0; i < SETS; i++) {
		bool fits = i != SETS - 1;

		assert_int_equal(told[i].outcome,
		    fits ? OUTCOME_APPLIED : OUTCOME_UNAVAILABLE);
		assert_int_equal(told[i].code, fits ? FAULT_NONE : FAULT_FULL);
		assert_int_equal(is_whole(engine, i), fits);
	}
	assert_int_equal(engine_sum(engine, "c"), SETS - 1);
	assert_int_equal(engine_log_size(engine), 2 * (SETS - 1));

	bad_size = 0;
	assert_int_equal(engine_commit(engine, broad_set(engine, SETS - 1)),
	    OUTCOME_APPLIED);
	assert_int_equal(engine->result.log_index, 2 * (SETS - 1));
}

static void
a_commit_that_fails_is_tried_set_by_set(void **state)
{
	struct engine *engine = *state;
	struct told told[SETS];

	commit_group(engine, 0, told, (struct failing){ .commits = 1 });
	for (uint64_t i = 0; i < SETS; i++) {
		assert_int_equal(told[i].outcome, OUTCOME_APPLIED);
		assert_int_equal(told[i].log_index, 2 * i);
		assert_true(is_whole(engine, i));
	}
	/* The group's, and that of its first set alone. */
	commit_group(engine, SETS, told, (struct failing){ .commits = 2 });
	for (uint64_t i = 0; i < SETS; i++) {
		bool goes = i != 0;

		assert_int_equal(told[i].outcome,
		    goes ? OUTCOME_APPLIED : OUTCOME_UNAVAILABLE);
		assert_int_equal(told[i].code, goes ? FAULT_NONE : FAULT_FULL);
		assert_int_equal(is_whole(engine, SETS + i), goes);
	}
	commit_group(engine, 2 * SETS, told,
	    (struct failing){ .commits = 1 + SETS });
	for (uint64_t i = 0; i < SETS; i++) {
		assert_int_equal(told[i].outcome, OUTCOME_UNAVAILABLE);
		assert_false(is_whole(engine, 2 * SETS + i));
	}
	commit_group(engine, 2 * SETS, told, nothing);
	assert_int_equal(told[0].outcome, OUTCOME_APPLIED);
	assert_int_equal(engine_sum(engine, "c"), 3 * SETS - 1);
}

/* The commit says it failed, LMDB gives up, and what is there is `there`. */
static void
doubt_a_commit(struct engine *engine, bool there)
{
	struct told told[SETS];
	struct writes *writes = writes_new(engine->store, NULL);
	struct store_figures figures;

	doubt = there ? 2 : 1;
	assert_int_equal(engine_commit(engine, broad_set(engine, 0)),
	    OUTCOME_UNKNOWN);
	assert_int_equal(engine->fault.code, FAULT_UNSURE);

	/* From here on nothing is written. */
	commit_group(engine, 1, told, nothing);
	for (int i = 0; i < SETS; i++) {
		assert_int_equal(told[i].outcome, OUTCOME_UNAVAILABLE);
		assert_int_equal(told[i].code, FAULT_BUSY);
	}
	writes_put(writes, NO_BYTES, NO_BYTES);
	assert_int_equal(engine_commit(engine, writes), OUTCOME_REFUSED);
	store_measure(engine->store, &figures);
	assert_true(figures.broken);
	assert_true(figures.is_over);
	assert_int_equal(engine_log_size(engine), there ? 2 : 0);

	/* Opened anew, the id tells what became of it. */
	engine_close(engine);
	doubt = 0;
	panic = false;
	engine_open(engine);
	assert_int_equal(is_whole(engine, 0), there);
	assert_int_equal(engine_commit(engine, broad_set(engine, 0)),
	    OUTCOME_APPLIED);
	assert_int_equal(engine->result.repeated, there);
	assert_int_equal(engine_sum(engine, "c"), 1);
}

static void
a_commit_in_doubt_that_happened_is_unknown_until_resolved(void **state)
{
	doubt_a_commit(*state, true);
}

static void
a_commit_in_doubt_that_did_not_happen_is_unknown_too(void **state)
{
	doubt_a_commit(*state, false);
}

#define faults(test) cmocka_unit_test_setup_teardown(test, engine_setup, heal)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		faults(a_put_that_fails_at_any_point_leaves_all_sets_whole),
		faults(a_set_that_never_fits_is_refused_alone),
		faults(a_commit_that_fails_is_tried_set_by_set),
		faults(
		    a_commit_in_doubt_that_happened_is_unknown_until_resolved),
		faults(a_commit_in_doubt_that_did_not_happen_is_unknown_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
