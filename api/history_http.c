/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A page begins at the revision that its cursor names and goes back from
 * there.  Revisions are never deleted, so pages that were read stay what they
 * were, whatever is written meanwhile.
 */

#include "api/history_http.h"

#include "api/read.h"
#include "base/text.h"
#include "core/cosigning.h"
#include "core/history.h"

#include <inttypes.h>

#define ROWS_PRESET 20
#define ROWS_MAX    100

/* What a request asks of the record {id}, in a snapshot of its own. */
typedef int (*history_read_fn)(struct request *request,
    const struct history *history, struct fault *fault);

static int
run(struct request *request, enum record_kind kind, history_read_fn read,
    struct fault *fault)
{
	struct snapshot *snapshot;
	struct record record;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = read_admitted(request, snapshot, kind, &record, fault);
	if (rc == 0) {
		const struct history history = { .core = app_core(request),
			.actor = request->actor,
			.snapshot = snapshot,
			.record = &record };

		rc = read(request, &history, fault);
	}
	snapshot_close(snapshot);
	return rc;
}

/* --- pages ---------------------------------------------------------------------- */

static int
reply_page(struct request *request, const struct history *history,
    struct fault *fault)
{
	int64_t present = (int64_t)history->record->rev;
	char next[TEXT_NUMBER + 1];
	json_t *list;
	json_t *page;
	uint64_t left;
	int64_t from;
	int64_t max;

	if (request_query_integer(request, "cursor", present, 1, present, &from,
	        fault) < 0 ||
	    request_query_integer(request, "limit", ROWS_PRESET, 1, ROWS_MAX,
	        &max, fault) < 0 ||
	    history_list(history, request->arena, (uint64_t)from, (uint64_t)max,
	        &list, &left, fault) < 0) {
		return -1;
	}
	page = json_own(request->arena, json_pack("{s:O}", "revisions", list));
	if (left > 0) {
		next[text_number(next, left)] = '\0';
		json_object_set_new(page, "next", json_string(next));
	}
	reply_json(request, 200, page);
	return 0;
}

/* --- receipts ------------------------------------------------------------------- */

static int
reply_receipt(struct request *request, const struct history *history,
    struct fault *fault)
{
	const char *text = request_param(request, "rev");
	struct history_row row;
	struct bytes receipt;
	char *end;
	uint64_t rev = strtoull(text, &end, 10);
	int found = 0;

	if (text[0] >= '1' && text[0] <= '9' && *end == '\0' &&
	    rev <= history->record->rev) {
		found = history_find(history, request->arena, rev, &row, fault);
	}
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
	if (cosigning_receipt(app_core(request), request->arena, row.entry,
	        &receipt, fault) < 0) {
		return -1;
	}
	reply_bytes(request, 200, "application/json", receipt);
	return 0;
}

/* --- kinds ---------------------------------------------------------------------- */

#define TRAIL_OF(name, record_kind) \
	int name(struct request *request, struct fault *fault) \
	{ \
		return run(request, (record_kind), reply_page, fault); \
	} \
\
	int name##_receipt(struct request *request, struct fault *fault) \
	{ \
		return run(request, (record_kind), reply_receipt, fault); \
	}

TRAIL_OF(history_http_dossier, RECORD_DOSSIER)
TRAIL_OF(history_http_document, RECORD_DOCUMENT)
TRAIL_OF(history_http_decision, RECORD_DECISION)
