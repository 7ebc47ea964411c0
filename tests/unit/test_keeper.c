/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The machine stops, and of what LMDB wrote since the anchor the disk has any
 * part: old pages, new ones, and torn ones.  The store opens with all that was
 * acknowledged, by the anchor and the journal.  tests/torture/ does the same to
 * a whole server with what it really wrote and synced; here the anchor lies at
 * the opening, so that a copy made then is what the disk has for certain.
 */

#include "base/wire.h"
#include "storage/inside.h"
#include "storage/state.h"
#include "tests/unit/kept.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#define META_BYTES 152u
#define LAST_AT    136u
#define TXN_AT     144u
#define SETS       120u
#define IMAGES     60u
#define PILE       (128u << 10)
#define MOUNT_ID   0x4000u /* STATX_MNT_ID_UNIQUE */

/* --- tests ----------------------------------------------------------------- */

static void
what_lmdb_wrote_since_the_anchor_may_be_lost_in_any_part(void **state)
{
	struct engine *engine = *state;
	const char *names[] = { "journal.0", "journal.1", "anchor" };
	struct image files[3];
	uint64_t seed = 88172645463325252u;
	uint64_t number = 1;
	struct image sure;
	struct image written;

	kept_begin();
	for (; number < SETS; number++) {
		kept_commit(engine, number);
	}
	engine_reopen(engine);
	sure = kept_load(engine->path, "data.mdb");
	for (; number < 2 * (uint64_t)SETS; number++) {
		kept_commit(engine, number);
	}
	for (int i = 0; i < 3; i++) {
		files[i] = kept_load(engine->path, names[i]);
	}
	written = kept_load(engine->path, "data.mdb");
	for (unsigned i = 0; i < IMAGES; i++) {
		struct image image = kept_mix(sure, written, &seed);

		engine_close(engine);
		for (int j = 0; j < 3; j++) {
			kept_save(engine->path, names[j], files[j]);
		}
		kept_save(engine->path, "data.mdb", image);
		free(image.data);
		kept_cast_off(engine->path);
		engine_open(engine);
		kept_check(engine);
	}
	kept_commit(engine, number);
	engine_reopen(engine);
	kept_check(engine);
	for (int i = 0; i < 3; i++) {
		free(files[i].data);
	}
	free(sure.data);
	free(written.data);
}

static void
an_anchor_that_moves_loses_nothing(void **state)
{
	struct engine *engine = *state;

	kept_begin();
	engine->options.journal_bytes = 64 << 10;
	engine_reopen(engine);
	for (uint64_t number = 1; number < 4 * (uint64_t)SETS; number++) {
		kept_commit(engine, number);
		if (number % 40 == 0) {
			kept_check(engine);
		}
	}
	engine_reopen(engine);
	kept_check(engine);
}

/* Bytes of pages that came free by transactions after this one. */
static uint64_t
freed_after(struct engine *engine, uint64_t txn)
{
	const struct records *records = &engine->store->records;
	struct tree_cursor cursor;
	struct state pages;
	MDB_envinfo info;
	uint64_t count = 0;
	int code;

	assert_int_equal(mdb_env_info(records->env, &info), 0);
	assert_int_equal(state_read(&pages, &records->file, info.me_last_txnid),
	    0);
	for (code = tree_first(&cursor, &pages.free_pages); code == 0;
	     code = tree_next(&cursor)) {
		if (wire_get_u64le(cursor.node.key.data) > txn) {
			count += wire_get_u64le(cursor.node.value.data);
		}
	}
	assert_int_equal(code, MDB_NOTFOUND);
	return count * pages.pages.bytes;
}

static uint64_t
anchored(const char *folder)
{
	struct anchor anchor;

	close(kept_anchor(folder, &anchor));
	return anchor.txn;
}

/* A line of mdb_reader_list(): "PID THREAD TXN", "-" where there is none. */
static int
note_reader(const char *line, void *arg)
{
	unsigned *readers = arg;
	unsigned long long txn;

	*readers += sscanf(line, "%*d %*x %llu", &txn) == 1;
	return 0;
}

/* While the anchor moves there is a reader on the next one, too. */
static void
await_anchor(struct engine *engine)
{
	unsigned readers;

	do {
		readers = 0;
		mdb_reader_list(engine->store->records.env, note_reader,
		    &readers);
		usleep(100);
	} while (readers > 1);
	assert_int_equal(readers, 1);
}

/*
 * The anchor keeps what came free since from being used again.  Sets are small
 * and each changes many pages, so the journal takes long to become full: the
 * anchor must not wait for it.
 */
static void
pages_that_wait_for_the_anchor_do_not_pile_up(void **state)
{
	struct engine *engine = *state;

	engine->options.journal_bytes = PILE;
	engine_reopen(engine);
	for (uint64_t number = 1; number < 300; number++) {
		struct set_id id = engine_id(number);
		struct writes *writes = writes_new(engine->store, &id);
		uint64_t kept;

		for (uint64_t i = 0; i < 8; i++) {
			uint8_t key[4];

			wire_put_u32be(key,
			    (uint32_t)(number * 8 + i) * 2654435761u);
			writes_put(writes, bytes_of(key, sizeof(key)),
			    engine_text("a value of some length"));
		}
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
		await_anchor(engine);
		kept = freed_after(engine, anchored(engine->path));
		if (kept > 2 * PILE) {
			fail_msg("wanted at most %u bytes kept, got %llu "
			         "after %llu sets",
			    2 * PILE, (unsigned long long)kept,
			    (unsigned long long)number);
		}
	}
}

static void
a_reader_is_told_to_wait_for_the_writer(void **state)
{
	struct engine *engine = *state;
	const char *names[] = { "journal.0", "journal.1", "anchor",
		"data.mdb" };
	struct image files[4];
	struct store *store = NULL;

	engine_put(engine, "a", "one");
	for (int i = 0; i < 4; i++) {
		files[i] = kept_load(engine->path, names[i]);
	}
	engine_close(engine);
	for (int i = 0; i < 4; i++) {
		kept_save(engine->path, names[i], files[i]);
		free(files[i].data);
	}
	kept_cast_off(engine->path);
	engine->options.read_only = true;
	assert_int_equal(store_open(&store, &engine->options, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_CONFLICT);
	engine->options.read_only = false;
	engine_open(engine);
	assert_string_equal(engine_get(engine, "a"), "one");
}

static void
a_journal_that_lost_a_group_stops_the_opening(void **state)
{
	struct engine *engine = *state;
	const char *names[] = { "journal.0", "journal.1", "anchor",
		"data.mdb" };
	struct image files[4];
	struct store *store = NULL;

	for (uint64_t number = 1; number < 6; number++) {
		kept_commit(engine, number);
	}
	for (int i = 0; i < 4; i++) {
		files[i] = kept_load(engine->path, names[i]);
	}
	engine_close(engine);
	for (int i = 0; i < 4; i++) {
		if (i < 2 && files[i].len > 0) {
			files[i].data[100] ^= 1;
		}
		kept_save(engine->path, names[i], files[i]);
		free(files[i].data);
	}
	kept_cast_off(engine->path);
	assert_int_equal(store_open(&store, &engine->options, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	scratch_remove(engine->path);
	engine_open(engine);
}

static void
a_store_that_was_closed_needs_no_journal(void **state)
{
	struct engine *engine = *state;
	char path[SCRATCH_PATH * 2];

	engine_put(engine, "a", "one");
	engine_close(engine);
	for (unsigned i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/records/journal.%u",
		    engine->path, i);
		assert_int_equal(unlink(path), 0);
	}
	kept_cast_off(engine->path);
	engine_open(engine);
	assert_string_equal(engine_get(engine, "a"), "one");
}

/* Where the newer of the two meta pages is: mdb.c, MDB_meta. */
static size_t
newest_meta(struct image image)
{
	return wire_get_u64le(image.data + TXN_AT) >
	               wire_get_u64le(image.data + KEPT_PAGE + TXN_AT)
	           ? 0
	           : KEPT_PAGE;
}

/* Make sets, and have two states of the file that is closed. */
static void
close_twice(struct engine *engine, struct image *before, struct image *after)
{
	kept_begin();
	for (uint64_t number = 1; number < SETS; number++) {
		kept_commit(engine, number);
	}
	engine_close(engine);
	*before = kept_load(engine->path, "data.mdb");
	engine_open(engine);
	kept_commit(engine, SETS);
	engine_close(engine);
	*after = kept_load(engine->path, "data.mdb");
}

static void
a_meta_page_that_was_not_written_is_put_back(void **state)
{
	struct engine *engine = *state;
	struct image before;
	struct image after;
	size_t newest;

	close_twice(engine, &before, &after);
	newest = newest_meta(after);
	memcpy(after.data + newest, before.data + newest, KEPT_PAGE);
	kept_save(engine->path, "data.mdb", after);
	engine_open(engine);
	kept_check(engine);
	kept_commit(engine, SETS + 1);
	engine_reopen(engine);
	kept_check(engine);
	free(before.data);
	free(after.data);
}

static void
a_meta_page_with_any_bit_flipped_is_put_back(void **state)
{
	struct engine *engine = *state;
	struct image before;
	struct image after;
	size_t newest;

	close_twice(engine, &before, &after);
	newest = newest_meta(after);
	free(before.data);
	for (size_t bit = 7; bit < 8 * (size_t)META_BYTES; bit += 61) {
		struct image image = { malloc(after.len), after.len };

		memcpy(image.data, after.data, after.len);
		image.data[newest + bit / 8] ^= (uint8_t)(1u << bit % 8);
		kept_save(engine->path, "data.mdb", image);
		free(image.data);
		engine_open(engine);
		kept_check(engine);
		engine_close(engine);
	}
	engine_open(engine);
	free(after.data);
}

static void
records_that_were_exchanged_for_older_ones_are_refused(void **state)
{
	struct engine *engine = *state;
	struct store *store = NULL;
	struct image before;
	struct image after;

	close_twice(engine, &before, &after);
	engine_open(engine);
	for (uint64_t number = SETS + 1; number < SETS + 9; number++) {
		kept_commit(engine, number);
	}
	engine_close(engine);
	free(after.data);
	after = kept_load(engine->path, "data.mdb");
	kept_save(engine->path, "data.mdb", before);
	assert_int_equal(store_open(&store, &engine->options, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	kept_save(engine->path, "data.mdb", after);
	engine_open(engine);
	kept_check(engine);
	free(before.data);
	free(after.data);
}

/* Whether a set is written to what is there now; closed after it. */
static bool
is_written(struct engine *engine)
{
	struct writes *writes;
	bool is_applied;

	engine->store = NULL;
	if (store_open(&engine->store, &engine->options, &engine->fault) < 0) {
		assert_int_equal(engine->fault.code, FAULT_CORRUPT);
		return false;
	}
	writes = writes_new(engine->store, NULL);
	writes_put(writes, engine_text("z"), engine_text("one"));
	is_applied = engine_commit(engine, writes) == OUTCOME_APPLIED;
	if (!is_applied) {
		assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	}
	engine_close(engine);
	return is_applied;
}

/*
 * LMDB takes new pages from behind the last one, whatever is there.  As after
 * a kill: the anchor is of an older state.
 */
static void
nothing_is_written_where_the_last_page_went_back(void **state)
{
	struct engine *engine = *state;
	const char *names[] = { "journal.0", "journal.1", "anchor",
		"data.mdb" };
	struct image files[4];
	unsigned written = 0;

	for (uint64_t number = 1; number < SETS; number++) {
		uint8_t *last;

		kept_commit(engine, number);
		for (int i = 0; i < 4; i++) {
			files[i] = kept_load(engine->path, names[i]);
		}
		engine_close(engine);
		last = files[3].data + newest_meta(files[3]) + LAST_AT;
		wire_put_u64le(last, wire_get_u64le(last) - 1);
		for (int i = 0; i < 4; i++) {
			kept_save(engine->path, names[i], files[i]);
		}
		written += is_written(engine);
		wire_put_u64le(last, wire_get_u64le(last) + 1);
		for (int i = 0; i < 4; i++) {
			kept_save(engine->path, names[i], files[i]);
			free(files[i].data);
		}
		engine_open(engine);
	}
	assert_int_equal(written, 0);
}

enum { CANNOT_MOUNT = 77 };

/*
 * In a process of its own, which alone sees the mounts.  A system before Linux
 * 6.8 does not tell one from the next.
 */
static int
mount_twice(const char *path)
{
	struct anchor anchor = { 0 };
	struct statx about;

	if ((unshare(CLONE_NEWNS) != 0 &&
	        unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", path, "tmpfs", 0, NULL) != 0 ||
	    statx(AT_FDCWD, path, 0, MOUNT_ID, &about) != 0 ||
	    (about.stx_mask & MOUNT_ID) == 0) {
		return CANNOT_MOUNT;
	}
	anchor_set_where(&anchor, path);
	if (anchor_is_adrift(&anchor, path)) {
		return 1;
	}
	if (umount(path) != 0 || mount("none", path, "tmpfs", 0, NULL) != 0) {
		return CANNOT_MOUNT;
	}
	return anchor_is_adrift(&anchor, path) ? 0 : 2;
}

static void
a_file_system_that_was_mounted_anew_is_another(void **state)
{
	struct engine *engine = *state;
	int status;
	pid_t child;

	engine_close(engine);
	child = fork();
	assert_int_not_equal(child, -1);
	if (child == 0) {
		_exit(mount_twice(engine->path));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	engine_open(engine);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CANNOT_MOUNT) {
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define keeper(test) \
	cmocka_unit_test_setup_teardown(test, engine_setup, engine_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		keeper(
		    what_lmdb_wrote_since_the_anchor_may_be_lost_in_any_part),
		keeper(an_anchor_that_moves_loses_nothing),
		keeper(pages_that_wait_for_the_anchor_do_not_pile_up),
		keeper(a_reader_is_told_to_wait_for_the_writer),
		keeper(a_journal_that_lost_a_group_stops_the_opening),
		keeper(a_store_that_was_closed_needs_no_journal),
		keeper(a_meta_page_that_was_not_written_is_put_back),
		keeper(a_meta_page_with_any_bit_flipped_is_put_back),
		keeper(records_that_were_exchanged_for_older_ones_are_refused),
		keeper(nothing_is_written_where_the_last_page_went_back),
		keeper(a_file_system_that_was_mounted_anew_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
