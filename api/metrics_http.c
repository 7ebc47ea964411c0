/* SPDX-License-Identifier: Apache-2.0 */

#include "api/metrics_http.h"

#include "api/app.h"
#include "api/counts.h"
#include "api/metric.h"
#include "api/server.h"
#include "base/clock.h"
#include "core/audit.h"
#include "core/fixity.h"
#include "core/sink.h"
#include "core/stamping.h"

#include <inttypes.h>

#define METRICS_MAX 65536u

static uint64_t
seconds(int64_t us)
{
	return us > 0 ? (uint64_t)us / 1000000 : 0;
}

static void
store_metrics(struct buf *out, struct store *store)
{
	struct store_figures figures;

	store_measure(store, &figures);
	/* clang-format off */
	const struct metric metrics[] = {
		{ "hoso_sets_applied_total", "counter", "Write sets applied since start", figures.sets_applied },
		{ "hoso_sets_refused_total", "counter", "Write sets refused since start", figures.sets_refused },
		{ "hoso_sets_waiting", "gauge", "Write sets handed over and not yet durable", figures.sets_waiting },
		{ "hoso_commits_total", "counter", "Durable group commits since start", figures.commits },
		{ "hoso_commit_microseconds_total", "counter", "Time spent in commits, the disk included", figures.commit_us },
		{ "hoso_store_broken", "gauge", "1 when the store takes no more writes until a restart", figures.broken },
		{ "hoso_map_used_bytes", "gauge", "Bytes of the record map in use", figures.map_used_bytes },
		{ "hoso_map_bytes", "gauge", "Size of the record map", figures.map_bytes },
		{ "hoso_snapshots", "gauge", "Snapshots open now", figures.snapshots },
	};
	/* clang-format on */

	metric_add(out, metrics, sizeof(metrics) / sizeof(metrics[0]));
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
	metric_head(out, behind, "gauge",
	    "Events that a sink has not confirmed yet");
	for (size_t i = 0; i < count; i++) {
		sinks_measure(sinks, i, &figures);
		buf_add_format(out, "%s{sink=\"%s\"} %" PRIu64 "\n", behind,
		    figures.sink,
		    entries > figures.next ? entries - figures.next : 0);
	}
	metric_head(out, failures, "gauge",
	    "Failures in a row; 0 when a sink works");
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
	/* clang-format off */
	const struct metric metrics[] = {
		{ "hoso_fixity_bytes_total", "counter", "Bytes that the fixity check read since start", figures.bytes },
		{ "hoso_fixity_damaged", "gauge", "Damages that it found and that stand", figures.damaged },
		{ "hoso_fixity_last_pass_timestamp_seconds", "gauge", "When it had last read everything; 0: not yet", seconds(figures.last_ended) },
		{ "hoso_fixity_oldest_unchecked_seconds", "gauge", "Nothing stored is unchecked for longer", seconds(clock_now() - figures.oldest_unchecked) },
		{ "hoso_fixity_canary_found_timestamp_seconds", "gauge", "When it last found what is wrong on purpose; 0: not yet", seconds(figures.canary_found) },
		{ "hoso_fixity_canary_missed", "gauge", "1 when it passed by what is wrong on purpose: it is broken", figures.canary_missed },
	};
	/* clang-format on */

	metric_add(out, metrics, sizeof(metrics) / sizeof(metrics[0]));
}

static void
seal_metrics(struct buf *out, struct stamping *stamping)
{
	struct stamping_figures figures;

	stamping_measure(stamping, &figures);
	/* clang-format off */
	const struct metric metrics[] = {
		{ "hoso_seal_waiting", "gauge", "Archived dossiers that wait for their time-stamp or what proves it", figures.waiting },
		{ "hoso_seal_oldest_waiting_seconds", "gauge", "How long ago the first of them was sealed; 0: none waits", figures.oldest != 0 ? seconds(clock_now() - figures.oldest) : 0 },
	};
	/* clang-format on */

	metric_add(out, metrics, sizeof(metrics) / sizeof(metrics[0]));
}

int
metrics_http_show(struct request *request, struct fault *fault)
{
	const struct app *app = request->app;
	struct counts counts;
	uint64_t entries;
	struct buf out;
	int rc;

	audit_checkpoint(app->core->audit, request->arena, &entries);
	buf_init(&out, METRICS_MAX);
	/* clang-format off */
	const struct metric metrics[] = {
		{ "hoso_uptime_seconds", "gauge", "Seconds since start", seconds(clock_ticks() - app->started) },
		{ "hoso_log_entries", "gauge", "Entries of the audit log", entries },
	};
	/* clang-format on */

	metric_add(&out, metrics, sizeof(metrics) / sizeof(metrics[0]));
	store_metrics(&out, app->core->store);
	sink_metrics(&out, app->core->sinks, entries);
	if (app->core->stamping != NULL) {
		seal_metrics(&out, app->core->stamping);
	}
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
