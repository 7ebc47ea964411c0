/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Bytes of data.mdb are flipped at random, and everything is read: each answer
 * is the right one, or says that it is damaged.  A store in which checking
 * finds nothing gives nothing but right answers.
 *
 * HOSO_SEED=N repeats a run, HOSO_ROTS=N makes it longer.
 */

#include "base/buf.h"
#include "base/file.h"
#include "base/wire.h"
#include "tests/unit/engine.h"
#include "tests/unit/rotten.h"

#include <fcntl.h>
#include <inttypes.h>

#define KEYS      600u
#define ENTRIES   300u
#define ROTS      200u
#define VALUE_MAX 9000u

struct rot {
	struct engine *engine;
	char data[SCRATCH_PATH + 32];
	struct buf sound; /* the file before */
	uint64_t seed;
	uint64_t first_seed;
	unsigned trial;
	/* of one trial */
	unsigned right;
	unsigned damaged;
	unsigned findings;
};

/* --- what was written ----------------------------------------------------- */

/* Some keys were deleted: every seventh. */
static bool
is_there(unsigned number)
{
	return number % 7 != 3;
}

static struct bytes
key_of(unsigned number, char text[32])
{
	snprintf(text, 32, "%c/key-%05u", "bdr"[number % 3], number);
	return bytes_of_text(text);
}

static struct bytes
value_of(unsigned number, uint8_t data[VALUE_MAX])
{
	static const size_t lens[] = { 0, 12, 200, 900, 1, 3000, 60, 9000 };
	size_t len = lens[number * 5 % 8];
	uint64_t seed = number + 1;

	scratch_fill(&seed, data, len);
	return bytes_of(data, len);
}

static void
write_all(struct engine *engine)
{
	uint8_t data[VALUE_MAX];
	char text[32];

	for (unsigned i = 0; i < KEYS; i += 20) {
		struct set_id id = engine_id(i + 1);
		struct writes *writes = writes_new(engine->store, &id);

		for (unsigned j = i; j < i + 20; j++) {
			writes_put(writes, key_of(j, text), value_of(j, data));
			if (j < ENTRIES) {
				writes_log(writes, value_of(j, data));
			}
		}
		writes_add(writes, engine_text("count"), 20);
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
	/* In groups, so that pages are freed and used again. */
	for (unsigned i = 0; i < KEYS; i += 30) {
		struct writes *writes = writes_new(engine->store, NULL);

		for (unsigned j = i; j < i + 30; j++) {
			if (is_there(j)) {
				writes_put(writes, key_of(j, text),
				    value_of(j, data));
			} else {
				writes_delete(writes, key_of(j, text));
			}
		}
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
}

/* --- what is read ---------------------------------------------------------- */

static void
blame(struct rot *rot, const char *what, unsigned number)
{
	fail_msg("HOSO_SEED=%" PRIu64 ", trial %u: %s %u", rot->first_seed,
	    rot->trial, what, number);
}

/* An answer about what is there, or is not. */
static void
judge(struct rot *rot, int found, bool wanted, struct bytes got,
    struct bytes value, unsigned number)
{
	if (found == -1) {
		if (rot->engine->fault.code != FAULT_CORRUPT) {
			blame(rot, rot->engine->fault.text, number);
		}
		rot->damaged++;
		return;
	}
	if (found == 1 && !wanted) {
		blame(rot, "wanted nothing, got a value for", number);
	}
	if (found == 0 && wanted) {
		blame(rot, "wanted a value, got nothing for", number);
	}
	if (found == 1 && !bytes_equal(got, value)) {
		blame(rot, "got another value for", number);
	}
	rot->right++;
}

static void
read_each(struct rot *rot, struct snapshot *snapshot)
{
	struct engine *engine = rot->engine;
	uint8_t data[VALUE_MAX];
	char text[32];
	struct bytes got;
	int64_t sum = 0;
	uint64_t size = 0;
	int found;

	for (unsigned i = 0; i < KEYS + 50; i++) {
		bool wanted = i < KEYS && is_there(i);
		struct bytes value = value_of(i, data);

		arena_reset(engine->arena);
		found = snapshot_find(snapshot, key_of(i, text), engine->arena,
		    &got, &engine->fault);
		judge(rot, found, wanted, got, value, i);
		found = snapshot_has(snapshot, key_of(i, text), &engine->fault);
		judge(rot, found, wanted, value, value, i);
		found = snapshot_log_find(snapshot, i, engine->arena, &got,
		    &engine->fault);
		judge(rot, found, i < ENTRIES, got, value, i);
	}
	found =
	    snapshot_sum(snapshot, engine_text("count"), &sum, &engine->fault);
	judge(rot, found < 0 ? -1 : sum == KEYS, true, NO_BYTES, NO_BYTES, 0);
	found = snapshot_log_size(snapshot, &size, &engine->fault);
	judge(rot, found < 0 ? -1 : size == ENTRIES, true, NO_BYTES, NO_BYTES,
	    0);
}

/* In the order of keys: which number comes at or after a place. */
static bool
next_wanted(unsigned *kind, unsigned *number)
{
	static const unsigned kinds[] = { 0, 1, 2 };

	for (; *kind < 3; (*kind)++, *number = kinds[*kind % 3]) {
		for (; *number < KEYS; *number += 3) {
			if (is_there(*number)) {
				return true;
			}
		}
	}
	return false;
}

/* A scan over one kind gives its rows in order, or stops with a fault. */
static void
scan_kind(struct rot *rot, struct snapshot *snapshot, unsigned kind,
    bool backwards)
{
	struct engine *engine = rot->engine;
	uint8_t data[VALUE_MAX];
	char from[3] = { "bdr"[kind], '/', '\0' };
	char to[3] = { "bdr"[kind], '0', '\0' };
	struct bytes key, value;
	struct scan *scan = NULL;
	unsigned number = kind;
	unsigned at = 0;
	unsigned wanted[KEYS];
	unsigned count = 0;
	int rc;

	for (unsigned here = kind; next_wanted(&here, &number) && here == kind;
	     number += 3) {
		wanted[count++] = number;
	}
	assert_int_equal(scan_open(&scan, snapshot, engine_text(from),
	                     engine_text(to), backwards, &engine->fault),
	    0);
	while ((rc = scan_next(scan, &key, &value, &engine->fault)) == 1) {
		char text[32];
		unsigned which = 0;

		if (at == count) {
			blame(rot, "a scan gave more than there is:", at);
		}
		which = wanted[backwards ? count - 1 - at : at];
		at++;
		if (!bytes_equal(key, key_of(which, text)) ||
		    !bytes_equal(value, value_of(which, data))) {
			blame(rot, "a scan gave another row than", which);
		}
	}
	if (rc == 0 && at != count) {
		blame(rot, "a scan ended before", wanted[at]);
	}
	rot->damaged += rc < 0;
	scan_close(scan);
}

/* Passing over damage, a scan tells where keys may be that it does not give. */
static void
scan_passing(struct rot *rot, struct snapshot *snapshot)
{
	struct engine *engine = rot->engine;
	struct scan *scan = NULL;
	struct bytes key, value;
	unsigned kind = 0;
	unsigned number = 0;
	char text[32];
	int rc;

	assert_int_equal(scan_open(&scan, snapshot, engine_text("b"),
	                     engine_text("c"), false, &engine->fault),
	    0);
	do {
		bool was_told;

		rc = scan_next_sound(scan, &key, &value, &engine->fault);
		was_told = scan_gap(scan, NULL) != SCAN_NO_GAP;
		for (;
		     next_wanted(&kind, &number) && kind == 0 &&
		     (rc != 1 || bytes_compare(key_of(number, text), key) < 0);
		     number += 3) {
			if (!was_told) {
				blame(rot, "a scan passed in silence", number);
			}
		}
		if (rc == 1 && (kind > 0 || number >= KEYS ||
		                   !bytes_equal(key, key_of(number, text)))) {
			blame(rot, "passing, a scan gave no row, not", number);
		}
		number += 3;
	} while (rc == 1);
	assert_int_equal(rc, 0);
	scan_close(scan);
}

/* Asked for nothing, a scan meets no damage. */
static void
scan_nothing(struct rot *rot, struct snapshot *snapshot)
{
	struct engine *engine = rot->engine;
	struct bytes key, value;
	struct scan *scan;

	for (unsigned number = 0; number < KEYS; number += 7) {
		char text[32];
		struct bytes at = key_of(number, text);

		for (int way = 0; way < 2; way++) {
			assert_int_equal(scan_open(&scan, snapshot, at, at,
			                     way == 1, &engine->fault),
			    0);
			if (scan_next(scan, &key, &value, &engine->fault) !=
			    0) {
				blame(rot, "a scan of nothing met", number);
			}
			scan_close(scan);
		}
	}
}

static void
count_finding(void *arg, const char *finding)
{
	struct rot *rot = arg;

	(void)finding;
	rot->findings++;
}

static void
read_all(struct rot *rot)
{
	struct engine *engine = rot->engine;
	struct snapshot *snapshot;

	if (snapshot_open(&snapshot, engine->store, &engine->fault) < 0) {
		assert_int_equal(engine->fault.code, FAULT_CORRUPT);
		rot->damaged++;
		rot->findings++;
		return;
	}
	read_each(rot, snapshot);
	for (unsigned kind = 0; kind < 3; kind++) {
		scan_kind(rot, snapshot, kind, false);
		scan_kind(rot, snapshot, kind, true);
	}
	scan_passing(rot, snapshot);
	scan_nothing(rot, snapshot);
	snapshot_close(snapshot);
}

/* --- rot ------------------------------------------------------------------- */

static void
write_file(struct rot *rot, const uint8_t *data, size_t len)
{
	int file = open(rot->data, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(file >= 0);
	assert_int_equal(write(file, data, len), len);
	close(file);
}

static void
set_up(struct rot *rot, struct engine *engine)
{
	const char *seed = getenv("HOSO_SEED");

	*rot = (struct rot){ .engine = engine };
	rot->first_seed =
	    seed != NULL ? strtoull(seed, NULL, 10) : (uint64_t)20261121;
	rot->seed = rot->first_seed;
	print_message("# HOSO_SEED=%" PRIu64 "\n", rot->first_seed);
	snprintf(rot->data, sizeof(rot->data), "%s/records/data.mdb",
	    engine->path);
	write_all(engine);
	engine_close(engine);
	buf_init(&rot->sound, 64u << 20);
	if (file_read(&rot->sound, rot->data, &engine->fault) < 0) {
		fail_msg("%s", engine->fault.text);
	}
}

static unsigned
rots(unsigned preset)
{
	const char *text = getenv("HOSO_ROTS");

	return text != NULL ? (unsigned)strtoul(text, NULL, 10) : preset;
}

/* Read the store as its file is now. */
static void
try(struct rot *rot)
{
	struct engine *engine = rot->engine;

	rot->right = rot->damaged = rot->findings = 0;
	engine->options.path = engine->path;
	if (store_open(&engine->store, &engine->options, &engine->fault) < 0) {
		/* The newest state lost: to be put back before it is read. */
		assert_true(engine->fault.code == FAULT_CORRUPT ||
		            engine->fault.code == FAULT_CONFLICT);
		rot->damaged++;
		rot->findings++;
		return;
	}
	read_all(rot);
	if (store_check(engine->store, count_finding, rot, &engine->fault) <
	    0) {
		assert_int_equal(engine->fault.code, FAULT_CORRUPT);
		rot->findings++;
	}
	if (rot->damaged > 0 && rot->findings == 0) {
		blame(rot, "the check found nothing, damaged:", rot->damaged);
	}
	engine_close(engine);
}

static void
begin(struct rot *rot, struct engine *engine)
{
	set_up(rot, engine);
	engine->options.read_only = true;
	engine->options.create = false;
	try(rot);
	assert_int_equal(rot->damaged, 0);
	assert_int_equal(rot->findings, 0);
}

static void
end(struct rot *rot)
{
	write_file(rot, rot->sound.data, rot->sound.len);
	buf_fini(&rot->sound);
	engine_open(rot->engine);
}

static void
no_answer_from_a_rotten_store_is_wrong(void **state)
{
	struct rot rot;
	unsigned damaged = 0;
	unsigned silent = 0;
	uint8_t *data;

	begin(&rot, *state);
	data = malloc(rot.sound.len);
	for (unsigned i = 1; i < rots(ROTS); i++) {
		memcpy(data, rot.sound.data, rot.sound.len);
		rot.trial = i;
		rotten_damage(&rot.seed, data, rot.sound.len, 1 + i % 8);
		write_file(&rot, data, rot.sound.len);
		try(&rot);
		damaged += rot.damaged > 0;
		silent += rot.findings == 0;
	}
	print_message("# %u of %u damaged what is read, %u nothing\n", damaged,
	    rots(ROTS), silent);
	assert_true(damaged > rots(ROTS) / 4);
	free(data);
	end(&rot);
}

/* The same with one byte of it changed; whether that damaged what is read. */
static bool
try_changed(struct rot *rot, int file, size_t at, uint8_t change)
{
	const uint8_t *was = rot->sound.data + at;
	uint8_t byte = *was ^ change;

	rot->trial++;
	assert_int_equal(pwrite(file, &byte, 1, (off_t)at), 1);
	try(rot);
	assert_int_equal(pwrite(file, was, 1, (off_t)at), 1);
	return rot->damaged > 0;
}

/*
 * The keys of a branch say where a search goes on.  One that was changed and
 * is still in order leads it to another page than where the row is.
 */
static void
no_answer_by_a_changed_key_of_a_branch_is_wrong(void **state)
{
	static const char middle[] = "/key-";
	struct rot rot;
	unsigned damaged = 0;
	int file;

	begin(&rot, *state);
	file = open(rot.data, O_WRONLY | O_CLOEXEC);
	assert_true(file >= 0);
	for (size_t page = 2 * ROTTEN_PAGE; page < rot.sound.len;
	     page += ROTTEN_PAGE) {
		const uint8_t *data = rot.sound.data + page;
		const uint8_t *end = data + ROTTEN_PAGE;
		const uint8_t *at = data;

		/* A branch by its flags, and in use. */
		if (wire_get_u16le(data + 10) != 1 ||
		    !try_changed(&rot, file, page, 0xFF)) {
			continue;
		}
		while (
		    (at = memmem(at, (size_t)(end - at), middle, 5)) != NULL) {
			at += 5 + 2; /* to its last three digits */
			for (size_t i = 0; i < 3; i++) {
				damaged += try_changed(&rot, file,
				    (size_t)(at - rot.sound.data) + i,
				    (uint8_t)(1u
				              << scratch_draw(&rot.seed) % 3));
			}
		}
	}
	print_message("# %u of %u damaged what is read\n", damaged, rot.trial);
	assert_true(damaged > rot.trial / 8);
	close(file);
	end(&rot);
}

#define rot(test) \
	cmocka_unit_test_setup_teardown(test, engine_setup, engine_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		rot(no_answer_from_a_rotten_store_is_wrong),
		rot(no_answer_by_a_changed_key_of_a_branch_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
