/* SPDX-License-Identifier: Apache-2.0 */

/* Audit sinks from the log to their targets, through everything that fails. */

#include "core/sink.h"

#include "config.h"

#include "base/file.h"
#include "base/log.h"
#include "core/plugins.h"
#include "tests/unit/office.h"
#include "tests/unit/patience.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define EVENTS 100u

static struct office *office;
static struct sinks *sinks;
static char target[SCRATCH_PATH + 32];
static char list[SCRATCH_PATH + 64];

/* --- the log ------------------------------------------------------------ */

static void
log_events(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct writes *writes = writes_new(office->core.store, NULL);
		struct arena *arena = arena_new();
		struct writes_result result;

		writes_log(writes,
		    bytes_of_text("{\"act\":\"unit.write\",\"at\":1,"
		                  "\"by\":\"an\"}"));
		if (writes_commit_wait(writes, &result, arena, &office->fault) <
		    0) {
			fail_msg("%s", office->fault.text);
		}
		arena_free(arena);
	}
}

static struct sinks_options
options_of(const char *name)
{
	struct sinks_options options = sinks_presets;

	snprintf(list, sizeof(list), "%s:%s", name, target);
	options.list = list;
	options.look_ms = 1;
	/* One that answers has the time to, however busy this machine is. */
	options.answer_max_ms =
	    strcmp(name, "stuck") == 0 ? 500 : patience_ms(20000);
	options.pause_max_ms = 1;
	return options;
}

static void
open_sinks(const char *name)
{
	const struct sinks_options options = options_of(name);

	if (sinks_open(&sinks, &office->core, &options, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
}

static void
close_sinks(void)
{
	sinks_close(sinks);
	sinks = NULL;
}

static struct sink_figures
figures(void)
{
	struct sink_figures now;

	sinks_measure(sinks, 0, &now);
	return now;
}

/* Everything up to `next` is delivered. */
static void
wait_for(uint64_t next)
{
	for (unsigned i = patience_ms(20000); i > 0; i--) {
		if (figures().next == next) {
			return;
		}
		usleep(1000);
	}
	fail_msg("delivered up to %llu, wanted %llu",
	    (unsigned long long)figures().next, (unsigned long long)next);
}

static void
wait_for_failures(bool wanted)
{
	for (unsigned i = patience_ms(20000); i > 0; i--) {
		if ((figures().failures > 0) == wanted) {
			return;
		}
		usleep(1000);
	}
	fail_msg("%s", wanted ? "no failure" : "it goes on failing");
}

static char *
read_target(const char *path)
{
	static struct buf got;

	buf_fini(&got);
	buf_init(&got, 1u << 20);
	if (file_read(&got, path, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	buf_add_byte(&got, '\0');
	return (char *)got.data;
}

static void
write_target(const char *text)
{
	if (file_write(target, bytes_of_text(text), 0600, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
}

/* --- tests -------------------------------------------------------------------- */

static void
a_sink_that_crashes_again_and_again_gets_every_event_in_order(void **state)
{
	unsigned next = 0;
	char *line;

	(void)state;
	log_events(EVENTS);
	open_sinks("clumsy");
	wait_for(EVENTS);
	close_sinks();
	for (line = strtok(read_target(target), "\n"); line != NULL;
	     line = strtok(NULL, "\n")) {
		unsigned index = (unsigned)atoi(line);

		/* Again, from wherever it was not sure, or the very next. */
		assert_true(index <= next);
		next = index == next ? next + 1 : next;
	}
	assert_int_equal(next, EVENTS);
}

static unsigned
count_lines(const char *text)
{
	unsigned count = 0;

	for (; *text != '\0'; text++) {
		count += *text == '\n';
	}
	return count;
}

static void
a_sink_goes_on_where_it_stood_before_a_restart(void **state)
{
	const char *text;

	(void)state;
	log_events(10);
	open_sinks("jsonl");
	wait_for(10);
	close_sinks();
	log_events(5);
	open_sinks("jsonl");
	wait_for(15);
	close_sinks();
	text = read_target(target);
	assert_int_equal(count_lines(text), 15);
	assert_non_null(strstr(text, "{\"index\":14,"));
}

static void
events_come_while_it_runs(void **state)
{
	(void)state;
	open_sinks("jsonl");
	for (unsigned i = 1; i <= 5; i++) {
		log_events(1);
		wait_for(i);
	}
	assert_int_equal(count_lines(read_target(target)), 5);
}

static void
an_event_behind_a_line_that_was_cut_off_stands_by_itself(void **state)
{
	static const char *const befores[] = { "", "whole\n", "cut {\"ind" };
	static const unsigned lines[] = { 1, 2, 2 };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		write_target(befores[i]);
		log_events(1);
		open_sinks("jsonl");
		wait_for(i + 1);
		close_sinks();
		assert_int_equal(count_lines(read_target(target)), lines[i]);
	}
	assert_non_null(strstr(read_target(target), "ind\n{\"index\":2,"));
}

static void
commits_do_not_wait_for_a_sink_that_is_stuck(void **state)
{
	(void)state;
	log_events(1);
	open_sinks("stuck");
	log_events(EVENTS); /* fails where a commit does */
	assert_int_equal(figures().next, 0);
	wait_for_failures(true);
	assert_int_equal(figures().next, 0);
}

static void
a_file_that_was_turned_over_is_opened_anew(void **state)
{
	char old[sizeof(target) + 4];
	unsigned count = 3;

	(void)state;
	log_events(count);
	open_sinks("jsonl");
	wait_for(count);
	snprintf(old, sizeof(old), "%s.1", target);
	assert_int_equal(rename(target, old), 0);
	/* The batch that it was about to send may still go to the old one. */
	while (access(target, F_OK) != 0 && count < EVENTS) {
		log_events(1);
		wait_for(++count);
	}
	assert_int_equal(count_lines(read_target(old)) +
	                     count_lines(read_target(target)),
	    count);
	assert_true(count < EVENTS);
}

static void
a_socket_without_a_reader_is_tried_until_there_is_one(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int reader = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char got[2000];
	ssize_t n;

	(void)state;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", target);
	assert_int_equal(
	    bind(reader, (struct sockaddr *)&address, sizeof(address)), 0);
	close(reader); /* the socket's file stays */
	log_events(2);
	open_sinks("syslog");
	wait_for_failures(true);
	assert_int_equal(figures().next, 0);
	unlink(target);
	reader = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
	    bind(reader, (struct sockaddr *)&address, sizeof(address)), 0);
	n = recv(reader, got, sizeof(got) - 1, 0);
	assert_true(n > 0);
	got[n] = '\0';
	assert_non_null(strstr(got, "index=\"0\""));
	wait_for(2);
	wait_for_failures(false);
	close(reader);
}

static void
a_pipe_without_a_reader_is_tried_until_there_is_one(void **state)
{
	char got[2000];
	size_t len = 0;
	int reader;

	(void)state;
	assert_int_equal(mkfifo(target, 0600), 0);
	log_events(2);
	open_sinks("jsonl");
	wait_for_failures(true);
	assert_int_equal(figures().next, 0);
	reader = open(target, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(reader >= 0);
	wait_for(2);
	len = (size_t)read(reader, got, sizeof(got) - 1);
	assert_in_range(len, 1, sizeof(got) - 1);
	got[len] = '\0';
	assert_non_null(strstr(got, "{\"index\":1,"));
	close(reader);
}

static void
a_list_that_cannot_be_is_refused(void **state)
{
	static const char *const lists[] = { "jsonl", ":/a", "jsonl:a",
		"jsonl:/a jsonl:/a", "syslog:udp:", "syslog:udp:host",
		"syslog:tcp::514", "jsonl:/a\"b" };
	struct sinks_options options = sinks_presets;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		options.list = lists[i];
		office->fault.code = FAULT_NONE;
		if (sinks_open(&sinks, &office->core, &options,
		        &office->fault) == 0) {
			fail_msg("\"%s\" was taken", lists[i]);
		}
		assert_int_equal(office->fault.code, FAULT_INVALID);
		sinks = NULL;
	}
	options.list = "  ";
	assert_int_equal(
	    sinks_open(&sinks, &office->core, &options, &office->fault), 0);
	assert_int_equal(sinks_count(sinks), 0);
}

static int
set_up(void **state)
{
	struct plugins_conf conf = {
		.host = "./hoso-host",
		.folders = "plugins/built:tests/plugins/.libs",
		.limits = HOST_LIMITS_PRESET,
	};

	(void)state;
	clock_init();
	office = office_open(false);
	snprintf(target, sizeof(target), "%s/target", office->path);
	return plugins_open(&office->core.plugins, &conf, &office->fault);
}

static int
tear_down(void **state)
{
	(void)state;
	close_sinks();
	plugins_close(office->core.plugins);
	office_close(office);
	return 0;
}

#define sink_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		sink_test(
		    a_sink_that_crashes_again_and_again_gets_every_event_in_order),
		sink_test(a_sink_goes_on_where_it_stood_before_a_restart),
		sink_test(events_come_while_it_runs),
		sink_test(
		    an_event_behind_a_line_that_was_cut_off_stands_by_itself),
		sink_test(commits_do_not_wait_for_a_sink_that_is_stuck),
		sink_test(a_file_that_was_turned_over_is_opened_anew),
		sink_test(
		    a_socket_without_a_reader_is_tried_until_there_is_one),
		sink_test(a_pipe_without_a_reader_is_tried_until_there_is_one),
		sink_test(a_list_that_cannot_be_is_refused),
	};

	log_init(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
