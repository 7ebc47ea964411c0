/* SPDX-License-Identifier: Apache-2.0 */

/* The registry of plugins, over a folder of this test's own. */

#include "core/blocks.h"
#include "core/plugins.h"

#include "base/clock.h"
#include "base/file.h"
#include "tests/unit/patience.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[SCRATCH_PATH];
static struct plugins *plugins;

/* Install a built plugin under this name; wait for nothing. */
static void
install(const char *from, const char *name)
{
	char path[200];
	struct fault fault;
	struct buf bytes;

	buf_init(&bytes, 64u << 20);
	if (file_read(&bytes, from, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, buf_bytes(&bytes), 0644, &fault), 0);
	buf_fini(&bytes);
}

static void
uninstall(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

static void
write_text(const char *name, const char *text)
{
	char path[200];
	struct fault fault;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, bytes_of_text(text), 0644, &fault),
	    0);
}

static int
open_all(void **state)
{
	struct plugins_conf conf = {
		.host = "./hoso-host",
		.folders = folder,
		.options = folder,
		.limits = HOST_LIMITS_PRESET,
	};
	struct fault fault;

	(void)state;
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

static void
reload(void)
{
	struct fault fault;

	assert_int_equal(plugins_reload(plugins, &fault), 0);
}

static int
three_counts(void *arg, const char *kind, const json_t *where,
    host_emit_fn *emit, void *emit_arg, struct fault *fault)
{
	json_t *row = json_pack("{s:s, s:s, s:i}", "award", "flag_government",
	    "subject", "collective", "sum", 5);
	int rc = emit(emit_arg, row, fault);

	(void)arg;
	assert_text(kind, "counts");
	assert_text(json_text_at(where, "unit"), "tinh-kon-tum");
	json_decref(row);
	return rc;
}

static const struct host_data data = { three_counts, NULL };

/* The same, without a check that would leave a thread that is not cmocka's. */
static int
one_count(void *arg, const char *kind, const json_t *where, host_emit_fn *emit,
    void *emit_arg, struct fault *fault)
{
	json_t *row = json_pack("{s:s, s:s, s:i}", "award", "flag_government",
	    "subject", "collective", "sum", 5);
	int rc = emit(emit_arg, row, fault);

	(void)arg;
	(void)kind;
	(void)where;
	json_decref(row);
	return rc;
}

static const struct host_data plain_data = { one_count, NULL };

static void
a_plugin_is_found_after_a_reload(void **state)
{
	struct arena *arena = arena_new();
	const json_t *found;

	(void)state;
	assert_null(plugins_find(plugins, PLUGIN_REPORT, "example", arena));
	install("plugins/example/.libs/example.so", "example.so");
	reload();
	found = plugins_find(plugins, PLUGIN_REPORT, "example", arena);
	assert_text(json_text_at(found, "plugin"), "example");
	assert_null(plugins_find(plugins, PLUGIN_FORMAT, "example", arena));
	arena_free(arena);
}

static void
a_report_is_rendered_by_any_format(void **state)
{
	struct arena *arena = arena_new();
	struct blocks *blocks = blocks_new(1u << 20);
	struct fault fault = { 0 };
	struct buf out;
	json_t *parameters =
	    json_own(arena, json_pack("{s:s}", "unit", "tinh-kon-tum"));

	(void)state;
	buf_init(&out, 1u << 20);
	install("plugins/json/.libs/json.so", "json.so");
	reload();
	if (plugins_report(plugins, "example", parameters, 0, &data, blocks,
	        &fault) < 0 ||
	    plugins_format(plugins, "json", 0, blocks, &out, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_text(buf_text(&out),
	    "{\"blocks\":[\n"
	    "{\"block\":\"title\",\"runs\":[{\"text\":\"BÁO CÁO\"},"
	    "{\"text\":\"Kết quả khen thưởng\"}]},\n"
	    "{\"block\":\"item\",\"level\":1,"
	    "\"runs\":[{\"text\":\"flag_government: \"},"
	    "{\"text\":\"05\",\"bold\":true}]}\n"
	    "]}\n");
	buf_fini(&out);
	blocks_free(blocks);
	arena_free(arena);
}

static void
expect_refusal(const char *name, json_t *parameters, enum fault_code code,
    const char *field)
{
	struct blocks *blocks = blocks_new(1u << 20);
	struct fault fault = { 0 };

	assert_int_equal(
	    plugins_report(plugins, name, parameters, 0, &data, blocks, &fault),
	    -1);
	assert_int_equal(fault.code, code);
	assert_text(fault.field, field);
	json_decref(parameters);
	blocks_free(blocks);
}

static void
parameters_are_checked_before_a_plugin_runs(void **state)
{
	(void)state;
	expect_refusal("example", json_pack("{s:s}", "colour", "red"),
	    FAULT_INVALID, "/colour");
	expect_refusal("example", json_pack("{s:s}", "from", "2023-02-30"),
	    FAULT_INVALID, "/from");
	expect_refusal("example", json_pack("{s:s}", "unit", "../etc"),
	    FAULT_INVALID, "/unit");
	expect_refusal("nothing", json_object(), FAULT_ABSENT, "");
}

static void
what_cannot_be_used_is_listed_with_the_reason(void **state)
{
	struct arena *arena = arena_new();
	json_t *list;
	const json_t *refused;

	(void)state;
	write_text("broken.so", "no plugin at all");
	install("plugins/example/.libs/example.so", "zweites.so");
	reload();
	list = plugins_list(plugins, arena);
	refused = json_object_get(list, "refused");
	assert_int_equal(json_array_size(json_object_get(list, "plugins")), 2);
	assert_int_equal(json_array_size(refused), 2);
	assert_non_null(
	    strstr(json_text_at(json_array_get(refused, 0), "reason"),
	        "cannot be loaded"));
	assert_non_null(
	    strstr(json_text_at(json_array_get(refused, 1), "reason"),
	        "has the name of"));
	uninstall("broken.so");
	uninstall("zweites.so");
	arena_free(arena);
}

static void
options_of_the_operator_are_checked(void **state)
{
	struct arena *arena = arena_new();
	json_t *list;

	(void)state;
	write_text("example.json", "{\"shout\":true}");
	reload();
	list = plugins_list(plugins, arena);
	assert_text(
	    json_text_at(json_array_get(json_object_get(list, "refused"), 0),
	        "reason"),
	    "/shout: is not known here");
	uninstall("example.json");
	arena_free(arena);
}

/* "example: found", or why the first of those refused is. */
static const char *
standing_of_example(struct arena *arena)
{
	json_t *list = plugins_list(plugins, arena);
	const json_t *row = json_array_get(json_object_get(list, "refused"), 0);

	if (plugins_find(plugins, PLUGIN_REPORT, "example", arena) != NULL) {
		return "found";
	}
	return row == NULL
	           ? "not there"
	           : arena_format(arena, "%s, %s", json_text_at(row, "reason"),
	                 json_is_true(json_object_get(row, "again"))
	                     ? "again"
	                     : "for good");
}

static void
limit(int what, rlim_t most)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(what, &limit), 0);
	limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
	assert_int_equal(setrlimit(what, &limit), 0);
}

/* The test's clock, so that no pause is waited for. */
static void
at_second(int64_t second)
{
	clock_set((1700000000 + second) * 1000000);
}

static void
what_the_system_refused_is_read_again_by_itself(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	at_second(0);
	limit(RLIMIT_FSIZE, 4096);
	reload();
	assert_non_null(strstr(standing_of_example(arena), ", again"));
	/* Tried again after 1 s and in vain, then not before 2 s are over. */
	at_second(1);
	assert_non_null(strstr(standing_of_example(arena), ", again"));
	limit(RLIMIT_FSIZE, RLIM_INFINITY);
	at_second(2);
	assert_non_null(strstr(standing_of_example(arena), ", again"));
	at_second(4);
	assert_text(standing_of_example(arena), "found");
	/* Pauses begin anew, and a call finds it as well. */
	limit(RLIMIT_FSIZE, 4096);
	reload();
	limit(RLIMIT_FSIZE, RLIM_INFINITY);
	expect_refusal("example", json_object(), FAULT_ABSENT, "");
	at_second(5);
	expect_refusal("example", json_pack("{s:s}", "colour", "red"),
	    FAULT_INVALID, "/colour");
	signal(SIGXFSZ, SIG_DFL);
	clock_set(0);
	arena_free(arena);
}

static void
folders_that_could_not_be_opened_are_read_again(void **state)
{
	struct arena *arena = arena_new();
	struct rlimit was;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	at_second(0);
	limit(RLIMIT_NOFILE, 3);
	reload();
	limit(RLIMIT_NOFILE, was.rlim_cur);
	assert_text(standing_of_example(arena), "not there");
	at_second(1);
	assert_text(standing_of_example(arena), "found");
	clock_set(0);
	arena_free(arena);
}

static void
a_plugin_that_is_bad_is_refused_for_good(void **state)
{
	struct arena *arena = arena_new();
	const json_t *row;

	(void)state;
	write_text("broken.so", "no plugin at all");
	reload();
	row = json_array_get(
	    json_object_get(plugins_list(plugins, arena), "refused"), 0);
	assert_null(json_object_get(row, "again"));
	assert_non_null(json_text_at(row, "vietnamese"));
	uninstall("broken.so");
	reload();
	arena_free(arena);
}

static void
a_plugin_that_is_gone_is_absent(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	reload();
	assert_non_null(plugins_find(plugins, PLUGIN_REPORT, "example", arena));
	uninstall("example.so");
	reload();
	assert_null(plugins_find(plugins, PLUGIN_REPORT, "example", arena));
	arena_free(arena);
}

/* One caller among others: good calls, and calls of a plugin that crashes. */
struct caller {
	pthread_t thread;
	unsigned good;
	unsigned crashed;
};

static void *
keep_calling(void *arg)
{
	struct caller *caller = arg;
	struct arena *arena = arena_new();
	json_t *parameters =
	    json_own(arena, json_pack("{s:s}", "unit", "tinh-kon-tum"));

	for (int i = 0; i < 20; i++) {
		struct blocks *blocks = blocks_new(1u << 20);
		struct fault fault = { 0 };
		bool crash = i % 4 == 3;
		int rc = plugins_report(plugins, crash ? "crash" : "example",
		    parameters, 0, &plain_data, blocks, &fault);

		caller->good += !crash && rc == 0;
		caller->crashed += crash && fault.code == FAULT_PLUGIN;
		blocks_free(blocks);
	}
	arena_free(arena);
	return NULL;
}

static void
calls_go_on_while_others_crash_and_plugins_are_reloaded(void **state)
{
	struct caller callers[4] = { 0 };

	(void)state;
	install("plugins/example/.libs/example.so", "example.so");
	install("tests/plugins/.libs/misbehave.so", "misbehave.so");
	reload();
	for (size_t i = 0; i < 4; i++) {
		pthread_create(&callers[i].thread, NULL, keep_calling,
		    &callers[i]);
	}
	for (int i = 0; i < 10; i++) {
		reload();
	}
	for (size_t i = 0; i < 4; i++) {
		pthread_join(callers[i].thread, NULL);
		assert_int_equal(callers[i].good, 15);
		assert_int_equal(callers[i].crashed, 5);
	}
}

/* A host that says nothing before it is told to go on. */
static void
opening_does_not_wait_for_the_plugins(void **state)
{
	struct plugins_conf conf = { .folders = folder,
		.limits = HOST_LIMITS_PRESET };
	struct arena *arena = arena_new();
	struct plugins *slow;
	struct fault fault;
	char host[200], gate[200], left;
	json_t *list;
	int end;

	(void)state;
	snprintf(gate, sizeof(gate), "%s/gate", folder);
	snprintf(host, sizeof(host), "%s/host", folder);
	assert_int_equal(mkfifo(gate, 0600), 0);
	write_text("host",
	    arena_format(arena, "#!/bin/sh\nread -r word <%s\n", gate));
	assert_int_equal(chmod(host, 0755), 0);
	write_text("some.so", "no plugin");
	conf.host = host;
	conf.limits.time_max_ms = patience_ms(10000);
	assert_int_equal(plugins_open(&slow, &conf, &fault), 0);

	end = open(gate, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_int_equal(write(end, "\n", 1), 1);
	list = plugins_list(slow, arena);
	assert_int_equal(json_array_size(json_object_get(list, "refused")), 1);
	plugins_close(slow);
	/* Had opening waited, the host would have been ended at the gate. */
	assert_int_equal(read(end, &left, 1), -1);
	close(end);
	uninstall("some.so");
	uninstall("host");
	uninstall("gate");
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(opening_does_not_wait_for_the_plugins),
		unit(a_plugin_is_found_after_a_reload),
		unit(a_report_is_rendered_by_any_format),
		unit(parameters_are_checked_before_a_plugin_runs),
		unit(what_cannot_be_used_is_listed_with_the_reason),
		unit(options_of_the_operator_are_checked),
		unit(what_the_system_refused_is_read_again_by_itself),
		unit(folders_that_could_not_be_opened_are_read_again),
		unit(a_plugin_that_is_bad_is_refused_for_good),
		unit(a_plugin_that_is_gone_is_absent),
		unit(calls_go_on_while_others_crash_and_plugins_are_reloaded),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
