/* SPDX-License-Identifier: Apache-2.0 */

#include "api/witness_http.h"

#include "api/app.h"
#include "core/cosigning.h"

int
witness_http_show(struct request *request, struct fault *fault)
{
	json_t *show;

	if (cosigning_show(app_core(request), request->arena, &show, fault) <
	    0) {
		return -1;
	}
	reply_json(request, 200, show);
	return 0;
}

int
witness_http_cosigned(struct request *request, struct fault *fault)
{
	struct bytes note;
	uint64_t size;
	int found = cosigning_newest(app_core(request), request->arena, &note,
	    &size, fault);

	if (found == 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "no checkpoint has enough cosignatures of witnesses");
	}
	if (found == 1) {
		reply_bytes(request, 200, "text/plain; charset=utf-8", note);
	}
	return found < 0 ? -1 : 0;
}

/* What both POSTs hand to a worker. */
struct work {
	const char *name; /* of the witness */
	uint64_t old_size;
	struct bytes body;      /* that it is shown */
	const char *checkpoint; /* with the lines that it gave */
	unsigned count;         /* of cosignatures by now */
	int rc;
	struct fault fault;
};

static void
ask(struct request *request)
{
	struct work *work = request->data;

	work->rc = cosigning_request(app_core(request), request->arena,
	    work->name, work->old_size, &work->body, &work->fault);
}

static void
asked(struct request *request)
{
	struct work *work = request->data;

	if (work->rc < 0) {
		reply_fault(request, &work->fault);
	} else {
		reply_json(request, 200,
		    json_own(request->arena,
		        json_pack("{s:s%}", "request", work->body.data,
		            work->body.len)));
	}
}

int
witness_http_ask(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));
	struct json_reader reader;
	const json_t *body;
	int64_t old;

	if (request_json(request, &body, fault) < 0) {
		return -1;
	}
	json_reader_init(&reader, body, "", fault);
	work->name = json_reader_text(&reader, "for", true);
	old = json_reader_integer(&reader, "old", -1, 0, JSON_INTEGER_MAX);
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	work->old_size = old < 0 ? COSIGNING_REMEMBERED : (uint64_t)old;
	request->data = work;
	request_submit(request, app_core(request)->workers, ask, asked);
	return 0;
}

static void
take(struct request *request)
{
	struct work *work = request->data;

	work->rc = cosigning_take(app_core(request),
	    bytes_of_text(work->checkpoint), &work->count, &work->fault);
}

static void
taken(struct request *request)
{
	struct work *work = request->data;

	if (work->rc < 0) {
		reply_fault(request, &work->fault);
	} else {
		reply_json(request, 200,
		    json_own(request->arena,
		        json_pack("{s:i}", "cosignatures", (int)work->count)));
	}
}

int
witness_http_take(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));
	struct json_reader reader;
	const json_t *body;

	if (request_json(request, &body, fault) < 0) {
		return -1;
	}
	json_reader_init(&reader, body, "", fault);
	work->checkpoint = json_reader_text(&reader, "checkpoint", true);
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	request->data = work;
	request_submit(request, app_core(request)->workers, take, taken);
	return 0;
}
