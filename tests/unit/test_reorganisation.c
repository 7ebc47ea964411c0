/* SPDX-License-Identifier: Apache-2.0 */

/* Reorganisations: what they refuse, whom they end, what they lead to. */

#include "core/reorganisation.h"

#include "core/lineage.h"
#include "core/unit.h"
#include "core/unit_change.h"
#include "core/unit_events.h"
#include "tests/unit/office.h"

static int
setup(void **state)
{
	struct office *office = office_open(false);

	office_make(office, unit_new,
	    "{'id':'h','kind':'district','names':[{'name':'Huyện H'}]}");
	office_make(office, unit_new,
	    "{'id':'a','kind':'commune','names':[{'name':'Xã A'}],'parents':"
	    "[{'relation':'adm','unit':'h'}],'from':'2000-01-01'}");
	office_make(office, unit_new,
	    "{'id':'b','kind':'commune','names':[{'name':'Xã B'}],'parents':"
	    "[{'relation':'adm','unit':'h'}]}");
	office_make(office, unit_new,
	    "{'id':'c','kind':'commune','names':[{'name':'Xã C'}],"
	    "'from':'2010-01-01'}");
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
last_day(struct office *office, const char *unit)
{
	struct unit_title title;
	char *text = arena_alloc(office->arena, DATE_TEXT);

	assert_int_equal(unit_title_at(office_look(office), office->arena, unit,
	                     0, &title, &office->fault),
	    1);
	date_format(text, title.life.to);
	return text;
}

static const char *
heirs(struct office *office, const char *unit, const char *day)
{
	const char *line = "";
	const char **ids;
	size_t count;

	assert_int_equal(lineage_heirs(office_look(office), office->arena, unit,
	                     office_date(day), &ids, &count, &office->fault),
	    0);
	for (size_t i = 0; i < count; i++) {
		line = arena_format(office->arena, "%s%s%s", line,
		    i > 0 ? " " : "", ids[i]);
	}
	return line;
}

static const char *
history(struct office *office, const char *unit)
{
	struct record *events;
	const char *line = "";
	size_t count;

	assert_int_equal(lineage_history(office_look(office), office->arena,
	                     unit, &events, &count, &office->fault),
	    0);
	for (size_t i = 0; i < count; i++) {
		line = arena_format(office->arena, "%s%s%s", line,
		    i > 0 ? " " : "", events[i].id);
	}
	return line;
}

static void
a_merger_ends_whom_it_takes_in(void **state)
{
	struct office *office = *state;

	office_make(office, reorganisation_new,
	    "{'id':'e1','kind':'merge','date':'2010-01-01',"
	    "'document':'1/NQ','predecessors':['a','b'],'successors':['c']}");
	assert_text(last_day(office, "a"), "2009-12-31");
	assert_text(last_day(office, "b"), "2009-12-31");
	assert_text(last_day(office, "c"), "9999-12-31");
	assert_text(office->result.kind, "reorganisation");
	assert_text(heirs(office, "a", "2009-12-31"), "a");
	assert_text(heirs(office, "a", "2010-01-01"), "c");
	assert_text(history(office, "a"), "e1");
	assert_text(history(office, "c"), "e1");
	assert_text(history(office, "h"), "");
}

static void
the_record_of_who_ends_says_so_too(void **state)
{
	struct office *office = *state;
	struct record unit;

	office_make(office, reorganisation_new,
	    "{'kind':'abolish','date':'2020-07-01','predecessors':['h'],"
	    "'successors':[]}");
	assert_int_equal(record_need(office_look(office), office->arena,
	                     RECORD_UNIT, "h", &unit, &office->fault),
	    0);
	assert_text(json_text_at(unit.value, "to"), "2020-06-30");
	assert_int_equal(unit.rev, 2);
	assert_text(heirs(office, "h", "2021-01-01"), "");
}

static void
who_goes_on_does_not_end(void **state)
{
	struct office *office = *state;

	office_make(office, reorganisation_new,
	    "{'id':'e1','kind':'split','date':'2010-01-01',"
	    "'predecessors':['a'],'successors':['a','c']}");
	assert_text(last_day(office, "a"), "9999-12-31");
	assert_text(heirs(office, "a", "2020-01-01"), "a");
	office_make(office, reorganisation_new,
	    "{'id':'e2','kind':'merge','date':'2015-01-01',"
	    "'predecessors':['a'],'successors':['b']}");
	assert_text(last_day(office, "a"), "2014-12-31");
	/* Its papers are where it went, not where a part of it had gone. */
	assert_text(heirs(office, "a", "2020-01-01"), "b");
	assert_text(history(office, "c"), "e1");
	assert_text(history(office, "a"), "e1 e2");
	assert_text(history(office, "b"), "e1 e2");
}

static void
two_events_of_one_day_and_pair_are_both_history(void **state)
{
	struct office *office = *state;

	office_make(office, reorganisation_new,
	    "{'id':'e1','kind':'rename','date':'2020-01-01',"
	    "'predecessors':['a'],'successors':['a']}");
	office_make(office, reorganisation_new,
	    "{'id':'e2','kind':'transfer','date':'2020-01-01',"
	    "'predecessors':['a'],'successors':['a']}");
	assert_text(history(office, "a"), "e1 e2");
}

static void
nonsense_is_refused_by_its_member(void **state)
{
	static const struct {
		const char *body;
		const char *field;
	} cases[] = {
		{ "{'kind':'merge','date':'2010-01-01','successors':['c']}",
		    "/predecessors" },
		{ "{'kind':'explode','date':'2010-01-01','predecessors':['a'],"
		  "'successors':['c']}",
		    "/kind" },
		{ "{'kind':'merge','date':'2010-02-30','predecessors':['a'],"
		  "'successors':['c']}",
		    "/date" },
		{ "{'kind':'merge','date':'0001-01-01','predecessors':['b'],"
		  "'successors':['h']}",
		    "/date" },
		{ "{'kind':'merge','date':'2010-01-01','predecessors':['a',"
		  "'khong-co'],'successors':['c']}",
		    "/predecessors/1" },
		{ "{'kind':'merge','date':'2010-01-01','predecessors':['a',7],"
		  "'successors':['c']}",
		    "/predecessors/1" },
		{ "{'kind':'merge','date':'2010-01-01','predecessors':['a',"
		  "'a'],'successors':['c']}",
		    "/predecessors/1" },
		/* a has no day before it stood */
		{ "{'kind':'merge','date':'2000-01-01','predecessors':['a',"
		  "'b'],'successors':['h']}",
		    "/predecessors/0" },
		/* c does not stand yet */
		{ "{'kind':'merge','date':'2009-12-31','predecessors':['a',"
		  "'b'],'successors':['c']}",
		    "/successors/0" },
		{ "{'kind':'merge','date':'2010-01-01','predecessors':['a',"
		  "'b'],'successors':['c','h']}",
		    "/successors" },
		{ "{'kind':'merge','date':'2010-01-01','predecessors':['a'],"
		  "'successors':['a']}",
		    "/predecessors" },
		{ "{'kind':'merge','date':'2010-01-01','predecessors':['a'],"
		  "'successors':['c']}",
		    "/predecessors" },
		{ "{'kind':'split','date':'2010-01-01','predecessors':['a'],"
		  "'successors':['c']}",
		    "/successors" },
		{ "{'kind':'rename','date':'2010-01-01','predecessors':['a',"
		  "'b'],'successors':['c']}",
		    "/predecessors" },
		{ "{'kind':'abolish','date':'2010-01-01','predecessors':['a'],"
		  "'successors':['c']}",
		    "/successors" },
		{ "{'kind':'transfer','date':'2010-01-01','predecessors':["
		  "'a'],'successors':['c']}",
		    "/successors" },
		{ "{'kind':'merge','date':'2010-01-01','predecessors':['a',"
		  "'b'],'successors':['c'],'share':50}",
		    "/share" },
	};
	struct office *office = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (office_try(office, reorganisation_new, cases[i].body) ==
		    0) {
			fail_msg("taken: %s", cases[i].body);
		}
		if (strcmp(office->fault.field, cases[i].field) != 0) {
			fail_msg("%s: got %s (%s), wanted %s", cases[i].body,
			    office->fault.field, office->fault.text,
			    cases[i].field);
		}
	}
	assert_text(last_day(office, "a"), "9999-12-31");
}

static void
a_unit_ends_once(void **state)
{
	struct office *office = *state;

	office_make(office, reorganisation_new,
	    "{'kind':'abolish','date':'2015-01-01','predecessors':['a'],"
	    "'successors':[]}");
	assert_refused(office,
	    office_try(office, reorganisation_new,
	        "{'kind':'abolish','date':'2016-01-01','predecessors':['a'],"
	        "'successors':[]}"),
	    "/predecessors/0");
	/* On the same day it may have gone two ways. */
	office_make(office, reorganisation_new,
	    "{'kind':'merge','date':'2015-01-01','predecessors':['a'],"
	    "'successors':['c']}");
}

static void
who_took_part_later_does_not_end_before(void **state)
{
	struct office *office = *state;

	office_make(office, reorganisation_new,
	    "{'kind':'merge','date':'2015-01-01','predecessors':['b'],"
	    "'successors':['c']}");
	assert_refused(office,
	    office_try(office, reorganisation_new,
	        "{'kind':'abolish','date':'2012-01-01','predecessors':['c'],"
	        "'successors':[]}"),
	    "/predecessors/0");
}

static void
an_edit_cannot_contradict_a_reorganisation(void **state)
{
	struct office *office = *state;

	office_make(office, reorganisation_new,
	    "{'kind':'merge','date':'2010-01-01','predecessors':['a','b'],"
	    "'successors':['c']}");
	assert_refused(office,
	    office_try_edit(office, unit_edit, "c", "{'from':'2010-01-02'}"),
	    "/from");
	assert_refused(office,
	    office_try_edit(office, unit_edit, "c",
	        "{'to':'2009-12-31',"
	        "'from':null}"),
	    "/to");
	assert_refused(office,
	    office_try_edit(office, unit_edit, "a", "{'to':null}"), "/to");
	assert_refused(office,
	    office_try_edit(office, unit_edit, "a",
	        "{'from':'2010-01-01',"
	        "'to':null}"),
	    "/to");
	office_edit(office, unit_edit, "c", "{'from':'2009-01-01'}");
}

static const char *
stored(struct office *office, enum record_kind kind, const char *id,
    struct record *record)
{
	assert_int_equal(record_need(office_look(office), office->arena, kind,
	                     id, record, &office->fault),
	    0);
	return arena_text_of(office->arena, record->bytes);
}

static void
a_merger_makes_the_unit_it_leads_to(void **state)
{
	struct office *office = *state;
	struct record record;
	const char **ids;
	size_t count;

	office_make(office, reorganisation_new,
	    "{'id':'e1','kind':'merge','date':'2025-07-01','document':'1/NQ',"
	    "'predecessors':['a','b'],'successors':[{'id':'d','kind':'commune',"
	    "'names':[{'name':'Xã D'}],'parents':[{'relation':'adm',"
	    "'unit':'h'}]}]}");
	assert_text(office->result.kind, "reorganisation");
	assert_text(office->result.id, "e1");
	stored(office, RECORD_UNIT, "d", &record);
	assert_text(json_text_at(record.value, "from"), "2025-07-01");
	assert_int_equal(record.rev, 1);
	assert_text(last_day(office, "a"), "2025-06-30");
	assert_text(last_day(office, "b"), "2025-06-30");
	assert_text(heirs(office, "a", "2025-07-01"), "d");
	assert_text(history(office, "d"), "e1");
	assert_int_equal(unit_children(office_look(office), office->arena, "h",
	                     UNIT_ADM, office_date("2025-07-01"), &ids, &count,
	                     &office->fault),
	    0);
	assert_int_equal(count, 1);
	assert_text(ids[0], "d");
	/* The record names it as if it had stood before. */
	assert_non_null(
	    strstr(stored(office, RECORD_REORGANISATION, "e1", &record),
	        "\"successors\":[\"d\"]"));
}

static void
a_split_makes_several_and_draws_their_ids(void **state)
{
	struct office *office = *state;
	const json_t *to;
	struct record record;
	struct record unit;

	office_make(office, reorganisation_new,
	    "{'id':'e1','kind':'split','date':'2011-01-01',"
	    "'predecessors':['a'],'successors':[{'kind':'commune',"
	    "'names':[{'name':'Xã A Một'}]},'c',{'kind':'commune',"
	    "'from':'2011-01-01','names':[{'name':'Xã A Hai'}]}]}");
	stored(office, RECORD_REORGANISATION, "e1", &record);
	to = json_object_get(record.value, "successors");
	assert_int_equal(json_array_size(to), 3);
	assert_text(json_string_value(json_array_get(to, 1)), "c");
	stored(office, RECORD_UNIT, json_string_value(json_array_get(to, 2)),
	    &unit);
	assert_non_null(
	    strstr(arena_text_of(office->arena, unit.bytes), "Xã A Hai"));
	assert_text(json_text_at(unit.value, "from"), "2011-01-01");
	assert_text(last_day(office, "a"), "2010-12-31");
}

/* Whatever is refused, no part of it is there. */
static void
new_units_are_made_with_all_or_not_at_all(void **state)
{
#define EVENT(to) \
	"{'id':'e1','kind':'merge','date':'2025-07-01'," \
	"'predecessors':['a','b'],'successors':[" to "]}"
#define UNIT_D "{'id':'d','kind':'commune','names':[{'name':'Xã D'}]"

	static const struct {
		const char *body;
		const char *field;
	} cases[] = {
		{ EVENT("{'id':'d','kind':'commune','names':[]}"),
		    "/successors/0/names" },
		{ EVENT("{'id':'d','names':[{'name':'Xã D'}]}"),
		    "/successors/0/kind" },
		{ EVENT(UNIT_D ",'from':'2025-07-02'}"), "/successors/0/from" },
		{ EVENT(UNIT_D ",'to':'2025-06-30'}"), "/successors/0/to" },
		{ EVENT(UNIT_D ",'parents':[{'relation':'adm','unit':'zz'}]}"),
		    "/successors/0/parents/0/unit" },
		{ EVENT(UNIT_D ",'parents':[{'relation':'adm','unit':'a'}]}"),
		    "/successors/0/parents/0/unit" },
		{ EVENT(UNIT_D ",'hue':1}"), "/successors/0/hue" },
		{ EVENT("{'id':7}"), "/successors/0/id" },
		{ EVENT("{'id':'X Y','kind':'commune',"
		        "'names':[{'name':'Xã D'}]}"),
		    "/successors/0/id" },
		{ EVENT(UNIT_D "},{'kind':'commune',"
		               "'names':[{'name':'Xã E'}]}"),
		    "/successors" },
		{ "{'kind':'split','date':'2025-07-01','predecessors':['a'],"
		  "'successors':[" UNIT_D "}," UNIT_D "}]}",
		    "/successors/1" },
		{ "{'kind':'split','date':'2025-07-01','predecessors':['a'],"
		  "'successors':[" UNIT_D "},{'kind':'commune','names':7}]}",
		    "/successors/1/names" },
		{ "{'kind':'merge','date':'2025-07-01','predecessors':['a'],"
		  "'successors':[" UNIT_D "}]}",
		    "/predecessors" },
		{ "{'kind':'abolish','date':'2025-07-01','predecessors':[" UNIT_D
		  "}],'successors':[]}",
		    "/predecessors/0" },
		/* A new unit is fine, but its predecessor had ended before. */
		{ "{'kind':'merge','date':'2009-07-01','predecessors':['b',"
		  "'c'],'successors':[" UNIT_D "}]}",
		    "/predecessors/1" },
		{ EVENT(UNIT_D "}],'name':{'name':'Xã Mới'},'document':['x'"),
		    "/document" },
		{ "{'kind':'merge','date':'2025-07-01','predecessors':['a',"
		  "'b'],'successors':[" UNIT_D "}],'name':{'name':'Xã E'}}",
		    "/name" },
		/* Somebody else took part later: found when all else was done */
		{ "{'kind':'merge','date':'2014-01-01','predecessors':['a',"
		  "'b'],'successors':[" UNIT_D "}]}",
		    "/predecessors/1" },
	};
	struct office *office = *state;
	struct record record;

	office_make(office, reorganisation_new,
	    "{'id':'e0','kind':'transfer','date':'2015-01-01',"
	    "'predecessors':['b'],'successors':['b','c']}");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (office_try(office, reorganisation_new, cases[i].body) ==
		        0 ||
		    strcmp(office->fault.field, cases[i].field) != 0) {
			fail_msg("%s: got %s (%s), wanted %s", cases[i].body,
			    office->fault.field, office->fault.text,
			    cases[i].field);
		}
		assert_int_equal(record_find(office_look(office), office->arena,
		                     RECORD_UNIT, "d", &record, &office->fault),
		    0);
		assert_text(last_day(office, "a"), "9999-12-31");
		assert_text(history(office, "a"), "");
	}
	/* An id that is taken is no field's fault but the place is told. */
	assert_int_equal(office_try(office, reorganisation_new,
	                     EVENT("{'id':'c','kind':'commune','names':["
	                           "{'name':'Xã C'}]}")),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	assert_text(office->fault.field, "/successors/0");
	assert_text(last_day(office, "a"), "9999-12-31");
#undef UNIT_D
#undef EVENT
}

static const char *
name_on(struct office *office, const char *unit, const char *day)
{
	struct unit_title title;

	assert_int_equal(unit_title_at(office_look(office), office->arena, unit,
	                     office_date(day), &title, &office->fault),
	    1);
	return title.name;
}

static void
a_renaming_gives_the_name_too(void **state)
{
	struct office *office = *state;
	struct record record;

	office_make(office, reorganisation_new,
	    "{'id':'e1','kind':'rename','date':'2020-01-01',"
	    "'predecessors':['a'],'successors':['a'],"
	    "'name':{'name':'Xã Anh Hùng','short':'Anh Hùng'}}");
	assert_text(name_on(office, "a", "2019-12-31"), "Xã A");
	assert_text(name_on(office, "a", "2020-01-01"), "Xã Anh Hùng");
	assert_text(last_day(office, "a"), "9999-12-31");
	assert_text(history(office, "a"), "e1");
	stored(office, RECORD_REORGANISATION, "e1", &record);
	assert_null(json_object_get(record.value, "name"));
	/* What it is called later is not overwritten by what is told late. */
	assert_refused(office,
	    office_try(office, reorganisation_new,
	        "{'kind':'rename','date':'2010-01-01','predecessors':['a'],"
	        "'successors':['a'],'name':{'name':'Xã Cũ'}}"),
	    "/name");
	assert_refused(office,
	    office_try(office, reorganisation_new,
	        "{'kind':'rename','date':'2021-01-01','predecessors':['a'],"
	        "'successors':['a'],'name':{'short':'Cũ'}}"),
	    "/name/name");
	assert_refused(office,
	    office_try(office, reorganisation_new,
	        "{'kind':'rename','date':'2021-01-01','predecessors':['a'],"
	        "'successors':['a'],'name':{'name':'---'}}"),
	    "/name");
	assert_refused(office,
	    office_try(office, reorganisation_new,
	        "{'kind':'rename','date':'2021-01-01','predecessors':['a'],"
	        "'successors':['c'],'name':{'name':'Xã Cũ'}}"),
	    "/name");
	assert_text(history(office, "a"), "e1");
}

static void
nobody_comes_of_himself_by_a_circle(void **state)
{
	struct office *office = *state;
	struct lineage lineage;

	/* a becomes c, and part of c becomes a again: not the a that ended. */
	office_make(office, reorganisation_new,
	    "{'kind':'split','date':'2011-01-01','predecessors':['a'],"
	    "'successors':['a','c']}");
	office_make(office, reorganisation_new,
	    "{'kind':'split','date':'2012-01-01','predecessors':['c'],"
	    "'successors':['a','c']}");
	assert_int_equal(lineage_of(office_look(office), office->arena, "a",
	                     &lineage, &office->fault),
	    0);
	assert_text(lineage.parts[0].unit, "a");
	assert_int_equal(lineage.count, 3); /* and c, after and before */
}

/* Ids of a page, and of the next one behind "|". */
static const char *
events_on(struct office *office, const char *from, const char *to)
{
	struct span days = { office_date(from), office_date(to) };
	struct unit_events page;
	const char *after = NULL;
	const char *line = "";

	do {
		assert_int_equal(unit_events_read(office_look(office),
		                     office->arena, days, after, 2, &page,
		                     &office->fault),
		    0);
		line = arena_format(office->arena, "%s%s", line,
		    after != NULL ? "|" : "");
		for (size_t i = 0; i < page.count; i++) {
			after = page.list[i].id;
			line = arena_format(office->arena, "%s%s%s", line,
			    i > 0 ? " " : "", after);
		}
	} while (page.has_more);
	return line;
}

static void
all_of_them_are_found_by_their_day(void **state)
{
	struct office *office = *state;
	struct span ever = { DATE_MIN, DATE_MAX };
	struct unit_event_days days;

	office_make(office, reorganisation_new,
	    "{'id':'e2','kind':'split','date':'2010-01-01',"
	    "'predecessors':['a'],'successors':['a','c']}");
	office_make(office, reorganisation_new,
	    "{'id':'e1','kind':'rename','date':'2012-01-01',"
	    "'predecessors':['b'],'successors':['b']}");
	office_make(office, reorganisation_new,
	    "{'id':'e3','kind':'rename','date':'2010-01-01',"
	    "'predecessors':['b'],'successors':['b']}");
	assert_text(events_on(office, "0001-01-01", "9999-12-31"), "e2 e3|e1");
	assert_text(events_on(office, "2010-01-02", "2011-12-31"), "");
	assert_text(events_on(office, "2010-01-02", "2012-01-01"), "e1");
	assert_text(events_on(office, "2012-01-01", "2010-01-01"), "");
	assert_int_equal(unit_event_days_read(office_look(office),
	                     office->arena, ever, 2, &days, &office->fault),
	    0);
	assert_int_equal(days.count, 2);
	assert_false(days.has_more);
	assert_int_equal(days.list[1], office_date("2012-01-01"));
	assert_int_equal(unit_event_days_read(office_look(office),
	                     office->arena, ever, 1, &days, &office->fault),
	    0);
	assert_int_equal(days.count, 1);
	assert_true(days.has_more);
}

static void
a_page_of_them_begins_behind_one_that_is_there(void **state)
{
	struct office *office = *state;
	struct span ever = { DATE_MIN, DATE_MAX };
	struct unit_events page;

	assert_refused(office,
	    unit_events_read(office_look(office), office->arena, ever, "e9", 2,
	        &page, &office->fault),
	    "after");
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

UNIT_MAIN(test(a_merger_ends_whom_it_takes_in),
    test(the_record_of_who_ends_says_so_too), test(who_goes_on_does_not_end),
    test(two_events_of_one_day_and_pair_are_both_history),
    test(nonsense_is_refused_by_its_member), test(a_unit_ends_once),
    test(who_took_part_later_does_not_end_before),
    test(an_edit_cannot_contradict_a_reorganisation),
    test(a_merger_makes_the_unit_it_leads_to),
    test(a_split_makes_several_and_draws_their_ids),
    test(new_units_are_made_with_all_or_not_at_all),
    test(a_renaming_gives_the_name_too),
    test(nobody_comes_of_himself_by_a_circle),
    test(all_of_them_are_found_by_their_day),
    test(a_page_of_them_begins_behind_one_that_is_there))
