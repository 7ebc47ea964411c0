/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Everything that runs a plugin: on a worker, in hoso-host; the loop goes on
 * with others meanwhile.
 */

#include "api/report_http.h"

#include "api/app.h"
#include "api/change.h"
#include "base/clock.h"
#include "core/permit.h"
#include "core/plugins.h"
#include "core/ranking.h"
#include "core/report.h"

struct work {
	const json_t *body;
	struct report_ask ask;
	struct report report;
	json_t *result;
	json_t *plugins;
	struct set_id set;
	struct command_result kept;
	bool keep;
	int rc;
	struct fault fault;
};

/* --- reports ------------------------------------------------------------------ */

static void
build(struct request *request)
{
	struct work *work = request->data;

	work->rc = report_build(app_core(request), request->actor, &work->ask,
	    request->arena, &work->report, &work->fault);
}

static void
free_report(void *arg)
{
	buf_fini(arg);
}

static void
built(struct request *request)
{
	struct work *work = request->data;

	if (work->rc < 0) {
		reply_fault(request, &work->fault);
		return;
	}
	arena_defer(request->arena, free_report, &work->report.bytes);
	reply_file_name(request, true, work->report.file_name);
	reply_bytes(request, 200, work->report.media_type,
	    buf_bytes(&work->report.bytes));
}

#define ROWS_MAX 10000

/* Every query name but these and unit is a parameter of the report. */
static bool
is_ours(const char *name)
{
	return strcmp(name, "format") == 0 || strcmp(name, "rows") == 0;
}

static json_t *
parameters_of(struct request *request, const char *unit)
{
	json_t *parameters = json_own(request->arena, json_object());
	const struct target *target = &request->target;

	for (unsigned i = 0; i < target->pair_count; i++) {
		const char *name = target->pairs[i].name;

		if (!is_ours(name)) {
			json_object_set_new(parameters, name,
			    json_string(target->pairs[i].value));
		}
	}
	json_object_set_new(parameters, "unit", json_string(unit));
	return parameters;
}

int
report_http_build(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));
	const char *format = request_query(request, "format");
	int64_t rows;

	if (request_query_integer(request, "rows", 0, 1, ROWS_MAX, &rows,
	        fault) < 0) {
		return -1;
	}
	work->ask.rows_max = rows > 0 ? (size_t)rows : SIZE_MAX;
	work->ask.name = request_param(request, "name");
	work->ask.unit = request_query(request, "unit");
	work->ask.format = format != NULL ? format : "json";
	work->ask.now = clock_now();
	if (work->ask.unit == NULL) {
		return fault_field(fault, "unit", "is required");
	}
	work->ask.parameters = parameters_of(request, work->ask.unit);
	request->data = work;
	request_submit(request, app_core(request)->workers, build, built);
	return 0;
}

/* --- rankings -------------------------------------------------------------------- */

static int
keep(struct request *request, struct work *work)
{
	struct command *command;
	int rc;

	if (command_new(&command, app_core(request), request->arena,
	        request->actor, "ranking.run", &work->set, &work->fault) < 0) {
		return -1;
	}
	rc = ranking_keep(command, work->result, &work->fault);
	if (rc == 0) {
		rc = command_commit_wait(command, &work->kept, &work->fault);
	}
	command_free(command);
	return rc;
}

/*
 * May he rank there?  A body that names no cluster, or none that exists, is
 * refused for that by core/, which is the better answer.
 */
static int
admit_ranking(struct request *request, struct snapshot *snapshot,
    struct work *work)
{
	struct permit_object object = { .unit = json_text_at(work->body,
		                            "cluster") };
	struct record cluster;
	int found = object.unit == NULL
	                ? 0
	                : record_find(snapshot, request->arena, RECORD_UNIT,
	                      object.unit, &cluster, &work->fault);

	return found <= 0
	           ? found
	           : permit_check(app_core(request), snapshot, request->actor,
	                 "ranking.run", &object, &work->fault);
}

static void
rank(struct request *request)
{
	struct work *work = request->data;
	struct snapshot *snapshot;

	work->rc = -1;
	if (snapshot_open(&snapshot, app_core(request)->store, &work->fault) <
	    0) {
		return;
	}
	work->rc = admit_ranking(request, snapshot, work);
	if (work->rc == 0) {
		work->rc = ranking_compute(app_core(request), snapshot,
		    request->arena, work->body, &work->result, &work->fault);
	}
	snapshot_close(snapshot);
	if (work->rc == 0 && work->keep) {
		work->rc = keep(request, work);
	}
}

static void
ranked(struct request *request)
{
	struct work *work = request->data;

	if (work->rc < 0) {
		reply_fault(request, &work->fault);
	} else if (work->keep) {
		change_reply(request, &work->kept, true);
	} else {
		reply_json(request, 200, work->result);
	}
}

int
report_http_rank(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));

	request->data = work;
	if (request_json(request, &work->body, fault) < 0 ||
	    change_set_id(request, &work->set, fault) < 0) {
		return -1;
	}
	work->keep = json_is_true(json_object_get(work->body, "keep"));
	request_submit(request, app_core(request)->workers, rank, ranked);
	return 0;
}

/* --- plugins ----------------------------------------------------------------------- */

/* They may still be being read. */
static void
list(struct request *request)
{
	struct work *work = request->data;

	work->plugins =
	    plugins_list(app_core(request)->plugins, request->arena);
}

static void
reload(struct request *request)
{
	struct work *work = request->data;

	work->rc = plugins_reload(app_core(request)->plugins, &work->fault);
	list(request);
}

static void
listed(struct request *request)
{
	struct work *work = request->data;

	if (work->rc < 0) {
		reply_fault(request, &work->fault);
		return;
	}
	reply_json(request, 200, work->plugins);
}

int
report_http_plugins(struct request *request, struct fault *fault)
{
	(void)fault;
	request->data = arena_alloc(request->arena, sizeof(struct work));
	request_submit(request, app_core(request)->workers, list, listed);
	return 0;
}

int
report_http_reload(struct request *request, struct fault *fault)
{
	(void)fault;
	request->data = arena_alloc(request->arena, sizeof(struct work));
	request_submit(request, app_core(request)->workers, reload, listed);
	return 0;
}
