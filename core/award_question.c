/* SPDX-License-Identifier: Apache-2.0 */

/* What a report asks of awards: sums, the grants themselves, the catalogue. */

#include "core/asking.h"

#include "base/clock.h"
#include "core/grant_query.h"
#include "core/permit.h"
#include "core/rules.h"
#include "core/unit.h"

#include <stdlib.h>

/* Its place in the catalogue, and its row on the day. */
static size_t
award_order(const struct rules *rules, const char *code)
{
	json_t *row;
	size_t i;

	json_array_foreach(rules_list(rules, RULES_AWARDS), i, row)
	{
		if (strcmp(json_text_at(row, "code"), code) == 0) {
			return i;
		}
	}
	return SIZE_MAX;
}

static const char *
award_level(const struct rules *rules, const char *code)
{
	size_t order = award_order(rules, code);

	return order == SIZE_MAX
	           ? NULL
	           : json_text_at(
	                 json_array_get(rules_list(rules, RULES_AWARDS), order),
	                 "level");
}

static bool
level_fits(const struct asking *asking, const char *award)
{
	const char *wanted = asking_text(asking, "level");
	const char *level =
	    wanted == NULL ? NULL
	                   : award_level(asking->questions->core->rules, award);

	return wanted == NULL || (level != NULL && strcmp(level, wanted) == 0);
}

struct ordered {
	size_t order;
	const struct grant_count *count;
};

static int
compare_ordered(const void *left, const void *right)
{
	const struct ordered *a = left;
	const struct ordered *b = right;

	if (a->order != b->order) {
		return a->order < b->order ? -1 : 1;
	}
	/* one award: the counts are in order of subject and attribute */
	return (a->count > b->count) - (a->count < b->count);
}

static int
read_grant_query(const struct asking *asking, struct grant_query *query,
    struct fault *fault)
{
	*query = (struct grant_query){ .award = asking_text(asking, "award"),
		.subject_kind = asking_text(asking, "subject") };
	if (asking_need(asking, "unit", &query->unit, fault) < 0) {
		return -1;
	}
	return asking_period(asking, &query->period, fault);
}

int
award_question_counts(struct asking *asking, struct fault *fault)
{
	const struct rules *rules = asking->questions->core->rules;
	const char *by = asking_text(asking, "by");
	struct grant_query query;
	struct grant_count *counts;
	struct ordered *rows;
	size_t count;

	if (by != NULL && strcmp(by, "attribute") != 0) {
		return fault_field(fault, "by", "is attribute or absent");
	}
	if (read_grant_query(asking, &query, fault) < 0 ||
	    grant_counts(asking->questions->snapshot, asking->arena, &query,
	        &counts, &count, fault) < 0) {
		return -1;
	}
	rows = arena_alloc(asking->arena, count * sizeof(*rows));
	for (size_t i = 0; i < count; i++) {
		rows[i].count = &counts[i];
		rows[i].order = award_order(rules, counts[i].award);
	}
	qsort(rows, count, sizeof(*rows), compare_ordered);
	for (size_t i = 0; i < count; i++) {
		const struct grant_count *one = rows[i].count;
		json_t *row;
		int rc;

		if ((by != NULL) != (one->attribute[0] != '\0') ||
		    !level_fits(asking, one->award)) {
			continue;
		}
		row =
		    json_pack("{s:s, s:s, s:I}", "award", one->award, "subject",
		        one->subject_kind, "sum", (json_int_t)one->count);
		if (by != NULL) {
			asking_put_text(row, "attribute", one->attribute);
		}
		rc = asking_emit(asking, row, fault);
		if (rc != 0) {
			return rc;
		}
	}
	return 0;
}

/* --- grants ---------------------------------------------------------------- */

/* A walk over grants; there may be more than memory holds at a time. */
struct telling {
	const struct asking *asking;
	struct arena *row;   /* of one grant */
	struct arena *about; /* of the decision below */
	const char *decision;
	const char *reference; /* of its document */
	const char *issuer;
	int64_t left; /* decisions, where so many were asked for */
};

/* Grants of one decision come one after the other: it is read once. */
static int
find_decision(struct telling *telling, const char *id, struct fault *fault)
{
	struct snapshot *snapshot = telling->asking->questions->snapshot;
	struct record decision;
	struct record document;
	int found;

	if (telling->decision != NULL && strcmp(telling->decision, id) == 0) {
		return 0;
	}
	arena_reset(telling->about);
	telling->decision = arena_text(telling->about, id);
	telling->reference = NULL;
	telling->issuer = NULL;
	found = record_find(snapshot, telling->about, RECORD_DECISION, id,
	    &decision, fault);
	if (found <= 0) {
		return found;
	}
	telling->issuer = json_text_at(decision.value, "issuer");
	found = record_find(snapshot, telling->about, RECORD_DOCUMENT,
	    json_text_at(decision.value, "document"), &document, fault);
	if (found == 1) {
		telling->reference = json_text_at(document.value, "reference");
	}
	return found < 0 ? -1 : 0;
}

/* What its record says by itself. */
static json_t *
describe_grant(const struct record *grant)
{
	const json_t *subject = json_object_get(grant->value, "subject");
	const json_t *achievement =
	    json_object_get(grant->value, "achievement");
	json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", grant->id,
	    "award", json_text_at(grant->value, "award"), "subject",
	    json_text_at(subject, "kind"), "unit",
	    json_text_at(grant->value, "unit"), "state", "granted");

	asking_put_text(row, "name", json_text_at(subject, "name"));
	asking_put_text(row, "cadre", json_text_at(subject, "cadre"));
	json_object_set_new(row, "count",
	    json_integer(json_object_get(subject, "count") != NULL
	                     ? json_integer_at(subject, "count")
	                     : 1));
	json_object_set_new(row, "woman",
	    json_boolean(json_is_true(json_object_get(subject, "woman"))));
	json_object_set_new(row, "ethnic_minority",
	    json_boolean(
	        json_is_true(json_object_get(subject, "ethnic_minority"))));
	asking_put_when(row, json_object_get(grant->value, "date"));
	asking_put_text(row, "achievement", json_string_value(achievement));
	return row;
}

/* As asking_emit(); told_out is false where it is none of the question's or
 * the caller's. */
static int
tell_grant(struct telling *telling, const struct record *grant, bool *told_out,
    struct fault *fault)
{
	const struct asking *asking = telling->asking;
	const char *decision = json_text_at(grant->value, "decision");
	struct permit_object object =
	    permit_object_of(RECORD_GRANT, grant->value);
	struct unit_title title;
	date_t date = 0;
	json_t *row;
	int may;

	*told_out = false;
	if (!level_fits(asking, json_text_at(grant->value, "award")) ||
	    strcmp(json_text_at(grant->value, "state"), "granted") != 0) {
		return 0;
	}
	may = permit_may(asking->questions->core, asking->questions->snapshot,
	    asking->questions->actor, "grant.read", &object, fault);
	if (may <= 0) {
		return may;
	}
	row = describe_grant(grant);
	if (json_text_at(row, "date") != NULL) {
		date_parse(&date, json_text_at(row, "date"));
	}
	arena_reset(telling->row);
	if (unit_title_at(asking->questions->snapshot, telling->row,
	        json_text_at(grant->value, "unit"), date, &title, fault) < 0 ||
	    find_decision(telling, decision, fault) < 0) {
		json_decref(row);
		return -1;
	}
	asking_put_text(row, "decision", decision);
	asking_put_text(row, "reference", telling->reference);
	asking_put_text(row, "issuer", telling->issuer);
	asking_put_text(row, "unit_name", title.name);
	*told_out = true;
	return asking_emit(asking, row, fault);
}

static int
emit_grant(void *arg, const struct record *grant, struct fault *fault)
{
	bool told;

	return tell_grant(arg, grant, &told, fault);
}

static int
emit_decision(void *arg, const struct record *grant, bool *taken_out,
    struct fault *fault)
{
	struct telling *telling = arg;
	int rc = tell_grant(telling, grant, taken_out, fault);

	if (*taken_out) {
		telling->left--;
	}
	return rc != 0 ? rc : telling->left == 0;
}

/* All that fit, or the first decisions and a grant of each. */
static int
tell_grants(struct telling *telling, const struct grant_query *query,
    struct fault *fault)
{
	struct snapshot *snapshot = telling->asking->questions->snapshot;
	const char *first = asking_text(telling->asking, "first");

	if (first == NULL) {
		return grant_each(snapshot, query, emit_grant, telling, fault);
	}
	telling->left = strtoll(first, NULL, 10);
	if (telling->left < 1) {
		return fault_field(fault, "first",
		    "is no number of decisions: %s", first);
	}
	return grant_each_decision(snapshot, query, emit_decision, telling,
	    fault);
}

int
award_question_grants(struct asking *asking, struct fault *fault)
{
	struct telling telling = { .asking = asking };
	struct grant_query query;
	int rc;

	if (read_grant_query(asking, &query, fault) < 0) {
		return -1;
	}
	telling.row = arena_new();
	telling.about = arena_new();
	rc = tell_grants(&telling, &query, fault);
	arena_free(telling.about);
	arena_free(telling.row);
	return rc;
}

/* --- the catalogue --------------------------------------------------------- */

int
award_question_catalogue(struct asking *asking, struct fault *fault)
{
	const struct rules *rules = asking->questions->core->rules;
	const json_t *list = rules_list(rules, RULES_AWARDS);
	json_t *award;
	date_t date;
	size_t i;

	if (asking_day(asking, "date", clock_date(asking->questions->now),
	        &date, fault) < 0) {
		return -1;
	}
	json_array_foreach(list, i, award)
	{
		json_t *row;
		int rc;

		if (!rules_holds(award, date)) {
			continue;
		}
		row = json_pack("{s:s, s:s, s:s, s:I}", "award",
		    json_text_at(award, "code"), "name",
		    json_text_at(award, "name"), "level",
		    json_text_at(award, "level"), "order", (json_int_t)i);
		asking_put_text(row, "short", json_text_at(award, "short"));
		asking_put_text(row, "family", json_text_at(award, "family"));
		rc = asking_emit(asking, row, fault);
		if (rc != 0) {
			return rc;
		}
	}
	return 0;
}
