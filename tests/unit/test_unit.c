/* SPDX-License-Identifier: Apache-2.0 */

/* Units and their tree on a day, through the commands that make them. */

#include "core/unit.h"

#include "core/unit_change.h"
#include "core/unit_find.h"
#include "core/unit_order.h"
#include "tests/unit/office.h"

static int
setup(void **state)
{
	struct office *office = office_open(true);

	office_make(office, unit_new,
	    "{'id':'tinh','kind':'province','names':[{'name':'Tỉnh Kon Tum',"
	    "'short':'Kon Tum'}]}");
	office_make(office, unit_new,
	    "{'id':'huyen','kind':'district','names':[{'name':'Huyện Đắk Glei',"
	    "'short':'Đắk Glei'}],'aliases':['Đăk Gleit'],"
	    "'parents':[{'relation':'adm','unit':'tinh'}],'to':'2025-06-30'}");
	office_make(office, unit_new,
	    "{'id':'xa','kind':'commune','names':["
	    "{'name':'Xã Đắk Blô','short':'Đắk Blô','to':'2010-12-31'},"
	    "{'name':'Xã Đắk Plô','short':'Đắk Plô','from':'2011-01-01'}],"
	    "'parents':[{'relation':'adm','unit':'huyen','to':'2025-06-30'},"
	    "{'relation':'adm','unit':'tinh','from':'2025-07-01'}],"
	    "'codes':[{'system':'gso','code':'23344','to':'2025-06-30'}]}");
	*state = office;
	return 0;
}

static int
teardown(void **state)
{
	office_close(*state);
	return 0;
}

/* Ids as one line, for messages that show all of them. */
static const char *
line_of(struct arena *arena, const char *const *ids, size_t count)
{
	const char *line = "";

	for (size_t i = 0; i < count; i++) {
		line = arena_format(arena, "%s%s%s", line, i > 0 ? " " : "",
		    ids[i]);
	}
	return line;
}

static const char *
ancestors(struct office *office, const char *unit, const char *day)
{
	const char **ids;
	size_t count;

	assert_int_equal(unit_ancestors(office_look(office), office->arena,
	                     unit, office_date(day), &ids, &count,
	                     &office->fault),
	    0);
	return line_of(office->arena, ids, count);
}

static const char *
descendants(struct office *office, const char *unit, const char *day)
{
	const char **ids;
	size_t count;

	assert_int_equal(unit_descendants(office_look(office), office->arena,
	                     unit, office_date(day), &ids, &count,
	                     &office->fault),
	    0);
	return line_of(office->arena, ids, count);
}

static const char *
named(struct office *office, const char *name, bool exact)
{
	const char **ids;
	size_t count;

	assert_int_equal(unit_find_by_name(office_look(office), office->arena,
	                     name, exact, &ids, &count, &office->fault),
	    0);
	return line_of(office->arena, ids, count);
}

static void
a_name_is_the_one_of_the_day(void **state)
{
	static const struct {
		const char *day;
		const char *name;
	} cases[] = {
		{ "1990-01-01", "Xã Đắk Blô" },
		{ "2010-12-31", "Xã Đắk Blô" },
		{ "2011-01-01", "Xã Đắk Plô" },
		{ "2030-01-01", "Xã Đắk Plô" },
	};
	struct office *office = *state;

	for (size_t i = 0; i < 4; i++) {
		struct unit_title title;

		assert_int_equal(
		    unit_title_at(office_look(office), office->arena, "xa",
		        office_date(cases[i].day), &title, &office->fault),
		    1);
		assert_text(title.name, cases[i].name);
		assert_text(title.kind, "commune");
	}
}

static void
a_unit_that_is_not_there_has_no_name(void **state)
{
	struct office *office = *state;
	struct unit_title title;

	assert_int_equal(unit_title_at(office_look(office), office->arena,
	                     "khong-co", 0, &title, &office->fault),
	    0);
}

static void
names_outside_the_life_are_the_nearest(void **state)
{
	struct office *office = *state;
	struct unit_title title;

	office_make(office, unit_new,
	    "{'id':'moi','kind':'commune','names':["
	    "{'name':'Xã A','from':'2000-01-01','to':'2001-12-31'},"
	    "{'name':'Xã B','from':'2003-01-01'}],'from':'2000-06-01',"
	    "'to':'2005-12-31'}");
	assert_int_equal(unit_title_at(office_look(office), office->arena,
	                     "moi", office_date("1999-01-01"), &title,
	                     &office->fault),
	    1);
	assert_text(title.name, "Xã A");
	assert_int_equal(title.held.from, office_date("2000-06-01"));
	assert_int_equal(unit_title_at(office_look(office), office->arena,
	                     "moi", office_date("2002-06-01"), &title,
	                     &office->fault),
	    1);
	assert_text(title.name, "Xã A");
	assert_int_equal(unit_title_at(office_look(office), office->arena,
	                     "moi", office_date("2020-01-01"), &title,
	                     &office->fault),
	    1);
	assert_text(title.name, "Xã B");
	assert_int_equal(title.life.to, office_date("2005-12-31"));
}

static void
ancestors_are_those_of_the_day(void **state)
{
	struct office *office = *state;

	assert_text(ancestors(office, "xa", "2020-01-01"), "xa huyen tinh");
	assert_text(ancestors(office, "xa", "2025-06-30"), "xa huyen tinh");
	assert_text(ancestors(office, "xa", "2025-07-01"), "xa tinh");
}

static void
a_parent_that_did_not_stand_is_none(void **state)
{
	struct office *office = *state;

	office_make(office, unit_new,
	    "{'id':'phong','kind':'district_office','names':[{'name':"
	    "'Phòng Nội vụ'}],'parents':[{'relation':'adm','unit':'huyen'}]}");
	assert_text(ancestors(office, "phong", "2025-06-30"),
	    "phong huyen tinh");
	assert_text(ancestors(office, "phong", "2025-07-01"), "phong");
	assert_text(descendants(office, "huyen", "2025-07-01"), "");
	assert_text(descendants(office, "huyen", "2025-06-30"),
	    "huyen phong xa");
}

static void
a_cluster_holds_its_members_of_the_year_and_what_is_below(void **state)
{
	struct office *office = *state;

	office_make(office, unit_new,
	    "{'id':'cum','kind':'cluster','names':[{'name':'Cụm thi đua 01'}],"
	    "'parents':[{'relation':'adm','unit':'tinh'}]}");
	office_edit(office, unit_edit, "huyen",
	    "{'parents':[{'relation':'adm','unit':'tinh'},{'relation':"
	    "'member','unit':'cum','from':'2024-01-01','to':'2024-12-31'}]}");
	assert_text(ancestors(office, "xa", "2024-05-01"), "xa huyen tinh cum");
	assert_text(ancestors(office, "xa", "2023-05-01"), "xa huyen tinh");
	assert_text(descendants(office, "cum", "2024-05-01"), "cum huyen xa");
	assert_text(descendants(office, "tinh", "2024-05-01"),
	    "tinh cum huyen xa");
	assert_int_equal(unit_is_under(office_look(office), office->arena, "xa",
	                     "cum", office_date("2024-05-01"), &office->fault),
	    1);
	assert_int_equal(unit_is_under(office_look(office), office->arena, "xa",
	                     "cum", office_date("2025-05-01"), &office->fault),
	    0);
}

static void
a_name_is_found_however_it_is_written(void **state)
{
	static const char *const names[] = { "Xã Đắk Blô", "xã đắk blô",
		"dak blo", "ĐĂK BLÔ", "Đắk-Blô", "Đắk Plô" };
	struct office *office = *state;

	for (size_t i = 0; i < 6; i++) {
		assert_text(named(office, names[i], false), "xa");
	}
	assert_text(named(office, "xã đắk blô", true), "xa");
	assert_text(named(office, "xã đăk blô", true), "");
	assert_text(named(office, "Xã Đắk", false), "");
	assert_text(named(office, "huyện Đăk Gleit", false), "huyen");
	assert_text(named(office, "Đak Gleit", false), "huyen");
}

static void
an_exact_name_keeps_alike_names_apart(void **state)
{
	struct office *office = *state;

	office_make(office, unit_new,
	    "{'id':'son-ha-1','kind':'commune','names':[{'name':'Xã Sơn Hà',"
	    "'short':'Sơn Hà'}]}");
	office_make(office, unit_new,
	    "{'id':'son-ha-2','kind':'commune','names':[{'name':'Xã Sơn Hạ',"
	    "'short':'Sơn Hạ'}]}");
	assert_text(named(office, "son ha", false), "son-ha-1 son-ha-2");
	assert_text(named(office, "Sơn Hà", false), "son-ha-1 son-ha-2");
	assert_text(named(office, "Sơn Hà", true), "son-ha-1");
	assert_text(named(office, "xã sơn hạ", true), "son-ha-2");
}

static void
a_name_is_found_by_how_it_begins(void **state)
{
	struct office *office = *state;
	const char **ids;
	size_t count;

	assert_int_equal(unit_find_by_prefix(office_look(office), office->arena,
	                     "xã đắk", 10, &ids, &count, &office->fault),
	    0);
	assert_text(line_of(office->arena, ids, count), "xa");
	assert_int_equal(unit_find_by_prefix(office_look(office), office->arena,
	                     "đắk", 1, &ids, &count, &office->fault),
	    0);
	assert_int_equal(count, 1);
}

static void
a_code_is_that_of_the_unit_that_had_it_on_the_day(void **state)
{
	struct office *office = *state;
	const char *id;

	office_make(office, unit_new,
	    "{'id':'xa-2025','kind':'commune','names':[{'name':'Xã Đăk Plô'}],"
	    "'codes':[{'system':'gso','code':'23344','from':'2025-07-01'}],"
	    "'from':'2025-07-01'}");
	assert_int_equal(unit_find_by_code(office_look(office), office->arena,
	                     "gso", "23344", office_date("2025-06-30"), &id,
	                     &office->fault),
	    1);
	assert_text(id, "xa");
	assert_int_equal(unit_find_by_code(office_look(office), office->arena,
	                     "gso", "23344", office_date("2025-07-01"), &id,
	                     &office->fault),
	    1);
	assert_text(id, "xa-2025");
	assert_int_equal(unit_find_by_code(office_look(office), office->arena,
	                     "gso", "99999", 0, &id, &office->fault),
	    0);
}

static void
a_place_is_named_as_a_sentence_has_it(void **state)
{
	struct office *office = *state;
	const char *place;

	assert_int_equal(unit_place_at(office_look(office), office->arena, "xa",
	                     office_date("2020-01-01"), &place, &office->fault),
	    0);
	assert_text(place, "xã Đắk Plô, huyện Đắk Glei, tỉnh Kon Tum");
}

static void
an_edit_leaves_no_row_of_before(void **state)
{
	struct office *office = *state;

	office_edit(office, unit_edit, "huyen",
	    "{'aliases':null,'names':[{'name':'Huyện Đắk Glây'}],"
	    "'parents':null}");
	assert_text(named(office, "Đăk Gleit", false), "");
	assert_text(named(office, "Huyện Đắk Glei", false), "");
	assert_text(named(office, "Huyện Đắk Glây", false), "huyen");
	assert_text(ancestors(office, "xa", "2020-01-01"), "xa huyen");
	assert_text(descendants(office, "tinh", "2020-01-01"), "tinh");
}

static void
what_is_wrong_is_refused_by_its_member(void **state)
{
	static const struct {
		const char *body;
		const char *field;
	} cases[] = {
		{ "{'kind':'commune'}", "/names" },
		{ "{'kind':'commune','names':[]}", "/names" },
		{ "{'kind':'hanh-tinh','names':[{'name':'A'}]}", "/kind" },
		{ "{'kind':'district','names':[{'name':'A'}],"
		  "'from':'2026-01-01'}",
		    "/kind" },
		{ "{'kind':'commune','names':[{'name':' - '}]}",
		    "/names/0/name" },
		{ "{'kind':'commune','names':[{'name':'A','gia':1}]}",
		    "/names/0/gia" },
		{ "{'kind':'commune','names':[{'name':'A'},{'name':'B'}]}",
		    "/names/1" },
		{ "{'kind':'commune','names':[{'name':'A','to':'1999-01-01'}],"
		  "'from':'2000-01-01'}",
		    "/names" },
		{ "{'kind':'commune','names':[{'name':'A'}],'aliases':[1]}",
		    "/aliases/0/name" },
		{ "{'kind':'commune','names':[{'name':'A'}],'to':'1999-01-01',"
		  "'from':'2000-01-01'}",
		    "/to" },
		{ "{'kind':'commune','names':[{'name':'A'}],'parents':["
		  "{'relation':'adm','unit':'khong-co'}]}",
		    "/parents/0/unit" },
		{ "{'kind':'commune','names':[{'name':'A'}],'parents':["
		  "{'relation':'cha','unit':'huyen'}]}",
		    "/parents/0/relation" },
		{ "{'kind':'commune','names':[{'name':'A'}],'parents':["
		  "{'relation':'adm','unit':'xa'}]}",
		    "/parents/0/unit" },
		{ "{'kind':'commune','names':[{'name':'A'}],'parents':["
		  "{'relation':'adm','unit':'tinh'}]}",
		    "/parents/0/unit" },
		{ "{'kind':'commune','names':[{'name':'A'}],"
		  "'from':'2025-07-01','parents':["
		  "{'relation':'adm','unit':'huyen'}]}",
		    "/parents/0/unit" },
		{ "{'kind':'district_office','names':[{'name':'A'}],"
		  "'parents':[{'relation':'adm','unit':'huyen'},"
		  "{'relation':'adm','unit':'huyen','from':'2020-01-01'}]}",
		    "/parents/1" },
		{ "{'kind':'commune','names':[{'name':'A'}],'codes':["
		  "{'system':'gso','code':'1'},{'system':'gso','code':'2'}]}",
		    "/codes/1" },
	};
	struct office *office = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (office_try(office, unit_new, cases[i].body) == 0) {
			fail_msg("taken: %s", cases[i].body);
		}
		if (strcmp(office->fault.field, cases[i].field) != 0) {
			fail_msg("%s: got %s (%s), wanted %s", cases[i].body,
			    office->fault.field, office->fault.text,
			    cases[i].field);
		}
	}
}

static void
an_id_is_given_once(void **state)
{
	struct office *office = *state;

	assert_int_equal(office_try(office, unit_new,
	                     "{'id':'xa','kind':'commune','names':["
	                     "{'name':'Xã khác'}]}"),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
}

static void
no_tree_holds_itself(void **state)
{
	struct office *office = *state;

	office_make(office, unit_new,
	    "{'id':'a','kind':'party_body','names':[{'name':'A'}]}");
	office_make(office, unit_new,
	    "{'id':'b','kind':'party_body','names':[{'name':'B'}],'parents':["
	    "{'relation':'adm','unit':'a','from':'2010-01-01'}]}");
	office_make(office, unit_new,
	    "{'id':'c','kind':'party_body','names':[{'name':'C'}],'parents':["
	    "{'relation':'adm','unit':'b'}]}");
	assert_refused(office,
	    office_try_edit(office, unit_edit, "a",
	        "{'parents':[{'relation':'adm','unit':'a'}]}"),
	    "/parents/0/unit");
	assert_refused(office,
	    office_try_edit(office, unit_edit, "a",
	        "{'parents':[{'relation':'adm','unit':'c'}]}"),
	    "/parents/0/unit");
	assert_refused(office,
	    office_try_edit(office, unit_edit, "a",
	        "{'parents':[{'relation':'adm','unit':'c',"
	        "'from':'2009-12-31','to':'2010-01-01'}]}"),
	    "/parents/0/unit");
	/* Before b came under a, a may have been under c. */
	office_edit(office, unit_edit, "a",
	    "{'parents':[{'relation':'adm','unit':'c','to':'2009-12-31'}]}");
}

/* --- the tree in pages ------------------------------------------------------ */

/* A branch, or the top where `parent` is NULL, in pages of two: "a b|c". */
static const char *
branch(struct office *office, const char *parent, const char *kind,
    enum unit_relation relation, const char *day)
{
	struct unit_order_query query = {
		.parent = parent,
		.kind = kind,
		.relation = relation,
		.date = office_date(day),
		.limit = 2,
	};
	struct unit_order_page page;
	const char *line = "";

	do {
		assert_int_equal(unit_order_read(office_look(office),
		                     office->arena, &query, &page,
		                     &office->fault),
		    0);
		line = arena_format(office->arena, "%s%s%s", line,
		    query.after != NULL ? "|" : "",
		    line_of(office->arena, page.ids, page.count));
		query.after = page.count > 0 ? page.ids[page.count - 1] : NULL;
	} while (page.has_more);
	return line;
}

static void
a_branch_is_in_the_order_of_names_of_the_day(void **state)
{
	struct office *office = *state;

	office_make(office, unit_new,
	    "{'id':'b','kind':'commune','names':[{'name':'Xã Đak Cao'}],"
	    "'parents':[{'relation':'adm','unit':'huyen'}],"
	    "'to':'2025-06-30'}");
	office_make(office, unit_new,
	    "{'id':'c','kind':'commune','names':[{'name':'Xã Đắk Môn'}],"
	    "'parents':[{'relation':'adm','unit':'huyen'}],"
	    "'from':'2005-01-01','to':'2025-06-30'}");
	/* Xã Đắk Blô until the end of 2010, Xã Đắk Plô from then on. */
	assert_text(branch(office, "huyen", NULL, UNIT_ADM, "2004-12-31"),
	    "b xa");
	assert_text(branch(office, "huyen", NULL, UNIT_ADM, "2010-12-31"),
	    "b xa|c");
	assert_text(branch(office, "huyen", NULL, UNIT_ADM, "2011-01-01"),
	    "b c|xa");
	assert_text(branch(office, "huyen", NULL, UNIT_ADM, "2025-07-01"), "");
	assert_text(branch(office, "tinh", NULL, UNIT_ADM, "2025-07-01"), "xa");
	assert_text(branch(office, "nobody", NULL, UNIT_ADM, "2025-07-01"), "");
}

static void
at_the_top_stands_who_has_no_parent_that_day(void **state)
{
	struct office *office = *state;

	office_make(office, unit_new,
	    "{'id':'cum','kind':'cluster','names':[{'name':'Cụm 2'}]}");
	office_make(office, unit_new,
	    "{'id':'b','kind':'commune','names':[{'name':'Xã B'}],'parents':["
	    "{'relation':'adm','unit':'huyen','from':'2010-01-01',"
	    "'to':'2019-12-31'},{'relation':'member','unit':'cum'}]}");
	assert_text(branch(office, NULL, NULL, UNIT_ADM, "2009-12-31"),
	    "cum tinh|b");
	assert_text(branch(office, NULL, NULL, UNIT_ADM, "2010-01-01"),
	    "cum tinh");
	assert_text(branch(office, NULL, NULL, UNIT_ADM, "2020-01-01"),
	    "cum tinh|b");
	assert_text(branch(office, NULL, "cluster", UNIT_ADM, "2020-01-01"),
	    "cum");
	assert_text(branch(office, NULL, "commune", UNIT_ADM, "2020-01-01"),
	    "b");
	assert_text(branch(office, NULL, "commune", UNIT_ADM, "2015-01-01"),
	    "");
	assert_text(branch(office, "cum", NULL, UNIT_MEMBER, "2015-01-01"),
	    "b");
}

static void
who_loses_a_parent_comes_to_the_top_and_goes_back(void **state)
{
	struct office *office = *state;

	office_make(office, unit_new,
	    "{'id':'b','kind':'commune','names':[{'name':'Xã B'}],"
	    "'parents':[{'relation':'adm','unit':'huyen'}]}");
	/* The district ended on 30 June 2025; its commune says nothing of it. */
	assert_text(branch(office, NULL, NULL, UNIT_ADM, "2025-06-30"), "tinh");
	assert_text(branch(office, NULL, NULL, UNIT_ADM, "2025-07-01"),
	    "tinh b");
	office_edit(office, unit_edit, "huyen", "{'to':'2020-06-30'}");
	assert_text(branch(office, NULL, NULL, UNIT_ADM, "2020-07-01"),
	    "tinh b|xa");
	assert_text(branch(office, NULL, "commune", UNIT_ADM, "2020-07-01"),
	    "b xa");
	office_edit(office, unit_edit, "huyen", "{'to':null}");
	assert_text(branch(office, NULL, NULL, UNIT_ADM, "2020-07-01"), "tinh");
	assert_text(branch(office, NULL, NULL, UNIT_ADM, "9999-12-31"), "tinh");
}

static void
a_page_begins_behind_a_unit_that_is_there(void **state)
{
	struct office *office = *state;
	struct unit_order_query query = { .relation = UNIT_ADM,
		.limit = 1,
		.after = "nobody" };
	struct unit_order_page page;

	assert_refused(office,
	    unit_order_read(office_look(office), office->arena, &query, &page,
	        &office->fault),
	    "after");
}

static void
what_stands_below_is_counted_by_relation(void **state)
{
	struct office *office = *state;
	struct unit_below below;

	office_make(office, unit_new,
	    "{'id':'cum','kind':'cluster','names':[{'name':'Cụm 2'}],"
	    "'parents':[{'relation':'adm','unit':'tinh'}]}");
	office_make(office, unit_new,
	    "{'id':'b','kind':'commune','names':[{'name':'Xã B'}],'parents':["
	    "{'relation':'adm','unit':'huyen','to':'2019-12-31'},"
	    "{'relation':'member','unit':'cum','from':'2015-01-01'}]}");
	assert_int_equal(unit_order_count(office_look(office), "tinh",
	                     office_date("2015-01-01"), &below, &office->fault),
	    0);
	assert_int_equal(below.adm, 2);
	assert_int_equal(below.member, 0);
	assert_int_equal(unit_order_count(office_look(office), "cum",
	                     office_date("2015-01-01"), &below, &office->fault),
	    0);
	assert_int_equal(below.adm, 0);
	assert_int_equal(below.member, 1);
	assert_int_equal(unit_order_count(office_look(office), "cum",
	                     office_date("2014-12-31"), &below, &office->fault),
	    0);
	assert_int_equal(below.member, 0);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

UNIT_MAIN(test(a_name_is_the_one_of_the_day),
    test(a_unit_that_is_not_there_has_no_name),
    test(names_outside_the_life_are_the_nearest),
    test(ancestors_are_those_of_the_day),
    test(a_parent_that_did_not_stand_is_none),
    test(a_cluster_holds_its_members_of_the_year_and_what_is_below),
    test(a_name_is_found_however_it_is_written),
    test(an_exact_name_keeps_alike_names_apart),
    test(a_name_is_found_by_how_it_begins),
    test(a_code_is_that_of_the_unit_that_had_it_on_the_day),
    test(a_place_is_named_as_a_sentence_has_it),
    test(an_edit_leaves_no_row_of_before),
    test(what_is_wrong_is_refused_by_its_member), test(an_id_is_given_once),
    test(no_tree_holds_itself),
    test(a_branch_is_in_the_order_of_names_of_the_day),
    test(at_the_top_stands_who_has_no_parent_that_day),
    test(who_loses_a_parent_comes_to_the_top_and_goes_back),
    test(a_page_begins_behind_a_unit_that_is_there),
    test(what_stands_below_is_counted_by_relation))
