/* SPDX-License-Identifier: Apache-2.0 */

#include "config.h"

#include "api/system_http.h"

#include "api/app.h"
#include "base/clock.h"
#include "base/job.h"
#include "core/audit.h"
#include "core/fixity.h"

#include <sys/statvfs.h>

int
system_http_health(struct request *request, struct fault *fault)
{
	struct snapshot *snapshot;
	uint64_t size;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = snapshot_log_size(snapshot, &size, fault);
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_bytes(request, 200, "text/plain; charset=utf-8",
		    bytes_of_text("ok\n"));
	}
	return rc;
}

int
system_http_fixity(struct request *request, struct fault *fault)
{
	struct fixity *fixity = app_core(request)->fixity;
	struct fixity_figures figures;

	if (fixity == NULL) {
		return fault_set(fault, FAULT_ABSENT,
		    "the fixity check does not run");
	}
	fixity_measure(fixity, &figures);
	reply_json(request, 200,
	    json_own(request->arena,
	        json_pack("{s:I, s:I, s:b, s:I, s:I, s:O, s:I, s:I, s:I, s:I, "
	                  "s:I}",
	            "bytes", (json_int_t)figures.bytes, "canary_found",
	            (json_int_t)figures.canary_found, "canary_missed",
	            figures.canary_missed, "canary_planted",
	            (json_int_t)figures.canary_planted, "damaged",
	            (json_int_t)figures.damaged, "findings",
	            fixity_findings(fixity, request->arena), "last_began",
	            (json_int_t)figures.last_began, "last_ended",
	            (json_int_t)figures.last_ended, "oldest_unchecked",
	            (json_int_t)figures.oldest_unchecked, "pass_began",
	            (json_int_t)figures.pass_began, "passes",
	            (json_int_t)figures.passes)));
	return 0;
}

/* Room where the archive lies; absent where the system does not tell. */
static json_t *
describe_disk(const char *folder)
{
	struct statvfs about;

	if (folder == NULL || statvfs(folder, &about) < 0) {
		return NULL;
	}
	return json_pack("{s:I, s:I}", "free",
	    (json_int_t)(about.f_bavail * about.f_frsize), "size",
	    (json_int_t)(about.f_blocks * about.f_frsize));
}

static json_t *
describe_workers(struct job_pool *pool)
{
	struct job_pool_figures figures;

	job_pool_measure(pool, &figures);
	return json_pack("{s:i, s:i, s:i}", "busy", (int)figures.busy, "count",
	    (int)figures.workers, "waiting", (int)figures.waiting);
}

static json_t *
describe_store(struct store *store)
{
	struct store_figures figures;

	store_measure(store, &figures);
	return json_pack("{s:b, s:I, s:I}", "broken",
	    figures.broken || figures.is_over, "map_bytes",
	    (json_int_t)figures.map_bytes, "map_used_bytes",
	    (json_int_t)figures.map_used_bytes);
}

int
system_http_show(struct request *request, struct fault *fault)
{
	const struct app *app = request->app;
	uint64_t entries;

	(void)fault;
	audit_checkpoint(app->core->audit, request->arena, &entries);
	reply_json(request, 200,
	    json_own(request->arena,
	        json_pack("{s:o*, s:I, s:I, s:o, s:s, s:o}", "disk",
	            describe_disk(app->core->folder), "log_entries",
	            (json_int_t)entries, "started",
	            (json_int_t)(clock_now() - (clock_ticks() - app->started)),
	            "store", describe_store(app->core->store), "version",
	            PACKAGE_VERSION, "workers",
	            describe_workers(app->core->workers))));
	return 0;
}
