/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Who may do what: each scope of the matrix, units that ended, and every act
 * with every role against the file itself, read in another way.
 */

#include "core/permit.h"

#include "core/matrix.h"
#include "core/reach.h"
#include "core/reorganisation.h"
#include "core/rules.h"
#include "core/unit_change.h"
#include "tests/unit/office.h"

/* The province, a district and its communes, before and after July 2025. */
static const char *const units[] = {
	"{'id':'tinh-kon-tum','kind':'province','names':[{'name':'Tỉnh Kon "
	"Tum'}],'to':'2025-06-30'}",
	"{'id':'tinh-quang-ngai-cu','kind':'province','names':[{'name':'Tỉnh "
	"Quảng Ngãi'}],'to':'2025-06-30'}",
	"{'id':'tinh-quang-ngai','kind':'province','names':[{'name':'Tỉnh Quảng "
	"Ngãi'}],'from':'2025-07-01'}",
	"{'id':'huyen-dak-glei','kind':'district','names':[{'name':'Huyện Đắk "
	"Glei'}],'parents':[{'relation':'adm','unit':'tinh-kon-tum'}],"
	"'to':'2025-06-30'}",
	"{'id':'huyen-ngoc-hoi','kind':'district','names':[{'name':'Huyện Ngọc "
	"Hồi'}],'parents':[{'relation':'adm','unit':'tinh-kon-tum'}],"
	"'to':'2025-06-30'}",
	"{'id':'xa-dak-choong','kind':'commune','names':[{'name':'Xã Đắk "
	"Choong'}],'parents':[{'relation':'adm','unit':'huyen-dak-glei'}],"
	"'to':'2025-06-30'}",
	"{'id':'xa-xop','kind':'commune','names':[{'name':'Xã Xốp'}],"
	"'parents':[{'relation':'adm','unit':'huyen-dak-glei'}],"
	"'to':'2025-06-30'}",
	"{'id':'xa-bo-y','kind':'commune','names':[{'name':'Xã Bờ Y'}],"
	"'parents':[{'relation':'adm','unit':'huyen-dak-glei',"
	"'to':'2009-12-31'},{'relation':'adm','unit':'huyen-ngoc-hoi',"
	"'from':'2010-01-01','to':'2025-06-30'},{'relation':'adm',"
	"'unit':'tinh-quang-ngai','from':'2025-07-01'}]}",
	"{'id':'xa-xop-2025','kind':'commune','names':[{'name':'Xã Xốp'}],"
	"'parents':[{'relation':'adm','unit':'tinh-quang-ngai'}],"
	"'from':'2025-07-01'}",
	"{'id':'cum-xa','kind':'cluster','names':[{'name':'Cụm các xã'}]}",
	"{'id':'xa-dak-long','kind':'commune','names':[{'name':'Xã Đắk Long'}],"
	"'parents':[{'relation':'adm','unit':'tinh-quang-ngai',"
	"'from':'2025-07-01'},{'relation':'member','unit':'cum-xa',"
	"'from':'2025-07-01'}]}",
	NULL,
};

static const char *const changes[] = {
	"{'kind':'merge','date':'2025-07-01','predecessors':['tinh-kon-tum',"
	"'tinh-quang-ngai-cu'],'successors':['tinh-quang-ngai']}",
	"{'kind':'merge','date':'2025-07-01','predecessors':['xa-dak-choong',"
	"'xa-xop'],'successors':['xa-xop-2025']}",
	NULL,
};

static int
setup(void **state)
{
	struct office *office;

	clock_set(clock_of_date(date_of(2026, 3, 1)));
	office = office_open(true);
	for (size_t i = 0; units[i] != NULL; i++) {
		office_make(office, unit_new, units[i]);
	}
	for (size_t i = 0; changes[i] != NULL; i++) {
		office_make(office, reorganisation_new, changes[i]);
	}
	*state = office;
	return 0;
}

static int
teardown(void **state)
{
	reach_free(((struct office *)*state)->core.reach);
	office_close(*state);
	return 0;
}

/* One question: may somebody with this role do it? */
struct ask {
	const char *role;
	const char *unit; /* of the binding */
	const char *act;
	struct permit_object object;
	bool wanted;
};

static void
check(struct office *office, const struct ask *ask)
{
	const struct binding binding = { ask->role, ask->unit };
	const struct actor actor = { .user = "lan",
		.bindings = &binding,
		.binding_count = 1 };
	bool got = permit_check(&office->core, office_look(office), &actor,
	               ask->act, &ask->object, &office->fault) == 0;

	if (!got) {
		assert_int_equal(office->fault.code, FAULT_DENIED);
	}
	if (got != ask->wanted) {
		fail_msg("%s of %s, %s on %s (%s, by %s): got %s, wanted %s",
		    ask->role, ask->unit != NULL ? ask->unit : "nothing",
		    ask->act,
		    ask->object.unit != NULL ? ask->object.unit : "nothing",
		    ask->object.status != NULL ? ask->object.status : "-",
		    ask->object.creator != NULL ? ask->object.creator : "-",
		    got ? "yes" : "no", ask->wanted ? "yes" : "no");
	}
}

static void
check_all(struct office *office, const struct ask *asks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		check(office, &asks[i]);
	}
}

#define CHECK_ALL(office, asks) \
	check_all(office, asks, sizeof(asks) / sizeof((asks)[0]))

static void
own_covers_the_unit_and_not_what_lies_beside_above_or_below_it(void **state)
{
	static const struct ask asks[] = {
		{ "unit_clerk", "xa-bo-y", "dossier.read",
		    { .unit = "xa-bo-y" }, true },
		{ "unit_clerk", "xa-bo-y", "dossier.read",
		    { .unit = "xa-dak-long" }, false },
		{ "unit_clerk", "xa-bo-y", "dossier.read",
		    { .unit = "tinh-quang-ngai" }, false },
		{ "unit_clerk", "tinh-quang-ngai", "dossier.read",
		    { .unit = "xa-bo-y" }, false },
		{ "unit_clerk", NULL, "dossier.read", { .unit = "xa-bo-y" },
		    false },
		{ "unit_clerk", "xa-bo-y", "dossier.read", { .unit = NULL },
		    false },
		{ "unit_clerk", "xa-bo-y", "dossier.read",
		    { .unit = "no-such-unit" }, false },
	};

	CHECK_ALL(*state, asks);
}

static void
an_heir_has_the_papers_of_what_was_merged_into_it(void **state)
{
	static const struct ask asks[] = {
		{ "unit_clerk", "xa-xop-2025", "dossier.read",
		    { .unit = "xa-dak-choong" }, true },
		{ "unit_clerk", "xa-xop-2025", "dossier.read",
		    { .unit = "xa-xop" }, true },
		{ "unit_clerk", "xa-dak-long", "dossier.read",
		    { .unit = "xa-dak-choong" }, false },
		/* never sideways: one predecessor has not the other's */
		{ "unit_clerk", "xa-xop", "dossier.read",
		    { .unit = "xa-dak-choong" }, false },
		/* nor backwards: the old unit has not its heir's */
		{ "unit_clerk", "xa-dak-choong", "dossier.read",
		    { .unit = "xa-xop-2025" }, false },
	};

	CHECK_ALL(*state, asks);
}

static void
subtree_covers_what_lies_below_and_what_lay_below_an_inherited_unit(
    void **state)
{
	static const struct ask asks[] = {
		{ "specialist", "tinh-quang-ngai", "dossier.read",
		    { .unit = "xa-xop-2025" }, true },
		{ "specialist", "tinh-quang-ngai", "dossier.read",
		    { .unit = "tinh-kon-tum" }, true },
		{ "specialist", "tinh-quang-ngai", "dossier.read",
		    { .unit = "huyen-dak-glei" }, true },
		{ "specialist", "tinh-quang-ngai", "dossier.read",
		    { .unit = "xa-dak-choong" }, true },
		{ "specialist", "tinh-quang-ngai", "dossier.read",
		    { .unit = "tinh-quang-ngai-cu" }, true },
		{ "specialist", "huyen-dak-glei", "dossier.read",
		    { .unit = "xa-dak-choong" }, true },
		{ "specialist", "huyen-ngoc-hoi", "dossier.read",
		    { .unit = "xa-dak-choong" }, false },
		{ "specialist", "tinh-quang-ngai-cu", "dossier.read",
		    { .unit = "xa-dak-choong" }, false },
		{ "specialist", "xa-xop-2025", "dossier.read",
		    { .unit = "tinh-quang-ngai" }, false },
		{ "cluster_leader", "cum-xa", "score.read",
		    { .unit = "xa-dak-long" }, true },
		{ "cluster_leader", "cum-xa", "score.read",
		    { .unit = "xa-xop-2025" }, false },
	};

	CHECK_ALL(*state, asks);
}

static void
papers_of_a_unit_that_was_moved_stay_with_whom_it_lay_under(void **state)
{
	const date_t then = date_of(2005, 6, 1);
	const date_t later = date_of(2015, 6, 1);
	const struct ask asks[] = {
		{ "specialist", "huyen-dak-glei", "dossier.read",
		    { .unit = "xa-bo-y", .date = then }, true },
		{ "specialist", "huyen-dak-glei", "dossier.read",
		    { .unit = "xa-bo-y", .date = later }, false },
		{ "specialist", "huyen-ngoc-hoi", "dossier.read",
		    { .unit = "xa-bo-y", .date = later }, true },
		{ "specialist", "tinh-quang-ngai", "dossier.read",
		    { .unit = "xa-bo-y", .date = then }, true },
		{ "unit_clerk", "huyen-dak-glei", "dossier.read",
		    { .unit = "xa-bo-y", .date = then }, false },
	};

	CHECK_ALL(*state, asks);
}

static void
mine_covers_what_the_actor_made_and_nothing_else(void **state)
{
	static const struct ask asks[] = {
		{ "subject", NULL, "dossier.read", { .creator = "lan" }, true },
		{ "subject", NULL, "dossier.read", { .creator = "hoa" },
		    false },
		{ "subject", "xa-bo-y", "dossier.read",
		    { .unit = "xa-bo-y", .creator = "hoa" }, false },
		{ "subject", NULL, "dossier.read", { .unit = "xa-bo-y" },
		    false },
		{ "unit_clerk", "xa-bo-y", "user.read", { .creator = "lan" },
		    true },
		{ "unit_clerk", "xa-bo-y", "user.read", { .creator = "hoa" },
		    false },
		{ "system_admin", NULL, "user.read", { .creator = "hoa" },
		    true },
	};

	CHECK_ALL(*state, asks);
}

static void
a_status_or_source_that_is_not_named_is_not_granted(void **state)
{
	static const struct ask asks[] = {
		{ "consultee", "tinh-quang-ngai", "dossier.read",
		    { .unit = "xa-bo-y", .status = "consultation" }, true },
		{ "consultee", "tinh-quang-ngai", "dossier.read",
		    { .unit = "xa-bo-y", .status = "appraisal" }, false },
		{ "consultee", "tinh-quang-ngai", "dossier.read",
		    { .unit = "xa-bo-y" }, false },
		{ "archivist", NULL, "dossier.read",
		    { .unit = "xa-bo-y", .status = "archived" }, true },
		{ "archivist", NULL, "dossier.read",
		    { .unit = "xa-bo-y", .status = "draft" }, false },
		/* a role with two rows has what either grants */
		{ "council_member", "xa-bo-y", "dossier.read",
		    { .unit = "xa-bo-y", .status = "draft" }, true },
		{ "council_member", "tinh-quang-ngai", "dossier.read",
		    { .unit = "xa-bo-y", .status = "draft" }, false },
		{ "council_member", "tinh-quang-ngai", "dossier.read",
		    { .unit = "xa-bo-y", .status = "council_review" }, true },
		{ "unit_clerk", "xa-bo-y", "score.write",
		    { .unit = "xa-bo-y", .source = "self" }, true },
		{ "unit_clerk", "xa-bo-y", "score.write",
		    { .unit = "xa-bo-y", .source = "appraised" }, false },
		{ "specialist", "tinh-quang-ngai", "score.write",
		    { .unit = "xa-bo-y", .source = "appraised" }, true },
		{ "specialist", "tinh-quang-ngai", "score.write",
		    { .unit = "xa-bo-y", .source = "self" }, false },
	};

	CHECK_ALL(*state, asks);
}

static void
what_the_matrix_does_not_name_is_forbidden(void **state)
{
	static const struct ask asks[] = {
		{ "system_admin", NULL, "dossier.read", { .unit = "xa-bo-y" },
		    false },
		{ "auditor", NULL, "dossier.edit", { .unit = "xa-bo-y" },
		    false },
		{ "auditor", NULL, "no.such.act", { .unit = "xa-bo-y" },
		    false },
		{ "no_such_role", NULL, "unit.read", { .unit = "xa-bo-y" },
		    false },
	};

	CHECK_ALL(*state, asks);
}

static void
a_token_narrows_its_user_and_never_widens_him(void **state)
{
	static const char *const scopes[] = { "unit.read", "audit.read", NULL };
	static const struct binding binding = { "unit_clerk", "xa-bo-y" };
	static const struct actor actor = { .user = "lan",
		.bindings = &binding,
		.binding_count = 1,
		.scopes = scopes };
	struct office *office = *state;

	assert_true(permit_ever(&office->core, &actor, "unit.read"));
	assert_false(permit_ever(&office->core, &actor, "dossier.read"));
	assert_false(permit_ever(&office->core, &actor, "audit.read"));
}

static void
roles_on_several_units_add_up(void **state)
{
	static const struct binding bindings[] = { { "unit_clerk", "xa-bo-y" },
		{ "specialist", "huyen-dak-glei" } };
	static const struct actor actor = { .user = "lan",
		.bindings = bindings,
		.binding_count = 2 };
	static const struct permit_object objects[] = { { .unit = "xa-bo-y" },
		{ .unit = "xa-dak-choong" } };
	struct office *office = *state;

	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(
		    permit_check(&office->core, office_look(office), &actor,
		        "dossier.read", &objects[i], &office->fault),
		    0);
	}
	assert_int_equal(permit_role(&office->core, office_look(office), &actor,
	                     "dossier.read", "unit_clerk", &objects[1],
	                     &office->fault),
	    0);
	assert_int_equal(permit_role(&office->core, office_look(office), &actor,
	                     "dossier.read", "specialist", &objects[1],
	                     &office->fault),
	    1);
}

/* --- a record at a glance ------------------------------------------------ */

static void
a_glance_at_the_bytes_says_what_their_tree_says(void **state)
{
	static const struct {
		enum record_kind kind;
		const char *record;
	} rows[] = {
		{ RECORD_DOSSIER,
		    "{'by':'hoa','date':'2024-03-01','id':'d','rev':7,'status':"
		    "'draft','steps':[{'at':1,'by':'lan','status':'draft'},"
		    "{'by':'hoa'}],'unit':'xa-xop'}" },
		{ RECORD_DOSSIER,
		    "{'by':'lan','date':{'from':'2010-01-01','to':"
		    "'2010-12-31'},'id':'d','rev':1,'unit':'xa-xop'}" },
		{ RECORD_DOSSIER, "{'by':'lan','id':'d','rev':10,'steps':[]}" },
		{ RECORD_DOCUMENT,
		    "{'by':'lan','issuer':{'unit':'tinh-kon-tum'},'rev':1}" },
		{ RECORD_DOCUMENT,
		    "{'by':'lan','issuer':{'name':'Thủ tướng'},'rev':1}" },
		{ RECORD_UNIT, "{'by':'lan','id':'xa-xop','rev':1}" },
		{ RECORD_MOVEMENT,
		    "{'by':'x','launched_by':'tinh-kon-tum','rev':1,'status':"
		    "'mv_draft','steps':[{'by':'lan'}]}" },
		{ RECORD_DECISION,
		    "{'by':'x','date':'2024-01-01','issuer':'tinh-kon-tum',"
		    "'rev':2}" },
		{ RECORD_GRANT, "{'by':'x','rev':1,'unit':'xa-xop'}" },
		{ RECORD_SCORE,
		    "{'by':'x','cluster':'cum-xa','rev':1,'source':'self',"
		    "'unit':'xa-xop'}" },
		{ RECORD_RANKING, "{'by':'x','cluster':'cum-xa','rev':1}" },
		{ RECORD_USER, "{'by':'boss','id':'lan','rev':3}" },
		{ RECORD_TOKEN,
		    "{'by':'x','id':'lan-1','rev':1,'user':'lan'}" },
	};
	struct office *office = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *value = office_json(office, rows[i].record);
		struct permit_object tree =
		    permit_object_of(rows[i].kind, value);
		struct permit_object glance = permit_object_at(office->arena,
		    rows[i].kind, json_bytes(office->arena, value));

		assert_text(glance.unit, tree.unit);
		assert_text(glance.creator, tree.creator);
		assert_text(glance.status, tree.status);
		assert_text(glance.source, tree.source);
		assert_int_equal(glance.date, tree.date);
	}
	assert_text(permit_object_of(RECORD_DOSSIER,
	                office_json(office, rows[0].record))
	                .creator,
	    "lan");
}

/* --- every act with every role ------------------------------------------ */

/* The file's answer: is there a row with this role? */
static bool
file_grants(const json_t *act, const char *role)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(act, "grants"), i, row)
	{
		if (strcmp(json_text_at(row, "role"), role) == 0) {
			return true;
		}
	}
	return false;
}

static void
every_role_may_ever_do_what_the_file_names_and_nothing_else(void **state)
{
	struct office *office = *state;
	const json_t *acts = rules_list(office->rules, RULES_ACTS);
	const json_t *roles = rules_list(office->rules, RULES_ROLES);
	size_t asked = 0;
	json_t *role;
	json_t *act;
	size_t i;
	size_t j;

	json_array_foreach(roles, i, role)
	{
		const struct binding binding = { json_text_at(role, "id"),
			"xa-bo-y" };
		const struct actor actor = { .user = "lan",
			.bindings = &binding,
			.binding_count = 1 };

		json_array_foreach(acts, j, act)
		{
			const char *name = json_text_at(act, "act");
			bool got = permit_ever(&office->core, &actor, name);

			asked++;
			if (got != file_grants(act, binding.role)) {
				fail_msg("%s %s: got %s, wanted the other",
				    binding.role, name, got ? "yes" : "no");
			}
		}
	}
	assert_in_range(asked, 15 * 30, 100 * 100);
}

static void
a_matrix_with_a_misspelt_word_is_refused(void **state)
{
	static const char *const bad[] = {
		"[{'act':'a','grants':[{'role':'auditor','scope':'al'}]}]",
		"[{'act':'a','grants':[{'role':'auditor'}]}]",
		"[{'act':'a','grants':[{'role':'auditr','scope':'all'}]}]",
		"[{'act':'a','grants':[{'role':'auditor','scope':'all',"
		"'statuses':[]}]}]",
		"[{'act':'a','grants':[{'role':'auditor','scope':'all',"
		"'sources':[1]}]}]",
	};
	struct office *office = *state;
	struct matrix *matrix = NULL;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int rc = matrix_new(&matrix, office_json(office, bad[i]),
		    rules_list(office->rules, RULES_ROLES), &office->fault);

		if (rc == 0) {
			fail_msg("%s was taken", bad[i]);
		}
		assert_int_equal(office->fault.code, FAULT_INVALID);
	}
	assert_null(matrix);
}

/* --- answers that are kept ---------------------------------------------- */

static void
what_is_kept_answers_as_what_is_worked_out(void **state)
{
	struct office *office = *state;

	office->core.reach = reach_new();
	for (int round = 0; round < 2; round++) {
		own_covers_the_unit_and_not_what_lies_beside_above_or_below_it(
		    state);
		an_heir_has_the_papers_of_what_was_merged_into_it(state);
		subtree_covers_what_lies_below_and_what_lay_below_an_inherited_unit(
		    state);
		papers_of_a_unit_that_was_moved_stay_with_whom_it_lay_under(
		    state);
	}
}

static void
a_kept_answer_ends_with_a_change_of_units(void **state)
{
	static const struct ask before = { "unit_clerk", "xa-dak-long",
		"dossier.read", { .unit = "xa-tam" }, false };
	static const struct ask after = { "unit_clerk", "xa-dak-long",
		"dossier.read", { .unit = "xa-tam" }, true };
	struct office *office = *state;

	office->core.reach = reach_new();
	office_make(office, unit_new,
	    "{'id':'xa-tam','kind':'commune','names':[{'name':'Xã Tạm'}],"
	    "'to':'2025-12-31'}");
	check(office, &before);
	check(office, &before);
	office_make(office, reorganisation_new,
	    "{'kind':'merge','date':'2026-01-01','predecessors':['xa-tam',"
	    "'xa-dak-long'],'successors':['xa-dak-long']}");
	check(office, &after);
}

static void
a_kept_answer_ends_with_the_day(void **state)
{
	static const struct ask before = { "unit_clerk", "xa-dak-long",
		"dossier.read", { .unit = "xa-mai" }, false };
	static const struct ask after = { "unit_clerk", "xa-dak-long",
		"dossier.read", { .unit = "xa-mai" }, true };
	struct office *office = *state;

	office->core.reach = reach_new();
	office_make(office, unit_new,
	    "{'id':'xa-mai','kind':'commune','names':[{'name':'Xã Mai'}]}");
	office_make(office, reorganisation_new,
	    "{'kind':'merge','date':'2026-03-02','predecessors':['xa-mai',"
	    "'xa-dak-long'],'successors':['xa-dak-long']}");
	check(office, &before);
	clock_set(clock_of_date(date_of(2026, 3, 2)));
	check(office, &after);
}

static void
an_answer_of_an_old_snapshot_is_not_kept_for_newer_ones(void **state)
{
	const struct reach_question question = { .holder = "xa-dak-long",
		.unit = "xa-tam" };
	struct office *office = *state;
	struct snapshot *old;

	office->core.reach = reach_new();
	office_make(office, unit_new,
	    "{'id':'xa-tam','kind':'commune','names':[{'name':'Xã Tạm'}],"
	    "'to':'2025-12-31'}");
	assert_int_equal(
	    snapshot_open(&old, office->core.store, &office->fault), 0);
	office_make(office, reorganisation_new,
	    "{'kind':'merge','date':'2026-01-01','predecessors':['xa-tam',"
	    "'xa-dak-long'],'successors':['xa-dak-long']}");
	assert_int_equal(
	    reach_covers(&office->core, old, &question, &office->fault), 0);
	snapshot_close(old);
	assert_int_equal(reach_covers(&office->core, office_look(office),
	                     &question, &office->fault),
	    1);
}

#define office_unit(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

UNIT_MAIN(
    office_unit(own_covers_the_unit_and_not_what_lies_beside_above_or_below_it),
    office_unit(an_heir_has_the_papers_of_what_was_merged_into_it),
    office_unit(
        subtree_covers_what_lies_below_and_what_lay_below_an_inherited_unit),
    office_unit(papers_of_a_unit_that_was_moved_stay_with_whom_it_lay_under),
    office_unit(mine_covers_what_the_actor_made_and_nothing_else),
    office_unit(a_status_or_source_that_is_not_named_is_not_granted),
    office_unit(what_the_matrix_does_not_name_is_forbidden),
    office_unit(a_token_narrows_its_user_and_never_widens_him),
    office_unit(roles_on_several_units_add_up),
    office_unit(a_glance_at_the_bytes_says_what_their_tree_says),
    office_unit(every_role_may_ever_do_what_the_file_names_and_nothing_else),
    office_unit(a_matrix_with_a_misspelt_word_is_refused),
    office_unit(what_is_kept_answers_as_what_is_worked_out),
    office_unit(a_kept_answer_ends_with_a_change_of_units),
    office_unit(a_kept_answer_ends_with_the_day),
    office_unit(an_answer_of_an_old_snapshot_is_not_kept_for_newer_ones))
