/* SPDX-License-Identifier: Apache-2.0 */

/* Audit sinks in a real hoso-host: order, flush, failure, a new beginning. */

#include "core/host_sink.h"

#include "config.h"

#include "base/clock.h"
#include "base/file.h"
#include "tests/unit/patience.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/socket.h>

#define ANSWER_MS patience_ms(20000)

static char folder[SCRATCH_PATH];
static struct plugins *plugins;

static const char event_json[] =
    "{\"act\":\"dossier.new\",\"at\":1706659200000001,\"by\":\"an\"}";

static void
hand(struct host_sink *sink, int64_t index)
{
	struct fault fault = { 0 };

	if (host_sink_send(sink, index, bytes_of_text(event_json), &fault) <
	    0) {
		fail_msg("%s", fault.text);
	}
}

static int64_t
settle(struct host_sink *sink)
{
	struct fault fault = { 0 };
	int64_t index = -2;

	if (host_sink_flush(sink, &index, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return index;
}

static struct host_sink *
open_sink(const char *name, int target, uint32_t answer_ms)
{
	struct host_sink *sink = NULL;
	struct fault fault = { 0 };

	if (host_sink_open(&sink, plugins, name, target, answer_ms, &fault) <
	    0) {
		fail_msg("%s", fault.text);
	}
	return sink;
}

static int
open_file(const char *name)
{
	char path[200];
	int file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	return file;
}

static void
events_arrive_in_order_and_are_confirmed(void **state)
{
	int file = open_file("audit.jsonl");
	struct host_sink *sink = open_sink("jsonl", file, ANSWER_MS);
	struct fault fault;
	struct buf got;
	char path[200];

	(void)state;
	assert_int_equal(settle(sink), -1); /* nothing was sent */
	for (int64_t i = 0; i < 3; i++) {
		hand(sink, i);
	}
	assert_int_equal(settle(sink), 2);
	hand(sink, 3);
	assert_int_equal(settle(sink), 3);
	host_sink_close(sink);
	close(file);
	buf_init(&got, 1u << 20);
	snprintf(path, sizeof(path), "%s/audit.jsonl", folder);
	assert_int_equal(file_read(&got, path, &fault), 0);
	assert_text(buf_text(&got),
	    "{\"index\":0,\"event\":{\"act\":\"dossier.new\","
	    "\"at\":1706659200000001,\"by\":\"an\"}}\n"
	    "{\"index\":1,\"event\":{\"act\":\"dossier.new\","
	    "\"at\":1706659200000001,\"by\":\"an\"}}\n"
	    "{\"index\":2,\"event\":{\"act\":\"dossier.new\","
	    "\"at\":1706659200000001,\"by\":\"an\"}}\n"
	    "{\"index\":3,\"event\":{\"act\":\"dossier.new\","
	    "\"at\":1706659200000001,\"by\":\"an\"}}\n");
	buf_fini(&got);
}

static void
many_events_take_no_more_memory_than_few(void **state)
{
	int file = open_file("greedy");
	struct host_sink *sink = open_sink("greedy", file, ANSWER_MS);

	(void)state;
	for (int64_t i = 0; i < 300; i++) { /* a MB each, of 128 */
		hand(sink, i);
	}
	assert_int_equal(settle(sink), 299);
	host_sink_close(sink);
	close(file);
}

static void
an_event_is_one_syslog_datagram(void **state)
{
	static const char wanted[] =
	    "<110>1 2024-01-31T00:00:00.000001Z - hoso - dossier.new "
	    "[hoso@0 index=\"7\"] {\"act\":\"dossier.new\","
	    "\"at\":1706659200000001,\"by\":\"an\"}";
	struct host_sink *sink;
	char got[2000];
	int pair[2];
	ssize_t n;

	(void)state;
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair), 0);
	sink = open_sink("syslog", pair[1], ANSWER_MS);
	hand(sink, 7);
	hand(sink, 8);
	assert_int_equal(settle(sink), 8);
	n = recv(pair[0], got, sizeof(got) - 1, 0);
	assert_true(n > 0);
	got[n] = '\0';
	assert_text(got, wanted);
	host_sink_close(sink);
	close(pair[0]);
	close(pair[1]);
}

static void
the_operators_options_reach_a_sink(void **state)
{
	struct host_sink *sink;
	struct fault fault;
	char path[200];
	char got[2000];
	int pair[2];
	ssize_t n;

	(void)state;
	snprintf(path, sizeof(path), "%s/sink-syslog.json", folder);
	assert_int_equal(file_write(path,
	                     bytes_of_text("{\"framing\":\"octets\","
	                                   "\"host_name\":\"kontum\"}"),
	                     0600, &fault),
	    0);
	assert_int_equal(plugins_reload(plugins, &fault), 0);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	sink = open_sink("syslog", pair[1], ANSWER_MS);
	hand(sink, 1);
	assert_int_equal(settle(sink), 1);
	n = recv(pair[0], got, sizeof(got) - 1, 0);
	assert_true(n > 0);
	got[n] = '\0';
	assert_text(got,
	    "133 <110>1 2024-01-31T00:00:00.000001Z kontum hoso - dossier.new "
	    "[hoso@0 index=\"1\"] {\"act\":\"dossier.new\","
	    "\"at\":1706659200000001,\"by\":\"an\"}");
	host_sink_close(sink);
	close(pair[0]);
	close(pair[1]);
}

static void
expect_failure(const char *name, int target, uint32_t answer_ms,
    const char *wanted)
{
	struct host_sink *sink = open_sink(name, target, answer_ms);
	struct fault fault = { 0 };
	int64_t index;

	for (int64_t i = 0; i < 5; i++) {
		hand(sink, i);
	}
	assert_int_equal(host_sink_flush(sink, &index, &fault), -1);
	assert_text(fault.text, wanted);
	assert_int_equal(fault.code, FAULT_PLUGIN);
	host_sink_close(sink);
}

static void
a_sink_that_fails_says_why(void **state)
{
	int file = open_file("failing");
	int pair[2];

	(void)state;
	expect_failure("stuck", file, 300,
	    "plugin misbehave: ran longer than 300 ms");
	expect_failure("dying", file, ANSWER_MS,
	    "plugin misbehave: crashed with signal 6 (Aborted)");
	close(file);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	close(pair[0]); /* nobody listens */
	expect_failure("jsonl", pair[1], ANSWER_MS,
	    "plugin sink-jsonl: cannot be delivered (errno 32)");
	close(pair[1]);
}

static void
a_sink_that_nobody_offers_is_absent(void **state)
{
	struct host_sink *sink;
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(
	    host_sink_open(&sink, plugins, "nothing", 0, ANSWER_MS, &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_ABSENT);
}

static void
pauses_grow_and_end_at_five_minutes(void **state)
{
	(void)state;
	assert_int_equal(host_sink_pause_ms(1), 1000);
	assert_int_equal(host_sink_pause_ms(2), 2000);
	assert_int_equal(host_sink_pause_ms(5), 16000);
	assert_int_equal(host_sink_pause_ms(1000), 300000);
}

static int
open_all(void **state)
{
	struct plugins_conf conf = {
		.host = "./hoso-host",
		.folders = "plugins/built:tests/plugins/.libs",
		.options = folder,
		.limits = HOST_LIMITS_PRESET,
	};
	struct fault fault;

	(void)state;
	conf.limits.memory_max_bytes = 128u << 20;
	conf.limits.time_max_ms = patience_ms(10000);
	clock_init();
	digest_init();
	scratch_make(folder);
	if (plugins_open(&plugins, &conf, &fault) < 0) {
		print_error("%s\n", fault.text);
		return -1;
	}
	return 0;
}

static int
close_all(void **state)
{
	(void)state;
	plugins_close(plugins);
	scratch_remove(folder);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(events_arrive_in_order_and_are_confirmed),
		unit(many_events_take_no_more_memory_than_few),
		unit(an_event_is_one_syslog_datagram),
		unit(the_operators_options_reach_a_sink),
		unit(a_sink_that_fails_says_why),
		unit(a_sink_that_nobody_offers_is_absent),
		unit(pauses_grow_and_end_at_five_minutes),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
