/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Real calls of real plugins in a real hoso-host: what each misdeed leads to,
 * and that another call goes on after it.
 */

#include "core/blocks.h"
#include "core/host_call.h"
#include "core/host_filter.h"
#include "core/plugin_file.h"

#include "config.h"

#include "base/clock.h"
#include "tests/unit/patience.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct host_call_setup setup = {
	.program = "./hoso-host",
	.filter = -1,
	.keep_stderr = false,
	.limits = HOST_LIMITS_PRESET,
};
static int misbehave = -1;

static int
no_rows(void *arg, const char *kind, const json_t *where, host_emit_fn *emit,
    void *emit_arg, struct fault *fault)
{
	(void)arg;
	(void)where;
	(void)emit;
	(void)emit_arg;
	return fault_set(fault, FAULT_INVALID, "nobody knows %s", kind);
}

static const struct host_data no_data = { no_rows, NULL };

static struct host_limits
limits_of(uint64_t memory_mib, uint64_t output_mib, uint64_t ms)
{
	return (struct host_limits){ memory_mib << 20, output_mib << 20, ms };
}

/* Call one report of the fixture; blocks may be NULL. */
static int
call_report(const char *name, const struct host_limits *limits,
    struct blocks *blocks, struct fault *fault)
{
	struct host_call call = { .plugin = "misbehave",
		.file = misbehave,
		.name = name,
		.limits = limits };
	struct blocks *own = blocks != NULL ? blocks : blocks_new(8u << 20);
	int rc = host_call_report(&setup, &call, &no_data, own, fault);

	if (blocks == NULL) {
		blocks_free(own);
	}
	return rc;
}

static void
expect_fault(const char *name, const struct host_limits *limits,
    const char *wanted)
{
	struct fault fault = { 0 };

	assert_int_equal(call_report(name, limits, NULL, &fault), -1);
	assert_text(fault.text, wanted);
	assert_int_equal(fault.code, FAULT_PLUGIN);
}

/* The text of the one paragraph that the report writes. */
static void
expect_text(const char *name, const char *wanted)
{
	struct blocks *blocks = blocks_new(1u << 20);
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	json_t *block;

	if (call_report(name, NULL, blocks, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(blocks_count(blocks), 1);
	block = json_read(arena, blocks_at(blocks, 0), &fault);
	assert_non_null(block);
	assert_text(
	    json_text_at(json_array_get(json_object_get(block, "runs"), 0),
	        "text"),
	    wanted);
	arena_free(arena);
	blocks_free(blocks);
}

static void
a_crash_is_told_with_its_signal(void **state)
{
	(void)state;
#if defined(WITH_ASAN) || defined(WITH_TSAN)
	skip(); /* the sanitizer catches the signal and ends in its own way */
#endif
	expect_fault("crash", NULL,
	    "plugin misbehave: crashed with signal 11 (Segmentation fault)");
	expect_fault("crash_by_abort", NULL,
	    "plugin misbehave: crashed with signal 6 (Aborted)");
}

static void
a_plugin_that_leaves_is_told_as_such(void **state)
{
	(void)state;
	expect_fault("leave", NULL,
	    "plugin misbehave: ended in the middle of the call");
}

static void
a_loop_ends_at_the_deadline(void **state)
{
	struct host_limits limits = limits_of(512, 16, 1000);

	(void)state;
	expect_fault("loop", &limits, "plugin misbehave: ran longer than 1 s");
	limits.time_max_ms = 300;
	expect_fault("hide_and_loop", &limits,
	    "plugin misbehave: ran longer than 300 ms");
}

/* An answer that takes its time. */
static int
slow_rows(void *arg, const char *kind, const json_t *where, host_emit_fn *emit,
    void *emit_arg, struct fault *fault)
{
	const struct timespec pause = { 0, 50000000 };

	(void)kind;
	(void)where;
	(void)emit;
	(void)emit_arg;
	(void)fault;
	++*(int *)arg;
	nanosleep(&pause, NULL);
	return 0;
}

static void
questions_in_store_are_not_answered_after_the_deadline(void **state)
{
	const struct host_limits limits = limits_of(512, 16, 1000);
	int answered = 0;
	struct host_data data = { slow_rows, &answered };
	struct host_call call = { .plugin = "misbehave",
		.file = misbehave,
		.name = "ask_at_once",
		.limits = &limits };
	struct blocks *blocks = blocks_new(1u << 20);
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(host_call_report(&setup, &call, &data, blocks, &fault),
	    -1);
	assert_text(fault.text, "plugin misbehave: ran longer than 1 s");
	assert_in_range(answered, 0, 21);
	blocks_free(blocks);
}

static void
memory_without_end_is_told_as_such(void **state)
{
	struct host_limits limits = limits_of(96, 16, patience_ms(10000));

	(void)state;
#if defined(WITH_ASAN) || defined(WITH_TSAN)
	skip(); /* no limit on address space there */
#endif
	expect_fault("allocate", &limits,
	    "plugin misbehave: used up its memory of 96 MiB");
	expect_fault("allocate_by_host", &limits,
	    "plugin misbehave: used up its memory of 96 MiB");
}

/* Linux counts the peak of who starts a process as the process's own. */
static void
so_it_is_where_the_server_holds_more(void **state)
{
	struct host_limits limits = limits_of(96, 16, patience_ms(10000));
	size_t len = 256u << 20;
	char *held;

	(void)state;
#if defined(WITH_ASAN) || defined(WITH_TSAN)
	skip(); /* no limit on address space there */
#endif
	held = malloc(len);
	assert_non_null(held);
	memset(held, 1, len);
	assert_int_equal(held[len / 2], 1);
	expect_fault("allocate", &limits,
	    "plugin misbehave: used up its memory of 96 MiB");
	expect_fault("crash", &limits,
	    "plugin misbehave: crashed with signal 11 (Segmentation fault)");
	free(held);
}

static void
a_flood_is_cut_off(void **state)
{
	struct host_limits limits = limits_of(512, 2, patience_ms(10000));

	(void)state;
	expect_fault("flood", &limits,
	    "plugin misbehave: wrote more than 2 MiB");
}

static void
what_is_no_message_is_refused(void **state)
{
	(void)state;
	expect_fault("garbage", NULL,
	    "plugin misbehave: sent what is no message");
	expect_fault("out_of_turn", NULL,
	    "plugin misbehave: sent what is no message of this call");
	expect_fault("bad_limit", NULL,
	    "plugin misbehave: sent what is no message");
	expect_fault("bad_json", NULL,
	    "plugin misbehave: wrote no proper block: JSON, line 1 column "
	    "29: ']' expected");
	expect_fault("bad_block", NULL,
	    "plugin misbehave: wrote no proper block: /block: is not known: "
	    "spell");
	expect_fault("bad_text", NULL,
	    "plugin misbehave: wrote text that is not UTF-8");
	expect_fault("short_row", NULL,
	    "plugin misbehave: wrote no proper block: /cells: fill 1 of the "
	    "table's 2 columns");
	expect_fault("count_nothing", NULL,
	    "plugin misbehave: said what is counted before any number");
	expect_fault("nothing", NULL,
	    "plugin misbehave: the document is empty");
}

static void
a_failure_is_told_in_vietnamese_too(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(call_report("no_reason", NULL, NULL, &fault), -1);
	assert_text(fault.local,
	    "phần mở rộng misbehave: từ chối mà không nêu lý do");
	assert_int_equal(call_report("short_row", NULL, NULL, &fault), -1);
	assert_text(fault.local,
	    "phần mở rộng misbehave: ghi block không đúng quy cách: /cells: "
	    "có 1 ô, bảng có 2 cột");
}

static void
a_plugin_may_say_why_it_refuses(void **state)
{
	(void)state;
	expect_fault("with_reason", NULL,
	    "plugin misbehave: không có số liệu của kỳ này");
	expect_fault("no_reason", NULL,
	    "plugin misbehave: refused without a reason");
	expect_fault("unheard-of", NULL,
	    "plugin misbehave: offers no unheard-of of that kind");
}

static void
what_a_plugin_refuses_is_the_callers_with_its_field(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(call_report("refuse_input", NULL, NULL, &fault), -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_text(fault.field, "/from");
	assert_text(fault.text, "kỳ này chưa khóa sổ");
	assert_text(fault.local, "kỳ này chưa khóa sổ");
	expect_fault("refuse_in_bad_text", NULL,
	    "plugin misbehave: wrote text that is not UTF-8");
}

static void
files_are_closed_to_plugins(void **state)
{
	(void)state;
	expect_text("tell_constructor", "Permission denied");
	expect_text("try_file", "Permission denied");
	expect_text("try_own_file", "Permission denied");
}

static void
network_and_processes_are_closed_to_plugins(void **state)
{
	(void)state;
	expect_text("try_socket", "Operation not permitted");
	expect_text("try_fork", "Operation not permitted");
	expect_text("try_exec", "Operation not permitted");
	expect_text("try_kill_parent", "Operation not permitted");
	expect_text("try_executable", "Operation not permitted");
	expect_text("try_more_memory", "Operation not permitted");
	expect_fault("try_ptrace", NULL,
	    "plugin misbehave: made a system call that is forbidden");
}

static void
threads_work_in_a_plugin(void **state)
{
	(void)state;
	expect_text("use_threads", "done");
}

struct numbers {
	int rows;  /* of each answer */
	int asked; /* questions so far */
	int told;  /* rows of the last */
	int first; /* rows of the first */
};

static int
many_rows(void *arg, const char *kind, const json_t *where, host_emit_fn *emit,
    void *emit_arg, struct fault *fault)
{
	struct numbers *numbers = arg;
	int count = strcmp(kind, "outer") == 0 ? 3 : numbers->rows;
	int rc = 0;

	numbers->asked++;
	numbers->told = 0;
	if (strcmp(kind, "inner") == 0) {
		assert_non_null(json_text_at(where, "of"));
	}
	for (int i = 0; i < count && rc == 0; i++) {
		json_t *row = json_pack("{s:s, s:i, s:s}", "name", "đơn vị",
		    "value", i, "filler",
		    "sixty-four bytes that make the row as long as real ones");

		rc = emit(emit_arg, row, fault);
		numbers->told++;
		json_decref(row);
	}
	if (numbers->asked == 1) {
		numbers->first = numbers->told;
	}
	return rc;
}

static void
answers_of_many_rows_arrive_whole(void **state)
{
	struct numbers numbers = { .rows = 20000 };
	struct host_data data = { many_rows, &numbers };
	struct host_call call = { .plugin = "misbehave",
		.file = misbehave,
		.name = "echo" };
	struct blocks *blocks = blocks_new(1u << 20);
	struct fault fault = { 0 };

	(void)state;
	if (host_call_report(&setup, &call, &data, blocks, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(numbers.asked, 4);
	assert_int_equal(blocks_count(blocks), 3);
	assert_non_null(memmem(blocks_at(blocks, 2).data,
	    blocks_at(blocks, 2).len, "199990000", 9));
	blocks_free(blocks);
}

/* Asks for list_rows, of which `kept` rows are looked at; 0: all. */
static void
expect_listed(size_t kept, int first, int last)
{
	struct numbers numbers = { .rows = 300 };
	struct host_data data = { many_rows, &numbers };
	struct host_call call = { .plugin = "misbehave",
		.file = misbehave,
		.name = "list_rows" };
	struct blocks *blocks = blocks_new(1u << 20);
	struct fault fault = { 0 };
	struct bytes total;

	if (kept > 0) {
		blocks_keep_rows(blocks, kept);
	}
	if (host_call_report(&setup, &call, &data, blocks, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(numbers.asked, 2);
	assert_int_equal(numbers.first, first);
	assert_int_equal(numbers.told, last);
	assert_int_equal(blocks_count(blocks), (size_t)first + 3);
	total = blocks_at(blocks, (size_t)first + 1);
	assert_non_null(memmem(total.data, total.len, "\"value\":300}", 12));
	blocks_free(blocks);
}

static void
a_listed_answer_ends_where_nobody_looks(void **state)
{
	(void)state;
	expect_listed(5, 5, 300);
	expect_listed(0, 300, 300);
}

static void
what_is_listed_is_said_before_the_first_row(void **state)
{
	struct numbers numbers = { .rows = 3 };
	struct host_data data = { many_rows, &numbers };
	struct host_call call = { .plugin = "misbehave",
		.file = misbehave,
		.name = "list_late" };
	struct blocks *blocks = blocks_new(1u << 20);
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(host_call_report(&setup, &call, &data, blocks, &fault),
	    -1);
	assert_text(fault.text,
	    "plugin misbehave: listed() after the first next()");
	blocks_free(blocks);
}

static void
a_question_that_is_refused_fails_with_the_servers_words(void **state)
{
	struct host_call call = { .plugin = "misbehave",
		.file = misbehave,
		.name = "echo" };
	struct blocks *blocks = blocks_new(1u << 20);
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(
	    host_call_report(&setup, &call, &no_data, blocks, &fault), -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_text(fault.text, "nobody knows outer");
	blocks_free(blocks);
}

static void
a_description_says_what_a_plugin_offers(void **state)
{
	struct host_call call = { .plugin = "misbehave", .file = misbehave };
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	json_t *offer = NULL;

	(void)state;
	if (host_call_describe(&setup, &call, arena, &offer, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_text(json_text_at(offer, "name"), "misbehave");
	assert_int_equal(json_array_size(json_object_get(offer, "reports")),
	    36);
	assert_true(json_is_true(
	    json_object_get(json_object_get(offer, "confined"), "seccomp")));
	arena_free(arena);
}

static void
what_is_no_plugin_is_refused(void **state)
{
	struct host_call call = { .plugin = "readme", .file = setup.filter };
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	json_t *offer;

	(void)state;
	assert_int_equal(
	    host_call_describe(&setup, &call, arena, &offer, &fault), -1);
	assert_non_null(strstr(fault.text, "plugin readme: cannot be loaded"));
	arena_free(arena);
}

static int
open_all(void **state)
{
	struct sha256 sum;
	struct fault fault;

	(void)state;
	setup.limits.time_max_ms = patience_ms(10000);
	clock_init();
	digest_init();
	if (host_filter_open(&setup.filter, &fault) < 0) {
		print_error("%s\n", fault.text);
		return -1;
	}
	if (plugin_file_open("tests/plugins/.libs/misbehave.so", &misbehave,
	        &sum, &fault) < 0) {
		print_error("%s\n", fault.text);
		return -1;
	}
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(a_crash_is_told_with_its_signal),
		unit(a_plugin_that_leaves_is_told_as_such),
		unit(a_loop_ends_at_the_deadline),
		unit(questions_in_store_are_not_answered_after_the_deadline),
		unit(memory_without_end_is_told_as_such),
		unit(so_it_is_where_the_server_holds_more),
		unit(a_flood_is_cut_off),
		unit(what_is_no_message_is_refused),
		unit(a_plugin_may_say_why_it_refuses),
		unit(what_a_plugin_refuses_is_the_callers_with_its_field),
		unit(a_failure_is_told_in_vietnamese_too),
		unit(files_are_closed_to_plugins),
		unit(network_and_processes_are_closed_to_plugins),
		unit(threads_work_in_a_plugin),
		unit(answers_of_many_rows_arrive_whole),
		unit(a_listed_answer_ends_where_nobody_looks),
		unit(what_is_listed_is_said_before_the_first_row),
		unit(a_question_that_is_refused_fails_with_the_servers_words),
		unit(a_description_says_what_a_plugin_offers),
		unit(what_is_no_plugin_is_refused),
	};

	return cmocka_run_group_tests(tests, open_all, NULL);
}
