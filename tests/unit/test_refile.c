/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Changes of the tree that come after the filing: what was filed is found, and
 * counted, where the tree says, and nothing is filed past a change.
 */

#include "core/refile.h"

#include "core/grant.h"
#include "core/grant_query.h"
#include "core/reorganisation.h"
#include "core/unit_change.h"
#include "tests/unit/filing.h"

#define AWARD "merit_province"

static int
setup(void **state)
{
	struct office *office = office_open(true);
	struct command *command;

	office_make(office, unit_new,
	    "{'id':'p1','kind':'province','names':[{'name':'Tỉnh P1'}]}");
	office_make(office, unit_new,
	    "{'id':'p2','kind':'province','names':[{'name':'Tỉnh P2'}]}");
	office_make(office, unit_new,
	    "{'id':'d','kind':'district','names':[{'name':'Huyện D'}],"
	    "'parents':[{'relation':'adm','unit':'p1'}]}");
	office_make(office, unit_new,
	    "{'id':'c','kind':'commune','names':[{'name':'Xã C'}],"
	    "'parents':[{'relation':'adm','unit':'d'}]}");
	/* The decision that the grants below are of. */
	command = office_begin(office, "decision.new");
	if (command_create(command, RECORD_DECISION, "qd",
	        json_pack("{s:s}", "issuer", "p1"), &office->fault) < 0 ||
	    office_commit(office, command) < 0) {
		fail_msg("decision: %s", office->fault.text);
	}
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
under(struct office *office, const char *unit)
{
	return filing_all(office, office->arena,
	    (struct retrieval_query){ .unit = unit });
}

/* One grant of ten awards, and five of them to women. */
static void
grant(struct office *office, const char *id, const char *unit, const char *date)
{
	struct command *command = office_begin(office, "decision.new");
	const struct grant_origin origin = {
		.decision = "qd",
		.date = json_own(office->arena, json_string(date)),
		.when = { office_date(date), office_date(date) },
		.place = "",
		.id = id,
	};
	const char *body = arena_format(office->arena,
	    "{'award':'" AWARD "','unit':'%s','subject':{'kind':'individual',"
	    "'count':10,'woman':true}}",
	    unit);

	if (grant_new(command, office_json(office, body), &origin,
	        &office->fault) < 0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s: %s", office->fault.field, office->fault.text);
	}
}

/* "10 10": all, and women; "" where nothing counts. */
static const char *
counted(struct office *office, const char *unit)
{
	const struct grant_query query = { .unit = unit,
		.period = { DATE_MIN, DATE_MAX } };
	struct grant_count *counts;
	const char *text = "";
	size_t count;

	assert_int_equal(grant_counts(office_look(office), office->arena,
	                     &query, &counts, &count, &office->fault),
	    0);
	for (size_t i = 0; i < count; i++) {
		text = arena_format(office->arena, "%s%s%d", text,
		    i > 0 ? " " : "", (int)counts[i].count);
	}
	return text;
}

static int
add_id(void *arg, const struct record *grant, struct fault *fault)
{
	(void)fault;
	buf_add_format(arg, "%s ", grant->id);
	return 0;
}

static const char *
granted(struct office *office, const char *unit)
{
	const struct grant_query query = { .unit = unit,
		.period = { DATE_MIN, DATE_MAX } };
	const char *text;
	struct buf ids;

	buf_init(&ids, 1000);
	assert_int_equal(grant_each(office_look(office), &query, add_id, &ids,
	                     &office->fault),
	    0);
	text = arena_text(office->arena, buf_text(&ids));
	buf_fini(&ids);
	return text;
}

static void
dossiers_move_with_their_unit(void **state)
{
	struct office *office = *state;

	filing_file(office, "c-2000", "c", "2000-01-01", NULL);
	filing_file(office, "c-2010", "c", "2010-01-01", NULL);
	filing_file(office, "d-2010", "d", "2010-01-01", NULL);
	assert_text(under(office, "p1"), "d-2010 c-2010 c-2000");

	office_edit(office, unit_edit, "d",
	    "{'parents':[{'relation':'adm','unit':'p1','to':'2005-12-31'},"
	    "{'relation':'adm','unit':'p2','from':'2006-01-01'}]}");
	assert_text(under(office, "p1"), "c-2000");
	assert_text(under(office, "p2"), "d-2010 c-2010");
	assert_text(under(office, "d"), "d-2010 c-2010 c-2000");

	/* The district turns out to have ended before the dossiers of 2010:
	 * what its commune filed then is no longer under it. */
	office_make(office, reorganisation_new,
	    "{'kind':'abolish','date':'2009-01-01','predecessors':['d'],"
	    "'successors':[]}");
	assert_text(under(office, "p2"), "");
	assert_text(under(office, "p1"), "c-2000");
	/* Lineage: what a dissolved unit held goes on. */
	assert_text(under(office, "d"), "d-2010 c-2010 c-2000");
}

static void
grants_and_their_counts_move_too(void **state)
{
	struct office *office = *state;

	grant(office, "g-2000", "c", "2000-01-01");
	grant(office, "g-2010", "c", "2010-01-01");
	assert_text(counted(office, "p1"), "20 20");
	assert_text(counted(office, "p2"), "");
	office_edit(office, unit_edit, "d",
	    "{'parents':[{'relation':'adm','unit':'p1','to':'2005-12-31'},"
	    "{'relation':'adm','unit':'p2','from':'2006-01-01'}]}");
	assert_text(counted(office, "p1"), "10 10");
	assert_text(counted(office, "p2"), "10 10");
	assert_text(granted(office, "p1"), "g-2000 ");
	assert_text(granted(office, "p2"), "g-2010 ");
	assert_text(counted(office, "d"), "20 20");
	assert_text(counted(office, "c"), "20 20");
}

static void
what_is_revoked_moves_without_counting(void **state)
{
	struct office *office = *state;

	grant(office, "g-2010", "c", "2010-01-01");
	office_edit(office, grant_revoke, "g-2010",
	    "{'date':'2011-01-01','reason':'khai man'}");
	assert_text(counted(office, "p1"), "");
	office_edit(office, unit_edit, "d",
	    "{'parents':[{'relation':'adm','unit':'p2'}]}");
	assert_text(counted(office, "p1"), "");
	assert_text(counted(office, "p2"), "");
	assert_text(granted(office, "p1"), "");
	assert_text(granted(office, "p2"), "g-2010 ");
}

static void
units_that_end_together_move_each_grant_once(void **state)
{
	struct office *office = *state;

	grant(office, "g", "c", "2010-01-01");
	/* Province and district end in one event; the commune goes on. */
	office_make(office, reorganisation_new,
	    "{'kind':'abolish','date':'2009-01-01',"
	    "'predecessors':['d','p1'],'successors':[]}");
	assert_text(counted(office, "p1"), "");
	assert_text(counted(office, "d"), "");
	assert_text(counted(office, "c"), "10 10");
	/* They were entered by mistake: not so, nothing brings them back. */
	assert_refused(office,
	    office_try_edit(office, unit_edit, "d", "{'to':null}"), "/to");
}

static void
a_life_made_longer_takes_its_children_back(void **state)
{
	struct office *office = *state;

	grant(office, "g", "c", "2010-01-01");
	filing_file(office, "h", "c", "2010-01-01", NULL);
	office_edit(office, unit_edit, "d", "{'to':'2009-12-31'}");
	assert_text(counted(office, "p1"), "");
	assert_text(under(office, "p1"), "");
	office_edit(office, unit_edit, "d", "{'to':null}");
	assert_text(counted(office, "p1"), "10 10");
	assert_text(under(office, "p1"), "h");
}

/* A command that has read the tree, to be committed later. */
static struct command *
begin(struct office *office)
{
	struct command *command;

	office_look_away(office);
	if (command_new(&command, &office->core, office->arena, &office_actor,
	        "test.late", NULL, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	return command;
}

static void
nothing_is_filed_past_a_change_of_the_tree(void **state)
{
	struct office *office = *state;
	struct command *filing = begin(office);

	assert_int_equal(
	    filing_add(filing, "h", "c", "2010-01-01", NULL, &office->fault),
	    0);
	office_edit(office, unit_edit, "d",
	    "{'parents':[{'relation':'adm','unit':'p2'}]}");
	assert_int_equal(office_commit(office, filing), -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	filing_file(office, "h", "c", "2010-01-01", NULL);
	assert_text(under(office, "p1"), "");
	assert_text(under(office, "p2"), "h");
}

/* The change has not seen what it would have to move. */
static void
nothing_filed_meanwhile_is_left_behind(void **state)
{
	struct office *office = *state;
	struct command *change = begin(office);

	assert_int_equal(
	    unit_edit(change, "d",
	        office_json(office,
	            "{'parents':[{'relation':'adm','unit':'p2'}]}"),
	        &office->fault),
	    0);
	filing_file(office, "h", "c", "2010-01-01", NULL);
	assert_int_equal(office_commit(office, change), -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	office_edit(office, unit_edit, "d",
	    "{'parents':[{'relation':'adm','unit':'p2'}]}");
	assert_text(under(office, "p1"), "");
	assert_text(under(office, "p2"), "h");
}

/* A unit goes on by one event and had ended before it by another. */
static void
no_event_contradicts_one_of_the_same_time(void **state)
{
	struct office *office = *state;
	struct command *ending;

	office_make(office, unit_new,
	    "{'id':'e','kind':'commune','names':[{'name':'Xã E'}],"
	    "'parents':[{'relation':'adm','unit':'d'}]}");
	ending = begin(office);
	assert_int_equal(
	    reorganisation_new(ending,
	        office_json(office, "{'kind':'merge','date':'2010-01-01',"
	                            "'predecessors':['c'],'successors':['e']}"),
	        &office->fault),
	    0);
	office_make(office, reorganisation_new,
	    "{'kind':'transfer','date':'2020-01-01',"
	    "'predecessors':['c'],'successors':['c','e']}");
	assert_int_equal(office_commit(office, ending), -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
}

static void
filing_does_not_disturb_filing(void **state)
{
	struct office *office = *state;
	struct command *first = begin(office);
	struct command *second = begin(office);

	assert_int_equal(
	    filing_add(first, "h1", "c", "2010-01-01", NULL, &office->fault),
	    0);
	assert_int_equal(
	    filing_add(second, "h2", "c", "2010-01-01", NULL, &office->fault),
	    0);
	if (office_commit(office, second) < 0) {
		fail_msg("second: %s", office->fault.text);
	}
	assert_int_equal(office_commit(office, first), 0);
	assert_text(under(office, "p1"), "h2 h1");
}

static void
two_changes_at_once_make_no_circle(void **state)
{
	struct office *office = *state;
	struct command *one;
	struct command *other;

	office_make(office, unit_new,
	    "{'id':'a','kind':'party_body','names':[{'name':'A'}]}");
	office_make(office, unit_new,
	    "{'id':'b','kind':'party_body','names':[{'name':'B'}]}");
	one = begin(office);
	other = begin(office);
	assert_int_equal(unit_edit(one, "a",
	                     office_json(office,
	                         "{'parents':[{'relation':'adm','unit':'b'}]}"),
	                     &office->fault),
	    0);
	assert_int_equal(unit_edit(other, "b",
	                     office_json(office,
	                         "{'parents':[{'relation':'adm','unit':'a'}]}"),
	                     &office->fault),
	    0);
	assert_int_equal(office_commit(office, one), 0);
	assert_int_equal(office_commit(office, other), -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
}

/* Rows alone, numbered from ... to. */
static void
list_many(struct office *office, unsigned done, unsigned count)
{
	const struct listing listing = { .unit = "c" };
	uint8_t value[LISTING_MAX_BYTES];
	size_t len = listing_encode(value, &listing);

	while (done < count) {
		struct writes *writes = writes_new(office->core.store, NULL);
		struct writes_result result;

		for (unsigned i = 0; i < 1000 && done < count; i++, done++) {
			struct key key;

			listing_key(&key, TABLE_DOSSIER_UNDER, "d", 0,
			    arena_format(office->arena, "h%06u", done));
			writes_put(writes, key_bytes(&key),
			    bytes_of(value, len));
		}
		assert_int_equal(writes_commit_wait(writes, &result,
		                     office->arena, &office->fault),
		    0);
	}
}

static void
a_change_that_moves_too_much_is_refused(void **state)
{
	struct office *office = *state;

	list_many(office, 0, REFILE_MAX);
	office_edit(office, unit_edit, "d",
	    "{'parents':[{'relation':'adm','unit':'p2'}]}");
	list_many(office, REFILE_MAX, REFILE_MAX + 1);
	assert_int_equal(office_try_edit(office, unit_edit, "d",
	                     "{'parents':[{'relation':'adm','unit':'p1'}]}"),
	    -1);
	assert_int_equal(office->fault.code, FAULT_LIMIT);
	office_edit(office, unit_edit, "d", "{'note':'Vẫn sửa được'}");
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

UNIT_MAIN(test(dossiers_move_with_their_unit),
    test(grants_and_their_counts_move_too),
    test(what_is_revoked_moves_without_counting),
    test(units_that_end_together_move_each_grant_once),
    test(a_life_made_longer_takes_its_children_back),
    test(nothing_is_filed_past_a_change_of_the_tree),
    test(nothing_filed_meanwhile_is_left_behind),
    test(no_event_contradicts_one_of_the_same_time),
    test(filing_does_not_disturb_filing),
    test(two_changes_at_once_make_no_circle),
    test(a_change_that_moves_too_much_is_refused))
