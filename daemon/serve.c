/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Started in order, stopped in reverse: store, rules, log, workers, loops,
 * HTTP.  Loop 0 runs on the main thread and takes the signals.
 */

#include "daemon/serve.h"

#include "api/app.h"
#include "api/holder.h"
#include "api/pages.h"
#include "api/routes.h"
#include "api/server.h"
#include "api/session.h"
#include "base/clock.h"
#include "base/job.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/say.h"
#include "base/thread.h"
#include "core/agenda.h"
#include "core/audit.h"
#include "core/evidence.h"
#include "core/examination.h"
#include "core/fixity.h"
#include "core/housekeeping.h"
#include "core/plugins.h"
#include "core/ranking_list.h"
#include "core/rounds.h"
#include "core/sink.h"
#include "core/stamping.h"
#include "core/tsa_client.h"
#include "core/validation_client.h"
#include "core/witnesses.h"
#include "core/witnessing.h"
#include "daemon/parts.h"
#include "daemon/seal_files.h"
#include "storage/upload.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Workers wait for the disk more than they work. */
#define WORKERS_WAITING 4u
#define LOOPS_MAX       64u
#define JUMP_US         1000000 /* of the system's clock that is told */

struct serving {
	const struct settings *settings;
	struct parts parts;
	struct app app;
	struct job reload; /* of the plugins */
	bool reloading;    /* it is under way; loop 0's */
	bool is_over;      /* the store must be opened anew; loop 0's */
	int64_t clock_gap; /* clock_wall() less clock_ticks(); loop 0's */
	struct housekeeping *housekeeping;
	struct seal_key *seal;
	struct fixity *fixity; /* outlives parts.core, which has it too */
	struct stamping *stamping;
	struct examination_conf examination;
	char *trust;                 /* path of the folder of anchors */
	struct rounds *examinations; /* of files that came in */
	struct rounds *proofs;       /* of what was found in them */
	struct rounds *recalls;      /* when the anchors may have changed */
	struct witnessing *witnessing;
	struct evidence *evidence; /* outlives parts.core, which has it too */
	struct pages *pages;       /* NULL: not installed */
	unsigned loop_count;
	struct loop *loops[LOOPS_MAX];
	pthread_t threads[LOOPS_MAX];
	struct event *on_term;
	struct event *on_int;
	struct event *on_hup;
	struct event *each_second;
};

static unsigned
cores(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1                 ? 1
	       : count > (long)LOOPS_MAX ? LOOPS_MAX
	                                 : (unsigned)count;
}

/* --- what happens while it runs -------------------------------------------- */

static void
stop_asked(evutil_socket_t signal_number, short what, void *arg)
{
	struct serving *serving = arg;

	(void)what;
	log_info(NULL, "server.stopping", "signal=%d", (int)signal_number);
	server_stop(serving->app.server);
}

static void
all_answered(void *arg)
{
	struct app *app = arg;
	struct serving *serving =
	    (struct serving *)((char *)app - offsetof(struct serving, app));

	for (unsigned i = 0; i < serving->loop_count; i++) {
		loop_stop(serving->loops[i]);
	}
}

static struct serving *
serving_of(struct job *reload)
{
	return (struct serving *)((char *)reload -
	                          offsetof(struct serving, reload));
}

static void
reload_work(struct job *job)
{
	struct fault fault;

	/* What cannot be used is in the log, file by file. */
	plugins_reload(serving_of(job)->parts.core.plugins, &fault);
}

static void
reload_done(struct job *job)
{
	serving_of(job)->reloading = false;
	log_info(NULL, "plugin.reloaded", "by=signal");
}

/* Plugins are described by processes, so a worker waits for them. */
static void
reload_plugins(struct serving *serving)
{
	if (!serving->reloading) {
		serving->reloading = true;
		serving->reload.work = reload_work;
		serving->reload.done = reload_done;
		job_submit(serving->parts.core.workers, &serving->reload,
		    serving->loops[0]);
	}
}

static void
reload_asked(evutil_socket_t signal_number, short what, void *arg)
{
	struct serving *serving = arg;
	struct fault fault;

	(void)signal_number;
	(void)what;
	if (server_reload_tls(serving->app.server, &fault) < 0) {
		log_error(NULL, "tls.reload", "reason=%s", fault.text);
	}
	reload_plugins(serving);
	rounds_poll(serving->recalls, serving->loops[0]);
}

/*
 * After a failure in the last step of a commit the store serves nobody.  The
 * process ends, so that whoever watches it starts it again: opening anew finds
 * out what the disk has (storage/records.c).
 */
static void
watch_store(struct serving *serving)
{
	struct store_figures figures;

	store_measure(serving->parts.core.store, &figures);
	if (figures.is_over && !serving->is_over) {
		serving->is_over = true;
		log_error(NULL, "server.giving_up", "reason=%s",
		    "the store must be opened anew");
		server_stop(serving->app.server);
	}
}

/* Whoever reads times in the log or a receipt must know where it was set. */
static void
watch_clock(struct serving *serving)
{
	int64_t gap = clock_wall() - clock_ticks();
	int64_t by = gap - serving->clock_gap;

	serving->clock_gap = gap;
	if (by > JUMP_US || by < -JUMP_US) {
		log_warn(NULL, "clock.jumped", "by_ms=%lld",
		    (long long)(by / 1000));
	}
}

static void
second_passed(evutil_socket_t nothing, short what, void *arg)
{
	struct serving *serving = arg;

	(void)nothing;
	(void)what;
	watch_store(serving);
	watch_clock(serving);
	if (memory_reserve()) {
		log_warn(NULL, "memory.low", "reason=%s",
		    "the reserve was used");
	}
	log_flush();
	audit_keep(serving->parts.core.audit);
	sessions_keep(serving->app.sessions, serving->loops[0]);
	housekeeping_tick(serving->housekeeping, serving->loops[0]);
	fixity_tick(serving->fixity, serving->loops[0]);
	stamping_poll(serving->stamping, serving->loops[0]);
	rounds_poll(serving->examinations, serving->loops[0]);
	rounds_poll(serving->proofs, serving->loops[0]);
	witnessing_tick(serving->witnessing, serving->loops[0]);
	evidence_poll(serving->evidence, serving->loops[0]);
}

/* --- starting ---------------------------------------------------------------- */

static int
start_loops(struct serving *serving, struct fault *fault)
{
	uint64_t wanted = serving->settings->office.loops;
	unsigned count = wanted == 0 ? cores() : (unsigned)wanted;

	for (unsigned i = 0; i < count; i++) {
		if (loop_new(&serving->loops[i], i, fault) < 0) {
			return -1;
		}
		serving->loop_count = i + 1;
	}
	return 0;
}

static struct event *
add_event(struct serving *serving, int number, short what,
    event_callback_fn run, const struct timeval *every, struct fault *fault)
{
	struct event *event = event_new(loop_base(serving->loops[0]), number,
	    what | EV_PERSIST, run, serving);

	if (event == NULL || event_add(event, every) < 0) {
		fault_set(fault, FAULT_SYSTEM, "libevent refuses an event");
	}
	return event;
}

static int
start_events(struct serving *serving, struct fault *fault)
{
	const struct timeval second = { 1, 0 };

	fault->code = FAULT_NONE;
	serving->on_term =
	    add_event(serving, SIGTERM, EV_SIGNAL, stop_asked, NULL, fault);
	serving->on_int =
	    add_event(serving, SIGINT, EV_SIGNAL, stop_asked, NULL, fault);
	serving->on_hup =
	    add_event(serving, SIGHUP, EV_SIGNAL, reload_asked, NULL, fault);
	serving->each_second =
	    add_event(serving, -1, 0, second_passed, &second, fault);
	return fault->code == FAULT_NONE ? 0 : -1;
}

/* Without the page the API is served: it is what the office lives by. */
static void
open_pages(struct serving *serving)
{
	struct fault fault;

	if (pages_open(&serving->pages, serving->settings->web.root, &fault) <
	    0) {
		log_warn(NULL, "web.absent", "reason=%s", fault.text);
	}
	serving->app.pages = serving->pages;
}

static int
start_http(struct serving *serving, struct fault *fault)
{
	struct server_options options = {
		.conf = &serving->settings->http,
		.loops = serving->loops,
		.loop_count = serving->loop_count,
		.routes = routes,
		.admit = session_admit,
		.stopped = all_answered,
		.app = &serving->app,
	};

	serving->app.core = &serving->parts.core;
	serving->app.started = clock_ticks();
	serving->clock_gap = clock_wall() - clock_ticks();
	serving->app.holders = holders_new();
	open_pages(serving);
	if (sessions_new(&serving->app.sessions, &serving->parts.core,
	        &serving->settings->session, fault) < 0) {
		return -1;
	}
	return server_new(&serving->app.server, &options, fault);
}

static int
start_plugins(struct serving *serving, struct fault *fault)
{
	const struct office_conf *office = &serving->settings->office;
	struct plugins_conf conf = { .host = office->host,
		.folders = office->plugins,
		.options = office->plugin_options[0] != '\0'
		               ? office->plugin_options
		               : NULL,
		.require_landlock = office->require_landlock,
		.limits = HOST_LIMITS_PRESET };

	conf.limits.time_max_ms = office->plugin_time_ms;
	return plugins_open(&serving->parts.core.plugins, &conf, fault);
}

static void
start_uploads(struct serving *serving)
{
	const struct upload_conf *conf = &serving->settings->upload;
	const struct uploads_options options = {
		.lifetime_ms = conf->lifetime_ms,
		.length_max = conf->length_max,
		.owner_max = conf->user_max,
		.idle_max = (unsigned)conf->idle_max,
	};

	serving->parts.core.uploads =
	    uploads_new(serving->parts.core.store, &options);
}

static void
start_housekeeping(struct serving *serving)
{
	struct housekeeping_options options = housekeeping_presets;

	options.collect_ms = serving->settings->store.collect_ms;
	serving->housekeeping =
	    housekeeping_new(&serving->parts.core, &options);
}

static void
start_fixity(struct serving *serving)
{
	const struct store_conf *conf = &serving->settings->store;
	char *path = settings_path(serving->settings, "fixity.json");
	struct fixity_options options = {
		.path = path,
		.bytes_a_second = conf->fixity,
		.canary_every_ms = conf->canary_ms,
	};

	serving->fixity = fixity_new(&serving->parts.core, &options);
	free(path);
	if (conf->fixity > 0) {
		serving->parts.core.fixity = serving->fixity;
	}
}

/* Of the tools none seals: none of them opens a token. */
static int
start_seal(struct serving *serving, struct fault *fault)
{
	if (seal_files_load(&serving->seal, serving->settings, fault) < 0) {
		return -1;
	}
	serving->parts.core.seal = serving->seal;
	return 0;
}

static int
start_sinks(struct serving *serving, struct fault *fault)
{
	struct sinks_options options = sinks_presets;

	options.list = serving->settings->audit.sinks;
	return sinks_open(&serving->parts.core.sinks, &serving->parts.core,
	    &options, fault);
}

static void
start_examinations(struct serving *serving)
{
	const struct office_conf *office = &serving->settings->office;
	struct core *core = &serving->parts.core;

	if (office->trust[0] == '\0') {
		serving->trust = settings_path(serving->settings, "trust");
	}
	serving->examination.program = office->examiner;
	serving->examination.asks_issuers = office->ask_issuers;
	serving->examination.trust =
	    serving->trust != NULL ? serving->trust : office->trust;
	core->examination = &serving->examination;
	serving->examinations =
	    rounds_new(core, examination_run, core, "examine.broken");
	serving->proofs =
	    rounds_new(core, examination_prove, core, "examine.broken");
	serving->recalls =
	    rounds_new(core, examination_recall, core, "trust.broken");
}

/* What is found by rows that an older hosod did not write. */
static int
check_rows(const struct core *core, struct fault *fault)
{
	struct snapshot *snapshot;
	int agenda;
	int rankings = 0;

	if (snapshot_open(&snapshot, core->store, fault) < 0) {
		return -1;
	}
	agenda = agenda_is_kept(snapshot, fault);
	if (agenda == 1) {
		rankings = ranking_list_is_kept(snapshot, fault);
	}
	snapshot_close(snapshot);
	if (agenda < 0 || rankings < 0) {
		return -1;
	}
	if (agenda == 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the store was written by an older hosod, whose lists of "
		    "dossiers say less; run hosod reindex once");
	}
	return rankings == 1
	           ? 0
	           : fault_set(fault, FAULT_CORRUPT,
	                 "the store was written by an older hosod, which did "
	                 "not list the rankings; run hosod reindex once");
}

static int
start(struct serving *serving, struct fault *fault)
{
	uint64_t workers = serving->settings->office.workers;

	if (parts_open(&serving->parts, serving->settings, false, fault) < 0 ||
	    check_rows(&serving->parts.core, fault) < 0 ||
	    start_seal(serving, fault) < 0 ||
	    job_pool_new(&serving->parts.core.workers,
	        workers == 0 ? cores() + WORKERS_WAITING : (unsigned)workers,
	        fault) < 0 ||
	    start_plugins(serving, fault) < 0 ||
	    start_loops(serving, fault) < 0 ||
	    start_events(serving, fault) < 0) {
		return -1;
	}
	start_uploads(serving);
	start_housekeeping(serving);
	start_fixity(serving);
	if (start_sinks(serving, fault) < 0) {
		return -1;
	}
	serving->stamping = stamping_new(&serving->parts.core);
	serving->parts.core.stamping = serving->stamping;
	start_examinations(serving);
	serving->witnessing = witnessing_new(&serving->parts.core);
	serving->evidence =
	    evidence_new(&serving->parts.core, &serving->settings->evidence);
	serving->parts.core.evidence = serving->evidence;
	return start_http(serving, fault);
}

static void *
run_loop(void *arg)
{
	loop_run(arg);
	return NULL;
}

/* The other loops on threads of their own, the first one here. */
static int
run(struct serving *serving, struct fault *fault)
{
	unsigned started = 1;
	int rc = 0;

	for (; started < serving->loop_count && rc == 0; started++) {
		rc = thread_start(&serving->threads[started], THREAD_LOOP,
		    "loop", run_loop, serving->loops[started], fault);
	}
	if (rc == 0) {
		log_info(NULL, "server.ready",
		    "port=%u tls=%u loops=%u data=%s",
		    server_port(serving->app.server, false),
		    server_port(serving->app.server, true), serving->loop_count,
		    serving->settings->data);
		rounds_poll(serving->recalls, serving->loops[0]);
		loop_run(serving->loops[0]);
	}
	for (unsigned i = 1; i < started; i++) {
		loop_stop(serving->loops[i]);
		pthread_join(serving->threads[i], NULL);
	}
	return rc;
}

static void
free_event(struct event *event)
{
	if (event != NULL) {
		event_free(event);
	}
}

static void
stop(struct serving *serving)
{
	if (serving->app.server != NULL) {
		server_free(serving->app.server);
	}
	housekeeping_stop(serving->housekeeping);
	fixity_stop(serving->fixity);
	sinks_close(serving->parts.core.sinks);
	tsa_client_stop(serving->parts.core.tsa);
	validation_client_stop(serving->parts.core.validation);
	atomic_store(&serving->examination.stopped, true);
	witnesses_stop(serving->parts.core.witnesses);
	job_pool_free(serving->parts.core.workers);
	uploads_free(serving->parts.core.uploads);
	plugins_close(serving->parts.core.plugins);
	if (serving->parts.core.audit != NULL) {
		audit_keep(serving->parts.core.audit);
	}
	parts_close(&serving->parts);
	seal_key_free(serving->seal);
	free_event(serving->on_term);
	free_event(serving->on_int);
	free_event(serving->on_hup);
	free_event(serving->each_second);
	for (unsigned i = 0; i < serving->loop_count; i++) {
		loop_free(serving->loops[i]);
	}
	holders_free(serving->app.holders);
	sessions_free(serving->app.sessions);
	pages_free(serving->pages);
	housekeeping_free(serving->housekeeping);
	fixity_free(serving->fixity);
	stamping_free(serving->stamping);
	rounds_free(serving->examinations);
	rounds_free(serving->proofs);
	rounds_free(serving->recalls);
	free(serving->trust);
	witnessing_free(serving->witnessing);
	evidence_free(serving->evidence);
	log_flush();
}

int
serve_run(const struct settings *settings)
{
	struct serving *serving = xzalloc(sizeof(*serving));
	struct fault fault;
	int rc;

	serving->settings = settings;
	rc = start(serving, &fault);
	if (rc == 0) {
		rc = run(serving, &fault);
	}
	if (rc < 0) {
		fprintf(stderr, "hosod: %s\n", say_fault(&fault));
	}
	if (serving->is_over) {
		rc = -1;
	}
	stop(serving);
	free(serving);
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
