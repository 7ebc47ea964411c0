/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sums and lists of grants against a plain array: random decisions in a tree
 * that changes, random questions, before and after some were revoked.
 */

#include "core/childhood.h"
#include "core/decision.h"
#include "core/document.h"
#include "core/grant.h"
#include "core/grant_list.h"
#include "core/grant_sums.h"
#include "core/unit_change.h"
#include "tests/unit/office.h"

#define GRANTS    300
#define QUESTIONS 150

enum { TINH, HUYEN_A, HUYEN_B, XA, XA_MOI, CUM, UNITS };

static const char *const units[UNITS] = { "tinh", "huyen-a", "huyen-b", "xa",
	"xa-moi", "cum" };
static const char *const awards[] = { "merit_province", "collective_advanced",
	"fighter_base", "hamlet_cultural" };
static const char *const kinds[] = { "individual", "collective", "individual",
	"collective" };
static const char *const attributes[] = { "direct_worker", "leader_other",
	"woman", "ethnic_minority" };

struct model {
	char id[20];
	int unit;
	int award;
	struct span date;
	int count;
	const char *cadre;
	bool woman;
	bool minority;
	bool revoked;
};

static struct model grants[GRANTS];

static const char *const tree[] = {
	"{'id':'tinh','kind':'province','names':[{'name':'Tỉnh'}]}",
	"{'id':'cum','kind':'cluster','names':[{'name':'Cụm'}]}",
	"{'id':'huyen-a','kind':'district','names':[{'name':'Huyện A'}],"
	"'parents':[{'relation':'adm','unit':'tinh'}],'to':'2025-06-30'}",
	"{'id':'huyen-b','kind':'district','names':[{'name':'Huyện B'}],"
	"'parents':[{'relation':'adm','unit':'tinh'},{'relation':'member',"
	"'unit':'cum','from':'2024-01-01','to':'2024-12-31'}],"
	"'to':'2025-06-30'}",
	/* From one district to the other, then right below the province. */
	"{'id':'xa','kind':'commune','names':[{'name':'Xã'}],'parents':["
	"{'relation':'adm','unit':'huyen-a','to':'2024-06-30'},"
	"{'relation':'adm','unit':'huyen-b','from':'2024-07-01',"
	"'to':'2025-06-30'},"
	"{'relation':'adm','unit':'tinh','from':'2025-07-01'}]}",
	"{'id':'xa-moi','kind':'commune','names':[{'name':'Xã mới'}],"
	"'from':'2025-07-01','parents':[{'relation':'adm','unit':'tinh',"
	"'from':'2025-07-01'}]}",
};

/* Right above a unit on a day; UNITS where nothing is. */
static int
above(int unit, date_t day)
{
	bool is_new = day >= date_of(2025, 7, 1);

	switch (unit) {
	case HUYEN_A:
	case HUYEN_B:
		return TINH;
	case XA:
		return is_new                       ? TINH
		       : day >= date_of(2024, 7, 1) ? HUYEN_B
		                                    : HUYEN_A;
	case XA_MOI:
		return TINH;
	default:
		return UNITS;
	}
}

/* By adm; the cluster has what its member has in its year. */
static bool
is_under(int inner, int outer, date_t day)
{
	if (outer == CUM) {
		return day >= date_of(2024, 1, 1) &&
		       day <= date_of(2024, 12, 31) &&
		       is_under(inner, HUYEN_B, day);
	}
	while (inner != UNITS && inner != outer) {
		inner = above(inner, day);
	}
	return inner == outer;
}

static bool
stands(int unit, date_t day)
{
	bool is_new = day >= date_of(2025, 7, 1);

	return unit == HUYEN_A || unit == HUYEN_B ? !is_new
	       : unit == XA_MOI                   ? is_new
	                                          : unit != CUM;
}

static void
draw_grant(int number)
{
	struct model *grant = &grants[number];

	snprintf(grant->id, sizeof(grant->id), "q%d-001", number);
	grant->award = (int)(unit_draw() % 4);
	grant->count = 1 + (int)(unit_draw() % 50);
	grant->date.from = date_of(2024, 1, 1) + (date_t)(unit_draw() % 800);
	grant->date.to = grant->date.from;
	if (unit_draw() % 4 == 0) {
		grant->date.to += 1 + (date_t)(unit_draw() % 200);
	}
	do {
		grant->unit = (int)(unit_draw() % UNITS);
	} while (!stands(grant->unit, grant->date.from));
	if (strcmp(kinds[grant->award], "individual") == 0) {
		uint64_t drawn = unit_draw() % 3;

		grant->cadre = drawn < 2 ? attributes[drawn] : NULL;
		grant->woman = unit_draw() % 2 == 0;
		grant->minority = unit_draw() % 3 == 0;
	}
}

static void
make_grant(struct office *office, int number)
{
	struct model *grant = &grants[number];
	char body[600], from[DATE_TEXT], to[DATE_TEXT];

	*grant = (struct model){ .unit = 0 };
	draw_grant(number);
	date_format(from, grant->date.from);
	date_format(to, grant->date.to);
	snprintf(body, sizeof(body),
	    "{'id':'q%d','document':'qd','date':{'from':'%s','to':'%s'},"
	    "'issuer':'tinh','grants':[{'award':'%s','unit':'%s','subject':"
	    "{'kind':'%s','count':%d%s%s%s%s%s}}]}",
	    number, from, to, awards[grant->award], units[grant->unit],
	    kinds[grant->award], grant->count,
	    grant->cadre != NULL ? ",'cadre':'" : "",
	    grant->cadre != NULL ? grant->cadre : "",
	    grant->cadre != NULL ? "'" : "",
	    grant->woman ? ",'woman':true" : "",
	    grant->minority ? ",'ethnic_minority':true" : "");
	office_make(office, decision_new, body);
}

static int
setup(void **state)
{
	struct office *office = office_open(true);

	for (size_t i = 0; i < sizeof(tree) / sizeof(tree[0]); i++) {
		office_make(office, unit_new, tree[i]);
	}
	office_make(office, document_new,
	    "{'id':'qd','kind':'QĐ','issuer':{'unit':'tinh'},'subject':'A'}");
	for (int i = 0; i < GRANTS; i++) {
		make_grant(office, i);
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

/* --- the plain array ---------------------------------------------------------- */

static const char *
level_of(const struct model *grant)
{
	switch (grant->award) {
	case 0:
		return "province";
	case 3:
		return grant->date.from >= date_of(2025, 7, 1) ? "commune"
		                                               : "district";
	default:
		return "base";
	}
}

static bool
has(const char **list, const char *word)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		if (strcmp(list[i], word) == 0) {
			return true;
		}
	}
	return list == NULL;
}

static bool
has_attribute(const struct model *grant, const char *attribute)
{
	return attribute == NULL || attribute[0] == '\0' ||
	       (strcmp(attribute, "woman") == 0 && grant->woman) ||
	       (strcmp(attribute, "ethnic_minority") == 0 && grant->minority) ||
	       (grant->cadre != NULL && strcmp(grant->cadre, attribute) == 0);
}

static bool
takes(const struct grant_filter *filter, int unit, const struct model *grant)
{
	return is_under(grant->unit, unit, grant->date.from) &&
	       span_holds(filter->period, grant->date) &&
	       has(filter->awards, awards[grant->award]) &&
	       has(filter->levels, level_of(grant)) &&
	       has(filter->subjects, kinds[grant->award]) &&
	       has_attribute(grant, filter->attribute) &&
	       (filter->standing == GRANT_EITHER ||
	           grant->revoked == (filter->standing == GRANT_REVOKED));
}

static bool
is_of_sum(const struct grant_sum *sum, unsigned by, const struct model *grant)
{
	int year = date_year(grant->date.from);

	if (year != date_year(grant->date.to)) {
		year = 0;
	}
	return ((by & GRANT_BY_AWARD) == 0 ||
	           strcmp(sum->award, awards[grant->award]) == 0) &&
	       ((by & GRANT_BY_LEVEL) == 0 ||
	           strcmp(sum->level, level_of(grant)) == 0) &&
	       ((by & GRANT_BY_SUBJECT) == 0 ||
	           strcmp(sum->subject, kinds[grant->award]) == 0) &&
	       ((by & GRANT_BY_YEAR) == 0 || sum->year == year) &&
	       has_attribute(grant, sum->attribute);
}

/* --- questions ----------------------------------------------------------------- */

/* One or two words, or any. */
static const char **
draw_list(struct office *office, const char *const *words, size_t count)
{
	const char **list;

	if (unit_draw() % 2 == 0) {
		return NULL;
	}
	list = arena_alloc(office->arena, 3 * sizeof(*list));
	list[0] = words[unit_draw() % count];
	list[1] = unit_draw() % 2 == 0 ? words[unit_draw() % count] : NULL;
	return list;
}

static int
draw_filter(struct office *office, struct grant_filter *filter)
{
	static const char *const levels[] = { "province", "base", "district",
		"commune" };
	int unit = (int)(unit_draw() % UNITS);

	*filter = (struct grant_filter){ .rules = office->rules,
		.unit = units[unit],
		.awards = draw_list(office, awards, 4),
		.levels = draw_list(office, levels, 4),
		.subjects = draw_list(office, kinds, 2),
		.attribute =
		    unit_draw() % 3 == 0 ? attributes[unit_draw() % 4] : NULL };
	filter->period.from =
	    date_of(2023, 12, 1) + (date_t)(unit_draw() % 500);
	filter->period.to = filter->period.from + (date_t)(unit_draw() % 700);
	if (unit_draw() % 4 == 0) {
		filter->period = (struct span){ DATE_MIN, DATE_MAX };
	}
	return unit;
}

static void
ask_sums(struct office *office)
{
	unsigned by = (unsigned)(unit_draw() % 32);
	struct grant_filter filter;
	int unit = draw_filter(office, &filter);
	struct grant_sum *sums;
	int64_t all = 0;
	int64_t told = 0;
	size_t count;

	assert_int_equal(grant_sums(office_look(office), office->arena, &filter,
	                     by, &sums, &count, &office->fault),
	    0);
	for (int i = 0; i < GRANTS; i++) {
		all += takes(&filter, unit, &grants[i]) ? grants[i].count : 0;
	}
	for (size_t s = 0; s < count; s++) {
		int64_t wanted = 0;

		for (int i = 0; i < GRANTS; i++) {
			if (takes(&filter, unit, &grants[i]) &&
			    is_of_sum(&sums[s], by, &grants[i])) {
				wanted += grants[i].count;
			}
		}
		assert_int_equal(sums[s].count, wanted);
		told += filter.attribute != NULL || sums[s].attribute[0] == '\0'
		            ? sums[s].count
		            : 0;
	}
	assert_int_equal(told, all);
}

struct seen {
	bool is_seen[GRANTS];
	date_t last;
	unsigned count;
};

static int
see(void *arg, const struct record *grant, struct fault *fault)
{
	struct seen *seen = arg;
	int number = atoi(grant->id + 1);

	(void)fault;
	assert_false(seen->is_seen[number]);
	assert_true(grants[number].date.from <= seen->last);
	seen->is_seen[number] = true;
	seen->last = grants[number].date.from;
	seen->count++;
	return 0;
}

static void
ask_list(struct office *office)
{
	struct seen seen = { .last = DATE_MAX };
	unsigned limit = 1 + (unsigned)(unit_draw() % 20);
	const char *cursor = NULL;
	struct grant_filter filter;
	int unit = draw_filter(office, &filter);

	filter.standing = (enum grant_standing)(unit_draw() % 3);
	do {
		unsigned before = seen.count;

		assert_int_equal(grant_list(office_look(office), office->arena,
		                     &filter, cursor, limit, see, &seen,
		                     &cursor, &office->fault),
		    0);
		assert_true(seen.count - before <= limit);
		assert_true(cursor == NULL || seen.count > before);
	} while (cursor != NULL);
	for (int i = 0; i < GRANTS; i++) {
		assert_int_equal(seen.is_seen[i],
		    takes(&filter, unit, &grants[i]));
	}
}

static void
sums_and_lists_agree_with_a_plain_array(void **state)
{
	struct office *office = *state;

	for (int i = 0; i < QUESTIONS; i++) {
		ask_sums(office);
		ask_list(office);
	}
	for (int i = 0; i < GRANTS; i += 3) {
		office_edit(office, grant_revoke, grants[i].id,
		    "{'date':'2026-03-01','reason':'Khai man'}");
		grants[i].revoked = true;
	}
	for (int i = 0; i < QUESTIONS; i++) {
		ask_sums(office);
		ask_list(office);
	}
}

/* --- children ------------------------------------------------------------------ */

static int64_t
sum_of(struct office *office, const char *unit, struct span days)
{
	struct grant_filter filter = { .rules = office->rules,
		.unit = unit,
		.period = days };
	struct grant_sum *sums;
	size_t count;

	assert_int_equal(grant_sums(office_look(office), office->arena, &filter,
	                     0, &sums, &count, &office->fault),
	    0);
	return count > 0 ? sums[0].count : 0;
}

/* Of a day each, so that no date reaches over the end of a childhood. */
static void
a_unit_has_what_its_children_had_and_what_was_its_own(void **state)
{
	struct office *office = *state;
	struct childhood *children;
	size_t count;

	for (date_t day = date_of(2024, 1, 1); day < date_of(2026, 3, 1);
	     day += 3) {
		struct span days = { day, day };
		int64_t below = 0;
		int64_t own = 0;

		assert_int_equal(childhoods_in(office_look(office),
		                     office->arena, "tinh", UNIT_ADM, days,
		                     &children, &count, &office->fault),
		    0);
		for (size_t i = 0; i < count; i++) {
			below +=
			    sum_of(office, children[i].unit, children[i].days);
		}
		for (int i = 0; i < GRANTS; i++) {
			own += grants[i].unit == TINH && !grants[i].revoked &&
			               span_holds(days, grants[i].date)
			           ? grants[i].count
			           : 0;
		}
		assert_int_equal(below + own, sum_of(office, "tinh", days));
	}
}

static void
a_childhood_ends_where_the_lives_and_the_question_end(void **state)
{
	struct office *office = *state;
	struct childhood *list;
	size_t count;

	assert_int_equal(childhoods_in(office_look(office), office->arena,
	                     "huyen-b", UNIT_ADM,
	                     (struct span){ date_of(2024, 8, 1), DATE_MAX },
	                     &list, &count, &office->fault),
	    0);
	assert_int_equal(count, 1);
	assert_text(list[0].unit, "xa");
	assert_int_equal(list[0].days.from, date_of(2024, 8, 1));
	assert_int_equal(list[0].days.to, date_of(2025, 6, 30));
	assert_int_equal(childhoods_in(office_look(office), office->arena,
	                     "cum", UNIT_MEMBER,
	                     (struct span){ DATE_MIN, DATE_MAX }, &list, &count,
	                     &office->fault),
	    0);
	assert_int_equal(count, 1);
	assert_text(list[0].unit, "huyen-b");
	assert_int_equal(list[0].days.from, date_of(2024, 1, 1));
	assert_int_equal(list[0].days.to, date_of(2024, 12, 31));
}

/* --- pages --------------------------------------------------------------------- */

static void
a_cursor_of_another_question_is_refused(void **state)
{
	static const char *others[] = { "merit_province", NULL };
	struct office *office = *state;
	struct grant_filter filter = { .rules = office->rules,
		.unit = "tinh",
		.period = { DATE_MIN, DATE_MAX } };
	struct seen seen = { .last = DATE_MAX };
	const char *cursor;
	const char *next;

	assert_int_equal(grant_list(office_look(office), office->arena, &filter,
	                     NULL, 2, see, &seen, &cursor, &office->fault),
	    0);
	assert_non_null(cursor);
	filter.awards = others;
	assert_int_equal(grant_list(office_look(office), office->arena, &filter,
	                     cursor, 2, see, &seen, &next, &office->fault),
	    -1);
	assert_text(office->fault.field, "cursor");
	filter.awards = NULL;
	filter.standing = GRANT_EITHER;
	assert_int_equal(grant_list(office_look(office), office->arena, &filter,
	                     cursor, 2, see, &seen, &next, &office->fault),
	    -1);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

UNIT_MAIN(test(sums_and_lists_agree_with_a_plain_array),
    test(a_unit_has_what_its_children_had_and_what_was_its_own),
    test(a_childhood_ends_where_the_lives_and_the_question_end),
    test(a_cursor_of_another_question_is_refused))
