/* SPDX-License-Identifier: Apache-2.0 */

#include "api/backlog_http.h"

#include "api/app.h"
#include "core/backlog.h"
#include "core/examination.h"
#include "core/stamping.h"

#define PAGE     50
#define PAGE_MAX 500

static void
add_total(json_t *totals, const char *kind, uint64_t count, int64_t oldest)
{
	json_object_set_new(totals, kind,
	    json_pack("{s:I, s:I}", "count", (json_int_t)count, "oldest",
	        (json_int_t)oldest));
}

/*
 * As the last run of each counted them; what nobody counts, or what does not
 * run here, is absent.
 */
static json_t *
count_all(const struct core *core)
{
	json_t *totals = json_object();
	struct stamping_figures seals;

	if (core->stamping != NULL) {
		stamping_measure(core->stamping, &seals);
		add_total(totals, "stamp", seals.waiting, seals.oldest);
	}
	if (core->examination != NULL) {
		add_total(totals, "examine",
		    atomic_load(&core->examination->unexamined.count),
		    atomic_load(&core->examination->unexamined.oldest));
		add_total(totals, "prove",
		    atomic_load(&core->examination->unproved.count),
		    atomic_load(&core->examination->unproved.oldest));
	}
	return totals;
}

int
backlog_http_list(struct request *request, struct fault *fault)
{
	const struct core *core = app_core(request);
	struct backlog_page page = { .kind = request_query(request, "kind"),
		.after = request_query(request, "after") };
	json_t *rows = json_own(request->arena, json_array());
	struct snapshot *snapshot;
	const char *next;
	int64_t limit;
	int rc;

	if (request_query_integer(request, "limit", PAGE, 1, PAGE_MAX, &limit,
	        fault) < 0 ||
	    snapshot_open(&snapshot, core->store, fault) < 0) {
		return -1;
	}
	page.limit = (size_t)limit;
	rc = backlog_read(snapshot, request->arena, &page, rows, &next, fault);
	snapshot_close(snapshot);
	if (rc < 0) {
		return -1;
	}
	reply_json(request, 200,
	    json_own(request->arena,
	        json_pack("{s:O, s:s*, s:o}", "jobs", rows, "next", next,
	            "totals", count_all(core))));
	return 0;
}
