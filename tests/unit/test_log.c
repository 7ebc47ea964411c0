/* SPDX-License-Identifier: Apache-2.0 */

/* The log writes into a pipe that each test empties; the clock stands still. */

#include "base/log.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define HEAD "time=2026-01-31T07:00:00.123456+07:00 "

static int pipe_fds[2];

static int
set_up(void **state)
{
	(void)state;
	if (pipe(pipe_fds) < 0 || fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK) < 0) {
		return -1;
	}
	clock_set(1769817600123456);
	log_init(LOG_INFO, pipe_fds[1]);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	log_flush();
	log_init(LOG_INFO, STDERR_FILENO);
	return close(pipe_fds[0]) | close(pipe_fds[1]);
}

/* All that was written since the last time. */
static const char *
written(void)
{
	static char text[65536];
	ssize_t len = read(pipe_fds[0], text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

static void
a_line_has_time_level_event_scope_and_fields(void **state)
{
	struct log_scope scope = { "0abc", "127.0.0.1", "GET /api/v1/units" };

	(void)state;
	log_warn(&scope, "blob.stored", "bytes=%zu sha256=%s", (size_t)17,
	    "e3b0");
	assert_text(written(),
	    HEAD "level=warn event=blob.stored id=0abc peer=127.0.0.1 "
	         "action=\"GET /api/v1/units\" bytes=17 sha256=e3b0\n");
	log_error(NULL, "store.full", "%s", "");
	assert_text(written(), HEAD "level=error event=store.full\n");
}

/* Times in and out of one second, forwards and back, and before 1970. */
static void
every_line_has_its_own_time(void **state)
{
	static const int64_t times[] = { -1000000, 1769817600000000,
		1769817600000001, 1769817600999999, 1769817601000000,
		1769817600123456, 999999, -1, -1000000, -999999, 0, 1,
		1000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		char wanted[CLOCK_TEXT + 30];
		char text[CLOCK_TEXT];

		clock_set(times[i] != 0 ? times[i] : 5);
		clock_format_office(text, clock_now());
		snprintf(wanted, sizeof(wanted), "time=%s level=warn event=x\n",
		    text);
		log_warn(NULL, "x", "%s", "");
		assert_text(written(), wanted);
	}
}

static void
values_are_quoted_where_they_must_be(void **state)
{
	(void)state;
	log_warn(NULL, "x", "a=%s b=%s c=%s", "two words", "", "x=y");
	assert_text(written(),
	    HEAD "level=warn event=x a=\"two words\" b=\"\" c=\"x=y\"\n");
	log_warn(NULL, "x", "name=%s", "Xã Đắk Blà");
	assert_text(written(), HEAD "level=warn event=x name=\"Xã Đắk Blà\"\n");
	log_warn(NULL, "x", "a=%s", "say \"no\" \\");
	assert_text(written(),
	    HEAD "level=warn event=x a=\"say \\\"no\\\" \\\\\"\n");
}

static void
no_value_can_pass_for_a_line_or_a_field(void **state)
{
	(void)state;
	log_warn(NULL, "x", "a=%s b=%d", "1\nlevel=error event=fake", 2);
	assert_text(written(),
	    HEAD "level=warn event=x a=\"1\\nlevel=error event=fake\" b=2\n");
	log_warn(NULL, "x", "a=%s", "\x1b[2J\r\t\x7f\xc2\x9b\xe1\xbb");
	assert_text(written(),
	    HEAD "level=warn event=x "
	         "a=\"\\x1b[2J\\r\\t\\x7f\\xc2\\x9b\\xe1\\xbb\"\n");
	/* The byte that parts the fields inside, in a value. */
	log_warn(NULL, "x", "a=%s b=%s",
	    "1\xff"
	    "admin=yes",
	    "2");
	assert_text(written(), HEAD "level=warn event=x "
	                            "fields=\"a=1\\xffadmin=yes\\xffb=2\"\n");
}

static void
every_byte_in_a_value_leaves_one_line(void **state)
{
	(void)state;
	for (unsigned byte = 1; byte < 256; byte++) {
		char value[4] = { 'a', (char)byte, 'b', '\0' };
		const char *line;

		log_warn(NULL, "x", "v=%s w=%s", value, "end");
		line = written();
		if (strchr(line, '\n') != line + strlen(line) - 1 ||
		    strstr(line, "end") == NULL) {
			print_error("byte %02x: got \"%s\"\n", byte, line);
			fail();
		}
		for (const char *c = line; *c != '\n'; c++) {
			assert_true((unsigned char)*c >= ' ');
		}
	}
}

/* Values of every kind around the longest line; the end must be the end. */
static void
a_line_too_long_is_cut_and_still_a_line(void **state)
{
	static const char *const kinds[] = { "a", " ", "\n", "ệ", "\xff" };
	char *value = xzalloc(9000);

	(void)state;
	for (size_t kind = 0; kind < 5; kind++) {
		size_t step = strlen(kinds[kind]);

		for (size_t len = 900; len < 4200; len += 7) {
			const char *line;

			for (size_t i = 0; i < len; i++) {
				memcpy(value + i * step % 8000, kinds[kind],
				    step + 1);
			}
			struct log_scope scope = { "id", "peer", value };
			log_warn(&scope, "x", "a=%s b=%s", value, "c d");
			line = written();
			if (strlen(line) > 4096 ||
			    strchr(line, '\n') != line + strlen(line) - 1) {
				print_error("%zu of \"%s\": %zu bytes\n", len,
				    kinds[kind], strlen(line));
				fail();
			}
		}
	}
	free(value);
}

/* RLIMIT_FSIZE is a disk that is full to the byte. */
static void
a_line_behind_one_that_a_full_disk_cut_stands_by_itself(void **state)
{
	char name[] = "/tmp/test_log.XXXXXX";
	char text[1000] = "";
	int file = mkstemp(name);
	struct rlimit limit, less;
	ssize_t len;

	(void)state;
	unlink(name);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	less = limit;
	less.rlim_cur = 103; /* the first, and the head of the second */
	log_init(LOG_INFO, file);
	log_warn(NULL, "whole", "a=%d", 1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	log_warn(NULL, "cut", "a=%d", 2);
	log_warn(NULL, "lost", "a=%d", 3);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	log_warn(NULL, "whole", "a=%d", 4);
	log_warn(NULL, "whole", "a=%d", 5);
	len = pread(file, text, sizeof(text) - 1, 0);
	close(file);
	assert_true(len > 0);
	assert_text(text, HEAD "level=warn event=whole a=1\n" HEAD "\n" HEAD
	                       "level=warn event=whole a=4\n" HEAD
	                       "level=warn event=whole a=5\n");
}

static void
lines_below_the_level_are_not_written(void **state)
{
	(void)state;
	assert_false(log_is_on(LOG_DEBUG));
	log_debug(NULL, "x", "%s", "");
	log_write(LOG_DEBUG, NULL, "x", "%s", "");
	assert_text(written(), "");
	log_init(LOG_DEBUG, pipe_fds[1]);
	log_debug(NULL, "x", "a=%d", 1);
	assert_text(written(), HEAD "level=debug event=x a=1\n");
	log_init(LOG_ERROR, pipe_fds[1]);
	log_warn(NULL, "x", "%s", "");
	assert_text(written(), "");
}

static void
info_outside_a_loop_is_written_at_once(void **state)
{
	struct log_scope scope = { "1", NULL, NULL };

	(void)state;
	assert_int_equal(thread_role(), THREAD_NONE);
	log_info(&scope, "x", "%s", "");
	assert_text(written(), HEAD "level=info event=x id=1\n");
}

static void *
serve(void *arg)
{
	struct log_scope scope = { "1", NULL, NULL };
	bool *is_gathered = arg;

	log_info(&scope, "first", "%s", "");
	*is_gathered = written()[0] == '\0';
	log_warn(&scope, "second", "%s", "");
	log_info(&scope, "third", "%s", "");
	return NULL;
}

static void
a_loop_gathers_info_and_keeps_the_order(void **state)
{
	struct fault fault;
	pthread_t thread;
	bool is_gathered = false;

	(void)state;
	assert_int_equal(thread_start(&thread, THREAD_LOOP, "loop-test", serve,
	                     &is_gathered, &fault),
	    0);
	pthread_join(thread, NULL);
	assert_true(is_gathered);
	assert_text(written(), HEAD "level=info event=first id=1\n" HEAD
	                            "level=warn event=second id=1\n" HEAD
	                            "level=info event=third id=1\n");
}

#define THREADS 4
#define LINES   50

static void *
chatter(void *arg)
{
	const char *name = arg;

	for (int i = 0; i < LINES; i++) {
		struct log_scope scope = { name, NULL, NULL };

		log_info(&scope, "x", "n=%d", i);
	}
	return NULL;
}

static void
lines_of_many_loops_do_not_mix(void **state)
{
	static char names[THREADS][2] = { "a", "b", "c", "d" };
	pthread_t threads[THREADS];
	struct fault fault;
	int next[THREADS] = { 0 };
	char *line;
	char *rest;
	char *all;

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(thread_start(&threads[i], THREAD_LOOP, "loop",
		                     chatter, names[i], &fault),
		    0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
	}
	all = xstrdup(written());
	for (line = strtok_r(all, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		char id;
		int n;

		assert_int_equal(sscanf(line,
		                     HEAD "level=info event=x id=%c "
		                          "n=%d",
		                     &id, &n),
		    2);
		assert_int_equal(n, next[id - 'a']++);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(next[i], LINES);
	}
	free(all);
}

static void
fields_given_one_by_one_make_the_same_line(void **state)
{
	const struct log_scope scope = { "0abc", "::1", NULL };
	const struct log_field fields[] = {
		{ "path", bytes_of_text("/a b\"=\n"), 0 },
		{ "empty", bytes_of_text(""), 0 },
		{ "zero", NO_BYTES, 0 },
		{ "most", NO_BYTES, UINT64_MAX },
	};
	char *line;

	(void)state;
	log_write(LOG_INFO, &scope, "e.v", "path=%s empty=%s zero=%d most=%s",
	    "/a b\"=\n", "", 0, "18446744073709551615");
	line = xstrdup(written());
	log_fields(LOG_INFO, &scope, "e.v", fields, 4);
	assert_text(written(), line);
	free(line);
	log_fields(LOG_DEBUG, &scope, "e.v", fields, 4);
	assert_text(written(), "");
}

static void
a_line_of_fields_is_cut_where_it_is_too_long(void **state)
{
	char *text = xzalloc(10000);
	struct log_field fields[2];
	const char *line;

	(void)state;
	memset(text, 'x', 9999);
	fields[0] = (struct log_field){ "long", bytes_of_text(text), 0 };
	fields[1] = (struct log_field){ "after", NO_BYTES, 1 };
	log_fields(LOG_INFO, NULL, "e.v", fields, 2);
	line = written();
	assert_in_range(strlen(line), 40, 4096);
	assert_non_null(strstr(line, "…\n"));
	assert_null(strstr(line, "after"));
	free(text);
}

#define log_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(log_test(a_line_has_time_level_event_scope_and_fields),
    log_test(fields_given_one_by_one_make_the_same_line),
    log_test(a_line_of_fields_is_cut_where_it_is_too_long),
    log_test(every_line_has_its_own_time),
    log_test(values_are_quoted_where_they_must_be),
    log_test(no_value_can_pass_for_a_line_or_a_field),
    log_test(every_byte_in_a_value_leaves_one_line),
    log_test(a_line_too_long_is_cut_and_still_a_line),
    log_test(a_line_behind_one_that_a_full_disk_cut_stands_by_itself),
    log_test(lines_below_the_level_are_not_written),
    log_test(info_outside_a_loop_is_written_at_once),
    log_test(a_loop_gathers_info_and_keeps_the_order),
    log_test(lines_of_many_loops_do_not_mix))
