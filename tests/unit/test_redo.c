/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Opening does the journal again, and that is broken off: by a kill, by a full
 * disk, by the power that fails a second time.  Here a damaged group stops it
 * where it is to stop.  And the numbers of groups that were never applied are
 * not given to others.
 */

#include "base/clock.h"
#include "base/wire.h"
#include "tests/unit/kept.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define SETS       120u
#define IMAGES     24u
#define HEAD_BYTES 64u
#define LENGTH_AT  36u
#define JOURNALS   2u
#define REFUSED    5u
#define CUT_BYTES  512u /* of what pads a record */
#define HOUR_US    (3600 * INT64_C(1000000))
#define DAY_US     (24 * HOUR_US)

static const char *const journals[JOURNALS] = { "journal.0", "journal.1" };

static atomic_bool sync_fails;

/* Instead of the C library's. */
int
fdatasync(int file)
{
	if (sync_fails) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, file);
}

static atomic_bool is_cut; /* writing a record ends before its last bytes */

/* Instead of the C library's. */
ssize_t
pwrite(int file, const void *data, size_t len, off_t at)
{
	if (is_cut && len == CUT_BYTES) {
		errno = EIO;
		return -1;
	}
	if (is_cut && len >= KEPT_PAGE && memcmp(data, "hosojrnl", 8) == 0) {
		len -= CUT_BYTES;
	}
	return syscall(SYS_pwrite64, file, data, len, at);
}

static atomic_ullong synced; /* the inode of the folder looked at, or 0 */
static atomic_bool is_synced;

/* Instead of the C library's. */
int
fsync(int file)
{
	struct stat about;

	if (fstat(file, &about) == 0 && about.st_ino == synced) {
		is_synced = true;
	}
	return (int)syscall(SYS_fsync, file);
}

/* Where a record of a file of the journal begins. */
static size_t
record_at(struct image journal, unsigned record)
{
	size_t at = 0;

	while (record-- > 0) {
		size_t len =
		    HEAD_BYTES + wire_get_u32le(journal.data + at + LENGTH_AT);

		at += (len + KEPT_PAGE - 1) / KEPT_PAGE * KEPT_PAGE;
	}
	assert_true(at < journal.len);
	return at;
}

/* What was on the disk when the machine stopped, or hosod was killed. */
struct scene {
	struct image sure; /* the anchor's state */
	struct image half; /* when half of the groups were applied */
	struct image journals[JOURNALS];
	struct image anchor;
};

static void
make_scene(struct engine *engine, struct scene *scene)
{
	uint64_t number = 1;

	kept_begin();
	for (; number < SETS; number++) {
		kept_commit(engine, number);
	}
	engine_reopen(engine);
	scene->sure = kept_load(engine->path, "data.mdb");
	for (; number < 2 * (uint64_t)SETS; number++) {
		if (number == SETS + SETS / 2) {
			scene->half = kept_load(engine->path, "data.mdb");
		}
		kept_commit(engine, number);
	}
	for (unsigned i = 0; i < JOURNALS; i++) {
		scene->journals[i] = kept_load(engine->path, journals[i]);
	}
	scene->anchor = kept_load(engine->path, "anchor");
	engine_close(engine);
}

static void
free_scene(struct scene *scene)
{
	for (unsigned i = 0; i < JOURNALS; i++) {
		free(scene->journals[i].data);
	}
	free(scene->anchor.data);
	free(scene->half.data);
	free(scene->sure.data);
}

/* Open the store, and have it stop where this group would be done again. */
static void
break_off(struct engine *engine, struct scene *scene, unsigned group)
{
	struct image *journal = &scene->journals[1];
	size_t at = record_at(*journal, group) + HEAD_BYTES;
	struct store *store = NULL;

	journal->data[at] ^= 1;
	kept_save(engine->path, "journal.1", *journal);
	assert_int_equal(store_open(&store, &engine->options, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	journal->data[at] ^= 1;
	kept_save(engine->path, "journal.1", *journal);
}

/* The power fails, and of what was written since `sure` any part is there. */
static void
cut_power(struct engine *engine, struct image sure, uint64_t *seed)
{
	struct image written = kept_load(engine->path, "data.mdb");
	struct image image = kept_mix(sure, written, seed);

	kept_save(engine->path, "data.mdb", image);
	free(image.data);
	free(written.data);
	kept_cast_off(engine->path);
}

static uint64_t
anchored(const char *folder)
{
	struct anchor anchor;

	close(kept_anchor(folder, &anchor));
	return anchor.txn;
}

/* Begin from `data`, break off, lose the power, open. */
static void
try_image(struct engine *engine, struct scene *scene, struct image data,
    bool was_killed, uint64_t *seed)
{
	uint64_t before;
	unsigned group =
	    SETS / 2 + 1 + (unsigned)(scratch_draw(seed) % (SETS / 2 - 2));

	kept_save(engine->path, "journal.0", scene->journals[0]);
	kept_save(engine->path, "data.mdb", data);
	kept_save(engine->path, "anchor", scene->anchor);
	if (!was_killed) {
		kept_cast_off(engine->path);
	}
	before = anchored(engine->path);
	break_off(engine, scene, group);
	cut_power(engine, anchored(engine->path) == before ? scene->sure : data,
	    seed);
	engine_open(engine);
	kept_check(engine);
	engine_close(engine);
}

static void
the_power_may_fail_again_while_the_journal_is_done_again(void **state)
{
	struct engine *engine = *state;
	uint64_t seed = 2463534242u;
	struct scene scene;

	make_scene(engine, &scene);
	for (unsigned i = 0; i < IMAGES; i++) {
		try_image(engine, &scene, scene.sure, false, &seed);
	}
	free_scene(&scene);
	engine_open(engine);
}

static void
the_power_may_fail_when_a_killed_server_is_started_again(void **state)
{
	struct engine *engine = *state;
	uint64_t seed = 88172645463325252u;
	struct scene scene;

	make_scene(engine, &scene);
	for (unsigned i = 0; i < IMAGES; i++) {
		try_image(engine, &scene, scene.half, true, &seed);
	}
	free_scene(&scene);
	engine_open(engine);
}

/* A kill in the middle is the same without a power cut. */
static void
doing_the_journal_again_may_be_broken_off_and_done_again(void **state)
{
	struct engine *engine = *state;
	struct scene scene;

	make_scene(engine, &scene);
	for (unsigned group = 4; group < SETS - 4; group += 20) {
		kept_save(engine->path, "journal.0", scene.journals[0]);
		kept_save(engine->path, "data.mdb", scene.sure);
		kept_save(engine->path, "anchor", scene.anchor);
		kept_cast_off(engine->path);
		break_off(engine, &scene, group);
		engine_open(engine);
		kept_check(engine);
		engine_close(engine);
	}
	free_scene(&scene);
	engine_open(engine);
}

/* --- numbers ----------------------------------------------------------------- */

/* RLIMIT_FSIZE: the disk has no room for data.mdb; the journal has its own. */
static void
fill_disk(struct engine *engine)
{
	static uint8_t value[50000];
	struct image data = kept_load(engine->path, "data.mdb");
	struct rlimit limit;

	assert_true(data.len > 1 << 20);
	free(data.data);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = data.len;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (unsigned i = 0; i < REFUSED; i++) {
		struct writes *writes = writes_new(engine->store, NULL);

		writes_put(writes, engine_text("big"),
		    bytes_of(value, sizeof(value)));
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_UNAVAILABLE);
	}
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* As a kill leaves it: what is there now, whatever closing does. */
static void
kill_and_open(struct engine *engine)
{
	const char *names[] = { "journal.0", "journal.1", "anchor",
		"data.mdb" };
	struct image files[4];

	for (unsigned i = 0; i < 4; i++) {
		files[i] = kept_load(engine->path, names[i]);
	}
	engine_close(engine);
	for (unsigned i = 0; i < 4; i++) {
		kept_save(engine->path, names[i], files[i]);
		free(files[i].data);
	}
	engine_open(engine);
}

static void
the_numbers_of_cancelled_groups_are_not_given_again(void **state)
{
	struct engine *engine = *state;
	uint64_t number = 1;

	kept_begin();
	for (; number < 3 * (uint64_t)SETS; number++) {
		kept_commit(engine, number);
	}
	fill_disk(engine);
	engine_reopen(engine);
	kept_commit(engine, number);
	kill_and_open(engine);
	kept_check(engine);
}

/* As a disk that fails: the number of the group was given, who knows to what. */
static void
the_number_of_a_group_in_doubt_is_not_given_again(void **state)
{
	struct engine *engine = *state;
	struct writes *writes = writes_new(engine->store, NULL);

	kept_begin();
	writes_put(writes, engine_text("z"), engine_text("one"));
	sync_fails = true;
	assert_int_equal(engine_commit(engine, writes), OUTCOME_UNKNOWN);
	sync_fails = false;
	engine_reopen(engine);
	kill_and_open(engine);
	kept_check(engine);
	assert_null(engine_get(engine, "z"));
}

static void
refuse_one(struct engine *engine)
{
	struct writes *writes = writes_new(engine->store, NULL);

	writes_put(writes, engine_text("z"), engine_text("one"));
	is_cut = true;
	assert_int_equal(engine_commit(engine, writes), OUTCOME_UNAVAILABLE);
	is_cut = false;
}

/* All of the record is there then, but for what pads it. */
static void
a_group_that_was_not_written_to_its_end_is_none(void **state)
{
	struct engine *engine = *state;

	kept_begin();
	for (uint64_t number = 1; number <= 3; number++) {
		kept_commit(engine, number);
	}
	refuse_one(engine);
	kill_and_open(engine);
	kept_check(engine);
	assert_null(engine_get(engine, "z"));
	refuse_one(engine);
	engine_reopen(engine);
	kill_and_open(engine);
	kept_check(engine);
	assert_null(engine_get(engine, "z"));
}

/* --- the clock --------------------------------------------------------------- */

static void
put_by_id(struct engine *engine, const struct set_id *id, const char *value)
{
	struct writes *writes = writes_new(engine->store, id);

	writes_put(writes, engine_text("x"), engine_text(value));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	assert_false(engine->result.repeated);
}

/* An id is over and swept; then the clock is set right, and it is used anew. */
static void
an_id_may_be_used_anew_though_the_clock_was_set_back(void **state)
{
	struct engine *engine = *state;
	struct set_id id = engine_id(1);
	int64_t begin = clock_now();
	struct image files[JOURNALS + 2];
	const char *names[] = { "data.mdb", "anchor", journals[0],
		journals[1] };

	clock_set(begin);
	clock_set_ticks(clock_ticks()); /* the anchor stays */
	put_by_id(engine, &id, "one");
	engine_reopen(engine);
	files[0] = kept_load(engine->path, names[0]);
	clock_set(begin + DAY_US + HOUR_US);
	for (unsigned i = 0; i < REFUSED; i++) {
		engine_put(engine, "y", "swept");
	}
	clock_set(begin + DAY_US - HOUR_US);
	put_by_id(engine, &id, "two");
	for (unsigned i = 1; i < JOURNALS + 2; i++) {
		files[i] = kept_load(engine->path, names[i]);
	}
	engine_close(engine);
	for (unsigned i = 0; i < JOURNALS + 2; i++) {
		kept_save(engine->path, names[i], files[i]);
		free(files[i].data);
	}
	kept_cast_off(engine->path);
	engine_open(engine);
	assert_string_equal(engine_get(engine, "x"), "two");
	clock_set(0);
	clock_set_ticks(0);
}

/* --- files ------------------------------------------------------------------- */

/* Without it nobody knows what of data.mdb is on the disk. */
static void
an_anchor_that_is_damaged_is_not_taken_for_none(void **state)
{
	struct engine *engine = *state;
	struct store *store = NULL;
	struct scene scene;

	make_scene(engine, &scene);
	kept_save(engine->path, "data.mdb", scene.sure);
	kept_save(engine->path, "anchor", scene.anchor);
	kept_cast_off(engine->path);
	free(scene.anchor.data);
	scene.anchor = kept_load(engine->path, "anchor");
	for (unsigned i = 0; i < 2; i++) {
		scene.anchor.data[i * (size_t)KEPT_PAGE + HEAD_BYTES] ^= 1;
	}
	kept_save(engine->path, "anchor", scene.anchor);
	assert_int_equal(store_open(&store, &engine->options, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	for (unsigned i = 0; i < 2; i++) {
		scene.anchor.data[i * (size_t)KEPT_PAGE + HEAD_BYTES] ^= 1;
	}
	kept_save(engine->path, "anchor", scene.anchor);
	free_scene(&scene);
	engine_open(engine);
	kept_check(engine);
}

/* A backup has data.mdb alone. */
static void
the_files_that_opening_a_restored_store_makes_have_their_names(void **state)
{
	const char *names[] = { "journal.0", "journal.1", "anchor" };
	struct engine *engine = *state;
	char path[SCRATCH_PATH * 2];
	struct stat about;

	engine_close(engine);
	for (unsigned i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/records/%s", engine->path,
		    names[i]);
		assert_int_equal(unlink(path), 0);
	}
	snprintf(path, sizeof(path), "%s/records", engine->path);
	assert_int_equal(stat(path, &about), 0);
	is_synced = false;
	synced = about.st_ino;
	engine_open(engine);
	synced = 0;
	assert_true(is_synced);
}

#define redo(test) \
	cmocka_unit_test_setup_teardown(test, engine_setup, engine_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		redo(doing_the_journal_again_may_be_broken_off_and_done_again),
		redo(the_power_may_fail_again_while_the_journal_is_done_again),
		redo(the_power_may_fail_when_a_killed_server_is_started_again),
		redo(the_numbers_of_cancelled_groups_are_not_given_again),
		redo(the_number_of_a_group_in_doubt_is_not_given_again),
		redo(a_group_that_was_not_written_to_its_end_is_none),
		redo(an_id_may_be_used_anew_though_the_clock_was_set_back),
		redo(an_anchor_that_is_damaged_is_not_taken_for_none),
		redo(
		    the_files_that_opening_a_restored_store_makes_have_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
