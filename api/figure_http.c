/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The figures of a unit, as its reports find them, and besides those that were
 * withdrawn; each with its document, which is what it is believed for.
 */

#include "api/figure_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/cursor.h"
#include "core/figure.h"
#include "core/permit.h"

#include <stdio.h>

#define PAGE     100
#define PAGE_MAX 500

struct work {
	struct reading reading;
	struct figure_query query;
	struct place after;
	const char *text; /* of the query, for its cursor */
	int64_t limit;
	struct place last; /* on the page */
};

static int
add_document(struct request *request, struct work *work, const char *id,
    struct fault *fault)
{
	static const char *const members[] = { "reference", "date", "subject" };
	json_t *documents = json_object_get(work->reading.answer, "documents");
	struct record document;
	json_t *shown;
	int found;

	if (json_object_get(documents, id) != NULL) {
		return 0;
	}
	found = record_find(work->reading.snapshot, request->arena,
	    RECORD_DOCUMENT, id, &document, fault);
	if (found != 1) {
		return found;
	}
	shown = json_object();
	json_object_set_new(documents, id, shown);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_object_set(shown, members[i],
		    json_object_get(document.value, members[i]));
	}
	return 0;
}

/* 1 ends the page: one more than it holds shows that there is one. */
static int
add_figure(void *arg, const struct record *figure, struct fault *fault)
{
	struct request *request = arg;
	struct work *work = request->data;
	json_t *figures = json_object_get(work->reading.answer, "figures");

	if (json_array_size(figures) == (size_t)work->limit) {
		read_put_next(&work->reading,
		    cursor_format(request->arena, &work->last, work->text));
		return 1;
	}
	date_parse(&work->last.date,
	    json_text_at(json_object_get(figure->value, "period"), "from"));
	snprintf(work->last.id, sizeof(work->last.id), "%s", figure->id);
	json_array_append_new(figures, json_deep_copy(figure->value));
	return add_document(request, work,
	    json_text_at(figure->value, "document"), fault);
}

static int
list(struct request *request, struct fault *fault)
{
	struct work *work = request->data;
	const struct permit_object object = { .unit = work->query.unit };
	struct record unit;
	int rc;

	work->reading.answer = json_own(request->arena,
	    json_pack("{s:{}, s:[]}", "documents", "figures"));
	if (record_need(work->reading.snapshot, request->arena, RECORD_UNIT,
	        work->query.unit, &unit, fault) < 0 ||
	    permit_check(app_core(request), work->reading.snapshot,
	        request->actor, request->route->act, &object, fault) < 0) {
		return -1;
	}
	rc = figure_each(work->reading.snapshot, request->arena, &work->query,
	    add_figure, request, fault);
	return rc < 0 ? -1 : 0;
}

int
figure_http_list(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));
	struct span *period = &work->query.period;
	const char *cursor = request_query(request, "cursor");

	work->query.unit = request_param(request, "id");
	work->query.with_withdrawn = true;
	if (request_query_integer(request, "limit", PAGE, 1, PAGE_MAX,
	        &work->limit, fault) < 0 ||
	    read_date(request, "from", DATE_MIN, &period->from, fault) < 0 ||
	    read_date(request, "to", DATE_MAX, &period->to, fault) < 0) {
		return -1;
	}
	work->text = arena_format(request->arena, "figures %s %d %d",
	    work->query.unit, period->from, period->to);
	if (cursor != NULL) {
		if (!cursor_parse(&work->after, cursor, work->text)) {
			return fault_field(fault, "cursor",
			    "is not one of this query");
		}
		work->query.after = &work->after;
	}
	request->data = work;
	read_on_worker(request, list);
	return 0;
}
