/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each with what a list shows of it, and with its words for the document that
 * is asked about.  On a worker: every one of them is read.
 */

#include "api/citing_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/citing.h"
#include "core/permit.h"

#define PAGE     20
#define PAGE_MAX 100

struct work {
	struct reading reading;
	struct citing_query query;
	json_int_t hidden;
};

/* The issuer as it is called by itself, or was on that day. */
static int
add_issuer(struct request *request, struct snapshot *snapshot,
    const json_t *document, const struct permit_object *object, json_t *row,
    struct fault *fault)
{
	const json_t *issuer = json_object_get(document, "issuer");

	if (object->unit == NULL) {
		json_object_set(row, "issuer_name",
		    json_object_get(issuer, "name"));
		return 0;
	}
	return read_put_name(request, snapshot, row, "issuer_name",
	    object->unit, object->date != 0 ? object->date : DATE_MAX, fault);
}

static int
add_row(void *arg, const struct record *document, const json_t *citations,
    struct fault *fault)
{
	static const char *const members[] = { "date", "id", "kind",
		"reference", "subject" };
	const struct permit_object object =
	    permit_object_of(RECORD_DOCUMENT, document->value);
	struct request *request = arg;
	struct work *work = request->data;
	json_t *row;
	int may = permit_may(app_core(request), work->reading.snapshot,
	    request->actor, request->route->act, &object, fault);

	if (may <= 0) {
		work->hidden += may == 0;
		return may;
	}
	row = json_object();
	json_array_append_new(
	    json_object_get(work->reading.answer, "documents"), row);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_object_set(row, members[i],
		    json_object_get(document->value, members[i]));
	}
	json_object_set_new(row, "citations", json_deep_copy(citations));
	return add_issuer(request, work->reading.snapshot, document->value,
	    &object, row, fault);
}

static int
list(struct request *request, struct fault *fault)
{
	struct work *work = request->data;
	struct record document;
	const char *next;

	work->reading.answer =
	    json_own(request->arena, json_pack("{s:[]}", "documents"));
	work->query.document = &document;
	if (read_admitted(request, work->reading.snapshot, RECORD_DOCUMENT,
	        &document, fault) < 0 ||
	    citing_list(work->reading.snapshot, request->arena, &work->query,
	        add_row, request, &next, fault) < 0) {
		return -1;
	}
	if (work->hidden > 0) {
		json_object_set_new(work->reading.answer, "hidden",
		    json_integer(work->hidden));
	}
	read_put_next(&work->reading, next);
	return 0;
}

int
citing_http_list(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));
	int64_t limit;

	if (request_query_integer(request, "limit", PAGE, 1, PAGE_MAX, &limit,
	        fault) < 0) {
		return -1;
	}
	work->query.limit = (unsigned)limit;
	work->query.cursor = request_query(request, "cursor");
	request->data = work;
	read_on_worker(request, list);
	return 0;
}
