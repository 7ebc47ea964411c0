/* SPDX-License-Identifier: Apache-2.0 */

#include "api/work_http.h"

#include "api/app.h"
#include "api/read.h"
#include "base/clock.h"
#include "core/inbox.h"
#include "core/permit.h"

static int
read_ask(struct request *request, struct inbox_ask *ask, struct fault *fault)
{
	int64_t limit;

	if (request_query_integer(request, "limit", 20, 1, INBOX_PAGE_MAX,
	        &limit, fault) < 0) {
		return -1;
	}
	*ask = (struct inbox_ask){
		.role = request_query(request, "role"),
		.unit = request_query(request, "unit"),
		.status = request_query(request, "status"),
		.limit = (unsigned)limit,
		.cursor = request_query(request, "cursor"),
	};
	return 0;
}

static json_t *
describe_row(const struct inbox_row *row)
{
	char date[DATE_TEXT];
	json_t *told;

	date_format(date, row->date);
	told = json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:s}", "date",
	    date, "id", row->id, "kind", row->kind, "rev", (json_int_t)row->rev,
	    "since", (json_int_t)row->since, "title", row->title, "unit",
	    row->unit, "unit_name", row->unit_name);
	if (row->now_text != NULL) {
		json_object_set_new(told, "now", json_string(row->now_text));
	}
	return told;
}

/* What the role may do: statuses to bring it to, its text, an opinion, a ballot;
 * and whether that is so of what he made himself alone. */
static void
describe_duty(const struct duty *duty, json_t *told)
{
	json_t *steps = json_array();
	json_t *acts = json_array();

	for (size_t i = 0; i < duty->step_count; i++) {
		json_array_append_new(steps, json_string(duty->steps[i]));
	}
	if (duty->has_edit) {
		json_array_append_new(acts, json_string("dossier.edit"));
	}
	if (duty->has_opinion) {
		json_array_append_new(acts, json_string("dossier.opinion"));
	}
	if (duty->has_vote) {
		json_array_append_new(acts, json_string("dossier.vote"));
	}
	json_object_set_new(told, "status", json_string(duty->status));
	json_object_set_new(told, "steps", steps);
	json_object_set_new(told, "acts", acts);
	if (duty->scope == MATRIX_MINE) {
		json_object_set_new(told, "mine", json_true());
	}
}

static int
describe_binding(struct request *request, struct snapshot *snapshot,
    const struct binding *binding, json_t *told, struct fault *fault)
{
	json_object_set_new(told, "role", json_string(binding->role));
	if (binding->unit == NULL) {
		return 0;
	}
	json_object_set_new(told, "unit", json_string(binding->unit));
	return read_put_name(request, snapshot, told, "unit_name",
	    binding->unit, clock_date(clock_now()), fault);
}

static int
describe_group(struct request *request, struct snapshot *snapshot,
    const struct inbox_group *group, json_t *groups, struct fault *fault)
{
	json_t *rows = json_array();
	json_t *told = json_pack("{s:o}", "dossiers", rows);

	json_array_append_new(groups, told);
	describe_duty(&group->duty, told);
	if (group->count > 0) {
		json_object_set_new(told, "count", json_integer(group->count));
		json_object_set_new(told, "since", json_integer(group->since));
	}
	if (group->has_more) {
		json_object_set_new(told, "more", json_true());
	}
	if (group->next != NULL) {
		json_object_set_new(told, "next", json_string(group->next));
	}
	for (size_t i = 0; i < group->row_count; i++) {
		json_array_append_new(rows, describe_row(&group->rows[i]));
	}
	return describe_binding(request, snapshot, group->binding, told, fault);
}

static int
describe_inbox(struct request *request, struct snapshot *snapshot,
    const struct inbox_ask *ask, json_t *groups, struct fault *fault)
{
	struct inbox inbox;

	if (inbox_read(&inbox, app_core(request), snapshot, request->arena,
	        request->actor, ask, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < inbox.count; i++) {
		if (describe_group(request, snapshot, &inbox.groups[i], groups,
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}

int
work_http_list(struct request *request, struct fault *fault)
{
	json_t *answer =
	    json_own(request->arena, json_pack("{s:[]}", "groups"));
	struct snapshot *snapshot;
	struct inbox_ask ask;
	int rc;

	if (read_ask(request, &ask, fault) < 0 ||
	    snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = describe_inbox(request, snapshot, &ask,
	    json_object_get(answer, "groups"), fault);
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_json(request, 200, answer);
	}
	return rc;
}

int
work_http_next(struct request *request, struct fault *fault)
{
	struct snapshot *snapshot;
	struct record dossier;
	json_t *told;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = read_admitted(request, snapshot, RECORD_DOSSIER, &dossier, fault);
	if (rc == 0) {
		rc = duty_tell(app_core(request), snapshot, request->actor,
		    &dossier, &told, fault);
	}
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_json(request, 200, json_own(request->arena, told));
	}
	return rc;
}

int
work_http_next_of_document(struct request *request, struct fault *fault)
{
	static const char act[] = "document.write";
	struct permit_object object;
	struct snapshot *snapshot;
	struct record document;
	json_t *acts;
	int may = -1;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	if (read_admitted(request, snapshot, RECORD_DOCUMENT, &document,
	        fault) == 0) {
		object = permit_object_of(RECORD_DOCUMENT, document.value);
		may = permit_may(app_core(request), snapshot, request->actor,
		    act, &object, fault);
	}
	snapshot_close(snapshot);
	if (may < 0) {
		return -1;
	}
	acts = may == 1 ? json_pack("[s]", act) : json_array();
	reply_json(request, 200,
	    json_own(request->arena, json_pack("{s:o, s:I}", "acts", acts,
	                                 "rev", (json_int_t)document.rev)));
	return 0;
}
