/* SPDX-License-Identifier: Apache-2.0 */

/* A dossier's way from draft to closed, and what it may not do. */

#include "core/dossier.h"

#include "core/decision.h"
#include "core/document.h"
#include "core/dossier_step.h"
#include "core/unit_change.h"
#include "tests/unit/office.h"

#define DOSSIER \
	"{'id':'hs','kind':'merit','title':'Bằng khen','unit':'tinh'," \
	"'date':'2024-05-02','awards':[{'award':'merit_province'," \
	"'subject':{'kind':'collective','name':'Sở Nội vụ'}}]}"

static int
setup(void **state)
{
	struct office *office = office_open(true);

	office_make(office, unit_new,
	    "{'id':'tinh','kind':'province','from':'1991-10-01',"
	    "'to':'2025-06-30','names':[{'name':'Tỉnh Kon Tum'}]}");
	*state = office;
	return 0;
}

static int
teardown(void **state)
{
	office_close(*state);
	return 0;
}

static const char *
member(struct office *office, enum record_kind kind, const char *id,
    const char *name)
{
	struct record record;

	if (record_need(office_look(office), office->arena, kind, id, &record,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	return json_text_at(record.value, name);
}

static const char *
status(struct office *office)
{
	return member(office, RECORD_DOSSIER, "hs", "status");
}

static void
step(struct office *office, const char *to)
{
	char body[80];

	snprintf(body, sizeof(body), "{'status':'%s'}", to);
	office_edit(office, dossier_step, "hs", body);
}

static void
a_new_dossier_is_a_draft_with_the_longest_retention(void **state)
{
	struct office *office = *state;

	office_make(office, dossier_new,
	    "{'id':'hs','kind':'merit','title':'Hai hình thức','unit':'tinh',"
	    "'date':'2024-05-02','awards':["
	    "{'award':'merit_province','subject':{'kind':'individual'}},"
	    "{'award':'merit_pm','subject':{'kind':'individual'}},"
	    "{'award':'advanced_worker','subject':{'kind':'individual'}}]}");
	assert_text(status(office), "draft");
	/* The Prime Minister's certificate is kept for ever (R1). */
	assert_text(member(office, RECORD_DOSSIER, "hs", "retention"), "R1");
}

static void
an_award_of_another_time_is_refused(void **state)
{
	struct office *office = *state;
	int rc;

	/* The district's certificate ended with the districts. */
	rc = office_try(office, dossier_new,
	    "{'id':'hs','kind':'merit','title':'Giấy khen','unit':'tinh',"
	    "'date':'2025-06-30','awards':[{'award':'no_such_award',"
	    "'subject':{'kind':'individual'}}]}");
	assert_refused(office, rc, "/awards/0/award");
	rc = office_try(office, dossier_new,
	    "{'id':'hs','kind':'merit','title':'Cờ','unit':'tinh',"
	    "'date':'2024-05-02','awards':[{'award':'flag_province',"
	    "'subject':{'kind':'individual'}}]}");
	assert_refused(office, rc, "/awards/0/subject/kind");
}

static void
a_unit_makes_dossiers_only_while_it_stands(void **state)
{
	struct office *office = *state;
	int rc = office_try(office, dossier_new,
	    "{'id':'hs','kind':'merit','title':'Muộn','unit':'tinh',"
	    "'date':'2025-07-01'}");

	assert_refused(office, rc, "/date");
	rc = office_try(office, dossier_new,
	    "{'id':'hs','kind':'merit','title':'Sớm','unit':'tinh',"
	    "'date':'1991-09-30'}");
	assert_refused(office, rc, "/date");
}

static void
an_unknown_field_is_named(void **state)
{
	struct office *office = *state;
	int rc = office_try(office, dossier_new,
	    "{'id':'hs','kind':'merit','title':'A','unit':'tinh',"
	    "'date':'2024-05-02','colour':'red'}");

	assert_refused(office, rc, "/colour");
}

static void
what_is_missing_is_listed_and_the_dossier_stays(void **state)
{
	struct office *office = *state;
	struct command *command;
	const json_t *missing;
	int rc;

	office_make(office, dossier_new, DOSSIER);
	step(office, "unit_review");
	command = office_begin(office, "dossier.step");
	rc = dossier_step(command, "hs",
	    office_json(office, "{'status':'submitted'}"), &office->fault);
	assert_refused(office, rc, "/components");
	missing = json_object_get(command->details, "missing");
	assert_int_equal(json_array_size(missing), 3);
	assert_text(json_text_at(json_array_get(missing, 0), "code"),
	    "C_TOTRINH");
	assert_text(json_text_at(json_array_get(missing, 0), "set"),
	    "DS_MERIT");
	command_free(command);
	assert_text(status(office), "unit_review");
}

static void
a_step_that_is_not_foreseen_says_which_are(void **state)
{
	struct office *office = *state;

	office_make(office, dossier_new, DOSSIER);
	assert_int_equal(
	    office_try_edit(office, dossier_step, "hs", "{'status':'closed'}"),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	assert_non_null(strstr(office->fault.text, "unit_review"));
	assert_text(status(office), "draft");
}

/* A review belongs to the full procedure: from it the simple one has no step. */
static void
a_review_stays_in_the_full_procedure(void **state)
{
	struct office *office = *state;
	int rc;

	office_make(office, dossier_new, DOSSIER);
	step(office, "unit_review");
	rc = office_try_edit(office, dossier_edit, "hs",
	    "{'procedure':'simple'}");
	assert_refused(office, rc, "/procedure");
	office_edit(office, dossier_edit, "hs", "{'procedure':'full'}");
	step(office, "draft");
	office_edit(office, dossier_edit, "hs", "{'procedure':'simple'}");
	assert_text(member(office, RECORD_DOSSIER, "hs", "procedure"),
	    "simple");
}

static void
a_step_back_needs_a_reason(void **state)
{
	struct office *office = *state;
	int rc;

	office_make(office, dossier_new,
	    "{'id':'hs','kind':'sudden','title':'Đột xuất','unit':'tinh',"
	    "'procedure':'simple','date':'2024-05-02'}");
	/* Only complete dossiers are submitted, so file a decision instead. */
	office_make(office, document_new,
	    "{'id':'qd','kind':'QĐ','date':'2024-05-20','reference':"
	    "'215/QĐ-UBND','issuer':{'unit':'tinh'},'subject':'Khen thưởng'}");
	office_make(office, decision_new,
	    "{'id':'q','document':'qd','date':'2024-05-20','issuer':'tinh',"
	    "'dossier':'hs','grants':[{'award':'merit_province','unit':'tinh',"
	    "'subject':{'kind':'individual','name':'A'}}]}");
	assert_text(status(office), "decided");
	assert_text(member(office, RECORD_DOSSIER, "hs", "decision"), "q");
	step(office, "closed");
	rc = office_try_edit(office, dossier_step, "hs",
	    "{'status':'archived'}");
	assert_refused(office, rc, "/status");
}

static void
a_decided_dossier_is_not_edited(void **state)
{
	struct office *office = *state;

	office_make(office, dossier_new, DOSSIER);
	office_make(office, document_new,
	    "{'id':'qd','kind':'QĐ','date':'2024-05-20','issuer':"
	    "{'unit':'tinh'},'subject':'Khen thưởng'}");
	office_make(office, decision_new,
	    "{'id':'q','document':'qd','date':'2024-05-20','issuer':'tinh',"
	    "'dossier':'hs','grants':[{'award':'merit_province','unit':'tinh',"
	    "'subject':{'kind':'collective'}}]}");
	assert_int_equal(
	    office_try_edit(office, dossier_edit, "hs", "{'title':'Khác'}"),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	/* One decision a dossier. */
	assert_int_equal(
	    office_try(office, decision_new,
	        "{'id':'q2','document':'qd','date':'2024-05-20','issuer':"
	        "'tinh','dossier':'hs','grants':[{'award':'merit_province',"
	        "'unit':'tinh','subject':{'kind':'collective'}}]}"),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
}

static void
every_revision_stays(void **state)
{
	struct office *office = *state;
	struct bytes bytes;

	office_make(office, dossier_new, DOSSIER);
	office_edit(office, dossier_edit, "hs", "{'title':'Bản hai'}");
	office_edit(office, dossier_edit, "hs", "{'title':'Bản ba'}");
	for (uint64_t rev = 1; rev <= 3; rev++) {
		static const char *const titles[] = { "Bằng khen", "Bản hai",
			"Bản ba" };
		json_t *value;

		assert_int_equal(record_find_revision(office_look(office),
		                     office->arena, RECORD_DOSSIER, "hs", rev,
		                     &bytes, &office->fault),
		    1);
		value = json_read(office->arena, bytes, &office->fault);
		assert_text(json_text_at(value, "title"), titles[rev - 1]);
		assert_int_equal(json_integer_at(value, "rev"), rev);
	}
}

static void
an_edit_of_an_old_revision_is_refused(void **state)
{
	struct office *office = *state;
	struct command *command;

	office_make(office, dossier_new, DOSSIER);
	office_edit(office, dossier_edit, "hs", "{'title':'Bản hai'}");
	command = office_begin(office, "dossier.edit");
	command->if_rev = 1;
	assert_int_equal(dossier_edit(command, "hs",
	                     office_json(office, "{'title':'Bản ba'}"),
	                     &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	command_free(command);
}

static void
a_council_counts_no_more_votes_than_members(void **state)
{
	struct office *office = *state;
	int rc;

	office_make(office, dossier_new, DOSSIER);
	rc = office_try_edit(office, dossier_vote, "hs",
	    "{'award':'merit_province','subject':{'kind':'collective'},"
	    "'members':13,'present':12,'yes':12,'no':1}");
	assert_refused(office, rc, "/yes");
	rc = office_try_edit(office, dossier_vote, "hs",
	    "{'award':'merit_province','subject':{'kind':'collective'},"
	    "'members':13,'present':14}");
	assert_refused(office, rc, "/present");
	rc = office_try_edit(office, dossier_vote, "hs",
	    "{'award':'merit_province','subject':{'kind':'collective'},"
	    "'members':13,'present':12,'yes':12,'written_yes':2}");
	assert_refused(office, rc, "/written_yes");
}

/* A digest that is written into a text opens nobody's file. */
static void
a_file_is_not_taken_by_its_digest(void **state)
{
	static const char digest[] =
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	struct office *office = *state;
	const char *body;
	int rc;

	office_make(office, dossier_new, DOSSIER);
	office_edit(office, dossier_edit, "hs",
	    arena_format(office->arena, "{'title':'%s'}", digest));
	body = arena_format(office->arena,
	    "{'components':[{'code':'C_TOTRINH','attachment':{'name':'a.pdf',"
	    "'media_type':'application/pdf','size':9,'sha256':'%s'}}]}",
	    digest);
	rc = office_try_edit(office, dossier_edit, "hs", body);
	assert_refused(office, rc, "/components/0/attachment/sha256");
}

/* --- what the law of the workflow forbids ---------------------------------- */

static const struct binding specialist = { .role = "specialist",
	.unit = "tinh" };
static const struct actor lan = { .user = "lan",
	.name = "Lan",
	.bindings = &specialist,
	.binding_count = 1 };
static const struct actor hoa = { .user = "hoa",
	.name = "Hoa",
	.bindings = &specialist,
	.binding_count = 1 };

static int
edit_by(struct office *office, const struct actor *actor, office_edit_fn edit,
    const char *body)
{
	struct command *command = office_begin(office, "test.edit");

	command->actor = actor;
	if (edit(command, "hs", office_json(office, body), &office->fault) <
	    0) {
		command_free(command);
		return -1;
	}
	return office_commit(office, command);
}

/* Bring the dossier to where it is asked about. */
static int
put_members(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct record old;
	json_t *fields;

	if (record_need(command->snapshot, command->arena, RECORD_DOSSIER, id,
	        &old, fault) < 0) {
		return -1;
	}
	fields = command_fields(command, &old);
	json_object_update(fields, (json_t *)(uintptr_t)body);
	return command_update(command, &old, fields, fault);
}

static void
make_by_lan(struct office *office, const char *status)
{
	struct command *command = office_begin(office, "dossier.new");

	command->actor = &lan;
	assert_int_equal(
	    dossier_new(command, office_json(office, DOSSIER), &office->fault),
	    0);
	assert_int_equal(office_commit(office, command), 0);
	office_edit(office, put_members, "hs",
	    arena_format(office->arena, "{'status':'%s'}", status));
}

static void
nobody_votes_on_a_dossier_of_his_own(void **state)
{
	static const char vote[] =
	    "{'award':'merit_province','subject':{'kind':'collective'},"
	    "'members':13,'present':13,'yes':13}";
	struct office *office = *state;

	make_by_lan(office, "council_review");
	assert_int_equal(edit_by(office, &lan, dossier_vote, vote), -1);
	assert_int_equal(office->fault.code, FAULT_DENIED);
	assert_int_equal(edit_by(office, &hoa, dossier_vote, vote), 0);
}

static void
nobody_appraises_a_dossier_of_his_own(void **state)
{
	struct office *office = *state;

	make_by_lan(office, "appraisal");
	assert_int_equal(
	    edit_by(office, &lan, dossier_step, "{'status':'council_review'}"),
	    -1);
	assert_int_equal(office->fault.code, FAULT_DENIED);
	assert_int_equal(
	    edit_by(office, &hoa, dossier_step, "{'status':'council_review'}"),
	    0);
}

/* Archived, of a class, with its work ended on the last day of 2024. */
static void
archive(struct office *office, const char *class)
{
	office_make(office, dossier_new, DOSSIER);
	office_edit(office, put_members, "hs",
	    arena_format(office->arena,
	        "{'status':'archived','retention':'%s','steps':[{'status':"
	        "'closed','by':'test','role':'system','at':%lld}]}",
	        class,
	        (long long)clock_of_date(office_date("2025-01-01")) - 1));
}

static int
try_step(struct office *office, const char *to)
{
	return office_try_edit(office, dossier_step, "hs",
	    arena_format(office->arena,
	        "{'status':'%s','reason':'Hết giá trị'}", to));
}

static void
a_dossier_is_disposed_of_when_its_years_have_passed(void **state)
{
	struct office *office = *state;
	int64_t expired = clock_of_date(office_date("2035-01-01"));

	archive(office, "R3"); /* 10 years */
	clock_set(expired - 1);
	assert_int_equal(try_step(office, "disposed"), -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	assert_text(office->fault.text, "it is kept to the end of 2034");
	clock_set(expired);
	assert_int_equal(try_step(office, "transferred"), -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	assert_int_equal(try_step(office, "disposed"), 0);
	clock_set(0);
}

static void
what_is_kept_for_ever_is_transferred_and_not_disposed_of(void **state)
{
	struct office *office = *state;

	archive(office, "R1");
	clock_set(clock_of_date(office_date("2999-01-01")));
	assert_int_equal(try_step(office, "disposed"), -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	clock_set(0);
	assert_int_equal(try_step(office, "transferred"), 0);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

UNIT_MAIN(test(a_new_dossier_is_a_draft_with_the_longest_retention),
    test(an_award_of_another_time_is_refused),
    test(a_unit_makes_dossiers_only_while_it_stands),
    test(an_unknown_field_is_named),
    test(what_is_missing_is_listed_and_the_dossier_stays),
    test(a_step_that_is_not_foreseen_says_which_are),
    test(a_review_stays_in_the_full_procedure),
    test(a_step_back_needs_a_reason), test(a_decided_dossier_is_not_edited),
    test(every_revision_stays), test(an_edit_of_an_old_revision_is_refused),
    test(a_council_counts_no_more_votes_than_members),
    test(a_file_is_not_taken_by_its_digest),
    test(nobody_votes_on_a_dossier_of_his_own),
    test(nobody_appraises_a_dossier_of_his_own),
    test(a_dossier_is_disposed_of_when_its_years_have_passed),
    test(what_is_kept_for_ever_is_transferred_and_not_disposed_of))
