/* SPDX-License-Identifier: Apache-2.0 */

#include "api/problem.h"

#include "base/text.h"
#include "tests/unit/unit.h"

static void
every_fault_has_the_status_that_its_code_promises(void **state)
{
	static const int wanted[] = {
		[FAULT_NONE] = 500,
		[FAULT_INVALID] = 400,
		[FAULT_UNKNOWN] = 401,
		[FAULT_DENIED] = 403,
		[FAULT_ABSENT] = 404,
		[FAULT_CONFLICT] = 409,
		[FAULT_LIMIT] = 413,
		[FAULT_RATE] = 429,
		[FAULT_CORRUPT] = 500,
		[FAULT_SYSTEM] = 500,
		[FAULT_PLUGIN] = 502,
		[FAULT_BUSY] = 503,
		[FAULT_FULL] = 507,
		[FAULT_UNSURE] = 504,
	};

	(void)state;
	for (int code = FAULT_NONE; code <= FAULT_UNSURE; code++) {
		const struct problem *problem =
		    problem_of_fault((enum fault_code)code, false);

		assert_int_equal(problem->status, wanted[code]);
		assert_int_equal(
		    problem_of_fault((enum fault_code)code, true)->status,
		    code == FAULT_CONFLICT ? 412 : wanted[code]);
	}
}

static void
statuses_of_http_are_found_and_unknown_ones_are_500(void **state)
{
	static const int own[] = { 400, 404, 405, 408, 412, 413, 414, 415, 416,
		417, 428, 431, 500, 501, 503, 505 };

	(void)state;
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		const struct problem *problem = problem_of_status(own[i]);

		assert_int_equal(problem->status, own[i]);
		assert_int_equal(problem->code, FAULT_NONE);
	}
	assert_int_equal(problem_of_status(418)->status, 500);
}

static void
rows_are_complete_and_titles_are_in_normal_form(void **state)
{
	(void)state;
	for (const struct problem *row = problem_table; row->name != NULL;
	     row++) {
		assert_true(text_is_id(row->name));
		assert_true(row->status >= 400 && row->status < 600);
		assert_true(text_is_nfc(bytes_of_text(row->title_vi)));
		assert_string_not_equal(row->title_vi, row->title_en);
		for (const struct problem *other = problem_table; other != row;
		     other++) {
			/* One name, one status. */
			assert_true(strcmp(row->name, other->name) != 0 ||
			            row->status == other->status);
		}
	}
}

static void
check(const struct problem *problem, const struct problem_says *says,
    const char *wanted)
{
	struct buf out;

	buf_init(&out, 4096);
	problem_format(&out, problem, says);
	assert_text(buf_text(&out), wanted);
	buf_fini(&out);
}

static void
a_problem_is_canonical_json_in_the_language_asked_for(void **state)
{
	struct problem_says says = { .detail = "must be a date",
		.field = "/date",
		.instance = "r1" };

	(void)state;
	check(problem_of_fault(FAULT_INVALID, false), &says,
	    "{\"detail\":\"must be a date\",\"field\":\"/date\","
	    "\"instance\":\"r1\",\"status\":400,"
	    "\"title\":\"Dữ liệu gửi lên không hợp lệ\","
	    "\"type\":\"urn:hoso:problem:invalid\"}");
	says = (struct problem_says){ .english = true, .field = "" };
	check(problem_of_status(404), &says,
	    "{\"status\":404,\"title\":\"Nothing has this address\","
	    "\"type\":\"urn:hoso:problem:no-such-address\"}");
}

static void
what_went_wrong_inside_is_not_told(void **state)
{
	struct problem_says says = { .english = true,
		.detail = "/var/lib/hoso: I/O error" };

	(void)state;
	check(problem_of_fault(FAULT_SYSTEM, false), &says,
	    "{\"status\":500,\"title\":\"The server failed\","
	    "\"type\":\"urn:hoso:problem:internal\"}");
}

static void
text_that_is_not_utf8_is_left_out(void **state)
{
	struct problem_says says = { .english = true, .detail = "\xff" };

	(void)state;
	check(problem_of_status(400), &says,
	    "{\"status\":400,\"title\":\"Malformed HTTP request\","
	    "\"type\":\"urn:hoso:problem:malformed\"}");
}

static void
details_for_programs_stand_beside_the_words(void **state)
{
	json_t *details = json_pack("[s]", "C_QD");
	struct problem_says says = { .english = true, .details = details };

	(void)state;
	check(problem_of_status(400), &says,
	    "{\"details\":[\"C_QD\"],\"status\":400,"
	    "\"title\":\"Malformed HTTP request\","
	    "\"type\":\"urn:hoso:problem:malformed\"}");
	json_decref(details);
}

UNIT_MAIN(unit(every_fault_has_the_status_that_its_code_promises),
    unit(statuses_of_http_are_found_and_unknown_ones_are_500),
    unit(rows_are_complete_and_titles_are_in_normal_form),
    unit(a_problem_is_canonical_json_in_the_language_asked_for),
    unit(what_went_wrong_inside_is_not_told),
    unit(text_that_is_not_utf8_is_left_out),
    unit(details_for_programs_stand_beside_the_words))
