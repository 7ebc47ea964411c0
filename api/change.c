/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reading and judging are point reads, done on the loop; the commit comes
 * back there; only files above BLOB_SMALL_BYTES are written by a worker before
 * it.  Where somebody else was quicker the change is tried again on what is
 * there now; a change of the tree of units finds somebody quicker as long as
 * others file, so after some tries they wait for it.
 */

#include "api/change.h"

#include "api/form.h"
#include "base/digest.h"
#include "core/permit.h"

#include <inttypes.h>
#include <stdio.h>

#define TRIES_MAX  5
#define TRIES_FREE 3    /* before others are made to wait */
#define KEY_MAX    200u /* of an Idempotency-Key */
#define ANSWER_MAX (8u << 20)

struct attempt {
	const struct change *change;
	const json_t *body;
	struct enclosures enclosures;
	struct fault fault; /* the worker's */
	int stored;
	struct set_id set;
	uint64_t if_rev;
	int tries;
	bool goes_first; /* the store is paused */
};

int
change_set_id(struct request *request, struct set_id *set_out,
    struct fault *fault)
{
	const char *key = request_header(request, "Idempotency-Key");
	struct sha256 sum;
	const char *text;

	if (key == NULL) {
		set_id_draw(set_out);
		return 0;
	}
	if (key[0] == '\0' || strlen(key) > KEY_MAX) {
		return fault_field(fault, "Idempotency-Key",
		    "has 1 to %u characters", KEY_MAX);
	}
	text =
	    arena_format(request->arena, "%s\n%s", request->actor->user, key);
	sum = sha256_of(bytes_of_text(text));
	memcpy(set_out->bytes, sum.bytes, sizeof(set_out->bytes));
	return 0;
}

void
change_reply(struct request *request, const struct command_result *result,
    bool made)
{
	change_reply_also(request, result, made, NULL, NULL);
}

void
change_reply_also(struct request *request, const struct command_result *result,
    bool made, const char *member, const char *text)
{
	struct fault fault;
	struct buf answer;
	char tag[24];

	buf_init(&answer, ANSWER_MAX);
	buf_add_format(&answer,
	    "{\"id\":\"%s\",\"kind\":\"%s\",\"receipt\":", result->id,
	    result->kind);
	buf_add_bytes(&answer, result->receipt);
	buf_add_text(&answer, ",\"record\":");
	buf_add_bytes(&answer, result->record);
	buf_add_format(&answer, ",\"rev\":%" PRIu64, result->rev);
	if (member != NULL) {
		buf_add_format(&answer, ",\"%s\":\"%s\"", member, text);
	}
	buf_add_byte(&answer, '}');
	if (buf_check(&answer, &fault) < 0) {
		buf_fini(&answer);
		reply_fault(request, &fault);
		return;
	}
	snprintf(tag, sizeof(tag), "\"%" PRIu64 "\"", result->rev);
	reply_tag(request, tag);
	if (made) {
		reply_header(request, "Location",
		    arena_format(request->arena, "/api/v1/%ss/%s", result->kind,
		        result->id),
		    &fault);
	}
	reply_bytes(request, made ? 201 : 200, "application/json",
	    arena_copy(request->arena, buf_bytes(&answer)));
	buf_fini(&answer);
}

static int attempt_start(struct request *request, struct fault *fault);

static void
start_again(struct request *request)
{
	struct fault fault;

	if (attempt_start(request, &fault) < 0) {
		reply_fault(request, &fault);
	}
}

static void
stop_others(struct request *request)
{
	store_pause(app_core(request)->store);
}

static void
start_before_others(struct request *request)
{
	struct store *store = app_core(request)->store;
	struct attempt *attempt = request->data;

	attempt->goes_first = true;
	start_again(request);
	store_resume(store);
}

static void
try_again(struct request *request)
{
	struct attempt *attempt = request->data;

	if (attempt->tries >= TRIES_FREE) {
		request_submit(request, app_core(request)->workers, stop_others,
		    start_before_others);
	} else {
		start_again(request);
	}
}

static void
committed(void *arg, struct command *command,
    const struct command_result *result, const struct fault *fault)
{
	struct request *request = arg;
	struct attempt *attempt = request->data;

	command_free(command);
	if (fault == NULL) {
		change_reply(request, result, attempt->change->make != NULL);
		return;
	}
	if (result->outcome == OUTCOME_CONFLICT &&
	    ++attempt->tries < TRIES_MAX) {
		try_again(request);
	} else {
		reply_fault(request, fault);
	}
}

/* May this actor make or alter it? */
static int
admit(struct request *request, struct command *command,
    const struct attempt *attempt, struct fault *fault)
{
	enum record_kind kind = attempt->change->kind;
	const char *act = request->route->act;
	struct record record;

	if (attempt->change->judges) {
		return 0;
	}
	if (attempt->change->make != NULL) {
		return permit_check_new(command->core, command->snapshot,
		    request->actor, act, kind, attempt->body, fault);
	}
	if (record_need(command->snapshot, request->arena, kind,
	        request_param(request, "id"), &record, fault) < 0) {
		return -1;
	}
	return permit_check_change(command->core, command->snapshot,
	    request->actor, act, &record, attempt->body, fault);
}

static int
apply(struct request *request, struct command *command,
    const struct attempt *attempt, struct fault *fault)
{
	const struct change *change = attempt->change;

	return change->make != NULL
	           ? change->make(command, attempt->body, fault)
	           : change->alter(command, request_param(request, "id"),
	                 attempt->body, fault);
}

static int
attempt_start(struct request *request, struct fault *fault)
{
	struct attempt *attempt = request->data;
	struct command *command;

	if (command_new(&command, app_core(request), request->arena,
	        request->actor, request->route->act, &attempt->set,
	        fault) < 0) {
		return -1;
	}
	command->if_rev = attempt->if_rev;
	enclosures_begin(&attempt->enclosures, command);
	if (admit(request, command, attempt, fault) < 0 ||
	    apply(request, command, attempt, fault) < 0 ||
	    enclosures_end(&attempt->enclosures, fault) < 0) {
		const json_t *details = command->details;

		command_free(command);
		if (details == NULL) {
			return -1;
		}
		reply_fault_details(request, fault, details);
		return 0;
	}
	if (attempt->goes_first) {
		writes_go_first(command->writes);
	}
	command_commit(command, request->loop, committed, request);
	return 0;
}

/* --- files too large for the command's own set -------------------------- */

static void
store_files(struct request *request)
{
	struct attempt *attempt = request->data;

	attempt->stored = enclosures_store(app_core(request),
	    &attempt->enclosures, request->arena, &attempt->fault);
}

static void
files_stored(struct request *request)
{
	struct attempt *attempt = request->data;

	if (attempt->stored < 0 ||
	    attempt_start(request, &attempt->fault) < 0) {
		reply_fault(request, &attempt->fault);
	}
}

/*
 * What the body asks for is judged before its files cost a disk anything: by
 * a command that is thrown away.
 */
static int
store_first(struct request *request, struct fault *fault)
{
	struct attempt *attempt = request->data;
	struct command *command;
	int rc;

	if (command_new(&command, app_core(request), request->arena,
	        request->actor, request->route->act, &attempt->set,
	        fault) < 0) {
		return -1;
	}
	rc = admit(request, command, attempt, fault);
	command_free(command);
	if (rc == 0) {
		request_submit(request, app_core(request)->workers, store_files,
		    files_stored);
	}
	return rc;
}

int
change_answer_repeated(struct request *request, const struct set_id *set,
    bool made, struct fault *fault)
{
	struct command_result result;
	int found;

	if (request_header(request, "Idempotency-Key") == NULL) {
		return 0;
	}
	found = command_recall(app_core(request), request->arena, set, &result,
	    fault);
	if (found == 1) {
		change_reply(request, &result, made);
	}
	return found;
}

int
change_run(struct request *request, const struct change *change,
    struct fault *fault)
{
	struct attempt *attempt = arena_alloc(request->arena, sizeof(*attempt));
	int rc;

	attempt->change = change;
	request->data = attempt;
	attempt->body = json_own(request->arena, json_object());
	attempt->enclosures = (struct enclosures){ .count = 0 };
	attempt->tries = 0;
	if ((request->route->body == ROUTE_BODY_JSON &&
	        request_json(request, &attempt->body, fault) < 0) ||
	    (request->route->body == ROUTE_BODY_FORM &&
	        form_read(request, &attempt->body, &attempt->enclosures,
	            fault) < 0) ||
	    change_set_id(request, &attempt->set, fault) < 0 ||
	    request_if_match(request, &attempt->if_rev, fault) < 0) {
		return -1;
	}
	rc = change_answer_repeated(request, &attempt->set,
	    change->make != NULL, fault);
	if (rc != 0) {
		return rc < 0 ? -1 : 0;
	}
	return enclosures_are_small(&attempt->enclosures)
	           ? attempt_start(request, fault)
	           : store_first(request, fault);
}
