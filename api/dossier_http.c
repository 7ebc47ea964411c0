/* SPDX-License-Identifier: Apache-2.0 */

#include "api/dossier_http.h"

#include "api/app.h"
#include "api/change.h"
#include "api/file_http.h"
#include "api/read.h"
#include "base/digest.h"
#include "base/hex.h"
#include "core/decision.h"
#include "core/document.h"
#include "core/dossier.h"
#include "core/examination.h"
#include "core/grant.h"
#include "core/permit.h"
#include "core/sealing.h"

int
dossier_http_missing(struct request *request, struct fault *fault)
{
	struct record dossier;

	if (read_admitted_alone(request, RECORD_DOSSIER, &dossier, fault) < 0) {
		return -1;
	}
	reply_json(request, 200,
	    json_own(request->arena, json_pack("{s:O}", "missing",
	                                 dossier_missing(app_core(request),
	                                     request->arena, dossier.value))));
	return 0;
}

/* The attachment with this hash in a list; `member` holds it, or NULL. */
static const json_t *
find_attachment(const json_t *list, const char *member, const char *hex)
{
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		const json_t *attachment =
		    member != NULL ? json_object_get(value, member) : value;
		const char *sum = json_text_at(attachment, "sha256");

		if (sum != NULL && strcmp(sum, hex) == 0) {
			return attachment;
		}
	}
	return NULL;
}

/* Send the file {sha256} of a record that the caller may read. */
static int
send_file(struct request *request, enum record_kind kind, const char *list,
    const char *member, struct fault *fault)
{
	const char *hex = request_param(request, "sha256");
	const json_t *attachment;
	struct file_answer file;
	struct snapshot *snapshot;
	struct record record;
	struct sha256 sum;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = read_admitted(request, snapshot, kind, &record, fault);
	if (rc == 0) {
		attachment = find_attachment(
		    json_object_get(record.value, list), member, hex);
		if (attachment == NULL ||
		    !hex_decode(sum.bytes, sizeof(sum.bytes), hex)) {
			rc = fault_set(fault, FAULT_ABSENT,
			    "%s %s has no file %s", record_kind_name(kind),
			    record.id, hex);
		}
	}
	if (rc == 0) {
		file = (struct file_answer){ &sum,
			json_text_at(attachment, "name"),
			json_text_at(attachment, "media_type") };
		rc = file_http_send(request, snapshot, &file, fault);
	}
	snapshot_close(snapshot);
	return rc;
}

static int
reply_examinations(struct request *request, enum record_kind kind,
    struct fault *fault)
{
	struct snapshot *snapshot;
	struct record record;
	json_t *list;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = read_admitted(request, snapshot, kind, &record, fault);
	if (rc == 0) {
		rc = examination_list(snapshot, request->arena, &record, &list,
		    fault);
	}
	snapshot_close(snapshot);
	if (rc < 0) {
		return -1;
	}
	reply_json(request, 200,
	    json_own(request->arena, json_pack("{s:O}", "files", list)));
	return 0;
}

int
dossier_http_examinations(struct request *request, struct fault *fault)
{
	return reply_examinations(request, RECORD_DOSSIER, fault);
}

int
dossier_http_document_examinations(struct request *request, struct fault *fault)
{
	return reply_examinations(request, RECORD_DOCUMENT, fault);
}

int
dossier_http_file(struct request *request, struct fault *fault)
{
	return send_file(request, RECORD_DOSSIER, "components", "attachment",
	    fault);
}

int
dossier_http_document_file(struct request *request, struct fault *fault)
{
	return send_file(request, RECORD_DOCUMENT, "attachments", NULL, fault);
}

int
dossier_http_package(struct request *request, struct fault *fault)
{
	struct file_answer file = { .media_type =
		                        "application/vnd.etsi.asic-e+zip" };
	struct snapshot *snapshot;
	struct record dossier;
	struct sha256 sum;
	const json_t *seal;
	const char *hex;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = read_admitted(request, snapshot, RECORD_DOSSIER, &dossier, fault);
	if (rc == 0) {
		seal = json_object_get(dossier.value, "seal");
		hex = json_text_at(seal, "sha256");
		if (hex == NULL ||
		    !hex_decode(sum.bytes, sizeof(sum.bytes), hex)) {
			rc = fault_set(fault, FAULT_ABSENT,
			    seal != NULL
			        ? "dossier %s is archived and awaits its "
			          "time-stamp; ask again later"
			        : "dossier %s is not sealed yet",
			    dossier.id);
		}
	}
	if (rc == 0) {
		file.sum = &sum;
		file.name =
		    arena_format(request->arena, "%s.asice", dossier.id);
		rc = file_http_send(request, snapshot, &file, fault);
	}
	snapshot_close(snapshot);
	return rc;
}

/* --- sealing ------------------------------------------------------------------- */

struct seal_work {
	struct sealing_ask ask;
	struct set_id set;
	struct command_result result;
	int rc;
	struct fault fault;
};

static void
seal(struct request *request)
{
	struct seal_work *work = request->data;

	work->rc = sealing_run(app_core(request), request->actor, &work->ask,
	    request->arena, &work->result, &work->fault);
}

static void
sealed(struct request *request)
{
	struct seal_work *work = request->data;

	if (work->rc < 0) {
		reply_fault(request, &work->fault);
	} else {
		change_reply(request, &work->result, false);
	}
}

int
dossier_http_seal(struct request *request, struct fault *fault)
{
	struct seal_work *work = arena_alloc(request->arena, sizeof(*work));
	struct json_reader reader;
	const json_t *body;
	int repeated;

	if (request_json(request, &body, fault) < 0 ||
	    change_set_id(request, &work->set, fault) < 0 ||
	    request_if_match(request, &work->ask.if_rev, fault) < 0) {
		return -1;
	}
	json_reader_init(&reader, body, "", fault);
	work->ask.reason = json_reader_text(&reader, "reason", false);
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	repeated = change_answer_repeated(request, &work->set, false, fault);
	if (repeated != 0) {
		return repeated < 0 ? -1 : 0;
	}
	work->ask.dossier = request_param(request, "id");
	work->ask.set = &work->set;
	request->data = work;
	request_submit(request, app_core(request)->workers, seal, sealed);
	return 0;
}

/* --- lists ---------------------------------------------------------------------- */

/* Add the stored records of these ids to a list; all, or what he may see. */
static int
add_records(struct request *request, struct snapshot *snapshot,
    enum record_kind kind, const char **ids, size_t count, bool all,
    json_t *list, struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		struct record record;
		int seen;

		if (record_need(snapshot, request->arena, kind, ids[i], &record,
		        fault) < 0) {
			return -1;
		}
		seen = all ? 1 : read_may(request, snapshot, &record, fault);
		if (seen < 0) {
			return -1;
		}
		if (seen == 1) {
			json_array_append_new(list,
			    json_deep_copy(record.value));
		}
	}
	return 0;
}

/* The names of the units of grants, as they were on the grant's day. */
static int
add_unit_names(struct request *request, struct snapshot *snapshot,
    const json_t *grants, json_t *names, struct fault *fault)
{
	json_t *grant;
	size_t i;

	json_array_foreach(grants, i, grant)
	{
		struct permit_object object =
		    permit_object_of(RECORD_GRANT, grant);

		if (object.unit != NULL &&
		    read_put_name(request, snapshot, names, object.unit,
		        object.unit, object.date, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

int
dossier_http_grants(struct request *request, struct fault *fault)
{
	json_t *list = json_own(request->arena, json_array());
	json_t *names = json_own(request->arena, json_object());
	struct snapshot *snapshot;
	struct record decision;
	const char **ids;
	size_t count;
	int issued = 0;
	int revocable = 0;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = record_need(snapshot, request->arena, RECORD_DECISION,
	    request_param(request, "id"), &decision, fault);
	if (rc == 0) {
		rc = decision_grants(snapshot, request->arena, decision.id,
		    &ids, &count, fault);
	}
	if (rc == 0) {
		/* Who issued it sees every line, others those of their own. */
		issued = read_may(request, snapshot, &decision, fault);
		rc = issued < 0 ? -1
		                : add_records(request, snapshot, RECORD_GRANT,
		                      ids, count, issued == 1, list, fault);
	}
	if (rc == 0) {
		rc = add_unit_names(request, snapshot, list, names, fault);
	}
	if (rc == 0) {
		revocable = grant_may_revoke(app_core(request), snapshot,
		    request->arena, request->actor, &decision, fault);
		rc = revocable < 0 ? -1 : 0;
	}
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_json(request, 200,
		    json_own(request->arena,
		        json_pack("{s:O, s:O, s:b}", "grants", list, "names",
		            names, "revocable", revocable)));
	}
	return rc;
}

int
dossier_http_find_documents(struct request *request, struct fault *fault)
{
	json_t *list = json_own(request->arena, json_array());
	const char *reference = request_query(request, "reference");
	struct snapshot *snapshot;
	const char **ids;
	size_t count;
	int rc;

	if (reference == NULL) {
		return fault_field(fault, "reference", "is required");
	}
	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = document_find_reference(snapshot, request->arena, reference, &ids,
	    &count, fault);
	if (rc == 0) {
		rc = add_records(request, snapshot, RECORD_DOCUMENT, ids, count,
		    false, list, fault);
	}
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_json(request, 200,
		    json_own(request->arena,
		        json_pack("{s:O}", "documents", list)));
	}
	return rc;
}
