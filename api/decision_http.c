/* SPDX-License-Identifier: Apache-2.0 */

#include "api/decision_http.h"

#include "api/read.h"
#include "core/decision.h"
#include "core/document.h"
#include "core/permit.h"

/* As a list shows it, with what its document says. */
static int
add_row(struct request *request, struct snapshot *snapshot,
    const struct record *decision, const struct record *document, json_t *list,
    struct fault *fault)
{
	static const char *const of_decision[] = { "date", "dossier", "id",
		"issuer" };
	static const char *const of_document[] = { "reference", "subject" };
	const struct permit_object object =
	    permit_object_of(RECORD_DECISION, decision->value);
	json_t *row = json_object();

	json_array_append_new(list, row);
	for (size_t i = 0; i < 4; i++) {
		json_object_set(row, of_decision[i],
		    json_object_get(decision->value, of_decision[i]));
	}
	for (size_t i = 0; i < 2; i++) {
		json_object_set(row, of_document[i],
		    json_object_get(document->value, of_document[i]));
	}
	return object.unit == NULL
	           ? 0
	           : read_put_name(request, snapshot, row, "issuer_name",
	                 object.unit, object.date, fault);
}

static int
add_of_document(struct request *request, struct snapshot *snapshot,
    const char *id, json_t *list, struct fault *fault)
{
	struct record document;
	struct record decision;
	const char **ids;
	size_t count;

	if (record_need(snapshot, request->arena, RECORD_DOCUMENT, id,
	        &document, fault) < 0 ||
	    decision_of_document(snapshot, request->arena, id, &ids, &count,
	        fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		int seen = -1;

		if (record_need(snapshot, request->arena, RECORD_DECISION,
		        ids[i], &decision, fault) == 0) {
			seen = read_may(request, snapshot, &decision, fault);
		}
		if (seen < 0 ||
		    (seen > 0 && add_row(request, snapshot, &decision,
		                     &document, list, fault) < 0)) {
			return -1;
		}
	}
	return 0;
}

static void
reply_list(struct request *request, json_t *list)
{
	reply_json(request, 200,
	    json_own(request->arena, json_pack("{s:O}", "decisions", list)));
}

int
decision_http_of_document(struct request *request, struct fault *fault)
{
	json_t *list = json_own(request->arena, json_array());
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = add_of_document(request, snapshot, request_param(request, "id"),
	    list, fault);
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_list(request, list);
	}
	return rc;
}

int
decision_http_find(struct request *request, struct fault *fault)
{
	json_t *list = json_own(request->arena, json_array());
	const char *reference = request_query(request, "reference");
	struct snapshot *snapshot;
	const char **ids;
	size_t count = 0;
	int rc;

	if (reference == NULL) {
		return fault_field(fault, "reference", "is required");
	}
	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = document_find_reference(snapshot, request->arena, reference, &ids,
	    &count, fault);
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = add_of_document(request, snapshot, ids[i], list, fault);
	}
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_list(request, list);
	}
	return rc;
}
