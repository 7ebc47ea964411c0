/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a report may ask, over a small office, as the table "Questions" of
 * hoso/plugin.h has it.
 */

#include "core/questions.h"

#include "core/decision.h"
#include "core/document.h"
#include "core/dossier.h"
#include "core/figure.h"
#include "core/reorganisation.h"
#include "core/score.h"
#include "core/unit_change.h"
#include "tests/unit/office.h"

#define GRANT(award, name, more) \
	"{'award':'" award "','unit':'moi1','subject':{'kind':'individual'," \
	"'name':'" name "'" more "}}"

static void
make_units(struct office *office)
{
	office_make(office, unit_new,
	    "{'id':'tinh','kind':'province','names':[{'name':'Tỉnh'}]}");
	office_make(office, unit_new,
	    "{'id':'cum','kind':'cluster','names':[{'name':'Cụm'}]}");
	office_make(office, unit_new,
	    "{'id':'cu','kind':'district','names':[{'name':'Huyện Cũ'}],"
	    "'to':'2014-12-31','parents':[{'relation':'adm','unit':'tinh'}]}");
	office_make(office, unit_new,
	    "{'id':'moi1','kind':'district','names':[{'name':'Huyện Mới 1'}],"
	    "'from':'2015-01-01','to':'2025-06-30','parents':[{'relation':"
	    "'adm','unit':'tinh'}]}");
	office_make(office, unit_new,
	    "{'id':'moi2','kind':'district','names':[{'name':'Huyện Mới 2'}],"
	    "'from':'2015-01-01','to':'2025-06-30','parents':[{'relation':"
	    "'adm','unit':'tinh'}]}");
	office_make(office, reorganisation_new,
	    "{'kind':'split','date':'2015-01-01','predecessors':['cu'],"
	    "'successors':['moi1','moi2']}");
}

static void
make_numbers(struct office *office)
{
	office_make(office, figure_new,
	    "{'document':'qd','unit':'tinh','period':{'from':'2024-01-01',"
	    "'to':'2024-06-30'},'measure':'award:merit_pm','value':5}");
	office_make(office, figure_new,
	    "{'document':'qd','unit':'tinh','period':{'from':'2024-01-01',"
	    "'to':'2024-06-30'},'measure':'award:merit_province','value':7}");
	office_make(office, score_put,
	    "{'cluster':'cum','year':2024,'scheme':'score_table_v1','unit':"
	    "'moi1','criterion':'a','source':'appraised','value':5800}");
	office_make(office, score_put,
	    "{'cluster':'cum','year':2024,'scheme':'score_table_v1','unit':"
	    "'moi1','criterion':'b','source':'appraised','value':1200}");
}

static int
setup(void **state)
{
	struct office *office = office_open(true);

	make_units(office);
	office_make(office, document_new,
	    "{'id':'qd','kind':'QĐ','reference':'12/QĐ-UBND','date':"
	    "'2024-05-02','issuer':{'unit':'tinh'},'subject':'A'}");
	office_make(office, decision_new,
	    "{'id':'q1','document':'qd','date':'2024-05-02','issuer':'tinh',"
	    "'grants':[" GRANT("merit_province", "A",
	        ",'cadre':'direct_worker','woman':true") "," GRANT("merit_province",
	        "B", ",'cadre':'direct_worker'") "," GRANT("advanced_worker",
	        "C", "") "]}");
	office_make(office, dossier_new,
	    "{'id':'hs1','kind':'merit','title':'Một','unit':'moi1','date':"
	    "'2024-05-02','awards':[{'award':'merit_province','subject':"
	    "{'kind':'individual'}}]}");
	office_make(office, dossier_new,
	    "{'id':'hs2','kind':'merit','title':'Hai','unit':'moi1','date':"
	    "'2024-05-03','awards':[{'award':'merit_province','subject':"
	    "{'kind':'individual'}}]}");
	make_numbers(office);
	*state = office;
	return 0;
}

static int
teardown(void **state)
{
	office_close(*state);
	return 0;
}

/* Rows of an answer; no more are wanted than so many. */
struct rows {
	struct arena *arena;
	const json_t *first;
	size_t told;
	size_t wanted;
};

static int
take_row(void *arg, const json_t *row, struct fault *fault)
{
	struct rows *rows = arg;

	(void)fault;
	if (rows->told++ == 0) {
		rows->first = json_own(rows->arena, json_deep_copy(row));
	}
	return rows->told == rows->wanted;
}

/* What ended the answer. */
static int
try_ask_as(struct office *office, const struct actor *actor, const char *kind,
    const char *where, struct rows *rows)
{
	struct questions questions = { &office->core, office_look(office),
		actor, 1735689600000000 };
	struct host_data data = questions_data(&questions);

	return data.rows(data.arg, kind, office_json(office, where), take_row,
	    rows, &office->fault);
}

static int
try_ask(struct office *office, const char *kind, const char *where,
    struct rows *rows)
{
	return try_ask_as(office, &office_actor, kind, where, rows);
}

static int
ask(struct office *office, const char *kind, const char *where,
    struct rows *rows)
{
	int rc = try_ask(office, kind, where, rows);

	if (rc < 0) {
		fail_msg("%s: %s: %s", kind, office->fault.field,
		    office->fault.text);
	}
	return rc;
}

static void
an_answer_ends_with_the_last_row_that_is_wanted(void **state)
{
	static const struct {
		const char *kind;
		const char *where;
		bool alone; /* there is one row */
	} cases[] = {
		{ "catalogue", "{}", false },
		{ "counts", "{'unit':'tinh'}", false },
		{ "counts", "{'unit':'tinh','by':'attribute'}", false },
		{ "dossiers", "{'unit':'tinh'}", false },
		{ "figures", "{'unit':'tinh'}", false },
		{ "grants", "{'unit':'tinh'}", false },
		{ "grants", "{'unit':'tinh','first':'5'}", true },
		{ "heirs", "{'unit':'cu'}", false },
		{ "scores", "{'cluster':'cum','year':'2024'}", false },
		{ "unit", "{'unit':'tinh'}", true },
		{ "units", "{'parent':'tinh'}", false },
	};
	struct office *office = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rows all = { .arena = office->arena };
		struct rows one = { .arena = office->arena, .wanted = 1 };

		print_message("# %s %s\n", cases[i].kind, cases[i].where);
		assert_int_equal(
		    ask(office, cases[i].kind, cases[i].where, &all), 0);
		assert_int_equal(all.told == 1, cases[i].alone);
		assert_int_not_equal(all.told, 0);
		assert_int_equal(
		    ask(office, cases[i].kind, cases[i].where, &one), 1);
		assert_int_equal(one.told, 1);
		assert_true(json_equal(one.first, all.first));
	}
}

static void
counts_are_told_by_attribute_to_who_asks_so(void **state)
{
	struct office *office = *state;
	struct rows all = { .arena = office->arena };
	struct rows apart = { .arena = office->arena };

	ask(office, "counts", "{'unit':'tinh','level':'province'}", &all);
	assert_int_equal(all.told, 1);
	assert_null(json_object_get(all.first, "attribute"));
	assert_int_equal(json_integer_at(all.first, "sum"), 2);
	ask(office, "counts",
	    "{'unit':'tinh','level':'province','by':'attribute'}", &apart);
	assert_int_equal(apart.told, 2); /* and the woman */
	assert_text(json_text_at(apart.first, "award"), "merit_province");
	assert_text(json_text_at(apart.first, "attribute"), "direct_worker");
	assert_int_equal(json_integer_at(apart.first, "sum"), 2);
}

static void
counts_by_what_nobody_knows_are_refused(void **state)
{
	struct office *office = *state;
	struct rows none = { .arena = office->arena };

	assert_refused(office,
	    try_ask(office, "counts", "{'unit':'tinh','by':'cadre'}", &none),
	    "by");
	assert_int_equal(none.told, 0);
}

/* A token for reports alone: a hundred thousand grants are not read to be
 * told to nobody.  Here the first that is read is missed. */
static void
who_may_read_none_is_not_read_to(void **state)
{
	static const char *const scopes[] = { "report.run", NULL };
	struct actor actor = office_actor;
	struct office *office = *state;
	struct writes *writes;
	struct rows rows = { .arena = office->arena };
	struct key key;

	writes = writes_new(office->core.store, NULL);
	record_key(&key, RECORD_GRANT, "q1-001");
	writes_delete(writes, key_bytes(&key));
	record_key(&key, RECORD_DOSSIER, "hs1");
	writes_delete(writes, key_bytes(&key));
	assert_int_equal(writes_commit_wait(writes,
	                     &(struct writes_result){ 0 }, office->arena,
	                     &office->fault),
	    0);
	office_look_away(office);
	assert_int_equal(try_ask(office, "grants", "{'unit':'tinh'}", &rows),
	    -1);
	actor.everything = false;
	actor.scopes = scopes;
	assert_int_equal(
	    try_ask_as(office, &actor, "grants", "{'unit':'tinh'}", &rows), 0);
	assert_int_equal(try_ask_as(office, &actor, "grants",
	                     "{'unit':'tinh','first':'5'}", &rows),
	    0);
	assert_int_equal(
	    try_ask_as(office, &actor, "dossiers", "{'unit':'tinh'}", &rows),
	    0);
	assert_int_equal(rows.told, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(an_answer_ends_with_the_last_row_that_is_wanted),
		unit(counts_are_told_by_attribute_to_who_asks_so),
		unit(counts_by_what_nobody_knows_are_refused),
		unit(who_may_read_none_is_not_read_to), /* damages it */
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
