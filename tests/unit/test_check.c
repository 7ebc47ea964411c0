/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A row of each table is damaged behind the engine's back: store_check() must
 * name it, and whoever meets it is refused while the rest goes on.
 */

#include "storage/inside.h"
#include "storage/value.h"
#include "tests/unit/engine.h"

static void
note_finding(void *arg, const char *finding)
{
	char *text = arg;

	strncat(text, finding, 1000 - strlen(text));
	strncat(text, "\n", 1000 - strlen(text));
}

static void
must_find(struct engine *engine, const char *wanted)
{
	char text[1001] = "";

	assert_int_equal(
	    store_check(engine->store, note_finding, text, &engine->fault), 0);
	if (wanted == NULL ? text[0] != '\0' : strstr(text, wanted) == NULL) {
		fail_msg("found: %swanted: %s", text,
		    wanted != NULL ? wanted : "nothing");
	}
}

/* Rows of all kinds, long values among them. */
static void
write_of_all(struct engine *engine)
{
	static uint8_t value[20000];

	for (uint8_t i = 0; i < 20; i++) {
		struct set_id id = engine_id(i);
		struct writes *writes = writes_new(engine->store, &id);

		writes_put(writes, bytes_of(&i, 1), bytes_of(value, i * 1000u));
		writes_add(writes, engine_text("c"), 1);
		writes_log(writes, bytes_of(value, i * 500u));
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
}

/* Put (or, with value NULL, delete) a row behind the engine's back. */
static void
damage(struct engine *engine, MDB_dbi table, struct bytes key,
    const struct bytes *value)
{
	MDB_txn *txn;
	MDB_val name = records_val(key);
	MDB_val raw = value != NULL ? records_val(*value) : (MDB_val){ 0 };

	assert_int_equal(
	    mdb_txn_begin(engine->store->records.env, NULL, 0, &txn), 0);
	if (value != NULL && table == engine->store->records.past) {
		struct place place = { &engine->store->records, txn, table,
			key };

		assert_int_equal(value_put(&place, *value, NO_BYTES), 0);
	} else {
		assert_int_equal(value != NULL
		                     ? mdb_put(txn, table, &name, &raw, 0)
		                     : mdb_del(txn, table, &name, NULL),
		    0);
	}
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static void
a_sound_store_has_no_findings(void **state)
{
	struct engine *engine = *state;

	must_find(engine, NULL);
	write_of_all(engine);
	must_find(engine, NULL);
	engine->options.read_only = true;
	engine_reopen(engine);
	must_find(engine, NULL);
}

static void
every_damage_is_found(void **state)
{
	static const struct {
		size_t table; /* its place in struct records */
		const char *key;
		size_t key_len;
		const char *value; /* NULL: the row is taken away */
		size_t value_len;
		const char *wanted;
	} damages[] = {
		{ offsetof(struct records, rows), "x", 1, "\7odd", 4,
		    "table rows, key 78: the value has no known form" },
		{ offsetof(struct records, rows), "x", 1,
		    "\1\0\0\0\0\0\0\x20\0\0\0\0\0\0\0\xff\0", 17, "a piece" },
		{ offsetof(struct records, rows), "x", 1, "\0\0\0\0\0bytes", 10,
		    "table rows, key 78: the value is not what its sum says" },
		{ offsetof(struct records, pieces), "\0\0\0\0\0\0\0\3", 8, NULL,
		    0, "a piece of the value is missing" },
		{ offsetof(struct records, pieces), "\0\0\0\0\0\0\0\3", 8,
		    "short", 5, "a piece of the value is missing, too short" },
		{ offsetof(struct records, pieces), "\0\0\0\0\0\1\0\0", 8,
		    "left over", 9, "pieces of long values" },
		{ offsetof(struct records, log), "\0\0\0\0\0\0\0\7", 8, NULL, 0,
		    "the log has entry 8 where 7 should follow" },
		{ offsetof(struct records, log), "\0\0\0\0\0\0\1\0", 8, "", 0,
		    "the log has entry 256 where 20 should follow" },
		{ offsetof(struct records, log), "odd", 3, "", 0, "no index" },
		{ offsetof(struct records, past), "odd", 3, "", 0,
		    "no remembered set" },
		{ offsetof(struct records, past), "0123456789abcdef", 16,
		    "\0\0\0\0\0\0\0\0"
		    "\0\0\0\0\0\0\0\x13"
		    "\0\0\0\2",
		    20, "not in the log" },
	};
	struct engine *engine = *state;

	for (size_t i = 0; i < sizeof(damages) / sizeof(*damages); i++) {
		struct bytes value =
		    bytes_of(damages[i].value, damages[i].value_len);

		engine_close(engine);
		scratch_remove(engine->path);
		engine_open(engine);
		write_of_all(engine);
		damage(engine,
		    *(MDB_dbi *)((char *)&engine->store->records +
		                 damages[i].table),
		    bytes_of(damages[i].key, damages[i].key_len),
		    damages[i].value != NULL ? &value : NULL);
		must_find(engine, damages[i].wanted);
	}
}

static void
a_damaged_row_fails_its_readers_alone(void **state)
{
	struct engine *engine = *state;
	struct writes *writes = writes_new(engine->store, NULL);
	struct bytes odd = bytes_of("\7odd", 4);
	struct snapshot *snapshot;
	struct bytes value;

	engine_put(engine, "fine", "value");
	damage(engine, engine->store->records.rows, engine_text("bad"), &odd);
	snapshot = engine_snapshot(engine);
	assert_int_equal(snapshot_find(snapshot, engine_text("bad"),
	                     engine->arena, &value, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	snapshot_close(snapshot);
	writes_add(writes, engine_text("bad"), 1);
	assert_int_equal(engine_commit(engine, writes), OUTCOME_UNAVAILABLE);
	assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	assert_string_equal(engine_get(engine, "fine"), "value");
	engine_put(engine, "fine", "goes on");
}

#define check(test) \
	cmocka_unit_test_setup_teardown(test, engine_setup, engine_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		check(a_sound_store_has_no_findings),
		check(every_damage_is_found),
		check(a_damaged_row_fails_its_readers_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
