/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A process that commits numbered sets is killed with SIGKILL at random
 * points, 50 times (HOSO_KILLS for more), and the store is opened again each
 * time.  Sets are handed over in the order of their numbers, so what is there
 * must be a prefix: every set that was acknowledged, each whole, none in part,
 * the log without a gap.
 *
 * Set i writes
 *     r i       a record of up to 6,000 bytes, guarded
 *     x h(i) j  three index rows, spread over the table
 *     y i       and deletes y (i - LIVE)
 *     c         + 1
 *     k (i % 5) + i
 *     two log entries "i.0" and "i.1", and is remembered by the id i
 *
 * Run as `test_store_kill --child PATH` it is the process that is killed: it
 * prints the number of each set that it was told is durable.
 */

#include "base/digest.h"
#include "storage/key.h"
#include "tests/unit/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#define IN_FLIGHT     24
#define LIVE          16
#define INDEX_ROWS    3
#define COUNTERS      5
#define KILLS         50
#define KILLS_A_STORE 50
#define ACKS_MAX      150
#define DELAY_MAX_US  3000
#define RECORD_MAX    6000

extern char **environ;

static struct key
key_of(uint8_t table, uint64_t number)
{
	struct key key;

	key_start(&key, table);
	key_add_u64(&key, number);
	return key;
}

static struct key
index_key(uint64_t number, uint8_t row)
{
	struct key key =
	    key_of('x', (number * INDEX_ROWS + row) * 0x9E3779B97F4A7C15u);

	key_add_u64(&key, number);
	return key;
}

/* The record of a set: as long as its number says, and full of it. */
static struct bytes
record_of(uint64_t number, uint8_t place[RECORD_MAX + 8])
{
	size_t len = 8 + number * 37 % (RECORD_MAX - 8);

	for (size_t at = 0; at < len; at += 8) {
		memcpy(place + at, &number, 8);
	}
	return bytes_of(place, len);
}

/* --- the process that is killed -------------------------------------------- */

static sem_t permits;

static void
print_number(void *arg, const struct writes_result *result)
{
	uint64_t number = (uint64_t)(uintptr_t)arg;

	if (result->outcome != OUTCOME_APPLIED) {
		fprintf(stderr, "set %llu: %s\n", (unsigned long long)number,
		    result->fault->text);
		_exit(1);
	}
	if (write(STDOUT_FILENO, &number, sizeof(number)) != sizeof(number)) {
		_exit(1);
	}
	sem_post(&permits);
}

static struct writes *
numbered_set(struct store *store, uint64_t number)
{
	struct set_id id = engine_id(number);
	struct writes *writes = writes_new(store, &id);
	struct key key = key_of('r', number);
	uint8_t record[RECORD_MAX + 8];
	char entry[32];

	writes_expect_absent(writes, key_bytes(&key));
	writes_put_record(writes, key_bytes(&key), 1,
	    record_of(number, record));
	for (uint8_t row = 0; row < INDEX_ROWS; row++) {
		key = index_key(number, row);
		writes_put(writes, key_bytes(&key), NO_BYTES);
	}
	key = key_of('y', number);
	writes_put(writes, key_bytes(&key), NO_BYTES);
	key = key_of('y', number - LIVE);
	writes_delete(writes, key_bytes(&key));
	key = key_of('k', number % COUNTERS);
	writes_add(writes, key_bytes(&key), (int64_t)number);
	writes_add(writes, engine_text("c"), 1);
	for (int i = 0; i < 2; i++) {
		snprintf(entry, sizeof(entry), "%llu.%d",
		    (unsigned long long)number, i);
		writes_log(writes, engine_text(entry));
	}
	return writes;
}

static int
be_killed(const char *path)
{
	struct store_options options = engine_options(path);
	struct store *store;
	struct snapshot *snapshot;
	struct fault fault;
	int64_t next;

	if (store_open(&store, &options, &fault) < 0 ||
	    snapshot_open(&snapshot, store, &fault) < 0 ||
	    snapshot_sum(snapshot, engine_text("c"), &next, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		return 1;
	}
	snapshot_close(snapshot);
	sem_init(&permits, 0, IN_FLIGHT);
	for (uint64_t number = (uint64_t)next;; number++) {
		sem_wait(&permits);
		writes_commit(numbered_set(store, number), NULL, print_number,
		    (void *)(uintptr_t)number);
	}
}

/* --- the process that kills ------------------------------------------------- */

static pid_t
spawn_child(const char *path, int output)
{
	char self[PATH_MAX];
	char option[] = "--child";
	char copy[SCRATCH_PATH];
	char *args[] = { self, option, copy, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	snprintf(copy, sizeof(copy), "%s", path);
	scratch_self(self);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	assert_int_equal(posix_spawn(&pid, self, &actions, NULL, args, environ),
	    0);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

/* Read acknowledgements, at most `max`; the number behind the last. */
static uint64_t
read_acks(int input, uint64_t acknowledged, uint64_t max)
{
	uint64_t number;

	for (uint64_t i = 0; i < max; i++) {
		if (read(input, &number, sizeof(number)) != sizeof(number)) {
			break;
		}
		assert_int_equal(number, acknowledged);
		acknowledged = number + 1;
	}
	return acknowledged;
}

/* Let a child commit and kill it; the number behind the last acknowledged. */
static uint64_t
commit_and_kill(const char *path, uint64_t acknowledged, uint64_t *seed)
{
	int ends[2];
	pid_t child;
	int status;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = spawn_child(path, ends[1]);
	close(ends[1]);
	acknowledged =
	    read_acks(ends[0], acknowledged, scratch_draw(seed) % ACKS_MAX);
	usleep((useconds_t)(scratch_draw(seed) % DELAY_MAX_US));
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status)); /* or it failed by itself */
	acknowledged = read_acks(ends[0], acknowledged, UINT64_MAX);
	close(ends[0]);
	return acknowledged;
}

static uint64_t
count_rows(struct engine *engine, struct snapshot *snapshot, uint8_t table)
{
	struct key from, to;
	struct scan *scan;
	struct bytes key, value;
	uint64_t count = 0;

	key_start(&from, table);
	to = from;
	key_next(&to);
	assert_int_equal(scan_open(&scan, snapshot, key_bytes(&from),
	                     key_bytes(&to), false, &engine->fault),
	    0);
	while (scan_next(scan, &key, &value, &engine->fault) == 1) {
		count++;
	}
	scan_close(scan);
	return count;
}

static void
must_be_whole(struct engine *engine, struct snapshot *snapshot, uint64_t number)
{
	struct set_id id = engine_id(number);
	struct key key = key_of('r', number);
	uint8_t place[RECORD_MAX + 8];
	struct writes_result result;
	struct bytes bytes;
	uint64_t rev;
	char entry[32];

	assert_int_equal(snapshot_find_record(snapshot, key_bytes(&key),
	                     engine->arena, &rev, &bytes, &engine->fault),
	    1);
	assert_true(bytes_equal(bytes, record_of(number, place)));
	for (uint8_t row = 0; row < INDEX_ROWS; row++) {
		key = index_key(number, row);
		assert_int_equal(
		    snapshot_has(snapshot, key_bytes(&key), &engine->fault), 1);
	}
	assert_int_equal(snapshot_resolve(snapshot, &id, engine->arena, &result,
	                     &engine->fault),
	    1);
	assert_int_equal(result.log_index, 2 * number);
	for (unsigned i = 0; i < 2; i++) {
		snprintf(entry, sizeof(entry), "%llu.%u",
		    (unsigned long long)number, i);
		assert_int_equal(snapshot_log_find(snapshot, 2 * number + i,
		                     engine->arena, &bytes, &engine->fault),
		    1);
		assert_string_equal((const char *)bytes.data, entry);
	}
}

/* Check all there is; the number of sets. */
static uint64_t
check_store(struct engine *engine)
{
	struct snapshot *snapshot = engine_snapshot(engine);
	int64_t sums[COUNTERS] = { 0 };
	int64_t sum;
	uint64_t count;
	uint64_t size;

	assert_int_equal(
	    snapshot_sum(snapshot, engine_text("c"), &sum, &engine->fault), 0);
	count = (uint64_t)sum;
	for (uint64_t i = 0; i < count; i++) {
		must_be_whole(engine, snapshot, i);
		sums[i % COUNTERS] += (int64_t)i;
		arena_reset(engine->arena);
	}
	assert_int_equal(count_rows(engine, snapshot, 'r'), count);
	assert_int_equal(count_rows(engine, snapshot, 'x'), count * INDEX_ROWS);
	assert_int_equal(count_rows(engine, snapshot, 'y'),
	    count < LIVE ? count : LIVE);
	for (uint64_t i = 0; i < COUNTERS; i++) {
		struct key key = key_of('k', i);

		assert_int_equal(snapshot_sum(snapshot, key_bytes(&key), &sum,
		                     &engine->fault),
		    0);
		assert_int_equal(sum, sums[i]);
	}
	assert_int_equal(snapshot_log_size(snapshot, &size, &engine->fault), 0);
	assert_int_equal(size, 2 * count);
	snapshot_close(snapshot);
	return count;
}

static void
what_was_acknowledged_survives_a_kill(void **state)
{
	const char *asked = getenv("HOSO_KILLS");
	long kills = asked != NULL ? strtol(asked, NULL, 10) : KILLS;
	uint64_t seed = 20260131;
	uint64_t sets = 0;
	uint64_t unsaid = 0;

	for (long done = 0; done < kills; done += KILLS_A_STORE) {
		struct engine *engine;
		uint64_t there = 0;

		engine_setup(state);
		engine = *state;
		for (long i = done; i < kills && i < done + KILLS_A_STORE;
		     i++) {
			uint64_t acknowledged;

			engine_close(engine);
			acknowledged =
			    commit_and_kill(engine->path, there, &seed);
			engine_open(engine);
			there = check_store(engine);
			if (there < acknowledged) {
				fail_msg("kill %ld: %llu acknowledged, %llu "
				         "there",
				    i, (unsigned long long)acknowledged,
				    (unsigned long long)there);
			}
			unsaid += there - acknowledged;
		}
		sets += there;
		engine_teardown(state);
	}
	print_message("# %ld kills, %llu sets, %llu of them there but not "
	              "yet acknowledged\n",
	    kills, (unsigned long long)sets, (unsigned long long)unsaid);
	assert_true(sets > 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_acknowledged_survives_a_kill),
	};

	digest_init();
	if (argc == 3 && strcmp(argv[1], "--child") == 0) {
		return be_killed(argv[2]);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
