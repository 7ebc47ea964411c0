/* SPDX-License-Identifier: Apache-2.0 */

#include "base/file.h"

#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[PATH_MAX];
static struct fault fault;

static int
set_up(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	fault = (struct fault){ .text = "" };
	snprintf(folder, sizeof(folder), "%s/test_file.XXXXXX",
	    base != NULL ? base : "/tmp");
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	char command[PATH_MAX + 20];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

/* A path in the test's folder; the last four stay valid. */
static const char *
at(const char *name)
{
	static char paths[4][PATH_MAX + 300];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static unsigned
count_entries(void)
{
	DIR *dir = opendir(folder);
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL) {
		count++;
	}
	closedir(dir);
	return count - 2; /* . and .. */
}

static void
what_is_written_is_read(void **state)
{
	static uint8_t bytes[300000];
	static const size_t sizes[] = { 0, 1, 255, 256, 65535, 65536, 65537,
		300000 };

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)unit_draw();
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bytes wanted = bytes_of(bytes, sizes[i]);
		struct buf buf;

		assert_int_equal(file_write(at("f"), wanted, 0640, &fault), 0);
		buf_init(&buf, sizes[i]); /* it fits exactly */
		assert_int_equal(file_read(&buf, at("f"), &fault), 0);
		assert_true(bytes_equal(buf_bytes(&buf), wanted));
		buf_fini(&buf);
		if (sizes[i] > 0) {
			buf_init(&buf, sizes[i] - 1);
			assert_int_equal(file_read(&buf, at("f"), &fault), -1);
			assert_int_equal(fault.code, FAULT_LIMIT);
			buf_fini(&buf);
		}
	}
	assert_int_equal(count_entries(), 1);
}

static void
a_file_is_appended_to_what_the_buf_has(void **state)
{
	struct buf buf;

	(void)state;
	file_write(at("f"), bytes_of_text("def"), 0600, &fault);
	buf_init(&buf, 6);
	buf_add_text(&buf, "abc");
	assert_int_equal(file_read(&buf, at("f"), &fault), 0);
	assert_text(buf_text(&buf), "abcdef");
	buf_fini(&buf);
}

static void
a_file_that_is_not_there_is_absent(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 10);
	assert_int_equal(file_read(&buf, at("none"), &fault), -1);
	assert_int_equal(fault.code, FAULT_ABSENT);
	assert_int_equal(fault.sys, ENOENT);
	assert_non_null(strstr(fault.text, "/none: no such file"));
	assert_int_equal(file_read(&buf, folder, &fault), -1);
	assert_int_equal(fault.code, FAULT_SYSTEM);
	assert_int_equal(fault.sys, EISDIR);
	assert_int_equal(file_sync_folder(at("none"), &fault), -1);
	assert_int_equal(fault.code, FAULT_ABSENT);
	buf_fini(&buf);
}

static void
a_file_has_exactly_the_rights_it_was_given(void **state)
{
	static const mode_t modes[] = { 0600, 0644, 0666, 0400 };
	mode_t before = umask(027);

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct stat found;

		assert_int_equal(
		    file_write(at("f"), bytes_of_text("x"), modes[i], &fault),
		    0);
		assert_int_equal(stat(at("f"), &found), 0);
		assert_int_equal(found.st_mode & 07777, modes[i]);
	}
	umask(before);
}

static void
a_write_that_fails_leaves_nothing_behind(void **state)
{
	char long_name[300];

	(void)state;
	assert_int_equal(mkdir(at("folder"), 0755), 0);
	assert_int_equal(
	    file_write(at("folder"), bytes_of_text("x"), 0600, &fault), -1);
	assert_int_equal(fault.code, FAULT_SYSTEM);
	assert_int_equal(
	    file_write(at("none/f"), bytes_of_text("x"), 0600, &fault), -1);
	assert_int_equal(fault.sys, ENOENT);
	memset(long_name, 'x', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(
	    file_write(at(long_name), bytes_of_text("x"), 0600, &fault), -1);
	assert_int_equal(fault.sys, ENAMETOOLONG);
	assert_int_equal(count_entries(), 1);
}

/* Who holds the old file open reads the old bytes to their end. */
static void
a_file_is_replaced_and_not_overwritten(void **state)
{
	char text[8] = "";
	int old;

	(void)state;
	file_write(at("f"), bytes_of_text("old"), 0600, &fault);
	old = open(at("f"), O_RDONLY);
	file_write(at("f"), bytes_of_text("newer"), 0600, &fault);
	assert_int_equal(read(old, text, sizeof(text)), 3);
	assert_text(text, "old");
	close(old);
}

static void
a_file_beside_the_working_folder_is_written(void **state)
{
	char before[PATH_MAX];
	struct buf buf;

	(void)state;
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(file_write("f", bytes_of_text("x"), 0600, &fault), 0);
	assert_int_equal(file_make_folder("a/b", 0755, &fault), 0);
	assert_int_equal(chdir(before), 0);
	buf_init(&buf, 10);
	assert_int_equal(file_read(&buf, at("f"), &fault), 0);
	assert_int_equal(access(at("a/b"), X_OK), 0);
	buf_fini(&buf);
}

static void
missing_parents_are_made(void **state)
{
	(void)state;
	assert_int_equal(file_make_folder(at("a/b//c/"), 0750, &fault), 0);
	assert_int_equal(access(at("a/b/c"), X_OK), 0);
	assert_int_equal(file_make_folder(at("a/b/c"), 0750, &fault), 0);
	assert_int_equal(file_make_folder("/", 0750, &fault), 0);
	assert_int_equal(file_make_folder("", 0750, &fault), -1);
	file_write(at("f"), bytes_of_text("x"), 0600, &fault);
	assert_int_equal(file_make_folder(at("f"), 0750, &fault), -1);
	assert_int_equal(fault.sys, ENOTDIR);
	assert_int_equal(file_make_folder(at("f/g"), 0750, &fault), -1);
	assert_int_equal(fault.sys, ENOTDIR);
	assert_int_equal(file_sync_folder(at("a/b"), &fault), 0);
}

struct drain {
	int descriptor;
	size_t count;
};

static void *
drain(void *arg)
{
	struct drain *drain = arg;
	char some[777];
	ssize_t got;

	while ((got = read(drain->descriptor, some, sizeof(some))) > 0) {
		drain->count += (size_t)got;
	}
	return NULL;
}

static void
all_bytes_go_through_a_narrow_pipe(void **state)
{
	static const uint8_t bytes[500000];
	struct drain reader = { 0 };
	pthread_t thread;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	reader.descriptor = fds[0];
	assert_int_equal(pthread_create(&thread, NULL, drain, &reader), 0);
	assert_int_equal(
	    file_write_all(fds[1], bytes_of(bytes, sizeof(bytes)), &fault), 0);
	close(fds[1]);
	pthread_join(thread, NULL);
	close(fds[0]);
	assert_int_equal(reader.count, sizeof(bytes));
	assert_int_equal(file_write_all(-1, bytes_of_text("x"), &fault), -1);
	assert_int_equal(fault.sys, EBADF);
}

#define file_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(file_test(what_is_written_is_read),
    file_test(a_file_is_appended_to_what_the_buf_has),
    file_test(a_file_that_is_not_there_is_absent),
    file_test(a_file_has_exactly_the_rights_it_was_given),
    file_test(a_write_that_fails_leaves_nothing_behind),
    file_test(a_file_is_replaced_and_not_overwritten),
    file_test(a_file_beside_the_working_folder_is_written),
    file_test(missing_parents_are_made),
    file_test(all_bytes_go_through_a_narrow_pipe))
