/* SPDX-License-Identifier: Apache-2.0 */

#include "api/metrics_http.h"

#include "api/app.h"
#include "api/counts.h"
#include "api/metric.h"
#include "api/server.h"
#include "base/clock.h"
#include "core/audit.h"
#include "core/backup_book.h"
#include "core/examination.h"
#include "core/fixity.h"
#include "core/sink.h"
#include "core/stamping.h"
#include "core/witnesses.h"

#include <inttypes.h>

#define METRICS_MAX 131072u

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
		metric_sample(out, behind, "sink", figures.sink,
		    entries > figures.next ? entries - figures.next : 0);
	}
	metric_head(out, failures, "gauge",
	    "Failures in a row; 0 when a sink works");
	for (size_t i = 0; i < count; i++) {
		sinks_measure(sinks, i, &figures);
		metric_sample(out, failures, "sink", figures.sink,
		    figures.failures);
	}
}

static const struct {
	const char *name;
	const char *help;
} of_witnesses[] = {
	{ "hoso_witness_entries",
	    "Entries of the log that a witness cosigned last" },
	{ "hoso_witness_behind",
	    "Entries of the log that it has not cosigned yet" },
	{ "hoso_witness_silent_seconds",
	    "Since its last cosignature; since start where it gave none" },
	{ "hoso_witness_failures",
	    "Failures in a row to ask it; 0 when it answers" },
};

#define OF_WITNESSES (sizeof(of_witnesses) / sizeof(of_witnesses[0]))

/*
 * How each witness of the log is.  One that never cosigned counts from the
 * server's start, so that an alarm on its silence goes off, too.
 */
static void
witness_metrics(struct buf *out, const struct app *app, uint64_t entries)
{
	struct witnesses *witnesses = app->core->witnesses;
	unsigned count = witnesses_policy(witnesses)->count;
	int64_t now = clock_now();
	int64_t start = now - (clock_ticks() - app->started);
	uint64_t values[OF_WITNESSES][COSIGNERS_MAX];
	struct witness_figures figures[COSIGNERS_MAX];

	for (unsigned i = 0; i < count; i++) {
		struct witness_figures *of = &figures[i];

		witnesses_measure(witnesses, i, of);
		values[0][i] = of->size;
		values[1][i] = entries > of->size ? entries - of->size : 0;
		values[2][i] = seconds(now - (of->at != 0 ? of->at : start));
		values[3][i] = of->failures;
	}
	for (size_t i = 0; i < OF_WITNESSES && count > 0; i++) {
		metric_head(out, of_witnesses[i].name, "gauge",
		    of_witnesses[i].help);
		for (unsigned j = 0; j < count; j++) {
			metric_sample(out, of_witnesses[i].name, "witness",
			    figures[j].name, values[i][j]);
		}
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

static uint64_t
age(const _Atomic int64_t *since)
{
	int64_t at = atomic_load(since);

	return at != 0 ? seconds(clock_now() - at) : 0;
}

static void
examination_metrics(struct buf *out, const struct examination_conf *examination)
{
	const struct examination_backlog *unexamined = &examination->unexamined;
	const struct examination_backlog *unproved = &examination->unproved;
	/* clang-format off */
	const struct metric metrics[] = {
		{ "hoso_examine_waiting", "gauge", "Files that came in and wait to be examined for signatures", atomic_load(&unexamined->count) },
		{ "hoso_examine_oldest_waiting_seconds", "gauge", "How long the first of them has waited; 0: none waits", age(&unexamined->oldest) },
		{ "hoso_prove_waiting", "gauge", "Examined files that wait for who issued their certificates", atomic_load(&unproved->count) },
		{ "hoso_prove_oldest_waiting_seconds", "gauge", "How long the first of them has waited; 0: none waits", age(&unproved->oldest) },
	};
	/* clang-format on */

	metric_add(out, metrics, sizeof(metrics) / sizeof(metrics[0]));
}

static void
backup_metrics(struct buf *out, struct arena *arena, const char *folder)
{
	struct backup_figures figures;

	backup_book_read(folder, arena, &figures);
	/* clang-format off */
	const struct metric metrics[] = {
		{ "hoso_backup_timestamp_seconds", "gauge", "When the newest good backup was made; 0: none is known", seconds(figures.backup_at) },
		{ "hoso_backup_log_entries", "gauge", "Entries of the log that are in it", figures.backup_entries },
		{ "hoso_backup_drill_timestamp_seconds", "gauge", "When a backup was last restored and found good; 0: never", seconds(figures.drill_at) },
		{ "hoso_backup_failed", "gauge", "1 when the newest backup or the newest drill failed", figures.has_failed },
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
	if (app->core->examination != NULL) {
		examination_metrics(&out, app->core->examination);
	}
	witness_metrics(&out, app, entries);
	if (app->core->fixity != NULL) {
		fixity_metrics(&out, app->core->fixity);
	}
	if (app->core->folder != NULL) {
		backup_metrics(&out, request->arena, app->core->folder);
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
