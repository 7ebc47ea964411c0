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
    test(nobody_comes_of_himself_by_a_circle),
    test(all_of_them_are_found_by_their_day),
    test(a_page_of_them_begins_behind_one_that_is_there))
