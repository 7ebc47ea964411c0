/* SPDX-License-Identifier: Apache-2.0 */

/* What the tools write down of backups, and what else may lie in its place. */

#include "core/backup_book.h"

#include "base/clock.h"
#include "base/file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <unistd.h>

#define NOW 1000000000

static char folder[SCRATCH_PATH];
static char path[SCRATCH_PATH + 16];
static struct arena *arena;
static struct backup_figures figures;

static int
setup(void **state)
{
	(void)state;
	clock_set(NOW);
	scratch_make(folder);
	snprintf(path, sizeof(path), "%s/%s", folder, BACKUP_BOOK_FILE);
	arena = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	scratch_remove(folder);
	return 0;
}

static const json_t *
look(void)
{
	return backup_book_read(folder, arena, &figures);
}

static void
add(const struct backup_note *note)
{
	struct fault fault;

	if (backup_book_add(folder, note, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static void
lay(const char *text)
{
	struct fault fault;

	assert_int_equal(file_write(path, bytes_of_text(text), 0600, &fault),
	    0);
}

static json_int_t
unreadable(void)
{
	return json_integer_at(look(), "unreadable");
}

static size_t
count(const char *list)
{
	return json_array_size(json_object_get(look(), list));
}

static void
no_book_is_an_empty_book(void **state)
{
	(void)state;
	assert_int_equal(unreadable(), 0);
	assert_int_equal(count("backups"), 0);
	assert_int_equal(count("drills"), 0);
	assert_int_equal(figures.backup_at, 0);
	assert_false(figures.has_failed);
}

static void
the_newest_stands_first(void **state)
{
	const json_t *row;

	(void)state;
	add(&(struct backup_note){ .at = 5,
	    .is_good = true,
	    .place = "/mnt/1",
	    .entries = 7 });
	add(&(struct backup_note){ .at = 6,
	    .is_good = true,
	    .place = "/mnt/2",
	    .entries = 9 });
	add(&(struct backup_note){ .is_drill = true,
	    .at = 8,
	    .is_good = true,
	    .entries = 9,
	    .made_at = 6,
	    .lost_entries = 2 });
	row = json_array_get(json_object_get(look(), "backups"), 0);
	assert_string_equal(json_text_at(row, "place"), "/mnt/2");
	assert_int_equal(count("backups"), 2);
	assert_int_equal(count("drills"), 1);
	assert_int_equal(figures.backup_at, 6);
	assert_int_equal(figures.backup_entries, 9);
	assert_int_equal(figures.drill_at, 8);
	assert_false(figures.has_failed);
}

/* A backup that failed does not make the last good one younger. */
static void
a_failure_is_told_and_hides_nothing(void **state)
{
	const json_t *row;
	struct fault why;

	(void)state;
	add(&(struct backup_note){ .at = 5, .is_good = true, .entries = 7 });
	fault_set(&why, FAULT_FULL, "seal.tsa is not set");
	add(&(struct backup_note){ .at = 6, .why = &why });
	row = json_array_get(json_object_get(look(), "backups"), 0);
	assert_string_equal(json_text_at(row, "reason"), why.text);
	assert_string_equal(json_text_at(row, "vietnamese"), why.local);
	assert_int_equal(figures.backup_at, 5);
	assert_int_equal(figures.backup_entries, 7);
	assert_true(figures.has_failed);
}

static void
it_does_not_grow_for_ever(void **state)
{
	(void)state;
	for (int i = 1; i <= (int)BACKUP_BOOK_KEPT + 3; i++) {
		add(&(struct backup_note){ .at = i, .is_good = true });
	}
	assert_int_equal(count("backups"), BACKUP_BOOK_KEPT);
	assert_int_equal(figures.backup_at, BACKUP_BOOK_KEPT + 3);
}

static void
a_name_of_any_bytes_is_written_down(void **state)
{
	(void)state;
	add(&(struct backup_note){ .at = 5,
	    .is_good = true,
	    .place = "/mnt/\xFF\x01<b>" });
	assert_int_equal(count("backups"), 1);
	assert_int_equal(unreadable(), 0);
}

static void
what_is_no_book_is_told_and_stops_nobody(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "7", "\xFF\xFE",
		"{\"backups\":7}", "{\"backups\":[7]}",
		"{\"backups\":[{\"good\":true}]}",
		"{\"backups\":[{\"at\":-1,\"good\":true}]}",
		"{\"backups\":[{\"at\":1,\"good\":\"yes\"}]}",
		"{\"backups\":[{\"at\":\"1\",\"good\":true}]}",
		"{\"backups\":[{\"at\":1,\"good\":true,\"place\":{}}]}" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		lay(texts[i]);
		if (unreadable() != 1 || count("backups") != 0) {
			fail_msg("%s was taken", texts[i]);
		}
	}
	/* and the next backup begins it anew */
	add(&(struct backup_note){ .at = 5, .is_good = true });
	assert_int_equal(unreadable(), 0);
	assert_int_equal(count("backups"), 1);
}

/* It would keep an alarm quiet for years. */
static void
a_backup_of_tomorrow_is_none(void **state)
{
	(void)state;
	lay("{\"backups\":[{\"at\":999000000000,\"good\":true},"
	    "{\"at\":5,\"good\":true}]}");
	assert_int_equal(unreadable(), 1);
	assert_int_equal(figures.backup_at, 5);
}

static void
what_is_slipped_in_does_not_go_out(void **state)
{
	const json_t *row;

	(void)state;
	lay("{\"backups\":[{\"at\":5,\"good\":true,\"html\":\"<b>\"}]}");
	row = json_array_get(json_object_get(look(), "backups"), 0);
	assert_int_equal(json_object_size(row), 2);
}

static void
a_pipe_a_link_or_a_folder_holds_nobody_up(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(unreadable(), 1);
	unlink(path);
	assert_int_equal(symlink("/dev/zero", path), 0);
	assert_int_equal(unreadable(), 1);
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(unreadable(), 1);
}

static void
a_file_without_end_is_not_read(void **state)
{
	FILE *file = fopen(path, "w");

	(void)state;
	fputs("{\"backups\":[]}", file);
	for (int i = 0; i < 300000; i++) {
		fputc(' ', file);
	}
	fclose(file);
	assert_int_equal(unreadable(), 1);
}

static void
a_folder_that_is_not_there_is_a_fault(void **state)
{
	const struct backup_note note = { .at = 5 };
	struct fault fault;

	(void)state;
	assert_int_equal(backup_book_add("/no/such/folder", &note, &fault), -1);
	assert_int_equal(fault.code, FAULT_SYSTEM);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_book_is_an_empty_book),
		TEST(the_newest_stands_first),
		TEST(a_failure_is_told_and_hides_nothing),
		TEST(it_does_not_grow_for_ever),
		TEST(a_name_of_any_bytes_is_written_down),
		TEST(what_is_no_book_is_told_and_stops_nobody),
		TEST(a_backup_of_tomorrow_is_none),
		TEST(what_is_slipped_in_does_not_go_out),
		TEST(a_pipe_a_link_or_a_folder_holds_nobody_up),
		TEST(a_file_without_end_is_not_read),
		TEST(a_folder_that_is_not_there_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
