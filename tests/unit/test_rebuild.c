/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A store with rows of its own is rebuilt: every fourth row goes, every other
 * one changes, as many come.  However that ends, either all of it is there or
 * nothing.
 *
 * Run as `test_rebuild --child PATH STEP` it is the process that is killed
 * before it takes that step; as `test_rebuild --reader PATH` one that reads
 * until its standard input ends.
 */

#include "storage/rebuild.h"

#include "storage/keeper.h"
#include "storage/key.h"
#include "tests/unit/engine.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROWS       6000u
#define NEW_BYTES  3000u /* so that there are some commits */
#define LONG_BYTES 9000u
#define PAGE       4096u

extern char **environ;

/* --- what is there before and after ------------------------------------------ */

static struct bytes
row_key(struct key *key, unsigned number)
{
	key_start(key, 'y');
	key_add_u32(key, number);
	return key_bytes(key);
}

static bool
is_there_before(unsigned number)
{
	return number % 2 == 0;
}

static bool
is_there_after(unsigned number)
{
	return number % 4 != 0;
}

static struct bytes
value_before(unsigned number, uint8_t value[LONG_BYTES])
{
	memset(value, 'b', LONG_BYTES);
	return bytes_of(value, number % 100 == 2 ? LONG_BYTES : number % 50);
}

static struct bytes
value_after(unsigned number, uint8_t value[LONG_BYTES])
{
	memset(value, 'a', LONG_BYTES);
	return bytes_of(value, number % 100 == 3 ? LONG_BYTES : NEW_BYTES);
}

static void
fill(struct engine *engine)
{
	uint8_t value[LONG_BYTES];
	struct key key;

	for (unsigned at = 0; at < ROWS; at += 1000) {
		struct writes *writes = writes_new(engine->store, NULL);

		for (unsigned i = at; i < at + 1000; i++) {
			if (is_there_before(i)) {
				writes_put(writes, row_key(&key, i),
				    value_before(i, value));
			}
		}
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
}

static void
assert_rows(struct engine *engine, bool are_after)
{
	struct snapshot *snapshot = engine_snapshot(engine);
	uint8_t value[LONG_BYTES];

	for (unsigned i = 0; i < ROWS; i++) {
		struct bytes wanted =
		    are_after ? value_after(i, value) : value_before(i, value);
		bool is_there =
		    are_after ? is_there_after(i) : is_there_before(i);
		struct bytes got;
		struct key key;
		int found = snapshot_find(snapshot, row_key(&key, i),
		    engine->arena, &got, &engine->fault);

		if (found != is_there ||
		    (is_there && !bytes_equal(got, wanted))) {
			fail_msg("row %u %s: wanted %d of %zu bytes, got %d", i,
			    are_after ? "after" : "before", is_there,
			    wanted.len, found);
		}
		arena_reset(engine->arena);
	}
	snapshot_close(snapshot);
}

static void
tell_damage(void *arg, const char *finding)
{
	(void)arg;
	fail_msg("%s", finding);
}

static void
assert_sound(struct engine *engine, bool are_after)
{
	assert_rows(engine, are_after);
	if (store_check(engine->store, tell_damage, NULL, &engine->fault) < 0) {
		fail_msg("%s", engine->fault.text);
	}
}

/* --- steps ------------------------------------------------------------------- */

struct steps {
	unsigned next;
	unsigned stop_at; /* where `stop` is called; ROWS: at the end */
	int (*stop)(struct steps *steps, struct fault *fault);
	const char *path;
	uint8_t value[LONG_BYTES];
	struct key key;
};

static int
next_step(void *arg, struct rebuild_step *step_out, struct fault *fault)
{
	struct steps *steps = arg;
	unsigned number;

	if (steps->stop != NULL && steps->next == steps->stop_at &&
	    steps->stop(steps, fault) < 0) {
		return -1;
	}
	if (steps->next == ROWS) {
		return 0;
	}
	number = steps->next++;
	*step_out = (struct rebuild_step){
		.removes = !is_there_after(number),
		/* What is not true is found out. */
		.is_new = !is_there_before(number) || number % 10 == 2,
		.key = row_key(&steps->key, number),
		.value = value_after(number, steps->value),
	};
	return 1;
}

static int
die(struct steps *steps, struct fault *fault)
{
	(void)steps;
	(void)fault;
	raise(SIGKILL);
	return 0;
}

static int
refuse(struct steps *steps, struct fault *fault)
{
	(void)steps;
	return fault_set(fault, FAULT_CORRUPT, "no more");
}

/* --- processes of their own ---------------------------------------------------- */

static struct store_options
options_at(const char *path)
{
	struct store_options options = engine_options(path);

	options.records_map_bytes = 256 << 20;
	return options;
}

static int
run_child(const char *path, unsigned stop_at)
{
	struct store_options options = options_at(path);
	struct steps steps = { .stop_at = stop_at, .stop = die };
	struct store *store;
	struct fault fault;

	if (store_open(&store, &options, &fault) < 0 ||
	    rebuild_run(store, next_step, &steps, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
	}
	return 1; /* it ought to be dead */
}

static int
run_reader(const char *path)
{
	struct store_options options = options_at(path);
	struct snapshot *snapshot;
	struct store *store;
	struct fault fault;
	char byte = 'r';

	options.read_only = true;
	if (store_open(&store, &options, &fault) < 0 ||
	    snapshot_open(&snapshot, store, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		return 1;
	}
	if (write(STDOUT_FILENO, &byte, 1) != 1) {
		return 1;
	}
	while (read(STDIN_FILENO, &byte, 1) > 0) {
	}
	snapshot_close(snapshot);
	store_close(store);
	return 0;
}

static pid_t
spawn(const char *what, const char *path, const char *number,
    posix_spawn_file_actions_t *actions)
{
	char self[PATH_MAX];
	char *arguments[] = { self, (char *)(uintptr_t)what,
		(char *)(uintptr_t)path, (char *)(uintptr_t)number, NULL };
	pid_t child;

	scratch_self(self);
	assert_int_equal(
	    posix_spawn(&child, self, actions, NULL, arguments, environ), 0);
	return child;
}

/* --- tests -------------------------------------------------------------------- */

static int
setup(void **state)
{
	struct engine *engine;

	engine_setup(state);
	engine = *state;
	engine->options.records_map_bytes = 256 << 20;
	engine_reopen(engine);
	fill(engine);
	return 0;
}

static void
what_was_rebuilt_is_there_and_stays(void **state)
{
	struct engine *engine = *state;
	struct steps steps = { .next = 0 };

	if (rebuild_run(engine->store, next_step, &steps, &engine->fault) < 0) {
		fail_msg("%s", engine->fault.text);
	}
	assert_sound(engine, true);
	engine_put(engine, "y", "written behind it");
	engine_reopen(engine);
	assert_sound(engine, true);
	assert_string_equal(engine_get(engine, "y"), "written behind it");
}

static void
no_step_changes_nothing(void **state)
{
	struct engine *engine = *state;
	struct steps steps = { .next = ROWS };

	assert_int_equal(
	    rebuild_run(engine->store, next_step, &steps, &engine->fault), 0);
	assert_sound(engine, false);
	engine_reopen(engine);
	assert_sound(engine, false);
}

static void
a_rebuild_that_fails_has_changed_nothing(void **state)
{
	struct engine *engine = *state;

	for (unsigned at = 0; at <= ROWS; at += ROWS / 3) {
		struct steps steps = { .stop_at = at, .stop = refuse };

		assert_int_equal(rebuild_run(engine->store, next_step, &steps,
		                     &engine->fault),
		    -1);
		assert_string_equal(engine->fault.text, "no more");
		engine_reopen(engine);
		assert_sound(engine, false);
	}
}

/* All of a file; how long it is. */
static size_t
slurp(const char *path, uint8_t **bytes_out)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	off_t len = lseek(file, 0, SEEK_END);

	assert_true(len > 0);
	*bytes_out = malloc((size_t)len);
	assert_int_equal(pread(file, *bytes_out, (size_t)len, 0), len);
	close(file);
	return (size_t)len;
}

/* As after a power cut: each page is what it was or what it became. */
static void
lose_pages(const char *path, const uint8_t *before, size_t before_len)
{
	static const uint8_t zeros[PAGE];
	int file = open(path, O_WRONLY | O_CLOEXEC);
	off_t len = lseek(file, 0, SEEK_END);

	for (off_t at = 0; at < len; at += PAGE) {
		const uint8_t *old =
		    (size_t)at < before_len ? before + at : zeros;

		if (unit_draw() % 2 == 0) {
			assert_int_equal(pwrite(file, old, PAGE, at), PAGE);
		}
	}
	close(file);
}

static void
kill_at(struct engine *engine, unsigned at, bool loses_pages)
{
	char file[SCRATCH_PATH * 2];
	char number[16];
	uint8_t *before;
	size_t before_len;
	int status;

	engine_close(engine);
	snprintf(file, sizeof(file), "%s/records/data.mdb", engine->path);
	before_len = slurp(file, &before);
	snprintf(number, sizeof(number), "%u", at);
	assert_int_equal(waitpid(spawn("--child", engine->path, number, NULL),
	                     &status, 0) > 0,
	    1);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	if (loses_pages) {
		lose_pages(file, before, before_len);
	}
	free(before);
	engine_open(engine);
	assert_sound(engine, false);
}

static void
a_kill_at_any_step_leaves_what_was(void **state)
{
	struct engine *engine = *state;

	for (unsigned i = 0; i < 12; i++) {
		unsigned at = i == 0   ? 0
		              : i == 1 ? ROWS
		                       : (unsigned)(unit_draw() % ROWS);

		kill_at(engine, at, false);
	}
}

static void
pages_that_never_reached_the_disk_are_not_missed(void **state)
{
	struct engine *engine = *state;

	for (unsigned i = 0; i < 12; i++) {
		kill_at(engine, ROWS - (unsigned)(unit_draw() % (ROWS / 2)),
		    true);
	}
}

static int
look_in(struct steps *steps, struct fault *fault)
{
	char records[SCRATCH_PATH * 2];
	struct fault refused;

	(void)fault;
	snprintf(records, sizeof(records), "%s/records", steps->path);
	assert_int_equal(keeper_recover(records, true, &refused), -1);
	assert_int_equal(refused.code, FAULT_CONFLICT);
	return 0;
}

static void
who_would_read_meanwhile_is_refused(void **state)
{
	struct engine *engine = *state;
	char records[SCRATCH_PATH * 2];
	struct steps steps = { .stop_at = ROWS / 2,
		.stop = look_in,
		.path = engine->path };

	assert_int_equal(
	    rebuild_run(engine->store, next_step, &steps, &engine->fault), 0);
	snprintf(records, sizeof(records), "%s/records", engine->path);
	assert_int_equal(keeper_recover(records, true, &engine->fault), 0);
}

static void
who_reads_already_keeps_it_from_beginning(void **state)
{
	struct engine *engine = *state;
	posix_spawn_file_actions_t actions;
	struct steps steps = { .next = 0 };
	int to[2], from[2];
	pid_t reader;
	int status;
	char byte;

	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	assert_int_equal(pipe2(from, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
	reader = spawn("--reader", engine->path, NULL, &actions);
	posix_spawn_file_actions_destroy(&actions);
	close(to[0]);
	close(from[1]);
	assert_int_equal(read(from[0], &byte, 1), 1);

	assert_int_equal(
	    rebuild_run(engine->store, next_step, &steps, &engine->fault), -1);
	assert_int_equal(engine->fault.code, FAULT_BUSY);
	assert_int_equal(steps.next, 0);
	assert_rows(engine, false);
	engine_put(engine, "y", "goes on");
	close(to[1]);
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
	assert_int_equal(
	    rebuild_run(engine->store, next_step, &steps, &engine->fault), 0);
	assert_sound(engine, true);
	close(from[0]);
}

int
main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
#define rebuild_test(name) \
	cmocka_unit_test_setup_teardown(name, setup, engine_teardown)
		rebuild_test(what_was_rebuilt_is_there_and_stays),
		rebuild_test(no_step_changes_nothing),
		rebuild_test(a_rebuild_that_fails_has_changed_nothing),
		rebuild_test(a_kill_at_any_step_leaves_what_was),
		rebuild_test(pages_that_never_reached_the_disk_are_not_missed),
		rebuild_test(who_would_read_meanwhile_is_refused),
		rebuild_test(who_reads_already_keeps_it_from_beginning),
	};

	if (count == 4 && strcmp(arguments[1], "--child") == 0) {
		digest_init();
		return run_child(arguments[2],
		    (unsigned)strtoul(arguments[3], NULL, 10));
	}
	if (count == 3 && strcmp(arguments[1], "--reader") == 0) {
		digest_init();
		return run_reader(arguments[2]);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
