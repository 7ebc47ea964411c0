/* SPDX-License-Identifier: Apache-2.0 */

#include "api/system_http.h"

#include "api/app.h"
#include "api/counts.h"
#include "api/read.h"
#include "api/server.h"
#include "base/clock.h"
#include "core/audit.h"
#include "core/fixity.h"
#include "core/rules.h"
#include "core/sink.h"

#include <inttypes.h>

#define METRICS_MAX 65536u

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

/* One metric with its help and type. */
static void
metric(struct buf *out, const char *name, const char *type, const char *help,
    uint64_t value)
{
	buf_add_format(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n",
	    name, help, name, type, name, value);
}

static void
store_metrics(struct buf *out, struct store *store)
{
	struct store_figures figures;

	store_measure(store, &figures);
	metric(out, "hoso_sets_applied_total", "counter",
	    "Write sets applied since start", figures.sets_applied);
	metric(out, "hoso_sets_refused_total", "counter",
	    "Write sets refused since start", figures.sets_refused);
	metric(out, "hoso_sets_waiting", "gauge",
	    "Write sets handed over and not yet durable", figures.sets_waiting);
	metric(out, "hoso_commits_total", "counter",
	    "Durable group commits since start", figures.commits);
	metric(out, "hoso_commit_microseconds_total", "counter",
	    "Time spent in commits, the disk included", figures.commit_us);
	metric(out, "hoso_store_broken", "gauge",
	    "1 when the store takes no more writes until a restart",
	    figures.broken);
	metric(out, "hoso_map_used_bytes", "gauge",
	    "Bytes of the record map in use", figures.map_used_bytes);
	metric(out, "hoso_map_bytes", "gauge", "Size of the record map",
	    figures.map_bytes);
	metric(out, "hoso_snapshots", "gauge", "Snapshots open now",
	    figures.snapshots);
}

/* How each audit sink is; their names are the operator's. */
static void
sink_metrics(struct buf *out, const struct sinks *sinks, uint64_t entries)
{
	static const char behind[] = "hoso_sink_behind";
	static const char failures[] = "hoso_sink_failures";
	struct sink_figures figures;
	size_t count = sinks_count(sinks);

	if (count == 0) {
		return;
	}
	buf_add_format(out,
	    "# HELP %s Events that a sink has not confirmed yet\n"
	    "# TYPE %s gauge\n",
	    behind, behind);
	for (size_t i = 0; i < count; i++) {
		sinks_measure(sinks, i, &figures);
		buf_add_format(out, "%s{sink=\"%s\"} %" PRIu64 "\n", behind,
		    figures.sink,
		    entries > figures.next ? entries - figures.next : 0);
	}
	buf_add_format(out,
	    "# HELP %s Failures in a row; 0 when a sink works\n"
	    "# TYPE %s gauge\n",
	    failures, failures);
	for (size_t i = 0; i < count; i++) {
		sinks_measure(sinks, i, &figures);
		buf_add_format(out, "%s{sink=\"%s\"} %u\n", failures,
		    figures.sink, figures.failures);
	}
}

static void
fixity_metrics(struct buf *out, struct fixity *fixity)
{
	struct fixity_figures figures;

	fixity_measure(fixity, &figures);
	metric(out, "hoso_fixity_bytes_total", "counter",
	    "Bytes that the fixity check read since start", figures.bytes);
	metric(out, "hoso_fixity_damaged", "gauge",
	    "Damages that it found and that stand", figures.damaged);
	metric(out, "hoso_fixity_last_pass_timestamp_seconds", "gauge",
	    "When it had last read everything; 0: not yet",
	    (uint64_t)figures.last_ended / 1000000);
	metric(out, "hoso_fixity_oldest_unchecked_seconds", "gauge",
	    "Nothing stored is unchecked for longer",
	    (uint64_t)(clock_now() - figures.oldest_unchecked) / 1000000);
	metric(out, "hoso_fixity_canary_found_timestamp_seconds", "gauge",
	    "When it last found what is wrong on purpose; 0: not yet",
	    (uint64_t)figures.canary_found / 1000000);
	metric(out, "hoso_fixity_canary_missed", "gauge",
	    "1 when it passed by what is wrong on purpose: it is broken",
	    figures.canary_missed);
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

int
system_http_metrics(struct request *request, struct fault *fault)
{
	const struct app *app = request->app;
	struct counts counts;
	uint64_t entries;
	struct buf out;
	int rc;

	buf_init(&out, METRICS_MAX);
	metric(&out, "hoso_uptime_seconds", "gauge", "Seconds since start",
	    (uint64_t)((clock_ticks() - app->started) / 1000000));
	store_metrics(&out, app->core->store);
	audit_checkpoint(app->core->audit, request->arena, &entries);
	metric(&out, "hoso_log_entries", "gauge", "Entries of the audit log",
	    entries);
	sink_metrics(&out, app->core->sinks, entries);
	if (app->core->fixity != NULL) {
		fixity_metrics(&out, app->core->fixity);
	}
	if (app->server != NULL) {
		server_counts(app->server, &counts);
		counts_format(&out, &counts);
	}
	rc = buf_check(&out, fault);
	if (rc == 0) {
		reply_bytes(request, 200, "text/plain; version=0.0.4",
		    arena_copy(request->arena, buf_bytes(&out)));
	}
	buf_fini(&out);
	return rc;
}

static const struct {
	const char *name;
	enum rules_table table;
} tables[] = {
	{ "awards", RULES_AWARDS },
	{ "recognitions", RULES_RECOGNITIONS },
	{ "components", RULES_COMPONENTS },
	{ "component-sets", RULES_COMPONENT_SETS },
	{ "retention", RULES_RETENTION },
	{ "ballots", RULES_BALLOTS },
	{ "document-kinds", RULES_DOCUMENT_KINDS },
	{ "unit-kinds", RULES_UNIT_KINDS },
	{ "roles", RULES_ROLES },
	{ "acts", RULES_ACTS },
	{ "dossier-statuses", RULES_DOSSIER_STATUSES },
	{ "movement-statuses", RULES_MOVEMENT_STATUSES },
	{ "schemes", RULES_SCHEMES },
};

int
system_http_rules(struct request *request, struct fault *fault)
{
	const struct rules *rules = app_core(request)->rules;
	const char *name = request_param(request, "table");
	json_t *rows = json_own(request->arena, json_array());
	bool dated = request_query(request, "date") != NULL;
	json_t *row;
	date_t date;
	size_t i;

	if (read_date(request, "date", 0, &date, fault) < 0) {
		return -1;
	}
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		if (strcmp(tables[t].name, name) != 0) {
			continue;
		}
		json_array_foreach(rules_list(rules, tables[t].table), i, row)
		{
			if (!dated || rules_holds(row, date)) {
				json_array_append(rows, row);
			}
		}
		reply_json(request, 200,
		    json_own(request->arena, json_pack("{s:O}", "rows", rows)));
		return 0;
	}
	return fault_set(fault, FAULT_ABSENT, "there is no table %s", name);
}
