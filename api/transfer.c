/* SPDX-License-Identifier: Apache-2.0 */

/*
 * take -> (add -> add ...) -> end -> answer.  Each step is a job on a worker,
 * and one at a time; between two of them the loop decides what comes next.
 * While `busy` the worker has `passing` and the upload, the loop has all else.
 */

#include "api/transfer.h"

#include "api/holder.h"
#include "api/lane.h"
#include "api/tus.h"
#include "core/uploading.h"

#include <assert.h>

#define PASS_BYTES LANE_SCRATCH_BYTES /* worth a job */

struct transfer {
	struct transfer_ask ask;
	struct uploading *uploading; /* the worker's; NULL: not, or no more */
	struct holder *holder;       /* while a body is taken */
	struct buf filling;
	struct buf passing;
	bool busy;
	bool paused;
	bool over;       /* no more bytes will come */
	bool called_off; /* by a newer request */
	bool cut;        /* and there should have been more; `why` */
	int status;      /* to answer with; 0: `fault` */
	uint64_t offset; /* what is kept, in the end */
	int64_t expires_at;
	struct fault fault;
	struct fault why;
};

/* --- the answer ------------------------------------------------------------ */

static const char *
words_of(int status)
{
	switch (status) {
	case 409:
		return "the upload goes on at another offset: ask by HEAD";
	case 423:
		return "another request is sending to this upload; it was "
		       "called off: try again";
	case 460:
		return "the body has another SHA-256; nothing of it was kept";
	default:
		return NULL;
	}
}

static void
answer(struct request *request)
{
	struct transfer *transfer = request->data;

	holder_leave(transfer->holder);
	if (transfer->status == 0) {
		reply_fault(request, &transfer->fault);
		return;
	}
	if (transfer->status >= 400) {
		reply_problem(request, transfer->status,
		    words_of(transfer->status));
		return;
	}
	tus_answer_number(request, "Upload-Offset", transfer->offset);
	tus_answer_expires(request, transfer->expires_at);
	if (transfer->called_off) {
		reply_problem(request, 423, "a newer request goes on with it");
	} else if (transfer->cut) {
		reply_fault(request, &transfer->why);
	} else {
		reply_empty(request, transfer->status);
	}
}

/* --- on a worker ------------------------------------------------------------- */

/* Nothing more can be done with the upload. */
static void
let_go(struct transfer *transfer)
{
	uploading_release(transfer->uploading);
	transfer->uploading = NULL;
}

static struct holders *
holders_of(const struct request *request)
{
	return ((struct app *)request->app)->holders;
}

static void
take(struct request *request)
{
	struct transfer *transfer = request->data;
	const struct transfer_ask *ask = &transfer->ask;
	struct fault *fault = &transfer->fault;

	if (uploading_take(&transfer->uploading, app_core(request),
	        request->actor, ask->id, fault) < 0) {
		if (fault->code == FAULT_CONFLICT) {
			transfer->status = 423;
			holders_call_off(holders_of(request), ask->id);
		}
		return;
	}
	if (uploading_offset(transfer->uploading) != ask->offset) {
		transfer->status = 409;
		let_go(transfer);
	} else if (ask->has_length && uploading_set_length(transfer->uploading,
	                                  ask->length, fault) < 0) {
		let_go(transfer);
	} else if (ask->has_sum) {
		uploading_promise(transfer->uploading, &ask->sum);
	}
}

static void
add(struct request *request)
{
	struct transfer *transfer = request->data;

	if (uploading_add(transfer->uploading, buf_bytes(&transfer->passing),
	        &transfer->fault) < 0) {
		let_go(transfer);
	}
	buf_reset(&transfer->passing);
}

/* The rest of the bytes, then all of them durable, or none. */
static int
keep(struct transfer *transfer)
{
	struct fault *fault = &transfer->fault;
	int kept;

	if (transfer->cut && transfer->ask.has_sum) {
		return 1; /* of half a body the sum says nothing */
	}
	if (uploading_add(transfer->uploading, buf_bytes(&transfer->filling),
	        fault) < 0) {
		return -1;
	}
	kept = uploading_keep(transfer->uploading, fault);
	if (kept == 1) {
		transfer->offset = uploading_offset(transfer->uploading);
		transfer->expires_at =
		    uploading_expires_at(transfer->uploading);
	}
	return kept;
}

static void
end(struct request *request)
{
	struct transfer *transfer = request->data;
	struct fault ignored;
	int kept;

	transfer->offset = transfer->ask.offset;
	transfer->expires_at = uploading_expires_at(transfer->uploading);
	kept = keep(transfer);
	let_go(transfer);
	if (kept == 1) {
		transfer->status = transfer->ask.made ? 201 : 204;
	} else if (kept == 0) {
		transfer->status = 460;
	}
	/* Nobody was told where it is. */
	if (transfer->ask.made && (kept != 1 || transfer->cut)) {
		uploading_abandon(app_core(request), request->actor,
		    transfer->ask.id, &ignored);
	}
}

/* --- on the loop --------------------------------------------------------------- */

static void added(struct request *request);

/* The worker is free: give it what there is to do. */
static void
go_on(struct request *request)
{
	struct transfer *transfer = request->data;
	struct job_pool *workers = app_core(request)->workers;

	assert(!transfer->busy);
	if (transfer->over) {
		transfer->busy = true;
		request_submit(request, workers, end, answer);
	} else if (transfer->filling.len >= PASS_BYTES) {
		struct buf full = transfer->filling;

		transfer->filling = transfer->passing;
		transfer->passing = full;
		transfer->busy = true;
		request_submit(request, workers, add, added);
	}
}

static void
added(struct request *request)
{
	struct transfer *transfer = request->data;

	transfer->busy = false;
	if (transfer->uploading == NULL) {
		answer(request);
		return;
	}
	go_on(request);
	if (transfer->paused && !transfer->over) {
		transfer->paused = false;
		request_resume(request); /* may end it at once */
	}
}

static void
on_end(struct request *request)
{
	struct transfer *transfer = request->data;

	transfer->over = true;
	if (!transfer->busy) {
		go_on(request);
	}
}

static void
on_data(struct request *request, struct bytes piece)
{
	struct transfer *transfer = request->data;

	buf_add_bytes(&transfer->filling, piece);
	if (buf_check(&transfer->filling, &transfer->why) < 0) {
		/* Whole pieces are in it or not: what came before is kept. */
		transfer->filling.refused = 0;
		request_pause(request);
		transfer->cut = true;
		on_end(request);
	} else if (!transfer->busy) {
		go_on(request);
	} else if (transfer->filling.len >= PASS_BYTES) {
		transfer->paused = true;
		request_pause(request);
	}
}

static void
on_cut(struct request *request, const struct fault *fault)
{
	struct transfer *transfer = request->data;

	transfer->cut = true;
	transfer->why = *fault;
	on_end(request);
}

/* A newer request wants the upload: keep what came, and no more of it. */
static void
call_off(void *arg)
{
	struct request *request = arg;
	struct transfer *transfer = request->data;

	if (transfer->over) {
		return;
	}
	request_pause(request);
	transfer->called_off = true;
	transfer->cut = true;
	on_end(request);
}

static void
taken(struct request *request)
{
	static const struct request_sink sink = { on_data, on_end, on_cut };
	struct transfer *transfer = request->data;

	if (transfer->uploading == NULL) {
		answer(request);
	} else {
		transfer->holder = holder_enter(holders_of(request),
		    transfer->ask.id, request->loop, call_off, request);
		request_receive(request, &sink);
	}
}

static void
forget(void *arg)
{
	struct transfer *transfer = arg;

	buf_fini(&transfer->filling);
	buf_fini(&transfer->passing);
}

void
transfer_start(struct request *request, const struct transfer_ask *ask)
{
	struct transfer *transfer =
	    arena_alloc(request->arena, sizeof(*transfer));

	transfer->ask = *ask;
	buf_init(&transfer->filling, 2 * PASS_BYTES);
	buf_init(&transfer->passing, 2 * PASS_BYTES);
	arena_defer(request->arena, forget, transfer);
	request->data = transfer;
	request_submit(request, app_core(request)->workers, take, taken);
}
