/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Files examined in a real hoso-examine, compared with the same examination
 * in this process; and examiners that were taken over.
 */

#include "archive/examine.h"
#include "archive/findings_json.h"
#include "base/digest.h"
#include "core/host_examine.h"
#include "core/host_filter.h"
#include "tests/tools/false_examiner.h"
#include "tests/unit/pdf_sample.h"
#include "tests/unit/unit.h"

#include <openssl/crypto.h>
#include <string.h>

#define NOW       INT64_C(1763000000000000)
#define BIG_BYTES (3u << 20)

static struct host_call_setup setup = {
	.program = "unused",
	.filter = -1,
	.limits = HOST_LIMITS_PRESET,
};
static atomic_bool stopped;

static const struct bytes nothing = { NULL, 0 };

static int
ask(const char *program, int64_t now, const struct source *files, size_t count,
    struct arena *arena, json_t **report, struct fault *fault)
{
	const struct host_examine question = {
		.program = program,
		.now = now,
		.files = files,
		.count = count,
		.stopped = &stopped,
	};

	return host_examine(&setup, &question, arena, report, fault);
}

/* The report of this process, as text. */
static struct bytes
own_report(struct arena *arena, const struct source *file, const char *kind)
{
	const struct verify_options options = { .now = NOW };
	const struct examine_question question = { .file = file,
		.options = &options };
	struct findings findings;
	enum examined examined;
	struct fault fault;
	json_t *report;

	findings_init(&findings, arena);
	assert_int_equal(examine(&examined, &findings, &question, &fault), 0);
	report = json_own(arena, findings_json(&findings, SIZE_MAX));
	json_object_set_new(report, "kind", json_string(kind));
	json_object_set_new(report, "untold", json_array());
	findings_fini(&findings);
	return json_bytes(arena, report);
}

static void
expect_same(struct bytes bytes, const char *kind)
{
	struct arena *arena = arena_new();
	struct bytes none = NO_BYTES;
	const struct source files[] = { source_of_bytes(&bytes),
		source_of_bytes(&none), source_of_bytes(&nothing) };
	struct fault fault = { 0 };
	struct bytes wanted;
	struct bytes got;
	json_t *report;

	if (ask("./hoso-examine", NOW, files, 3, arena, &report, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	wanted = own_report(arena, &files[0], kind);
	got = json_bytes(arena, report);
	assert_int_equal(got.len, wanted.len);
	assert_memory_equal(got.data, wanted.data, wanted.len);
	arena_free(arena);
}

static void
what_a_confined_process_finds_is_what_is_found_here(void **state)
{
	struct pdf_sample sample;
	struct buf big;

	(void)state;
	expect_same(bytes_of_text("a text"), "nothing");
	expect_same(NO_BYTES, "nothing");
	sample_begin(&sample);
	sample_sign(&sample, 5, "/SubFilter /ETSI.CAdES.detached", SAMPLE_DER,
	    "");
	expect_same(buf_bytes(&sample.bytes), "pdf");
	buf_fini(&sample.bytes);
	/* Read in many pieces, with its end far from its begin. */
	buf_init(&big, BIG_BYTES);
	memset(buf_reserve(&big, BIG_BYTES), 'x', BIG_BYTES);
	buf_grow(&big, BIG_BYTES);
	memcpy(big.data, "%PDF-1.7\n", 9);
	expect_same(buf_bytes(&big), "pdf");
	memcpy(big.data, "PK\3\4", 4);
	expect_same(buf_bytes(&big), "container");
	buf_fini(&big);
}

static void
a_taken_over_examiner_gets_no_other_bytes_and_is_ended(void **state)
{
	static const struct {
		int64_t deed;
		const char *told;
	} cases[] = {
		{ FALSE_CRASHES, "crashed with signal 6 (Aborted)" },
		{ FALSE_ASKS_BEYOND, "asked for bytes that it was not given" },
		{ FALSE_ASKS_BEFORE, "asked for bytes that it was not given" },
		{ FALSE_ASKS_OF_OTHERS,
		    "asked for bytes that it was not given" },
		{ FALSE_ASKS_MUCH, "asked for bytes that it was not given" },
		{ FALSE_TALKS, "wrote a report of more than 1024 KiB" },
		{ FALSE_SAYS_OTHERS, "sent what is no message of this call" },
	};
	struct bytes file = bytes_of_text("fifty bytes, and not a byte more");
	const struct source files[] = { source_of_bytes(&file),
		source_of_bytes(&file), source_of_bytes(&nothing) };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena *arena = arena_new();
		struct fault fault = { 0 };
		json_t *report;

		assert_int_equal(ask("tests/tools/false_examiner",
		                     cases[i].deed, files, 3, arena, &report,
		                     &fault),
		    -1);
		assert_int_equal(fault.code, FAULT_PLUGIN);
		if (strstr(fault.text, cases[i].told) == NULL) {
			fail_msg("wanted: %s, got: %s", cases[i].told,
			    fault.text);
		}
		assert_non_null(strstr(fault.text, "the examiner of files: "));
		arena_free(arena);
	}
}

static void
a_report_that_is_no_json_is_refused(void **state)
{
	struct bytes file = NO_BYTES;
	const struct source files[] = { source_of_bytes(&file),
		source_of_bytes(&file), source_of_bytes(&nothing) };
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	json_t *report;

	(void)state;
	assert_int_equal(ask("tests/tools/false_examiner", FALSE_SAYS_NO_JSON,
	                     files, 3, arena, &report, &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_PLUGIN);
	assert_non_null(strstr(fault.text, "wrote no proper report"));
	arena_free(arena);
}

static int
read_nothing(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	(void)arg;
	(void)offset;
	(void)data;
	(void)len;
	return fault_set(fault, FAULT_CORRUPT, "the disk is gone");
}

static void
a_file_that_cannot_be_read_is_no_failure_of_the_examiner(void **state)
{
	struct bytes none = NO_BYTES;
	const struct source files[] = { { read_nothing, NULL, 10 },
		source_of_bytes(&none), source_of_bytes(&nothing) };
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	json_t *report;

	(void)state;
	assert_int_equal(
	    ask("./hoso-examine", NOW, files, 3, arena, &report, &fault), -1);
	assert_int_equal(fault.code, FAULT_CORRUPT);
	assert_text(fault.text, "the disk is gone");
	arena_free(arena);
}

static void
a_server_that_stops_waits_for_no_examination(void **state)
{
	struct bytes file = bytes_of_text("some bytes");
	const struct source files[] = { source_of_bytes(&file),
		source_of_bytes(&file), source_of_bytes(&nothing) };
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	json_t *report;

	(void)state;
	atomic_store(&stopped, true);
	assert_int_equal(
	    ask("./hoso-examine", NOW, files, 3, arena, &report, &fault), -1);
	assert_int_equal(fault.code, FAULT_BUSY);
	atomic_store(&stopped, false);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_a_confined_process_finds_is_what_is_found_here),
		cmocka_unit_test(
		    a_taken_over_examiner_gets_no_other_bytes_and_is_ended),
		cmocka_unit_test(a_report_that_is_no_json_is_refused),
		cmocka_unit_test(
		    a_file_that_cannot_be_read_is_no_failure_of_the_examiner),
		cmocka_unit_test(a_server_that_stops_waits_for_no_examination),
	};
	struct fault fault;

	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	digest_init();
	if (host_filter_open(&setup.filter, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
