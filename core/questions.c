/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One function a kind of question.  Each row is built, handed on and
 * forgotten; what a question needs in between lies in an arena of its own.
 * Whoever runs a report may see what it counts; rows with names are checked
 * one by one.
 */

#include "core/questions.h"

#include "base/clock.h"
#include "core/figure.h"
#include "core/grant.h"
#include "core/lineage.h"
#include "core/permit.h"
#include "core/retrieval.h"
#include "core/rules.h"
#include "core/score.h"
#include "core/unit.h"

#include <stdlib.h>

/* One question while it is answered. */
struct asking {
	struct questions *questions;
	struct arena *arena;
	const json_t *where;
	host_emit_fn *emit;
	void *emit_arg;
};

static const char *
narrowed(const struct asking *asking, const char *name)
{
	const char *text = json_text_at(asking->where, name);

	return text != NULL && text[0] != '\0' ? text : NULL;
}

static int
needed(const struct asking *asking, const char *name, const char **text_out,
    struct fault *fault)
{
	*text_out = narrowed(asking, name);
	if (*text_out == NULL) {
		return fault_field(fault, name, "the question needs it");
	}
	return 0;
}

static int
day_of(const struct asking *asking, const char *name, date_t fallback,
    date_t *date_out, struct fault *fault)
{
	const char *text = narrowed(asking, name);

	*date_out = fallback;
	if (text != NULL && !date_parse(date_out, text)) {
		return fault_field(fault, name, "is no day: %s", text);
	}
	return 0;
}

static int
period_of(const struct asking *asking, struct span *period, struct fault *fault)
{
	if (day_of(asking, "from", DATE_MIN, &period->from, fault) < 0 ||
	    day_of(asking, "to", DATE_MAX, &period->to, fault) < 0) {
		return -1;
	}
	return 0;
}

/* Hand a row on and forget it. */
static int
emit(const struct asking *asking, json_t *row, struct fault *fault)
{
	int rc = asking->emit(asking->emit_arg, row, fault);

	json_decref(row);
	return rc;
}

static void
put_text(json_t *row, const char *name, const char *text)
{
	if (text != NULL) {
		json_object_set_new(row, name, json_string(text));
	}
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

/* "date" and, where it is a span, "date_to". */
static void
put_when(json_t *row, const json_t *when)
{
	if (json_is_object(when)) {
		put_text(row, "date", json_text_at(when, "from"));
		put_text(row, "date_to", json_text_at(when, "to"));
	} else {
		put_text(row, "date", json_string_value(when));
	}
}

/* --- awards ----------------------------------------------------------------- */

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
	const char *wanted = narrowed(asking, "level");
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
	*query = (struct grant_query){ .award = narrowed(asking, "award"),
		.subject_kind = narrowed(asking, "subject") };
	if (needed(asking, "unit", &query->unit, fault) < 0) {
		return -1;
	}
	return period_of(asking, &query->period, fault);
}

static bool
is_cadre(const char *attribute)
{
	return attribute[0] != '\0' && strcmp(attribute, "woman") != 0 &&
	       strcmp(attribute, "ethnic_minority") != 0;
}

static int
answer_counts(struct asking *asking, struct fault *fault)
{
	const struct rules *rules = asking->questions->core->rules;
	const char *by = narrowed(asking, "by");
	bool cadres = by != NULL && strcmp(by, "cadre") == 0;
	struct grant_query query;
	struct grant_count *counts;
	struct ordered *rows;
	size_t count;

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

		if (cadres != is_cadre(one->attribute) ||
		    (!cadres && one->attribute[0] != '\0') ||
		    !level_fits(asking, one->award)) {
			continue;
		}
		row =
		    json_pack("{s:s, s:s, s:I}", "award", one->award, "subject",
		        one->subject_kind, "sum", (json_int_t)one->count);
		if (cadres) {
			put_text(row, "cadre", one->attribute);
		}
		if (emit(asking, row, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Reference and issuer of the decision's document. */
static int
put_decision(const struct asking *asking, json_t *row, const char *id,
    struct fault *fault)
{
	struct record decision;
	struct record document;
	const char *document_id;
	int found = record_find(asking->questions->snapshot, asking->arena,
	    RECORD_DECISION, id, &decision, fault);

	put_text(row, "decision", id);
	if (found <= 0) {
		return found;
	}
	document_id = json_text_at(decision.value, "document");
	found = record_find(asking->questions->snapshot, asking->arena,
	    RECORD_DOCUMENT, document_id, &document, fault);
	if (found == 1) {
		put_text(row, "reference",
		    json_text_at(document.value, "reference"));
	}
	put_text(row, "issuer", json_text_at(decision.value, "issuer"));
	return found < 0 ? -1 : 0;
}

static int
emit_grant(void *arg, const struct record *grant, struct fault *fault)
{
	const struct asking *asking = arg;
	struct snapshot *snapshot = asking->questions->snapshot;
	const json_t *subject = json_object_get(grant->value, "subject");
	const json_t *achievement =
	    json_object_get(grant->value, "achievement");
	const char *unit = json_text_at(grant->value, "unit");
	struct permit_object object =
	    permit_object_of(RECORD_GRANT, grant->value);
	struct unit_title title;
	struct fault denied;
	json_t *row;
	date_t date = 0;

	if (!level_fits(asking, json_text_at(grant->value, "award")) ||
	    strcmp(json_text_at(grant->value, "state"), "granted") != 0) {
		return 0;
	}
	if (permit_check(asking->questions->core, snapshot,
	        asking->questions->actor, "grant.read", &object, &denied) < 0) {
		return denied.code == FAULT_DENIED
		           ? 0
		           : fault_set(fault, denied.code, "%s", denied.text);
	}
	row = json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", grant->id, "award",
	    json_text_at(grant->value, "award"), "subject",
	    json_text_at(subject, "kind"), "unit", unit, "state", "granted");
	put_text(row, "name", json_text_at(subject, "name"));
	put_text(row, "cadre", json_text_at(subject, "cadre"));
	json_object_set_new(row, "count",
	    json_integer(json_object_get(subject, "count") != NULL
	                     ? json_integer_at(subject, "count")
	                     : 1));
	json_object_set_new(row, "woman",
	    json_boolean(json_is_true(json_object_get(subject, "woman"))));
	json_object_set_new(row, "ethnic_minority",
	    json_boolean(
	        json_is_true(json_object_get(subject, "ethnic_minority"))));
	put_when(row, json_object_get(grant->value, "date"));
	put_text(row, "achievement", json_string_value(achievement));
	if (json_text_at(row, "date") != NULL) {
		date_parse(&date, json_text_at(row, "date"));
	}
	if (unit_title_at(snapshot, asking->arena, unit, date, &title, fault) <
	        0 ||
	    put_decision(asking, row, json_text_at(grant->value, "decision"),
	        fault) < 0) {
		json_decref(row);
		return -1;
	}
	put_text(row, "unit_name", title.name);
	return emit(asking, row, fault);
}

static int
answer_grants(struct asking *asking, struct fault *fault)
{
	struct grant_query query;

	if (read_grant_query(asking, &query, fault) < 0) {
		return -1;
	}
	return grant_each(asking->questions->snapshot, asking->arena, &query,
	    emit_grant, asking, fault);
}

static int
answer_catalogue(struct asking *asking, struct fault *fault)
{
	const struct rules *rules = asking->questions->core->rules;
	const json_t *list = rules_list(rules, RULES_AWARDS);
	json_t *award;
	date_t date;
	size_t i;

	if (day_of(asking, "date", clock_date(asking->questions->now), &date,
	        fault) < 0) {
		return -1;
	}
	json_array_foreach(list, i, award)
	{
		json_t *row;

		if (!rules_holds(award, date)) {
			continue;
		}
		row = json_pack("{s:s, s:s, s:s, s:I}", "award",
		    json_text_at(award, "code"), "name",
		    json_text_at(award, "name"), "level",
		    json_text_at(award, "level"), "order", (json_int_t)i);
		put_text(row, "short", json_text_at(award, "short"));
		put_text(row, "family", json_text_at(award, "family"));
		if (emit(asking, row, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- figures, dossiers, scores ----------------------------------------------- */

static int
emit_figure(void *arg, const struct record *figure, struct fault *fault)
{
	static const char *const texts[] = { "measure", "words", "quote",
		"place", "document" };
	const struct asking *asking = arg;
	const char *id = json_text_at(figure->value, "document");
	struct record document;
	json_t *row = json_object();
	int found;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		put_text(row, texts[i], json_text_at(figure->value, texts[i]));
	}
	if (json_object_get(figure->value, "value") != NULL) {
		json_object_set(row, "value",
		    json_object_get(figure->value, "value"));
	}
	json_object_set_new(row, "scale",
	    json_integer(json_object_get(figure->value, "scale") != NULL
	                     ? json_integer_at(figure->value, "scale")
	                     : 1));
	found = record_find(asking->questions->snapshot, asking->arena,
	    RECORD_DOCUMENT, id, &document, fault);
	if (found < 0) {
		json_decref(row);
		return -1;
	}
	if (found == 1) {
		put_text(row, "reference",
		    json_text_at(document.value, "reference"));
		/* A span is no day that a source could be cited by. */
		put_text(row, "date",
		    json_string_value(
		        json_object_get(document.value, "date")));
	}
	return emit(asking, row, fault);
}

static int
answer_figures(struct asking *asking, struct fault *fault)
{
	struct span period;
	const char *unit;

	if (needed(asking, "unit", &unit, fault) < 0 ||
	    period_of(asking, &period, fault) < 0) {
		return -1;
	}
	return figure_each(asking->questions->snapshot, asking->arena, unit,
	    period, emit_figure, asking, fault);
}

static int
emit_dossier(struct asking *asking, const struct retrieval_row *found,
    struct fault *fault)
{
	struct permit_object object =
	    permit_object_of(RECORD_DOSSIER, found->dossier);
	struct fault denied;
	json_t *row;

	if (permit_check(asking->questions->core, asking->questions->snapshot,
	        asking->questions->actor, "dossier.read", &object,
	        &denied) < 0) {
		return denied.code == FAULT_DENIED
		           ? 0
		           : fault_set(fault, denied.code, "%s", denied.text);
	}
	row = json_pack("{s:s, s:s, s:s, s:s}", "id", found->id, "title",
	    json_text_at(found->dossier, "title"), "unit", found->unit,
	    "unit_name", found->unit_name);
	put_text(row, "kind", json_text_at(found->dossier, "kind"));
	put_text(row, "code", json_text_at(found->dossier, "code"));
	put_text(row, "status", json_text_at(found->dossier, "status"));
	put_day(row, "date", found->date);
	return emit(asking, row, fault);
}

static int
answer_dossiers(struct asking *asking, struct fault *fault)
{
	struct retrieval_query query = { .limit = RETRIEVAL_PAGE_MAX,
		.status = narrowed(asking, "status"),
		.kind = narrowed(asking, "kind"),
		.as_of = clock_date(asking->questions->now) };
	const char *mode = narrowed(asking, "mode");
	struct span period;
	int rc = 0;

	if (needed(asking, "unit", &query.unit, fault) < 0 ||
	    period_of(asking, &period, fault) < 0) {
		return -1;
	}
	if (mode != NULL && !retrieval_mode_parse(&query.mode, mode)) {
		return fault_field(fault, "mode", "is exact or lineage");
	}
	query.days = &period;
	do {
		struct retrieval *retrieval;
		struct retrieval_row row;

		if (retrieval_open(&retrieval, asking->questions->core,
		        asking->questions->snapshot, asking->arena, &query,
		        fault) < 0) {
			return -1;
		}
		while ((rc = retrieval_next(retrieval, &row, fault)) == 1) {
			if (emit_dossier(asking, &row, fault) < 0) {
				rc = -1;
				break;
			}
		}
		if (rc == 0) {
			rc = retrieval_cursor(retrieval, &query.cursor, fault);
		}
		retrieval_close(retrieval);
	} while (rc == 0 && query.cursor != NULL);
	return rc;
}

static int
emit_score(void *arg, const struct record *score, struct fault *fault)
{
	const struct asking *asking = arg;
	json_t *row = json_pack("{s:s, s:s, s:s, s:O}", "unit",
	    json_text_at(score->value, "unit"), "criterion",
	    json_text_at(score->value, "criterion"), "source",
	    json_text_at(score->value, "source"), "value",
	    json_object_get(score->value, "value"));

	put_text(row, "note", json_text_at(score->value, "note"));
	return emit(asking, row, fault);
}

static int
answer_scores(struct asking *asking, struct fault *fault)
{
	struct score_query query = { .scheme = narrowed(asking, "scheme") };
	const char *year;
	int number;

	if (needed(asking, "cluster", &query.cluster, fault) < 0 ||
	    needed(asking, "year", &year, fault) < 0) {
		return -1;
	}
	number = atoi(year);
	if (number < 1900 || number > 9999) {
		return fault_field(fault, "year", "is no year: %s", year);
	}
	query.period.from = date_of(number, 1, 1);
	query.period.to = date_of(number, 12, 31);
	return score_each(asking->questions->snapshot, asking->arena, &query,
	    emit_score, asking, fault);
}

/* --- units --------------------------------------------------------------------- */

static int
put_name(const struct asking *asking, json_t *row, const char *id_name,
    const char *name_name, const char *unit, date_t date, struct fault *fault)
{
	struct unit_title title;
	int found = unit_title_at(asking->questions->snapshot, asking->arena,
	    unit, date, &title, fault);

	if (found == 1) {
		put_text(row, id_name, unit);
		put_text(row, name_name, title.name);
	}
	return found < 0 ? -1 : 0;
}

static int
put_relatives(const struct asking *asking, json_t *row, const char *unit,
    date_t date, struct fault *fault)
{
	struct snapshot *snapshot = asking->questions->snapshot;
	const char *parent;
	const char **clusters;
	size_t count;
	int found =
	    unit_parent_at(snapshot, asking->arena, unit, date, &parent, fault);

	if (found < 0 ||
	    (found == 1 && put_name(asking, row, "parent", "parent_name",
	                       parent, date, fault) < 0) ||
	    unit_parents_at(snapshot, asking->arena, unit, UNIT_MEMBER, date,
	        &clusters, &count, fault) < 0) {
		return -1;
	}
	return count == 0 ? 0
	                  : put_name(asking, row, "cluster", "cluster_name",
	                        clusters[0], date, fault);
}

static int
emit_unit(const struct asking *asking, const char *unit, date_t date,
    struct fault *fault)
{
	const json_t *kind;
	struct unit_title title;
	json_t *row;
	int found = unit_title_at(asking->questions->snapshot, asking->arena,
	    unit, date, &title, fault);

	if (found <= 0) {
		return found < 0 ? -1
		                 : fault_field(fault, "unit",
		                       "there is no unit %s", unit);
	}
	row = json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", unit, "kind",
	    title.kind, "name", title.name, "short", title.short_name, "place",
	    title.short_name);
	kind = rules_find(asking->questions->core->rules, RULES_UNIT_KINDS,
	    title.kind, date);
	put_text(row, "level", json_text_at(kind, "level"));
	put_day(row, "from", title.life.from);
	put_day(row, "to", title.life.to);
	if (put_relatives(asking, row, unit, date, fault) < 0) {
		json_decref(row);
		return -1;
	}
	return emit(asking, row, fault);
}

/* The day of a question about units: `date`, else the end of the period. */
static int
unit_day(const struct asking *asking, date_t *date_out, struct fault *fault)
{
	date_t last;

	if (day_of(asking, "to", clock_date(asking->questions->now), &last,
	        fault) < 0) {
		return -1;
	}
	return day_of(asking, "date", last, date_out, fault);
}

static int
answer_unit(struct asking *asking, struct fault *fault)
{
	const char *unit;
	date_t date;

	if (needed(asking, "unit", &unit, fault) < 0 ||
	    unit_day(asking, &date, fault) < 0) {
		return -1;
	}
	return emit_unit(asking, unit, date, fault);
}

static int
answer_units(struct asking *asking, struct fault *fault)
{
	const char *kind = narrowed(asking, "kind");
	struct unit_title title;
	const char *parent;
	const char **ids;
	size_t count;
	date_t date;

	if (needed(asking, "parent", &parent, fault) < 0 ||
	    unit_day(asking, &date, fault) < 0 ||
	    unit_children(asking->questions->snapshot, asking->arena, parent,
	        UNIT_ADM, date, &ids, &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		int found = unit_title_at(asking->questions->snapshot,
		    asking->arena, ids[i], date, &title, fault);

		if (found < 0 ||
		    ((kind == NULL || strcmp(kind, title.kind) == 0) &&
		        emit_unit(asking, ids[i], date, fault) < 0)) {
			return -1;
		}
	}
	return 0;
}

static int
answer_heirs(struct asking *asking, struct fault *fault)
{
	date_t today = clock_date(asking->questions->now);
	struct unit_title title;
	const char *unit;
	const char **ids;
	size_t count;

	if (needed(asking, "unit", &unit, fault) < 0 ||
	    lineage_heirs(asking->questions->snapshot, asking->arena, unit,
	        today, &ids, &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		json_t *row;

		if (unit_title_at(asking->questions->snapshot, asking->arena,
		        ids[i], today, &title, fault) < 0) {
			return -1;
		}
		row = json_pack("{s:s, s:s}", "id", ids[i], "name", title.name);
		put_day(row, "date", title.life.from);
		if (emit(asking, row, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- the table ------------------------------------------------------------------- */

static const struct kind {
	const char *name;
	int (*answer)(struct asking *asking, struct fault *fault);
} kinds[] = {
	{ "catalogue", answer_catalogue },
	{ "counts", answer_counts },
	{ "dossiers", answer_dossiers },
	{ "figures", answer_figures },
	{ "grants", answer_grants },
	{ "heirs", answer_heirs },
	{ "scores", answer_scores },
	{ "unit", answer_unit },
	{ "units", answer_units },
};

static int
answer(void *arg, const char *kind, const json_t *where, host_emit_fn *emit_fn,
    void *emit_arg, struct fault *fault)
{
	struct asking asking = { arg, NULL, where, emit_fn, emit_arg };
	int rc;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, kind) != 0) {
			continue;
		}
		asking.arena = arena_new();
		rc = kinds[i].answer(&asking, fault);
		arena_free(asking.arena);
		return rc;
	}
	return fault_set(fault, FAULT_INVALID, "nobody answers a question %s",
	    kind);
}

struct host_data
questions_data(struct questions *questions)
{
	return (struct host_data){ answer, questions };
}
