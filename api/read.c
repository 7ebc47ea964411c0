/* SPDX-License-Identifier: Apache-2.0 */

#include "api/read.h"

#include "base/text.h"
#include "core/permit.h"
#include "core/unit.h"
#include "core/verdict.h"

#include <inttypes.h>

void
read_reply(struct request *request, const struct record *record)
{
	char tag[TEXT_NUMBER + 3] = "\"";
	size_t digits = text_number(tag + 1, record->rev);

	memcpy(tag + 1 + digits, "\"", 2);
	reply_tag(request, tag);
	reply_bytes(request, 200, "application/json", record->bytes);
}

int
read_admitted(struct request *request, struct snapshot *snapshot,
    enum record_kind kind, struct record *record_out, struct fault *fault)
{
	struct permit_object object;

	if (record_need(snapshot, request->arena, kind,
	        request_param(request, "id"), record_out, fault) < 0) {
		return -1;
	}
	object = permit_object_of(kind, record_out->value);
	return permit_check(app_core(request), snapshot, request->actor,
	    request->route->act, &object, fault);
}

int
read_may(struct request *request, struct snapshot *snapshot,
    const struct record *record, struct fault *fault)
{
	const struct permit_object object =
	    permit_object_of(record->kind, record->value);

	return permit_may(app_core(request), snapshot, request->actor,
	    request->route->act, &object, fault);
}

int
read_admitted_alone(struct request *request, enum record_kind kind,
    struct record *record_out, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = read_admitted(request, snapshot, kind, record_out, fault);
	snapshot_close(snapshot);
	return rc;
}

/* The bytes of the revision that was asked for. */
static int
choose_revision(struct request *request, struct snapshot *snapshot,
    struct record *record, struct fault *fault)
{
	int64_t rev;
	int found;

	if (request_query_integer(request, "rev", (int64_t)record->rev, 1,
	        INT64_MAX, &rev, fault) < 0) {
		return -1;
	}
	if ((uint64_t)rev == record->rev) {
		return 0;
	}
	found = record_find_revision(snapshot, request->arena, record->kind,
	    record->id, (uint64_t)rev, &record->bytes, fault);
	if (found == 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "%s %s has %" PRIu64 " revisions",
		    record_kind_name(record->kind), record->id, record->rev);
	}
	record->rev = (uint64_t)rev;
	return found < 0 ? -1 : 0;
}

/*
 * The same without a tree of the record: it is passed on as it is, and to
 * know whose it is takes a glance, and that only once.
 */
static int
find_admitted(struct request *request, struct snapshot *snapshot,
    enum record_kind kind, struct record *record, struct fault *fault)
{
	struct verdict verdict = { .serial = request->actor->serial,
		.act = request->route->act,
		.kind = kind,
		.id = request_param(request, "id") };
	struct permit_object object;
	int found;

	record->kind = kind;
	record->id = verdict.id;
	found = record_find_bytes(snapshot, request->arena, kind, record->id,
	    &record->rev, &record->bytes, fault);
	if (found == 0) {
		return fault_set(fault, FAULT_ABSENT, "there is no %s %s",
		    record_kind_name(kind), record->id);
	}
	if (found < 0) {
		return -1;
	}
	verdict.rev = record->rev;
	if (verdict_find(app_core(request), &verdict)) {
		return 0;
	}
	object = permit_object_at(request->arena, kind, record->bytes);
	if (permit_check(app_core(request), snapshot, request->actor,
	        request->route->act, &object, fault) < 0) {
		return -1;
	}
	verdict_put(app_core(request), snapshot, &verdict);
	return 0;
}

int
read_record(struct request *request, enum record_kind kind, struct fault *fault)
{
	struct snapshot *snapshot;
	struct record record;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = find_admitted(request, snapshot, kind, &record, fault);
	if (rc == 0) {
		rc = choose_revision(request, snapshot, &record, fault);
	}
	snapshot_close(snapshot);
	if (rc == 0) {
		read_reply(request, &record);
	}
	return rc;
}

static void
make_answer(struct request *request)
{
	struct reading *reading = request->data;

	reading->rc = snapshot_open(&reading->snapshot,
	    app_core(request)->store, &reading->fault);
	if (reading->rc == 0) {
		reading->rc = reading->make(request, &reading->fault);
		snapshot_close(reading->snapshot);
	}
}

static void
send_answer(struct request *request)
{
	const struct reading *reading = request->data;

	if (reading->rc < 0) {
		reply_fault(request, &reading->fault);
	} else if (reading->answer != NULL) {
		reply_json(request, 200, reading->answer);
	} else {
		reply_bytes(request, 200, "application/json", reading->ready);
	}
}

void
read_on_worker(struct request *request,
    int (*make)(struct request *request, struct fault *fault))
{
	struct reading *reading = request->data;

	reading->make = make;
	request_submit(request, app_core(request)->workers, make_answer,
	    send_answer);
}

void
read_put_next(struct reading *reading, const char *next)
{
	if (next != NULL) {
		json_object_set_new(reading->answer, "next", json_string(next));
	}
}

int
read_put_name(struct request *request, struct snapshot *snapshot,
    json_t *object, const char *key, const char *unit, date_t day,
    struct fault *fault)
{
	struct unit_title title;
	int found;

	if (json_object_get(object, key) != NULL) {
		return 0;
	}
	found =
	    unit_title_at(snapshot, request->arena, unit, day, &title, fault);
	if (found == 1) {
		json_object_set_new(object, key, json_string(title.name));
	}
	return found < 0 ? -1 : 0;
}

int
read_date(const struct request *request, const char *name, date_t fallback,
    date_t *date_out, struct fault *fault)
{
	const char *text = request_query(request, name);

	*date_out = fallback;
	if (text != NULL && !date_parse(date_out, text)) {
		return fault_field(fault, name,
		    "must be a day that exists, YYYY-MM-DD");
	}
	return 0;
}
