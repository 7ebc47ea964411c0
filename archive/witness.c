/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Form, log, signature, old size, proof, in this order: what an earlier step
 * refuses is not looked at by a later one, so only a log's own key makes a
 * witness compute or tell what it has seen.
 */

#include "archive/witness.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* Which log it says to be of; nothing is verified yet. */
static int
find_log(struct witness_verdict *verdict, const struct witness_request *request,
    const struct witness_log *logs, size_t count)
{
	struct checkpoint *claimed = &verdict->checkpoint;
	struct fault *why = &verdict->why;
	struct bytes text;

	if (note_text(&text, request->checkpoint, why) < 0 ||
	    checkpoint_parse(claimed, text, why) < 0) {
		verdict->status = WITNESS_MALFORMED;
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (strcmp(logs[i].verifier.name, claimed->origin) == 0) {
			verdict->log = i;
			return 0;
		}
	}
	verdict->status = WITNESS_UNKNOWN;
	return fault_set(why, FAULT_ABSENT,
	    "log %s is not one that this witness watches",
	    text_clipped(claimed->origin));
}

static int
check_signature(struct witness_verdict *verdict,
    const struct witness_request *request, const struct witness_log *log)
{
	if (note_open(&verdict->text, request->checkpoint, &log->verifier,
	        &verdict->why) < 0) {
		verdict->status = verdict->why.code == FAULT_DENIED
		                      ? WITNESS_UNSIGNED
		                      : WITNESS_MALFORMED;
		return -1;
	}
	return 0;
}

static int
check_sizes(struct witness_verdict *verdict,
    const struct witness_request *request, const struct witness_log *log)
{
	uint64_t size = verdict->checkpoint.size;

	if (request->old_size > size) {
		verdict->status = WITNESS_MALFORMED;
		return fault_set(&verdict->why, FAULT_INVALID,
		    "the old size, %" PRIu64
		    ", is above the checkpoint's, %" PRIu64,
		    request->old_size, size);
	}
	if (size < log->size) {
		verdict->status = WITNESS_ELSEWHERE;
		return fault_set(&verdict->why, FAULT_CONFLICT,
		    "log %s shows %" PRIu64
		    " entries, and this witness has seen %" PRIu64
		    ": entries were lost, or the request is an old one",
		    text_clipped(log->verifier.name), size, log->size);
	}
	if (request->old_size != log->size) {
		verdict->status = WITNESS_ELSEWHERE;
		return fault_set(&verdict->why, FAULT_CONFLICT,
		    "this witness has seen %" PRIu64
		    " entries of log %s, and the request begins at %" PRIu64,
		    log->size, text_clipped(log->verifier.name),
		    request->old_size);
	}
	return 0;
}

static bool
goes_on(const struct checkpoint *checkpoint,
    const struct witness_request *request, const struct witness_log *log)
{
	if (log->size == 0) {
		struct sha256 nothing = merkle_empty();

		return request->proof.count == 0 &&
		       (checkpoint->size > 0 ||
		           memcmp(&checkpoint->root, &nothing,
		               sizeof(nothing)) == 0);
	}
	return merkle_consistency_is_valid(&request->proof, log->size,
	    checkpoint->size, &log->root, &checkpoint->root);
}

void
witness_judge(struct witness_verdict *verdict, struct bytes body,
    const struct witness_log *logs, size_t count)
{
	struct witness_request request;
	const struct witness_log *log;

	*verdict = (struct witness_verdict){ .status = WITNESS_MALFORMED };
	if (witness_request_parse(&request, body, &verdict->why) < 0 ||
	    find_log(verdict, &request, logs, count) < 0) {
		return;
	}
	log = &logs[verdict->log];
	verdict->seen = log->size;
	if (check_signature(verdict, &request, log) < 0 ||
	    check_sizes(verdict, &request, log) < 0) {
		return;
	}
	if (!goes_on(&verdict->checkpoint, &request, log)) {
		verdict->status = WITNESS_FORKED;
		fault_set(&verdict->why, FAULT_CORRUPT,
		    "log %s was rewritten: its %" PRIu64
		    " entries do not begin with the %" PRIu64
		    " that this witness has seen",
		    text_clipped(log->verifier.name), verdict->checkpoint.size,
		    log->size);
		return;
	}
	verdict->status = WITNESS_AGREES;
}
