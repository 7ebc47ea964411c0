/* SPDX-License-Identifier: Apache-2.0 */

#include "api/evidence_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/evidence.h"
#include "core/evidence_chain.h"
#include "core/evidence_plan.h"
#include "core/evidence_risk.h"

/* --- one record --------------------------------------------------------------- */

struct record_work {
	const char *dossier;
	struct bytes record;
	int rc;
	struct fault fault;
};

static int
read_chain(struct request *request, struct evidence_chain *chain,
    struct fault *fault)
{
	struct record_work *work = request->data;
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = evidence_chain_read(chain, snapshot, request->arena, work->dossier,
	    fault);
	snapshot_close(snapshot);
	if (rc == 0 && chain->count == 0) {
		rc = fault_set(fault, FAULT_ABSENT,
		    "dossier %s has no evidence record yet", work->dossier);
	}
	return rc;
}

static void
make_record(struct request *request)
{
	struct record_work *work = request->data;
	struct evidence_chain chain;

	work->rc = read_chain(request, &chain, &work->fault);
	if (work->rc == 0) {
		work->rc = evidence_chain_write(&chain, request->arena,
		    &work->record, &work->fault);
	}
}

static void
send_record(struct request *request)
{
	struct record_work *work = request->data;

	if (work->rc < 0) {
		reply_fault(request, &work->fault);
		return;
	}
	reply_file_name(request, true,
	    arena_format(request->arena, "%s.ers", work->dossier));
	reply_bytes(request, 200, "application/octet-stream", work->record);
}

int
evidence_http_record(struct request *request, struct fault *fault)
{
	struct record_work *work = arena_alloc(request->arena, sizeof(*work));
	struct record dossier;

	if (read_admitted_alone(request, RECORD_DOSSIER, &dossier, fault) < 0) {
		return -1;
	}
	work->dossier = dossier.id;
	request->data = work;
	request_submit(request, app_core(request)->workers, make_record,
	    send_record);
	return 0;
}

/* --- all of them ---------------------------------------------------------------- */

struct question_work {
	struct evidence_risk_ask ask;
	json_t *answer; /* or NULL, and why */
	struct fault fault;
};

static void
send_answer(struct request *request)
{
	struct question_work *work = request->data;

	if (work->answer == NULL) {
		reply_fault(request, &work->fault);
	} else {
		reply_json(request, 200, work->answer);
	}
}

static void
make_plan(struct request *request)
{
	struct question_work *work = request->data;
	struct core *core = app_core(request);

	work->answer = evidence_plan_make(core,
	    evidence_conf_of(core->evidence), request->arena, &work->fault);
	if (work->answer != NULL) {
		json_object_set(work->answer, "run",
		    evidence_tell(core->evidence, request->arena));
	}
}

static void
find_risk(struct request *request)
{
	struct question_work *work = request->data;

	work->answer = evidence_risk_find(app_core(request), &work->ask,
	    request->arena, &work->fault);
}

static int
check_evidence(const struct request *request, struct fault *fault)
{
	return app_core(request)->evidence != NULL
	           ? 0
	           : fault_set(fault, FAULT_ABSENT, "no evidence is made here");
}

int
evidence_http_plan(struct request *request, struct fault *fault)
{
	if (check_evidence(request, fault) < 0) {
		return -1;
	}
	request->data =
	    arena_alloc(request->arena, sizeof(struct question_work));
	request_submit(request, app_core(request)->workers, make_plan,
	    send_answer);
	return 0;
}

int
evidence_http_risk(struct request *request, struct fault *fault)
{
	struct question_work *work = arena_alloc(request->arena, sizeof(*work));

	(void)fault;
	work->ask.algorithm = request_query(request, "algorithm");
	work->ask.authority = request_query(request, "authority");
	request->data = work;
	request_submit(request, app_core(request)->workers, find_risk,
	    send_answer);
	return 0;
}

int
evidence_http_run(struct request *request, struct fault *fault)
{
	if (check_evidence(request, fault) < 0) {
		return -1;
	}
	if (!evidence_ask(app_core(request)->evidence)) {
		reply_problem(request, 501,
		    "no time-stamping authority is configured: the option "
		    "seal.tsa names one");
		return 0;
	}
	reply_empty(request, 202);
	return 0;
}
