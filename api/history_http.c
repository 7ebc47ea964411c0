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

/* What a request asks of the record {id}, in a snapshot of its own. */
struct work {
	enum record_kind kind;
	int64_t from;   /* entry that the page begins at */
	int64_t max;    /* rows of it */
	const char *of; /* whose receipt, "kind/id"; NULL: the record's own */
	int (*ask)(struct request *request, struct trail *trail,
	    struct fault *fault);
	json_t *page;
	struct bytes receipt;
	int rc;
	struct fault fault;
};

static int
ask(struct request *request, struct snapshot *snapshot, struct fault *fault)
{
	struct work *work = request->data;
	struct record record;
	struct trail *trail;
	struct history history = { .core = app_core(request),
		.actor = request->actor,
		.snapshot = snapshot,
		.record = &record };

	return read_admitted(request, snapshot, work->kind, &record, fault) <
	                   0 ||
	               trail_open(&trail, &history, request->arena, fault) < 0
	           ? -1
	           : work->ask(request, trail, fault);
}

static void
run(struct request *request)
{
	struct work *work = request->data;
	struct snapshot *snapshot;

	work->rc =
	    snapshot_open(&snapshot, app_core(request)->store, &work->fault);
	if (work->rc == 0) {
		work->rc = ask(request, snapshot, &work->fault);
		snapshot_close(snapshot);
	}
}

static void
answered(struct request *request)
{
	struct work *work = request->data;

	if (work->rc < 0) {
		reply_fault(request, &work->fault);
	} else if (work->page != NULL) {
		reply_json(request, 200, work->page);
	} else {
		reply_bytes(request, 200, "application/json", work->receipt);
	}
}

static struct work *
work_of(struct request *request, enum record_kind kind)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));

	*work = (struct work){ .kind = kind };
	request->data = work;
	return work;
}

/* --- pages ---------------------------------------------------------------------- */

static int
make_page(struct request *request, struct trail *trail, struct fault *fault)
{
	struct work *work = request->data;
	char next[TEXT_NUMBER + 1];
	json_t *list;
	bool is_last;
	uint64_t left;

	if (trail_list(trail, (uint64_t)work->from, (uint64_t)work->max, &list,
	        &is_last, &left, fault) < 0) {
		return -1;
	}
	work->page =
	    json_own(request->arena, json_pack("{s:O}", "revisions", list));
	if (!is_last) {
		next[text_number(next, left)] = '\0';
		json_object_set_new(work->page, "next", json_string(next));
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
	work->ask = make_page;
	request_submit(request, app_core(request)->workers, run, answered);
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
make_receipt(struct request *request, struct trail *trail, struct fault *fault)
{
	struct work *work = request->data;
	const char *own = arena_format(request->arena, "%s/%s",
	    record_kind_name(work->kind), request_param(request, "id"));
	const struct history *history =
	    trail_find(trail, work->of != NULL ? work->of : own);
	struct history_row row;
	int found;

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
	    &work->receipt, fault);
}

static int
submit_receipt(struct request *request, enum record_kind kind)
{
	struct work *work = work_of(request, kind);

	work->of = request_query(request, "of");
	work->ask = make_receipt;
	request_submit(request, app_core(request)->workers, run, answered);
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
