/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Grants and their counters against a plain list: random decisions for a
 * small tree of units, some revoked, counted for random units and periods.
 */

#include "core/grant.h"
#include "core/grant_list.h"
#include "core/grant_query.h"

#include "core/decision.h"
#include "core/document.h"
#include "core/unit_change.h"
#include "tests/unit/office.h"

#define GRANTS    400
#define QUESTIONS 200

static const char *const units[] = { "tinh", "huyen", "xa", "xa-khac" };
static const char *const awards[] = { "merit_province", "collective_advanced",
	"advanced_worker", "fighter_base" };
static const char *const kinds[] = { "collective", "collective", "individual",
	"individual" };

struct model {
	int unit;
	int award;
	struct span date;
	int count;
	bool direct;
	bool revoked;
};

static struct model grants[GRANTS];

static int
setup(void **state)
{
	struct office *office = office_open(true);

	office_make(office, unit_new,
	    "{'id':'tinh','kind':'province','names':[{'name':'Tỉnh'}]}");
	office_make(office, unit_new,
	    "{'id':'huyen','kind':'district','names':[{'name':'Huyện'}],"
	    "'parents':[{'relation':'adm','unit':'tinh'}],'to':'2025-06-30'}");
	office_make(office, unit_new,
	    "{'id':'xa','kind':'commune','names':[{'name':'Xã'}],'to':"
	    "'2025-06-30','parents':[{'relation':'adm','unit':'huyen'}]}");
	office_make(office, unit_new,
	    "{'id':'xa-khac','kind':'commune','names':[{'name':'Xã khác'}],"
	    "'to':'2025-06-30','parents':[{'relation':'adm','unit':'huyen'}]}");
	office_make(office, document_new,
	    "{'id':'qd','kind':'QĐ','issuer':{'unit':'tinh'},'subject':'A'}");
	*state = office;
	return 0;
}

static int
teardown(void **state)
{
	office_close(*state);
	return 0;
}

/* Is the unit `inner` the unit `outer` or below it, in this tree? */
static bool
is_under(int inner, int outer)
{
	return inner == outer || outer == 0 || (outer == 1 && inner >= 2);
}

static void
make_grant(struct office *office, int number)
{
	struct model *grant = &grants[number];
	char body[600], date[80], from[DATE_TEXT], to[DATE_TEXT];

	grant->unit = (int)(unit_draw() % 4);
	grant->award = (int)(unit_draw() % 4);
	grant->count = 1 + (int)(unit_draw() % 50);
	grant->direct = grant->award >= 2 && unit_draw() % 2 == 0;
	grant->date.from = date_of(2024, 1, 1) + (date_t)(unit_draw() % 500);
	grant->date.to = grant->date.from;
	date_format(from, grant->date.from);
	snprintf(date, sizeof(date), "'%s'", from);
	if (unit_draw() % 4 == 0) {
		grant->date.to += 1 + (date_t)(unit_draw() % 200);
		date_format(to, grant->date.to);
		snprintf(date, sizeof(date), "{'from':'%s','to':'%s'}", from,
		    to);
	}
	snprintf(body, sizeof(body),
	    "{'id':'q%d','document':'qd','date':%s,'issuer':'tinh','grants':["
	    "{'award':'%s','unit':'%s','subject':{'kind':'%s','count':%d%s}}]}",
	    number, date, awards[grant->award], units[grant->unit],
	    kinds[grant->award], grant->count,
	    grant->direct ? ",'cadre':'direct_worker'" : "");
	office_make(office, decision_new, body);
}

static int64_t
count_model(int unit, struct span period, int award, bool direct)
{
	int64_t sum = 0;

	for (int i = 0; i < GRANTS; i++) {
		const struct model *grant = &grants[i];

		if (!grant->revoked && is_under(grant->unit, unit) &&
		    grant->award == award && (!direct || grant->direct) &&
		    span_holds(period, grant->date)) {
			sum += grant->count;
		}
	}
	return sum;
}

static int64_t
count_stored(struct office *office, int unit, struct span period, int award,
    const char *attribute)
{
	struct grant_query query = { .unit = units[unit],
		.period = period,
		.award = awards[award] };
	struct grant_count *counts;
	int64_t sum = 0;
	size_t n;

	assert_int_equal(grant_counts(office_look(office), office->arena,
	                     &query, &counts, &n, &office->fault),
	    0);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(counts[i].attribute, attribute) == 0) {
			sum += counts[i].count;
		}
	}
	return sum;
}

static int
add_one(void *arg, const struct record *grant, struct fault *fault)
{
	int64_t *sum = arg;
	const json_t *subject = json_object_get(grant->value, "subject");

	(void)fault;
	if (strcmp(json_text_at(grant->value, "state"), "granted") == 0) {
		*sum += json_integer_at(subject, "count");
	}
	return 0;
}

/* Every decision has one grant here: those that stand, one by one. */
static int
count_decision(void *arg, const struct record *grant, bool *taken_out,
    struct fault *fault)
{
	int *count = arg;

	(void)fault;
	assert_text(json_text_at(grant->value, "state"), "granted");
	*taken_out = true;
	++*count;
	return 0;
}

static int
decisions_of_model(int unit, struct span period, int award)
{
	int count = 0;

	for (int i = 0; i < GRANTS; i++) {
		count += !grants[i].revoked && grants[i].award == award &&
		         is_under(grants[i].unit, unit) &&
		         span_holds(period, grants[i].date);
	}
	return count;
}

static void
ask(struct office *office)
{
	int unit = (int)(unit_draw() % 4);
	int award = (int)(unit_draw() % 4);
	struct span period;
	struct grant_query query;
	int64_t wanted;
	int64_t walked = 0;
	int decisions = 0;

	period.from = date_of(2023, 12, 1) + (date_t)(unit_draw() % 500);
	period.to = period.from + (date_t)(unit_draw() % 400);
	wanted = count_model(unit, period, award, false);
	assert_int_equal(count_stored(office, unit, period, award, ""), wanted);
	assert_int_equal(
	    count_stored(office, unit, period, award, "direct_worker"),
	    count_model(unit, period, award, true));
	query =
	    (struct grant_query){ units[unit], period, awards[award], NULL };
	assert_int_equal(grant_each(office_look(office), &query, add_one,
	                     &walked, &office->fault),
	    0);
	assert_int_equal(walked, wanted);
	assert_int_equal(grant_each_decision(office_look(office), &query,
	                     count_decision, &decisions, &office->fault),
	    0);
	assert_int_equal(decisions, decisions_of_model(unit, period, award));
}

static void
counters_agree_with_a_plain_list(void **state)
{
	struct office *office = *state;

	for (int i = 0; i < GRANTS; i++) {
		make_grant(office, i);
	}
	for (int i = 0; i < QUESTIONS; i++) {
		ask(office);
	}
	for (int i = 0; i < GRANTS; i += 3) {
		char id[24];

		snprintf(id, sizeof(id), "q%d-001", i);
		office_edit(office, grant_revoke, id,
		    "{'date':'2025-06-01','reason':'Khai man'}");
		grants[i].revoked = true;
	}
	for (int i = 0; i < QUESTIONS; i++) {
		ask(office);
	}
}

/* Takes only what is not of kind collective; keeps the ids. */
static int
take_individuals(void *arg, const struct record *grant, bool *taken_out,
    struct fault *fault)
{
	const json_t *subject = json_object_get(grant->value, "subject");
	char *ids = arg;

	(void)fault;
	*taken_out = strcmp(json_text_at(subject, "kind"), "collective") != 0;
	snprintf(ids + strlen(ids), 200 - strlen(ids), "%s%s ", grant->id,
	    *taken_out ? "!" : "");
	return 0;
}

static void
of_a_decision_that_was_taken_nothing_more_is_shown(void **state)
{
	static const char *const decisions[] = { "a", "a-2", "b" };
	struct office *office = *state;
	struct grant_query query = { .unit = "tinh",
		.period = { DATE_MIN, DATE_MAX },
		.award = "merit_province" };
	char ids[200] = "";

	for (size_t i = 0; i < 3; i++) {
		office_make(office, decision_new,
		    arena_format(office->arena,
		        "{'id':'%s','document':'qd','date':'2024-03-01',"
		        "'issuer':'tinh','grants':["
		        "{'award':'merit_province','unit':'xa','subject':{"
		        "'kind':'collective','name':'Thôn'}},"
		        "{'award':'merit_province','unit':'xa','subject':{"
		        "'kind':'individual','name':'A'}},"
		        "{'award':'merit_province','unit':'xa','subject':{"
		        "'kind':'individual','name':'B'}}]}",
		        decisions[i]));
	}
	office_edit(office, grant_revoke, "b-002",
	    "{'date':'2025-06-01','reason':'Khai man'}");
	assert_int_equal(grant_each_decision(office_look(office), &query,
	                     take_individuals, ids, &office->fault),
	    0);
	assert_text(ids, "a-001 a-002! a-2-001 a-2-002! b-001 b-003! ");
}

/* Takes all; keeps the ids. */
static int
take_all(void *arg, const struct record *grant, bool *taken_out,
    struct fault *fault)
{
	char *ids = arg;

	(void)fault;
	*taken_out = true;
	snprintf(ids + strlen(ids), 200 - strlen(ids), "%s ", grant->id);
	return 0;
}

static int
take_listed(void *arg, const struct record *grant, struct fault *fault)
{
	bool taken;

	return take_all(arg, grant, &taken, fault);
}

/* The last day that there is. */
static void
grants_of_the_last_day_are_listed_by_award(void **state)
{
	static const char *awarded[] = { "merit_province", NULL };
	struct office *office = *state;
	const struct grant_filter filter = { .rules = office->rules,
		.unit = "tinh",
		.period = { DATE_MIN, DATE_MAX },
		.awards = awarded };
	char ids[200] = "";
	const char *next;

	office_make(office, decision_new,
	    "{'id':'q','document':'qd','date':'9999-12-31','issuer':'tinh',"
	    "'grants':[{'award':'merit_province','unit':'tinh','subject':"
	    "{'kind':'individual','name':'A'}}]}");
	assert_int_equal(grant_list(office_look(office), office->arena, &filter,
	                     NULL, 10, take_listed, ids, &next, &office->fault),
	    0);
	assert_text(ids, "q-001 ");
}

static void
grants_of_two_decisions_lie_among_each_other(void **state)
{
	static const char *const decisions[] = { "q", "q-001" };
	struct office *office = *state;
	struct grant_query query = { .unit = "tinh",
		.period = { DATE_MIN, DATE_MAX } };
	char ids[200] = "";

	for (size_t i = 0; i < 2; i++) {
		office_make(office, decision_new,
		    arena_format(office->arena,
		        "{'id':'%s','document':'qd','date':'2024-03-01',"
		        "'issuer':'tinh','grants':["
		        "{'award':'merit_province','unit':'tinh','subject':{"
		        "'kind':'individual','name':'A'}},"
		        "{'award':'merit_province','unit':'tinh','subject':{"
		        "'kind':'individual','name':'B'}}]}",
		        decisions[i]));
	}
	assert_int_equal(grant_each_decision(office_look(office), &query,
	                     take_all, ids, &office->fault),
	    0);
	assert_text(ids, "q-001 q-001-001 ");
}

static void
a_grant_is_revoked_once_and_stays(void **state)
{
	struct office *office = *state;
	struct record grant;

	office_make(office, decision_new,
	    "{'id':'q','document':'qd','date':'2024-03-01','issuer':'tinh',"
	    "'grants':[{'award':'merit_province','unit':'xa','subject':"
	    "{'kind':'individual','name':'Nguyễn Thị A'}}]}");
	office_edit(office, grant_revoke, "q-001",
	    "{'date':'2024-09-01','reason':'Khai man thành tích'}");
	assert_int_equal(office_try_edit(office, grant_revoke, "q-001",
	                     "{'date':'2024-09-02','reason':'Lần nữa'}"),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	assert_int_equal(record_need(office_look(office), office->arena,
	                     RECORD_GRANT, "q-001", &grant, &office->fault),
	    0);
	assert_text(json_text_at(grant.value, "state"), "revoked");
	assert_text(
	    json_text_at(json_object_get(grant.value, "subject"), "name"),
	    "Nguyễn Thị A");
}

static void
a_name_stands_for_one_subject(void **state)
{
	struct office *office = *state;

	assert_refused(office,
	    office_try(office, decision_new,
	        "{'document':'qd','date':'2024-03-01','issuer':'tinh',"
	        "'grants':[{'award':'merit_province','unit':'xa','subject':"
	        "{'kind':'individual','name':'A','count':2}}]}"),
	    "/grants/0/subject/name");
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

UNIT_MAIN(test(counters_agree_with_a_plain_list),
    test(of_a_decision_that_was_taken_nothing_more_is_shown),
    test(grants_of_two_decisions_lie_among_each_other),
    test(grants_of_the_last_day_are_listed_by_award),
    test(a_grant_is_revoked_once_and_stays),
    test(a_name_stands_for_one_subject))
