/* SPDX-License-Identifier: Apache-2.0 */

/*
 * All witnesses are shown the same checkpoint in one run, so that their
 * cosignatures meet under it.  A witness that has seen more than is known
 * here (its last answer was lost, or a backup was restored) says so by 409
 * and is asked once more from there; where it has seen more than there is,
 * or another past, the log is not what it was.
 */

#include "core/witnessing.h"

#include "archive/checkpoint.h"
#include "archive/witness.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/audit.h"
#include "core/cosigning.h"
#include "core/fetch.h"
#include "core/rounds.h"
#include "core/witnesses.h"

#include <inttypes.h>
#include <stdlib.h>

#define ANSWER_MAX 16384u

/* One witness that is asked. */
struct asking {
	struct core *core;
	struct arena *arena;
	unsigned place;
	struct bytes checkpoint; /* that is shown */
	uint64_t size;
	unsigned status;   /* of its answer */
	struct buf answer; /* its body */
};

static const char *
url_of(const struct asking *asking)
{
	const char *prefix =
	    witnesses_url(asking->core->witnesses, asking->place);
	size_t len = strlen(prefix);

	return arena_format(asking->arena, "%s%sadd-checkpoint", prefix,
	    prefix[len - 1] == '/' ? "" : "/");
}

static int
post(struct asking *asking, uint64_t old_size, struct fault *fault)
{
	const struct witnesses *witnesses = asking->core->witnesses;
	struct fetch fetch = {
		.url = url_of(asking),
		.content_type = "text/plain; charset=utf-8",
		.answer_max = ANSWER_MAX,
		.timeout_ms = witnesses_conf(witnesses)->timeout_ms,
		.stopped = witnesses_stopped(witnesses),
	};
	struct buf body;
	int rc;

	buf_reset(&asking->answer);
	buf_init(&body, WITNESS_REQUEST_MAX);
	rc = cosigning_body(asking->core, &body, old_size, asking->checkpoint,
	    asking->size, fault);
	if (rc == 0) {
		fetch.body = buf_bytes(&body);
		rc = fetch_run(&asking->answer, &asking->status, &fetch, fault);
	}
	buf_fini(&body);
	return rc;
}

/* The body of a 409: how many entries the witness has seen. */
static int
read_seen(const struct asking *asking, uint64_t *size_out, struct fault *fault)
{
	struct bytes text = buf_bytes(&asking->answer);
	struct bytes line;

	if (!checkpoint_next_line(&text, &line) || text.len > 0 ||
	    checkpoint_parse_size(line, size_out, fault) < 0) {
		return fault_set(fault, FAULT_BUSY,
		    "its answer does not say what it has seen");
	}
	return 0;
}

/* The checkpoint with the lines that came. */
static int
take_lines(struct asking *asking, struct fault *fault)
{
	struct buf note;
	unsigned count;
	int rc;

	buf_init(&note, CHECKPOINT_MAX + ANSWER_MAX);
	buf_add_bytes(&note, asking->checkpoint);
	buf_add_bytes(&note, buf_bytes(&asking->answer));
	rc = buf_check(&note, fault);
	if (rc == 0) {
		rc = cosigning_take(asking->core, buf_bytes(&note), &count,
		    fault);
	}
	buf_fini(&note);
	return rc;
}

static int
take_answer(struct asking *asking, struct fault *fault)
{
	switch (asking->status) {
	case WITNESS_AGREES:
		return take_lines(asking, fault);
	case WITNESS_ELSEWHERE:
	case WITNESS_FORKED:
		return fault_set(fault, FAULT_CORRUPT,
		    "it has seen another past of this log: the log was "
		    "rewritten");
	case WITNESS_UNKNOWN:
		return fault_set(fault, FAULT_BUSY,
		    "it does not watch this log yet");
	case WITNESS_UNSIGNED:
		return fault_set(fault, FAULT_BUSY,
		    "it knows another key of this log");
	default:
		return fault_set(fault, FAULT_BUSY, "it answers with status %u",
		    asking->status);
	}
}

static int
ask(struct asking *asking, uint64_t old_size, struct fault *fault)
{
	uint64_t seen;

	if (post(asking, old_size, fault) < 0) {
		return -1;
	}
	if (asking->status == WITNESS_ELSEWHERE) {
		if (read_seen(asking, &seen, fault) < 0 ||
		    post(asking, seen, fault) < 0) {
			return -1;
		}
	}
	return take_answer(asking, fault);
}

static void
tell(const struct asking *asking, const struct fault *why)
{
	struct witnesses *witnesses = asking->core->witnesses;
	const char *name =
	    witnesses_policy(witnesses)->list[asking->place].name;

	witnesses_note(witnesses, asking->place, why != NULL ? why->text : "");
	if (why == NULL) {
		log_info(NULL, "witness.cosigned", "witness=%s size=%" PRIu64,
		    name, asking->size);
	} else if (why->code == FAULT_CORRUPT || why->code == FAULT_CONFLICT) {
		log_error(NULL, "witness.refuses",
		    "witness=%s size=%" PRIu64 " reason=%s", name, asking->size,
		    why->text);
	} else {
		log_warn(NULL, "witness.silent", "witness=%s reason=%s", name,
		    why->text);
	}
}

static int
run_one(struct asking *asking, struct fault *fault)
{
	struct fault why = { .code = FAULT_NONE };
	uint64_t seen;
	int rc;

	if (cosigning_seen(asking->core, asking->place, &seen, fault) < 0) {
		return -1;
	}
	if (seen == asking->size) {
		return 0;
	}
	buf_init(&asking->answer, ANSWER_MAX);
	rc = ask(asking, seen, &why);
	buf_fini(&asking->answer);
	if (rc == 0 ||
	    !atomic_load(witnesses_stopped(asking->core->witnesses))) {
		tell(asking, rc == 0 ? NULL : &why);
	}
	return 0;
}

int
witnessing_run(void *arg, struct fault *fault)
{
	struct core *core = arg;
	unsigned count = witnesses_policy(core->witnesses)->count;
	struct asking asking = { .core = core, .arena = arena_new() };
	int rc = cosigning_measure(core, fault);

	asking.checkpoint =
	    audit_checkpoint(core->audit, asking.arena, &asking.size);
	for (unsigned i = 0; i < count && asking.size > 0 && rc == 0 &&
	                     !atomic_load(witnesses_stopped(core->witnesses));
	     i++) {
		asking.place = i;
		if (witnesses_url(core->witnesses, i) != NULL) {
			rc = run_one(&asking, fault);
		}
	}
	arena_free(asking.arena);
	return rc;
}

/* --- now and again --------------------------------------------------------- */

struct witnessing {
	struct core *core;
	struct rounds *rounds;
	int64_t due; /* clock_ticks(); the loop's */
};

struct witnessing *
witnessing_new(struct core *core)
{
	struct witnessing *witnessing = xzalloc(sizeof(*witnessing));

	witnessing->core = core;
	witnessing->rounds =
	    rounds_new(core, witnessing_run, core, "witness.failed");
	return witnessing;
}

void
witnessing_free(struct witnessing *witnessing)
{
	if (witnessing != NULL) {
		rounds_free(witnessing->rounds);
		free(witnessing);
	}
}

void
witnessing_tick(struct witnessing *witnessing, struct loop *loop)
{
	const struct witnesses *witnesses = witnessing->core->witnesses;
	int64_t now = clock_ticks();

	if (witnesses == NULL || now < witnessing->due ||
	    rounds_are_under_way(witnessing->rounds)) {
		return;
	}
	witnessing->due =
	    now + (int64_t)witnesses_conf(witnesses)->ask_ms * 1000;
	rounds_poll(witnessing->rounds, loop);
}
