/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the LMDB engine promises beyond the contract of every engine: who may
 * open a store, what it is made of, and that a full map or disk is a refusal
 * and not an end.  Run as `test_store_lmdb --race PATH` it is one of the
 * processes that race for a store.
 */

#include "base/clock.h"
#include "storage/inside.h"
#include "storage/past.h"
#include "tests/unit/engine.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

/* --- who may open ---------------------------------------------------------- */

static enum fault_code
try_open(struct engine *engine, const struct store_options *options)
{
	struct store *store = NULL;

	engine->fault = (struct fault){ 0 };
	if (store_open(&store, options, &engine->fault) == 0) {
		store_close(store);
		return FAULT_NONE;
	}
	assert_null(store);
	return engine->fault.code;
}

static void
a_path_is_open_once_in_a_process(void **state)
{
	struct engine *engine = *state;
	struct store_options other = engine->options;
	char path[SCRATCH_PATH * 2];

	assert_int_equal(try_open(engine, &engine->options), FAULT_BUSY);
	other.read_only = true;
	assert_int_equal(try_open(engine, &other), FAULT_BUSY);

	/* By another name, too. */
	snprintf(path, sizeof(path), "%s/records/..", engine->path);
	other.path = path;
	assert_int_equal(try_open(engine, &other), FAULT_BUSY);
	engine_close(engine);
	assert_int_equal(try_open(engine, &other), FAULT_NONE);
	engine_open(engine);
}

static void
stores_of_other_paths_may_be_open_together(void **state)
{
	struct engine *engine = *state;
	struct engine other = *engine;

	scratch_make(other.path);
	other.arena = arena_new();
	engine_open(&other);
	engine_put(engine, "a", "one");
	engine_put(&other, "a", "two");
	assert_string_equal(engine_get(engine, "a"), "one");
	assert_string_equal(engine_get(&other, "a"), "two");
	engine_close(&other);
	arena_free(other.arena);
	scratch_remove(other.path);
}

/* A racer: 0 has the store and holds it until its input ends, 3 is refused. */
static int
race(const char *path)
{
	struct store_options options = store_presets;
	struct store *store;
	struct fault fault;
	char byte;

	options.path = path;
	options.records_map_bytes = options.chunks_map_bytes = 16 << 20;
	options.create = true;
	if (store_open(&store, &options, &fault) < 0) {
		return fault.code == FAULT_BUSY ? 3 : 4;
	}
	(void)!read(STDIN_FILENO, &byte, 1);
	store_close(store);
	return 0;
}

static pid_t
spawn_racer(const char *path, int input)
{
	char self[PATH_MAX];
	char option[] = "--race";
	char copy[SCRATCH_PATH];
	char *args[] = { self, option, copy, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	snprintf(copy, sizeof(copy), "%s", path);
	scratch_self(self);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	assert_int_equal(posix_spawn(&pid, self, &actions, NULL, args, environ),
	    0);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static void
of_processes_that_race_for_a_store_one_gets_it(void **state)
{
	enum { RACERS = 6 };
	struct engine *engine = *state;
	int ends[2];
	unsigned refused = 0;
	int status;

	engine_close(engine);
	scratch_remove(engine->path); /* they race for making it, too */
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	for (int i = 0; i < RACERS; i++) {
		spawn_racer(engine->path, ends[0]);
	}
	/* The refused end by themselves; the one that has it waits for us. */
	while (refused < RACERS - 1) {
		assert_true(wait(&status) > 0);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 3);
		refused++;
	}
	assert_int_equal(try_open(engine, &engine->options), FAULT_BUSY);
	assert_non_null(strstr(engine->fault.text, "process"));
	close(ends[1]);
	assert_true(wait(&status) > 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(ends[0]);
	engine_open(engine);
}

/* --- what a store is -------------------------------------------------------- */

static void
a_store_is_made_only_when_asked(void **state)
{
	struct engine *engine = *state;
	struct store_options options = engine->options;
	char path[SCRATCH_PATH * 2];

	snprintf(path, sizeof(path), "%s/new", engine->path);
	options.path = path;
	options.create = false;
	assert_int_equal(try_open(engine, &options), FAULT_ABSENT);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(try_open(engine, &options), FAULT_ABSENT);
	options.create = true;
	options.read_only = true;
	assert_int_equal(try_open(engine, &options), FAULT_ABSENT);
	options.read_only = false;
	assert_int_equal(try_open(engine, &options), FAULT_NONE);
	options.create = false;
	assert_int_equal(try_open(engine, &options), FAULT_NONE);
}

static void
a_store_is_for_its_owner_alone(void **state)
{
	static const char *const names[] = { "lock", "records/data.mdb",
		"records/lock.mdb" };
	struct engine *engine = *state;
	char path[SCRATCH_PATH * 2];
	struct stat about;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", engine->path, names[i]);
		assert_int_equal(stat(path, &about), 0);
		assert_int_equal(about.st_mode & 077, 0);
	}
}

static void
refuses_format(struct engine *engine, const char *bytes, const char *words)
{
	MDB_txn *txn;
	MDB_val key = records_val(bytes_of_text("format"));
	MDB_val value = records_val(bytes_of(bytes, 4));

	assert_int_equal(
	    mdb_txn_begin(engine->store->records.env, NULL, 0, &txn), 0);
	assert_int_equal(
	    mdb_put(txn, engine->store->records.meta, &key, &value, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	engine_close(engine);
	assert_int_equal(try_open(engine, &engine->options), FAULT_CORRUPT);
	assert_non_null(strstr(engine->fault.text, words));

	/* For what comes next. */
	scratch_remove(engine->path);
	engine_open(engine);
}

static void
another_format_is_refused_by_its_number(void **state)
{
	refuses_format(*state, "\0\0\0\1", "format 1"); /* an older one */
	refuses_format(*state, "\0\0\0\4", "format 4");
}

static void
what_is_no_store_is_refused(void **state)
{
	struct engine *engine = *state;
	char path[SCRATCH_PATH * 2];
	FILE *file;

	engine_close(engine);
	snprintf(path, sizeof(path), "%s/records/data.mdb", engine->path);
	file = fopen(path, "w");
	for (int i = 0; i < 8192; i++) {
		fputs("no store", file);
	}
	fclose(file);
	assert_int_equal(try_open(engine, &engine->options), FAULT_CORRUPT);
	scratch_remove(engine->path);
	engine_open(engine);
}

static void
a_copy_opens_as_the_store_it_was_taken_from(void **state)
{
	struct engine *engine = *state;
	struct store_options options = engine->options;
	struct engine copy = { 0 };
	char path[SCRATCH_PATH * 2];
	int file;

	for (int i = 0; i < 50; i++) {
		struct writes *writes = writes_new(engine->store, NULL);

		writes_add(writes, engine_text("c"), i);
		writes_log(writes, engine_text("entry"));
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
	scratch_make(copy.path);
	snprintf(path, sizeof(path), "%s/records", copy.path);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/data.mdb");
	file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_int_equal(store_copy(engine->store, file, &engine->fault), 0);
	close(file);

	copy.arena = arena_new();
	copy.options = options;
	engine_open(&copy);
	assert_int_equal(engine_sum(&copy, "c"), 49 * 50 / 2);
	assert_int_equal(engine_log_size(&copy), 50);
	engine_put(&copy, "a", "goes on");
	engine_close(&copy);
	arena_free(copy.arena);
	scratch_remove(copy.path);
}

/* --- full ------------------------------------------------------------------- */

/* Put about `len` bytes under a numbered key. */
static enum outcome
fill(struct engine *engine, unsigned number, size_t len)
{
	struct writes *writes = writes_new(engine->store, NULL);
	uint8_t *value = calloc(1, len);
	uint8_t key[5] = { 'f', (uint8_t)(number >> 24),
		(uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number };

	writes_put(writes, bytes_of(key, sizeof(key)), bytes_of(value, len));
	writes_add(writes, engine_text("count"), 1);
	writes_log(writes, engine_text("filled"));
	free(value);
	return engine_commit(engine, writes);
}

static void
must_go_on(struct engine *engine, int64_t count)
{
	/* LMDB says of a write that was cut short no more than EIO. */
	assert_true(
	    engine->fault.code == FAULT_FULL || engine->fault.sys == EIO);
	assert_non_null(strstr(engine->fault.text, "full"));
	assert_int_equal(engine_sum(engine, "count"), count);
	assert_int_equal(engine_log_size(engine), count);
	assert_string_equal(engine_get(engine, "first"), "still there");
}

static void
a_full_map_refuses_and_the_store_goes_on(void **state)
{
	struct engine *engine = *state;
	unsigned number = 0;

	engine->options.records_map_bytes = 1 << 20;
	engine_close(engine);
	scratch_remove(engine->path);
	engine_open(engine);
	engine_put(engine, "first", "still there");
	while (fill(engine, number, 50000) == OUTCOME_APPLIED) {
		number++;
	}
	assert_in_range(number, 5, 20);
	assert_int_equal(engine->result.outcome, OUTCOME_UNAVAILABLE);
	must_go_on(engine, number);
	/* A small set still finds room, and so does one that deletes. */
	assert_int_equal(fill(engine, number, 10), OUTCOME_APPLIED);
	for (unsigned i = 0; i < 2; i++) {
		struct writes *writes = writes_new(engine->store, NULL);
		uint8_t key[5] = { 'f', 0, 0, 0, (uint8_t)i };

		writes_delete(writes, bytes_of(key, sizeof(key)));
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
	/* The pages of the deleted are used again, two commits later. */
	engine_put(engine, "second", "");
	assert_int_equal(fill(engine, number + 1, 50000), OUTCOME_APPLIED);

	/* And with a larger map there is room again. */
	engine->options.records_map_bytes = 4 << 20;
	engine_reopen(engine);
	assert_int_equal(engine_sum(engine, "count"), number + 2);
	assert_int_equal(fill(engine, number + 2, 50000), OUTCOME_APPLIED);
}

static void
a_small_set_beside_one_without_room_is_applied(void **state)
{
	enum { SETS = 3 };

	static uint8_t value[1 << 20];
	struct engine *engine = *state;
	size_t lens[SETS] = { 100, sizeof(value), 100 };
	uint64_t commits;
	struct store_figures figures;

	engine->options.records_map_bytes = 1 << 20;
	engine_close(engine);
	scratch_remove(engine->path);
	engine_open(engine);
	for (unsigned i = 0; i < SETS; i++) {
		struct writes *writes = writes_new(engine->store, NULL);
		char key[2] = { (char)('a' + i), '\0' };

		writes_put(writes, engine_text(key), bytes_of(value, lens[i]));
		writes_commit(writes, NULL, NULL, NULL);
	}
	engine_put(engine, "z", "");
	store_measure(engine->store, &figures);
	commits = figures.commits;
	assert_true(commits >= 2);
	assert_int_equal(figures.sets_applied, SETS);
	assert_int_equal(figures.sets_refused, 1);
	assert_non_null(engine_get(engine, "a"));
	assert_null(engine_get(engine, "b"));
	assert_non_null(engine_get(engine, "c"));
}

/* A file may not grow past a size: EFBIG where a full disk says ENOSPC. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_full_disk_refuses_and_the_store_goes_on(void **state)
{
	struct engine *engine = *state;
	unsigned number = 0;

	signal(SIGXFSZ, SIG_IGN);
	engine_put(engine, "first", "still there");
	limit_files(1 << 20);
	while (fill(engine, number, 50000) == OUTCOME_APPLIED) {
		number++;
	}
	limit_files(RLIM_INFINITY);
	assert_in_range(number, 1, 30);
	assert_int_equal(engine->result.outcome, OUTCOME_UNAVAILABLE);
	must_go_on(engine, number);
	assert_int_equal(fill(engine, number, 50000), OUTCOME_APPLIED);
	engine_reopen(engine);
	assert_int_equal(engine_sum(engine, "count"), number + 1);
	assert_int_equal(engine_log_size(engine), number + 1);
}

/* A hole is filled when it is touched, and a full disk has no page for it. */
static void
the_files_that_are_mapped_to_be_written_have_no_holes(void **state)
{
	static const char *const parts[] = { "records", "chunks" };
	struct engine *engine = *state;
	char path[SCRATCH_PATH * 2];
	struct stat about;

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s/lock.mdb", engine->path,
		    parts[i]);
		assert_int_equal(stat(path, &about), 0);
		assert_in_range(about.st_blocks * 512, about.st_size, 1 << 20);
		assert_int_equal(about.st_size, 640 + 512 * 64);
	}
}

static void
count_outcome(void *arg, const struct writes_result *result)
{
	((unsigned *)arg)[result->outcome]++;
}

static void
a_queue_that_is_full_refuses_at_once(void **state)
{
	enum { SETS = 20, LEN = 2 << 20 };
	struct engine *engine = *state;
	unsigned told[OUTCOME_REFUSED + 1] = { 0 };
	uint8_t *value = calloc(1, LEN);
	struct store_figures figures;
	struct engine_gate gate;

	engine_gate_close(engine, &gate);
	for (int i = 0; i < SETS; i++) {
		struct writes *writes = writes_new(engine->store, NULL);

		writes_put(writes, engine_text("a"), bytes_of(value, LEN));
		writes_commit(writes, NULL, count_outcome, told);
	}
	assert_int_equal(told[OUTCOME_UNAVAILABLE], SETS - 15); /* of 32 MiB */
	assert_int_equal(told[OUTCOME_APPLIED], 0);
	store_measure(engine->store, &figures);
	assert_int_equal(figures.sets_waiting, 15);
	engine_gate_open(&gate, NULL, 0);
	engine_put(engine, "b", "");
	assert_int_equal(told[OUTCOME_APPLIED], 15);
	store_measure(engine->store, &figures);
	assert_int_equal(figures.sets_waiting, 0);
	free(value);
}

/* --- housekeeping ------------------------------------------------------------ */

static size_t
rows_of_past(struct engine *engine)
{
	struct records *records = &engine->store->records;
	MDB_txn *txn;
	MDB_stat stat;

	assert_int_equal(mdb_txn_begin(records->env, NULL, MDB_RDONLY, &txn),
	    0);
	assert_int_equal(mdb_stat(txn, records->past, &stat), 0);
	mdb_txn_abort(txn);
	return stat.ms_entries;
}

static void
commit_with_ids(struct engine *engine, uint64_t from, uint64_t count)
{
	for (uint64_t i = from; i < from + count; i++) {
		/* Spread over the table, as hashes are. */
		struct set_id id = engine_id(i * 0x9E3779B97F4A7C15u);
		struct writes *writes = writes_new(engine->store, &id);

		writes_put(writes, engine_text("a"), NO_BYTES);
		writes_commit(writes, NULL, NULL, NULL);
	}
	engine_put(engine, "b", "");
}

static void
ids_of_past_days_are_swept(void **state)
{
	struct engine *engine = *state;
	int64_t start = INT64_C(1769800000) * 1000000;
	int64_t day = INT64_C(86400) * 1000000;

	clock_set(start);
	commit_with_ids(engine, 0, 400);
	assert_int_equal(rows_of_past(engine), 400);
	clock_set(start + day + 1);
	/* Four rows a set: 250 sets go round their table more than once. */
	commit_with_ids(engine, 1000, 250);
	assert_int_equal(rows_of_past(engine), 250);
	clock_set(start + day + 2);
	commit_with_ids(engine, 2000, 100);
	assert_int_equal(rows_of_past(engine), 350);
	clock_set(0);
}

static void
a_forgotten_snapshot_is_cut_off_by_the_writer(void **state)
{
	struct engine *engine = *state;
	struct snapshot *forgotten;
	uint64_t before;
	struct store_figures figures;

	engine->options.snapshot_max_ms = 1;
	engine->options.records_map_bytes = 1 << 20;
	engine_reopen(engine);
	forgotten = engine_snapshot(engine);
	store_measure(engine->store, &figures);
	before = (uint64_t)figures.writer_seen_ticks;
	/*
	 * Two rounds of the writer, then pages must be used again: the map has
	 * room for some tens of commits.
	 */
	for (int rounds = 0; rounds < 2;) {
		usleep(5000); /* until it goes by, however long that takes */
		store_measure(engine->store, &figures);
		if ((uint64_t)figures.writer_seen_ticks != before) {
			before = (uint64_t)figures.writer_seen_ticks;
			rounds++;
		}
	}
	for (int i = 0; i < 500; i++) {
		engine_put(engine, "a", i % 2 == 0 ? "x" : "y");
	}
	assert_int_equal(
	    snapshot_has(forgotten, engine_text("a"), &engine->fault), -1);
	assert_int_equal(engine->fault.code, FAULT_BUSY);
	snapshot_close(forgotten);
}

static void
deleted_long_values_leave_no_pieces(void **state)
{
	static uint8_t value[300000];
	struct engine *engine = *state;
	struct records *records = &engine->store->records;
	MDB_txn *txn;
	MDB_stat stat;

	for (int round = 0; round < 3; round++) {
		struct writes *writes = writes_new(engine->store, NULL);

		for (uint8_t i = 0; i < 10; i++) {
			writes_put(writes, bytes_of(&i, 1),
			    bytes_of(value, 4075 + i * (size_t)(round + 1)));
		}
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
	for (uint8_t i = 0; i < 10; i++) {
		struct writes *writes = writes_new(engine->store, NULL);

		if (i % 2 == 0) {
			writes_delete(writes, bytes_of(&i, 1));
		} else {
			writes_put(writes, bytes_of(&i, 1), NO_BYTES);
		}
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
	assert_int_equal(mdb_txn_begin(records->env, NULL, MDB_RDONLY, &txn),
	    0);
	assert_int_equal(mdb_stat(txn, records->pieces, &stat), 0);
	mdb_txn_abort(txn);
	assert_int_equal(stat.ms_entries, 0);
}

#define lmdb(test) \
	cmocka_unit_test_setup_teardown(test, engine_setup, engine_teardown)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		lmdb(a_path_is_open_once_in_a_process),
		lmdb(stores_of_other_paths_may_be_open_together),
		lmdb(of_processes_that_race_for_a_store_one_gets_it),
		lmdb(a_store_is_made_only_when_asked),
		lmdb(a_store_is_for_its_owner_alone),
		lmdb(another_format_is_refused_by_its_number),
		lmdb(what_is_no_store_is_refused),
		lmdb(a_copy_opens_as_the_store_it_was_taken_from),
		lmdb(a_full_map_refuses_and_the_store_goes_on),
		lmdb(a_small_set_beside_one_without_room_is_applied),
		lmdb(a_full_disk_refuses_and_the_store_goes_on),
		lmdb(the_files_that_are_mapped_to_be_written_have_no_holes),
		lmdb(a_queue_that_is_full_refuses_at_once),
		lmdb(ids_of_past_days_are_swept),
		lmdb(a_forgotten_snapshot_is_cut_off_by_the_writer),
		lmdb(deleted_long_values_leave_no_pieces),
	};

	digest_init();
	if (argc == 3 && strcmp(argv[1], "--race") == 0) {
		return race(argv[2]);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
