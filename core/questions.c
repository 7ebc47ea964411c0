/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One function a kind of question; award_question.c and unit_question.c have
 * theirs.  Each row is built, handed on and forgotten; what a question needs
 * in between lies in an arena of its own.  Whoever runs a report may see
 * what it counts; rows with names are checked one by one.
 */

#include "core/asking.h"

#include "base/clock.h"
#include "core/figure.h"
#include "core/permit.h"
#include "core/retrieval.h"
#include "core/score.h"

#include <stdlib.h>

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
		asking_put_text(row, texts[i],
		    json_text_at(figure->value, texts[i]));
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
		asking_put_text(row, "reference",
		    json_text_at(document.value, "reference"));
		/* A span is no day that a source could be cited by. */
		asking_put_text(row, "date",
		    json_string_value(json_object_get(document.value, "date")));
	}
	return asking_emit(asking, row, fault);
}

static int
answer_figures(struct asking *asking, struct fault *fault)
{
	struct figure_query query = { NULL };

	if (asking_need(asking, "unit", &query.unit, fault) < 0 ||
	    asking_period(asking, &query.period, fault) < 0) {
		return -1;
	}
	return figure_each(asking->questions->snapshot, asking->arena, &query,
	    emit_figure, asking, fault);
}

static int
emit_dossier(const struct asking *asking, struct retrieval *retrieval,
    const struct retrieval_row *found, struct fault *fault)
{
	int may = retrieval_may(retrieval, asking->questions->actor,
	    "dossier.read", found, fault);
	json_t *row;

	if (may <= 0) {
		return may;
	}
	row = json_pack("{s:s, s:s, s:s, s:s}", "id", found->id, "title",
	    found->title, "unit", found->unit, "unit_name", found->unit_name);
	asking_put_text(row, "kind", found->kind);
	asking_put_text(row, "code", found->code);
	asking_put_text(row, "status", found->status);
	asking_put_day(row, "date", found->date);
	return asking_emit(asking, row, fault);
}

/* A page of them; query->cursor becomes that of the next, in the arena. */
static int
tell_page(const struct asking *asking, struct arena *arena,
    struct retrieval_query *query, struct fault *fault)
{
	struct retrieval *retrieval;
	struct retrieval_row row;
	int rc;

	if (retrieval_open(&retrieval, asking->questions->core,
	        asking->questions->snapshot, arena, query, fault) < 0) {
		return -1;
	}
	while ((rc = retrieval_next(retrieval, &row, fault)) == 1) {
		rc = emit_dossier(asking, retrieval, &row, fault);
		if (rc != 0) {
			break;
		}
	}
	if (rc == 0) {
		rc = retrieval_cursor(retrieval, &query->cursor, fault);
	}
	retrieval_close(retrieval);
	return rc;
}

/* However many there are, memory holds two pages: a cursor lies in the one
 * before. */
static int
tell_pages(const struct asking *asking, struct retrieval_query *query,
    struct fault *fault)
{
	struct arena *pages[2] = { arena_new(), arena_new() };
	size_t page = 0;
	int rc;

	do {
		arena_reset(pages[page]);
		rc = tell_page(asking, pages[page], query, fault);
		page = 1 - page;
	} while (rc == 0 && query->cursor != NULL);
	arena_free(pages[0]);
	arena_free(pages[1]);
	return rc;
}

static int
answer_dossiers(struct asking *asking, struct fault *fault)
{
	struct retrieval_query query = { .limit = RETRIEVAL_PAGE_MAX,
		.status = asking_text(asking, "status"),
		.kind = asking_text(asking, "kind"),
		.as_of = clock_date(asking->questions->now) };
	const char *mode = asking_text(asking, "mode");
	struct span period;

	if (asking_need(asking, "unit", &query.unit, fault) < 0 ||
	    asking_period(asking, &period, fault) < 0) {
		return -1;
	}
	if (mode != NULL && !retrieval_mode_parse(&query.mode, mode)) {
		return fault_field(fault, "mode", "is exact or lineage");
	}
	query.days = &period;
	return tell_pages(asking, &query, fault);
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

	asking_put_text(row, "note", json_text_at(score->value, "note"));
	return asking_emit(asking, row, fault);
}

static int
answer_scores(struct asking *asking, struct fault *fault)
{
	struct score_query query = { .scheme = asking_text(asking, "scheme") };
	const char *year;
	int number;

	if (asking_need(asking, "cluster", &query.cluster, fault) < 0 ||
	    asking_need(asking, "year", &year, fault) < 0) {
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

static const struct kind {
	const char *name;
	int (*answer)(struct asking *asking, struct fault *fault);
	const char *act; /* by which each of its rows is judged, or NULL */
} kinds[] = {
	{ "catalogue", award_question_catalogue, NULL },
	{ "counts", award_question_counts, NULL },
	{ "dossiers", answer_dossiers, "dossier.read" },
	{ "figures", answer_figures, NULL },
	{ "grants", award_question_grants, "grant.read" },
	{ "heirs", unit_question_heirs, NULL },
	{ "scores", answer_scores, NULL },
	{ "unit", unit_question_unit, NULL },
	{ "units", unit_question_units, NULL },
};

static int
answer(void *arg, const char *kind, const json_t *where, host_emit_fn *emit_fn,
    void *emit_arg, struct fault *fault)
{
	struct questions *questions = arg;
	struct asking asking = { questions, NULL, where, emit_fn, emit_arg };
	int rc;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, kind) != 0) {
			continue;
		}
		if (kinds[i].act != NULL &&
		    !permit_ever(questions->core, questions->actor,
		        kinds[i].act)) {
			return 0; /* nothing is read to be told to nobody */
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
