/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A page begins at the entry of the log that its cursor names and goes back
 * from there.  It runs on a worker: a decision has hundreds of grants, and a
 * dossier as many files.
 */

#include "api/history_http.h"

#include "api/read.h"
#include "base/text.h"
#include "core/cosigning.h"
#include "core/trail.h"

#include <inttypes.h>

#define ROWS_PRESET 20
#define ROWS_MAX    100

/* What a request asks of the record {id}. */
struct work {
	struct reading reading;
	enum record_kind kind;
	int64_t from;   /* entry that the page begins at */
	int64_t max;    /* rows of it */
	const char *of; /* whose receipt, "kind/id"; NULL: the record's own */
	struct record record;
	struct history history; /* of the record */
};

/* A request of one kind of record; the others are zero. */
static struct work *
work_of(struct request *request, enum record_kind kind)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));

	*work = (struct work){ .kind = kind };
	request->data = work;
	return work;
}

static int
open_trail(struct request *request, struct trail **trail_out,
    struct fault *fault)
{
	struct work *work = request->data;

	work->history = (struct history){ .core = app_core(request),
		.actor = request->actor,
		.snapshot = work->reading.snapshot,
		.record = &work->record };
	return read_admitted(request, work->reading.snapshot, work->kind,
	           &work->record, fault) < 0
	           ? -1
	           : trail_open(trail_out, &work->history, request->arena,
	                 fault);
}

/* --- pages ---------------------------------------------------------------------- */

static int
make_page(struct request *request, struct fault *fault)
{
	struct work *work = request->data;
	char next[TEXT_NUMBER + 1];
	struct trail *trail;
	json_t *list;
	bool is_last;
	uint64_t left;

	if (open_trail(request, &trail, fault) < 0 ||
	    trail_list(trail, (uint64_t)work->from, (uint64_t)work->max, &list,
	        &is_last, &left, fault) < 0) {
		return -1;
	}
	work->reading.answer =
	    json_own(request->arena, json_pack("{s:O}", "revisions", list));
	if (!is_last) {
		next[text_number(next, left)] = '\0';
		read_put_next(&work->reading, next);
	}
	return 0;
}

static int
submit_page(struct request *request, enum record_kind kind, struct fault *fault)
{
	struct work *work = work_of(request, kind);

	if (request_query_integer(request, "cursor", INT64_MAX, 0, INT64_MAX,
	        &work->from, fault) < 0 ||
	    request_query_integer(request, "limit", ROWS_PRESET, 1, ROWS_MAX,
	        &work->max, fault) < 0) {
		return -1;
	}
	read_on_worker(request, make_page);
	return 0;
}

/* --- receipts ------------------------------------------------------------------- */

/* 1 the revision that the path names, 0 it has none such, -1. */
static int
find_revision(struct request *request, const struct history *history,
    struct history_row *row, struct fault *fault)
{
	const char *text = request_param(request, "rev");
	char *end;
	uint64_t rev = strtoull(text, &end, 10);

	return text[0] >= '1' && text[0] <= '9' && *end == '\0' &&
	               rev <= history->record->rev
	           ? history_find(history, request->arena, rev, row, fault)
	           : 0;
}

static int
make_receipt(struct request *request, struct fault *fault)
{
	struct work *work = request->data;
	const char *own = arena_format(request->arena, "%s/%s",
	    record_kind_name(work->kind), request_param(request, "id"));
	const struct history *history;
	struct history_row row;
	struct trail *trail;
	int found;

	if (open_trail(request, &trail, fault) < 0) {
		return -1;
	}
	history = trail_find(trail, work->of != NULL ? work->of : own);
	if (history == NULL) {
		return fault_set(fault, FAULT_ABSENT,
		    "the trail of %s does not tell of %s", own, work->of);
	}
	found = find_revision(request, history, &row, fault);
	if (found < 0) {
		return -1;
	}
	if (found == 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "%s %s has %" PRIu64 " revisions",
		    record_kind_name(history->record->kind),
		    history->record->id, history->record->rev);
	}
	if (row.leaf.len == 0) {
		return fault_set(fault, FAULT_DENIED,
		    "entry %" PRIu64
		    " tells of other records, too, that you may not read",
		    row.entry);
	}
	return cosigning_receipt(app_core(request), request->arena, row.entry,
	    &work->reading.ready, fault);
}

static int
submit_receipt(struct request *request, enum record_kind kind)
{
	struct work *work = work_of(request, kind);

	work->of = request_query(request, "of");
	read_on_worker(request, make_receipt);
	return 0;
}

/* --- kinds ---------------------------------------------------------------------- */

#define TRAIL_OF(name, record_kind) \
	int name(struct request *request, struct fault *fault) \
	{ \
		return submit_page(request, (record_kind), fault); \
	} \
\
	int name##_receipt(struct request *request, struct fault *fault) \
	{ \
		(void)fault; \
		return submit_receipt(request, (record_kind)); \
	}

TRAIL_OF(history_http_dossier, RECORD_DOSSIER)
TRAIL_OF(history_http_document, RECORD_DOCUMENT)
TRAIL_OF(history_http_decision, RECORD_DECISION)
