/* SPDX-License-Identifier: Apache-2.0 */

/* Work that waits, of every kind, in pages. */

#include "core/backlog.h"

#include "core/errand.h"
#include "core/evidence_draft.h"
#include "core/waiting.h"
#include "storage/key.h"
#include "tests/unit/office.h"

static struct office *office;

static void
put(struct writes *writes)
{
	if (writes_commit_now(writes, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	office_look_away(office);
}

static int
setup(void **state)
{
	const struct waiting waiting = { .dossier = "hs-1",
		.since = 5,
		.next = 7,
		.tries = 2,
		.token = bytes_of_text("secret token"),
		.token_at = 6 };
	struct writes *writes;
	struct fault why;
	struct key key;

	(void)state;
	fault_set(&why, FAULT_BUSY, "seal.tsa is not set");
	office = office_open(false);
	writes = writes_new(office->core.store, NULL);
	for (int i = 0; i < 5; i++) {
		char id[8];

		snprintf(id, sizeof(id), "x%d", i);
		errand_put(writes, "examine", id, "document/vb", NULL);
	}
	waiting_put(writes, &waiting, &why);
	evidence_draft_wait_key(&key, "hs-2");
	writes_put(writes, key_bytes(&key),
	    bytes_of_text("{\"reason\":\"it is not stored as it was\"}"));
	put(writes);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	office_close(office);
	return 0;
}

/* "examine/x0 examine/x1", and what comes next behind "|". */
static const char *
list(const char *kind, const char *after, size_t limit)
{
	const struct backlog_page page = { kind, after, limit };
	json_t *rows = json_own(office->arena, json_array());
	const char *next;
	const char *text = "";
	json_t *row;
	size_t i;

	if (backlog_read(office_look(office), office->arena, &page, rows, &next,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	json_array_foreach(rows, i, row)
	{
		text = arena_format(office->arena, "%s%s/%s ", text,
		    json_text_at(row, "kind"), json_text_at(row, "id"));
	}
	return arena_format(office->arena, "%s| %s", text,
	    next != NULL ? next : "-");
}

static const json_t *
first(const char *kind)
{
	const struct backlog_page page = { kind, NULL, 1 };
	json_t *rows = json_own(office->arena, json_array());
	const char *next;

	assert_int_equal(backlog_read(office_look(office), office->arena, &page,
	                     rows, &next, &office->fault),
	    0);
	return json_array_get(rows, 0);
}

static void
all_kinds_stand_in_one_list(void **state)
{
	(void)state;
	assert_string_equal(list(NULL, NULL, 100),
	    "evidence/hs-2 examine/x0 examine/x1 examine/x2 examine/x3 "
	    "examine/x4 stamp/hs-1 | -");
}

static void
pages_follow_one_another_and_miss_nothing(void **state)
{
	(void)state;
	assert_string_equal(list(NULL, NULL, 3),
	    "evidence/hs-2 examine/x0 examine/x1 | examine/x1");
	assert_string_equal(list(NULL, "examine/x1", 3),
	    "examine/x2 examine/x3 examine/x4 | examine/x4");
	assert_string_equal(list(NULL, "examine/x4", 3), "stamp/hs-1 | -");
	assert_string_equal(list(NULL, "stamp/hs-1", 3), "| -");
}

/* What was done meanwhile is no hole: the place is a key and no count. */
static void
a_page_goes_on_behind_work_that_was_done(void **state)
{
	(void)state;
	assert_string_equal(list(NULL, "examine/x1-gone", 1),
	    "examine/x2 | examine/x2");
}

static void
one_kind_is_its_own_list(void **state)
{
	(void)state;
	assert_string_equal(list("examine", NULL, 2),
	    "examine/x0 examine/x1 | examine/x1");
	assert_string_equal(list("examine", "examine/x3", 2), "examine/x4 | -");
	assert_string_equal(list("examine", "stamp/hs-1", 2), "| -");
	assert_string_equal(list("exam", NULL, 2), "| -");
	assert_string_equal(list("stamp", "examine/x0", 2), "stamp/hs-1 | -");
}

static void
a_row_says_whose_it_is_and_why_it_waits(void **state)
{
	const json_t *row = first("stamp");

	(void)state;
	assert_string_equal(json_text_at(row, "for"), "dossier/hs-1");
	assert_string_equal(json_text_at(row, "reason"), "seal.tsa is not set");
	assert_string_equal(json_text_at(row, "vietnamese"),
	    "chưa đặt seal.tsa");
	assert_int_equal(json_integer_at(row, "since"), 5);
	assert_int_equal(json_integer_at(row, "next"), 7);
	assert_int_equal(json_integer_at(row, "tries"), 2);
	assert_true(json_is_true(json_object_get(row, "due")));
	row = first("examine");
	assert_string_equal(json_text_at(row, "for"), "document/vb");
	assert_null(json_object_get(row, "reason"));
	row = first("evidence");
	assert_string_equal(json_text_at(row, "for"), "dossier/hs-2");
	assert_null(json_object_get(row, "since"));
}

/* A time-stamp that came is nobody's to copy from a list of chores. */
static void
nothing_else_of_a_row_goes_out(void **state)
{
	const json_t *row = first("stamp");

	(void)state;
	assert_null(json_object_get(row, "token"));
	assert_null(json_object_get(row, "token_at"));
	assert_int_equal(json_object_size(row), 9);
}

static void
a_place_that_is_none_is_refused(void **state)
{
	const struct backlog_page page = { NULL, "stamp", 3 };
	json_t *rows = json_own(office->arena, json_array());
	const char *next;

	(void)state;
	assert_int_equal(backlog_read(office_look(office), office->arena, &page,
	                     rows, &next, &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds_stand_in_one_list),
		cmocka_unit_test(pages_follow_one_another_and_miss_nothing),
		cmocka_unit_test(a_page_goes_on_behind_work_that_was_done),
		cmocka_unit_test(one_kind_is_its_own_list),
		cmocka_unit_test(a_row_says_whose_it_is_and_why_it_waits),
		cmocka_unit_test(nothing_else_of_a_row_goes_out),
		cmocka_unit_test(a_place_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
