/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Both are asked for with the same words, so that a sum leads to what it
 * counts.  They run on a worker: counters of many days may be looked at.
 */

#include "api/grant_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/childhood.h"
#include "core/grant_list.h"
#include "core/grant_sums.h"
#include "core/permit.h"

#include <string.h>

#define PAGE_DEFAULT 50
#define WORDS_MAX    100u /* of one list in the query */
#define CHILDREN_MAX 1000u

struct work {
	struct reading reading;
	struct grant_filter filter;
	const char *cursor;
	unsigned limit;
	unsigned by;
	bool has_children;
	enum unit_relation relation;
};

/* --- what is asked ---------------------------------------------------------- */

/* "a,b" as a list that ends with NULL; NULL where it is absent. */
static int
read_words(struct request *request, const char *name, const char ***list_out,
    struct fault *fault)
{
	const char *text = request_query(request, name);
	const char **list;
	size_t count = 0;

	*list_out = NULL;
	if (text == NULL) {
		return 0;
	}
	list = arena_alloc(request->arena, (WORDS_MAX + 1) * sizeof(*list));
	while (count < WORDS_MAX) {
		size_t len = strcspn(text, ",");

		if (len == 0) {
			return fault_field(fault, name,
			    "names words, parted by commas");
		}
		list[count++] =
		    arena_text_of(request->arena, bytes_of(text, len));
		if (text[len] == '\0') {
			*list_out = list;
			return 0;
		}
		text += len + 1;
	}
	return fault_field(fault, name, "has more than %u entries", WORDS_MAX);
}

static int
check_words(const char **list, const char *field, const char *const *known,
    struct fault *fault)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		size_t at = 0;

		while (known[at] != NULL && strcmp(known[at], list[i]) != 0) {
			at++;
		}
		if (known[at] == NULL) {
			return fault_field(fault, field, "is not known: %s",
			    list[i]);
		}
	}
	return 0;
}

static int
read_filter(struct request *request, struct grant_filter *filter,
    struct fault *fault)
{
	static const char *const levels[] = { "state", "province", "district",
		"commune", "base", NULL };
	static const char *const subjects[] = { "individual", "collective",
		"household", "unspecified", NULL };

	filter->rules = app_core(request)->rules;
	filter->unit = request_param(request, "id");
	filter->attribute = request_query(request, "attribute");
	if (read_date(request, "from", DATE_MIN, &filter->period.from, fault) <
	        0 ||
	    read_date(request, "to", DATE_MAX, &filter->period.to, fault) < 0 ||
	    read_words(request, "award", &filter->awards, fault) < 0 ||
	    read_words(request, "level", &filter->levels, fault) < 0 ||
	    read_words(request, "subject", &filter->subjects, fault) < 0 ||
	    check_words(filter->levels, "level", levels, fault) < 0) {
		return -1;
	}
	return check_words(filter->subjects, "subject", subjects, fault);
}

/* The unit is there, and the caller may do this there. */
static int
admit(struct request *request, struct work *work, struct fault *fault)
{
	struct permit_object object = { .unit = work->filter.unit };
	struct record unit;

	if (record_need(work->reading.snapshot, request->arena, RECORD_UNIT,
	        work->filter.unit, &unit, fault) < 0) {
		return -1;
	}
	return permit_check(app_core(request), work->reading.snapshot,
	    request->actor, request->route->act, &object, fault);
}

/* --- grants ------------------------------------------------------------------ */

/* Number and symbol of the document of the grant's decision, once. */
static int
add_reference(struct request *request, struct work *work,
    const struct record *grant, struct fault *fault)
{
	json_t *references =
	    json_object_get(work->reading.answer, "references");
	const char *id = json_text_at(grant->value, "decision");
	struct record decision;
	struct record document;
	int found;

	if (json_object_get(references, id) != NULL) {
		return 0;
	}
	found = record_find(work->reading.snapshot, request->arena,
	    RECORD_DECISION, id, &decision, fault);
	if (found == 1) {
		found = record_find(work->reading.snapshot, request->arena,
		    RECORD_DOCUMENT, json_text_at(decision.value, "document"),
		    &document, fault);
	}
	if (found == 1 && json_text_at(document.value, "reference") != NULL) {
		json_object_set(references, id,
		    json_object_get(document.value, "reference"));
	}
	return found < 0 ? -1 : 0;
}

static int
add_grant(void *arg, const struct record *grant, struct fault *fault)
{
	struct request *request = arg;
	struct work *work = request->data;
	struct permit_object object =
	    permit_object_of(RECORD_GRANT, grant->value);
	int may = permit_may(app_core(request), work->reading.snapshot,
	    request->actor, request->route->act, &object, fault);

	if (may < 0) {
		return -1;
	}
	if (may == 0) {
		json_object_set_new(work->reading.answer, "hidden",
		    json_integer(
		        json_integer_at(work->reading.answer, "hidden") + 1));
		return 0;
	}
	json_array_append_new(json_object_get(work->reading.answer, "grants"),
	    json_deep_copy(grant->value));
	return read_put_name(request, work->reading.snapshot,
	           json_object_get(work->reading.answer, "names"), object.unit,
	           object.unit, object.date, fault) < 0
	           ? -1
	           : add_reference(request, work, grant, fault);
}

static int
list(struct request *request, struct fault *fault)
{
	struct work *work = request->data;
	const char *next;

	work->reading.answer = json_own(request->arena,
	    json_pack("{s:[], s:{}, s:{}}", "grants", "names", "references"));
	if (admit(request, work, fault) < 0 ||
	    grant_list(work->reading.snapshot, request->arena, &work->filter,
	        work->cursor, work->limit, add_grant, request, &next,
	        fault) < 0) {
		return -1;
	}
	read_put_next(&work->reading, next);
	return 0;
}

int
grant_http_list(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));
	const char *state = request_query(request, "state");
	int64_t limit;

	if (state != NULL &&
	    !grant_standing_parse(&work->filter.standing, state)) {
		return fault_field(fault, "state",
		    "must be granted, revoked or any");
	}
	if (read_filter(request, &work->filter, fault) < 0 ||
	    request_query_integer(request, "limit", PAGE_DEFAULT, 1,
	        GRANT_PAGE_MAX, &limit, fault) < 0) {
		return -1;
	}
	work->limit = (unsigned)limit;
	work->cursor = request_query(request, "cursor");
	request->data = work;
	read_on_worker(request, list);
	return 0;
}

/* --- counts ------------------------------------------------------------------- */

static int
read_by(struct request *request, unsigned *by_out, struct fault *fault)
{
	static const char *const words[] = { "award", "level", "subject",
		"year", "attribute", NULL };
	const char **list;

	*by_out = 0;
	if (read_words(request, "by", &list, fault) < 0 ||
	    check_words(list, "by", words, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		for (unsigned bit = 0; words[bit] != NULL; bit++) {
			if (strcmp(words[bit], list[i]) == 0) {
				*by_out |= 1u << bit;
			}
		}
	}
	return 0;
}

static void
put_word(json_t *row, const char *name, const char *word)
{
	if (word[0] != '\0') {
		json_object_set_new(row, name, json_string(word));
	}
}

/* The sums of one unit, or NULL. */
static json_t *
sums_of(struct request *request, struct work *work,
    const struct grant_filter *filter, struct fault *fault)
{
	json_t *rows = json_own(request->arena, json_array());
	struct grant_sum *sums;
	size_t count;

	if (grant_sums(work->reading.snapshot, request->arena, filter, work->by,
	        &sums, &count, fault) < 0) {
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		json_t *row =
		    json_pack("{s:I}", "sum", (json_int_t)sums[i].count);

		put_word(row, "award", sums[i].award);
		put_word(row, "level", sums[i].level);
		put_word(row, "subject", sums[i].subject);
		put_word(row, "attribute", sums[i].attribute);
		if (sums[i].year != 0) {
			json_object_set_new(row, "year",
			    json_integer(sums[i].year));
		}
		json_array_append_new(rows, row);
	}
	return rows;
}

static void
put_day(json_t *row, const char *name, date_t date)
{
	char text[DATE_TEXT];

	if (date > DATE_MIN && date < DATE_MAX) {
		date_format(text, date);
		json_object_set_new(row, name, json_string(text));
	}
}

/*
 * A cluster or block below a place has what its members have, which lie below
 * the place themselves: beside them it would be counted twice.
 */
static bool
has_members(const struct work *work, const struct unit_title *title,
    date_t date)
{
	const json_t *kind =
	    rules_find(work->filter.rules, RULES_UNIT_KINDS, title->kind, date);

	return json_object_get(kind, "members") != NULL;
}

/* Its own sums of the days on which it was a child. */
static int
add_child(struct request *request, struct work *work,
    const struct childhood *child, json_t *children, struct fault *fault)
{
	struct permit_object object = { .unit = child->unit,
		.date = child->days.to < DATE_MAX ? child->days.to : 0 };
	struct grant_filter filter = work->filter;
	struct unit_title title;
	int may;
	json_t *counts;
	json_t *row;

	may = permit_may(app_core(request), work->reading.snapshot,
	    request->actor, request->route->act, &object, fault);
	if (may <= 0) {
		return may;
	}
	if (unit_title_at(work->reading.snapshot, request->arena, child->unit,
	        child->days.to, &title, fault) != 1) {
		return -1;
	}
	if (work->relation == UNIT_ADM &&
	    has_members(work, &title, child->days.from)) {
		return 0;
	}
	filter.unit = child->unit;
	filter.period = child->days;
	counts = sums_of(request, work, &filter, fault);
	if (counts == NULL) {
		return -1;
	}
	row = json_pack("{s:s, s:s, s:s, s:O}", "unit", child->unit, "kind",
	    title.kind, "name", title.name, "counts", counts);
	put_day(row, "from", child->days.from);
	put_day(row, "to", child->days.to);
	json_array_append_new(children, row);
	return 0;
}

static int
add_children(struct request *request, struct work *work, struct fault *fault)
{
	json_t *children = json_array();
	struct childhood *list;
	size_t count;

	json_object_set_new(work->reading.answer, "children", children);
	if (childhoods_in(work->reading.snapshot, request->arena,
	        work->filter.unit, work->relation, work->filter.period, &list,
	        &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count && i < CHILDREN_MAX; i++) {
		if (add_child(request, work, &list[i], children, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
sum(struct request *request, struct fault *fault)
{
	struct work *work = request->data;
	json_t *counts;

	if (admit(request, work, fault) < 0) {
		return -1;
	}
	counts = sums_of(request, work, &work->filter, fault);
	if (counts == NULL) {
		return -1;
	}
	work->reading.answer =
	    json_own(request->arena, json_pack("{s:O}", "counts", counts));
	return work->has_children ? add_children(request, work, fault) : 0;
}

int
grant_http_counts(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));
	const char *children = request_query(request, "children");

	work->has_children = children != NULL;
	if (work->has_children &&
	    (!unit_relation_parse(&work->relation, children) ||
	        work->relation == UNIT_SECTOR)) {
		return fault_field(fault, "children", "must be adm or member");
	}
	if (read_filter(request, &work->filter, fault) < 0 ||
	    read_by(request, &work->by, fault) < 0) {
		return -1;
	}
	request->data = work;
	read_on_worker(request, sum);
	return 0;
}
