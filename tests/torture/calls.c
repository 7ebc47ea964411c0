/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A day at the office, again and again, and each time one call of the server
 * fails: the first of its kind, the second, until a day passes untouched.
 *
 *     calls PORT TOKEN FOLDER PLAN SEED ROUND KIND FAULT FROM STEP
 *
 * FOLDER/acks.ROUND is what was acknowledged, for load_check.  A request that
 * was refused is sent again with the same Idempotency-Key, and must succeed:
 * one failed call is no reason to stop, but for a sync or a write that was to
 * be on the disk at its return.  Where the server has ended itself after such a one, the
 * exit code is 3 and the last line names the call to go on with.
 */

#include "tests/tools/clerk.h"
#include "tests/torture/plan.h"

#include <errno.h>

enum { DONE, FAILED, USAGE, STOPPED };

#define TRIES_MAX  400u
#define CALLS_MAX  100000
#define FILE_BYTES 300000u

/* --- what can fail, and how ---------------------------------------------------- */

struct kind {
	const char *name;
	enum plan_kind kind;
	bool cuts;     /* a client may be left without an answer */
	int64_t times; /* so many fail in a row */
};

static const struct kind kinds[] = {
	{ "write", PLAN_WRITE, false, 1 },
	{ "final", PLAN_FINAL, true, 1 },
	{ "sync", PLAN_SYNC, true, 1 },
	/* The second is for whoever tries again with the reserve. */
	{ "buffer", PLAN_BUFFER, true, 2 },
	{ "library", PLAN_LIBRARY, true, 1 },
	{ "memory", PLAN_MEMORY, true, 1 },
	{ "receive", PLAN_RECEIVE, true, 1 },
	{ "send", PLAN_SEND, true, 1 },
	{ "accept", PLAN_ACCEPT, false, 1 },
	{ "descriptor", PLAN_DESCRIPTOR, false, 1 },
	{ "map", PLAN_MAP, false, 1 },
	{ NULL, PLAN_NOTHING, false, 0 },
};

static const struct fault_name {
	const char *name;
	int error;
} faults[] = {
	{ "ENOSPC", ENOSPC },
	{ "EIO", EIO },
	{ "EINTR", EINTR },
	{ "short", 0 },
	{ "ENOMEM", ENOMEM },
	{ "EMFILE", EMFILE },
	{ "ECONNRESET", ECONNRESET },
	{ "ECONNABORTED", ECONNABORTED },
	{ NULL, 0 },
};

static const struct kind *
find_kind(const char *name)
{
	const struct kind *row = kinds;

	while (row->name != NULL && strcmp(row->name, name) != 0) {
		row++;
	}
	return row->name != NULL ? row : NULL;
}

static const struct fault_name *
find_fault(const char *name)
{
	const struct fault_name *row = faults;

	while (row->name != NULL && strcmp(row->name, name) != 0) {
		row++;
	}
	return row->name != NULL ? row : NULL;
}

/* --- a day ------------------------------------------------------------------------ */

/* A question whose answer must be 200 in the end. */
static bool
ask(struct clerk *clerk, const char *place)
{
	struct buf request;
	bool asked;

	asker_head(&request, &clerk->asker, "GET", place);
	buf_add_text(&request, "\r\n");
	asked = asker_ask(&clerk->asker, buf_bytes(&request));
	buf_fini(&request);
	if (asked && clerk->asker.answer.status != 200) {
		clerk_refuse(clerk, place);
	}
	return asked;
}

/* The container of a sealed dossier, all of it. */
static bool
fetch_package(struct clerk *clerk, uint64_t number)
{
	const struct buf *body = &clerk->asker.answer.body;
	char id[64], place[120];

	snprintf(place, sizeof(place), "/api/v1/dossiers/%s/package",
	    clerk_name_of(clerk, id, 'h', number));
	if (!ask(clerk, place)) {
		return false;
	}
	if (body->len < 1000 || memcmp(body->data, "PK\3\4", 4) != 0) {
		clerk_refuse(clerk, "that is no container");
	}
	return true;
}

/* A log-in takes 64 MiB at once; whoever gets them must be let in. */
static bool
log_in(struct clerk *clerk)
{
	struct buf request;
	bool asked;

	buf_init(&request, 65536);
	buf_add_text(&request,
	    "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n");
	asker_body(&request, "application/json",
	    bytes_of_text("{\"login\":\"loader\",\"password\":"
	                  "\"correct horse battery staple\"}"));
	asked = asker_ask(&clerk->asker, buf_bytes(&request));
	buf_fini(&request);
	if (asked && clerk->asker.answer.status >= 300) {
		clerk_refuse(clerk, "the log-in");
	}
	return asked;
}

/* Log in, file, upload, decide, seal, fetch, report. */
static bool
live_a_day(struct clerk *clerk, uint64_t number, bool logs_in)
{
	return (!logs_in || log_in(clerk)) && clerk_make_unit(clerk, number) &&
	       clerk_make_dossier(clerk, number) &&
	       clerk_file_bytes(clerk, number, FILE_BYTES) &&
	       clerk_seal_dossier(clerk, number) &&
	       fetch_package(clerk, number) &&
	       ask(clerk, "/api/v1/reports/half-year?unit=tinh&"
	                  "from=2025-01-01&to=2025-06-30&format=json");
}

/* --- the trial -------------------------------------------------------------------- */

struct trial {
	struct clerk clerk;
	struct plan *plan;
	const struct kind *kind;
	const struct fault_name *fault;
	uint64_t days;
	uint64_t hits;
};

/* Nobody listens any more. */
static bool
is_gone(const struct trial *trial)
{
	struct client client;

	if (client_try(&client, trial->clerk.asker.port)) {
		client_close(&client);
		return false;
	}
	return true;
}

/* The day that did not end: the server ended by design, or a failure. */
static int
judge_stop(struct trial *trial, int64_t call)
{
	plan_heal(trial->plan);
	if ((trial->kind->kind == PLAN_FINAL ||
	        trial->kind->kind == PLAN_SYNC) &&
	    is_gone(trial)) {
		return STOPPED;
	}
	printf("# call %lld: no success in %u tries, the last: %d %s\n",
	    (long long)call, TRIES_MAX, trial->clerk.asker.answer.status,
	    buf_text(&trial->clerk.asker.answer.body));
	return FAILED;
}

/* One day in which this call fails. */
static int
try_call(struct trial *trial, int64_t call)
{
	struct asker *asker = &trial->clerk.asker;
	uint64_t losses = asker->losses;
	uint64_t hangs = asker->hangs;
	bool lived;

	plan_arm(trial->plan, trial->kind->kind, trial->fault->error, call,
	    trial->kind->times);
	lived = live_a_day(&trial->clerk, trial->days++,
	    trial->kind->kind == PLAN_MAP);
	trial->hits += trial->plan->hits;
	if (!lived) {
		return judge_stop(trial, call);
	}
	plan_heal(trial->plan);
	if (asker->hangs > hangs) {
		printf("# call %lld: no answer within %d s\n", (long long)call,
		    CLIENT_PATIENCE_MS / 1000);
		return FAILED;
	}
	if (asker->losses > losses && !trial->kind->cuts) {
		printf("# call %lld: a request got no answer\n",
		    (long long)call);
		return FAILED;
	}
	return DONE;
}

static int
run(struct trial *trial, int64_t from, int64_t step)
{
	int64_t call = from;
	int rc = DONE;

	do {
		rc = try_call(trial, call);
		call += step;
	} while (rc == DONE && trial->plan->hits > 0 && call < CALLS_MAX);
	printf("# %s %s: %llu calls failed, %llu requests answered, %llu put "
	       "off, %llu cut off\n",
	    trial->kind->name, trial->fault->name,
	    (unsigned long long)trial->hits,
	    (unsigned long long)trial->clerk.asker.requests,
	    (unsigned long long)trial->clerk.asker.refusals,
	    (unsigned long long)trial->clerk.asker.losses);
	if (rc == STOPPED) {
		printf("%lld\n", (long long)call);
	}
	return rc;
}

static bool
begin(struct trial *trial, char **argv)
{
	struct clerk *clerk = &trial->clerk;
	char path[4096];

	trial->plan = plan_open(argv[4]);
	trial->kind = find_kind(argv[7]);
	trial->fault = find_fault(argv[8]);
	clerk->asker.port = (unsigned)strtoul(argv[1], NULL, 10);
	clerk->asker.token = argv[2];
	clerk->asker.tries_max = TRIES_MAX;
	clerk->asker.forgives = true;
	buf_init(&clerk->asker.answer.body, CLIENT_BODY_MAX);
	clerk->round = strtoull(argv[6], NULL, 10);
	clerk->seed = strtoull(argv[5], NULL, 10) * 1000003 + clerk->round + 1;
	snprintf(path, sizeof(path), "%s/acks.%s", argv[3], argv[6]);
	clerk->acks =
	    open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	return trial->plan != NULL && trial->kind != NULL &&
	       trial->fault != NULL && clerk->acks >= 0;
}

int
main(int argc, char **argv)
{
	struct trial *trial = xzalloc(sizeof(*trial));
	int rc = USAGE;

	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 11 && begin(trial, argv)) {
		plan_heal(trial->plan);
		rc = run(trial, strtoll(argv[9], NULL, 10),
		    strtoll(argv[10], NULL, 10));
		asker_hang_up(&trial->clerk.asker);
		buf_fini(&trial->clerk.asker.answer.body);
	} else {
		fputs("usage: calls PORT TOKEN FOLDER PLAN SEED ROUND KIND "
		      "FAULT FROM STEP\n",
		    stderr);
	}
	free(trial);
	return rc;
}
