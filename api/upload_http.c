/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is wrong with a request is said before a byte of its body is taken.
 * What an upload has is asked from the store each time: the client's offset
 * is compared with what is durable, never with what somebody remembers.
 */

#include "api/upload_http.h"

#include "api/app.h"
#include "api/holder.h"
#include "api/transfer.h"
#include "api/tus.h"
#include "base/clock.h"
#include "core/uploading.h"

#include <inttypes.h>
#include <stdio.h>

#define UPLOADS "/api/v1/uploads"

/* --- options ---------------------------------------------------------------- */

int
upload_http_options(struct request *request, struct fault *fault)
{
	const struct uploads *uploads = app_core(request)->uploads;

	tus_answer_number(request, "Tus-Max-Size", uploads_length_max(uploads));
	if (reply_header(request, "Tus-Resumable", TUS_VERSION, fault) < 0 ||
	    reply_header(request, "Tus-Version", TUS_VERSION, fault) < 0 ||
	    reply_header(request, "Tus-Extension", TUS_EXTENSIONS, fault) < 0 ||
	    reply_header(request, "Tus-Checksum-Algorithm", "sha256", fault) <
	        0) {
		return -1;
	}
	reply_empty(request, 204);
	return 0;
}

/* --- begin -------------------------------------------------------------------- */

struct beginning {
	uint64_t length;
	struct bytes metadata;
	struct transfer_ask ask;
	char id[ID_TEXT];
	int rc;
	struct fault fault;
};

static void
begin(struct request *request)
{
	struct beginning *beginning = request->data;

	beginning->rc = uploading_begin(app_core(request), request->actor,
	    beginning->length, beginning->metadata, beginning->id,
	    &beginning->fault);
}

static void
begun(struct request *request)
{
	struct beginning *beginning = request->data;
	struct upload_state state;
	int found = -1;

	if (beginning->rc == 0) {
		found = uploading_find(app_core(request), request->actor,
		    beginning->id, request->arena, &state, &beginning->fault);
	}
	if (found != 1 ||
	    reply_header(request, "Location",
	        arena_format(request->arena, UPLOADS "/%s", beginning->id),
	        &beginning->fault) < 0) {
		reply_fault(request, &beginning->fault);
	} else if (request_length(request) > 0) {
		beginning->ask.id = beginning->id;
		beginning->ask.made = true;
		transfer_start(request, &beginning->ask);
	} else {
		tus_answer_number(request, "Upload-Offset", 0);
		tus_answer_expires(request, state.expires_at);
		reply_empty(request, 201);
	}
}

/* A body of known length that would not fit is refused before it is sent. */
static int
check_fits(const struct request *request, uint64_t offset, uint64_t length,
    struct fault *fault)
{
	uint64_t max = uploads_length_max(app_core(request)->uploads);
	uint64_t body = request_length(request);

	if (length == UPLOAD_LENGTH_UNKNOWN) {
		length = max;
	}
	if (length > max) {
		return fault_set(fault, FAULT_LIMIT,
		    "%" PRIu64 " bytes are over the limit of %" PRIu64, length,
		    max);
	}
	if (body != REPLY_UNKNOWN &&
	    (offset > length || body > length - offset)) {
		return fault_set(fault, FAULT_LIMIT,
		    "%" PRIu64 " bytes at %" PRIu64
		    " are more than the upload's %" PRIu64,
		    body, offset, length);
	}
	return 0;
}

int
upload_http_new(struct request *request, struct fault *fault)
{
	struct beginning *beginning =
	    arena_alloc(request->arena, sizeof(*beginning));
	struct transfer_ask *ask = &beginning->ask;
	int has_sum;

	if (!tus_begin(request)) {
		return 0;
	}
	has_sum = tus_checksum(request, &ask->sum, fault);
	if (has_sum < 0 || tus_length(request, &beginning->length, fault) < 0 ||
	    tus_metadata(request, &beginning->metadata, fault) < 0 ||
	    check_fits(request, 0, beginning->length, fault) < 0) {
		return -1;
	}
	if (request_length(request) > 0 && !tus_is_body(request)) {
		reply_problem(request, 415, "a body must be " TUS_BODY_TYPE);
		return 0;
	}
	ask->has_sum = has_sum == 1;
	request->data = beginning;
	request_submit(request, app_core(request)->workers, begin, begun);
	return 0;
}

/* --- state ------------------------------------------------------------------------ */

/* 1; 0 where it was answered, since nothing is there; -1. */
static int
find(struct request *request, struct upload_state *state_out,
    struct fault *fault)
{
	const char *id = request_param(request, "id");
	int found = uploading_find(app_core(request), request->actor, id,
	    request->arena, state_out, fault);

	if (found == 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "you have no upload %.40s", id);
	}
	if (found == 1 && state_out->expires_at <= clock_now()) {
		reply_problem(request, 410, "the upload has expired");
		return 0;
	}
	return found;
}

int
upload_http_head(struct request *request, struct fault *fault)
{
	struct upload_state state;
	int found;

	if (!tus_begin(request)) {
		return 0;
	}
	found = find(request, &state, fault);
	if (found != 1) {
		return found;
	}
	if (reply_header(request, "Cache-Control", "no-store", fault) < 0 ||
	    (state.about.len > 0 &&
	        reply_header(request, "Upload-Metadata",
	            arena_text_of(request->arena, state.about), fault) < 0)) {
		return -1;
	}
	tus_answer_number(request, "Upload-Offset", state.offset);
	tus_answer_expires(request, state.expires_at);
	if (state.length == UPLOAD_LENGTH_UNKNOWN) {
		tus_answer_number(request, "Upload-Defer-Length", 1);
	} else {
		tus_answer_number(request, "Upload-Length", state.length);
	}
	reply_empty(request, 200);
	return 0;
}

/* An instant as records have it: UTC microseconds. */
static json_t *
describe(const struct upload_state *state, const char *id, struct arena *arena)
{
	const char *name = tus_metadata_text(state->about, "filename", arena);
	const char *type = tus_metadata_text(state->about, "filetype", arena);
	json_t *value = json_own(arena,
	    json_pack("{s:s,s:b,s:I,s:I,s:I}", "id", id, "complete",
	        state->complete, "offset", (json_int_t)state->offset, "begun",
	        (json_int_t)state->begun_at, "expires",
	        (json_int_t)state->expires_at));
	char hex[SHA256_TEXT];

	if (state->length != UPLOAD_LENGTH_UNKNOWN) {
		json_object_set_new(value, "length",
		    json_integer((json_int_t)state->length));
	}
	if (name != NULL) {
		json_object_set_new(value, "name", json_string(name));
	}
	if (type != NULL) {
		json_object_set_new(value, "media_type", json_string(type));
	}
	if (state->complete) {
		sha256_format(hex, &state->sum);
		json_object_set_new(value, "sha256", json_string(hex));
	}
	return value;
}

int
upload_http_get(struct request *request, struct fault *fault)
{
	struct upload_state state;
	int found = find(request, &state, fault);

	if (found == 1) {
		reply_json(request, 200,
		    describe(&state, request_param(request, "id"),
		        request->arena));
	}
	return found < 0 ? -1 : 0;
}

/* --- go on -------------------------------------------------------------------------- */

int
upload_http_patch(struct request *request, struct fault *fault)
{
	struct transfer_ask ask = { .id = request_param(request, "id") };
	struct upload_state state;
	int has_offset, has_length, has_sum;
	int found;

	if (!tus_begin(request)) {
		return 0;
	}
	if (!tus_is_body(request)) {
		reply_problem(request, 415, "the body must be " TUS_BODY_TYPE);
		return 0;
	}
	has_offset = tus_number(request, "Upload-Offset", &ask.offset, fault);
	has_length = tus_number(request, "Upload-Length", &ask.length, fault);
	has_sum = tus_checksum(request, &ask.sum, fault);
	if (has_offset < 0 || has_length < 0 || has_sum < 0) {
		return -1;
	}
	if (has_offset == 0) {
		return fault_field(fault, "Upload-Offset", "is required");
	}
	found = find(request, &state, fault);
	if (found != 1) {
		return found;
	}
	if (check_fits(request, ask.offset,
	        has_length == 1 ? ask.length : state.length, fault) < 0) {
		return -1;
	}
	ask.has_length = has_length == 1;
	ask.has_sum = has_sum == 1;
	transfer_start(request, &ask);
	return 0;
}

/* --- end ------------------------------------------------------------------------------ */

struct ending {
	int rc;
	struct fault fault;
};

static void
abandon(struct request *request)
{
	struct ending *ending = request->data;

	ending->rc = uploading_abandon(app_core(request), request->actor,
	    request_param(request, "id"), &ending->fault);
}

static void
abandoned(struct request *request)
{
	struct ending *ending = request->data;

	if (ending->rc == 1) {
		reply_empty(request, 204);
	} else if (ending->rc == 0) {
		reply_problem(request, 404, "it has just ended");
	} else if (ending->fault.code == FAULT_CONFLICT) {
		holders_call_off(((struct app *)request->app)->holders,
		    request_param(request, "id"));
		reply_problem(request, 423,
		    "another request is sending to this upload; it was called "
		    "off: try again");
	} else {
		reply_fault(request, &ending->fault);
	}
}

int
upload_http_end(struct request *request, struct fault *fault)
{
	struct upload_state state;
	int found;

	if (!tus_begin(request)) {
		return 0;
	}
	found = find(request, &state, fault);
	if (found != 1) {
		return found;
	}
	request->data = arena_alloc(request->arena, sizeof(struct ending));
	request_submit(request, app_core(request)->workers, abandon, abandoned);
	return 0;
}

/* --- POST for another method -------------------------------------------------------------- */

int
upload_http_override(struct request *request, struct fault *fault)
{
	static const struct {
		const char *name;
		route_fn handler;
	} methods[] = {
		{ "PATCH", upload_http_patch },
		{ "HEAD", upload_http_head },
		{ "DELETE", upload_http_end },
	};

	const char *name = request_header(request, "X-HTTP-Method-Override");

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (name != NULL && strcmp(methods[i].name, name) == 0) {
			return methods[i].handler(request, fault);
		}
	}
	return fault_field(fault, "X-HTTP-Method-Override",
	    "must be PATCH, HEAD or DELETE");
}
