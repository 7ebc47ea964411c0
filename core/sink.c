/* SPDX-License-Identifier: Apache-2.0 */

/*
 * TABLE_CURSOR: "jsonl:/var/log/hoso/audit.jsonl" -> u64be, the index of the
 * first event that is not known to be delivered.  The target is part of the
 * key: a new one gets the log from its beginning.
 *
 * A batch is read, sent, flushed, and then the cursor is moved; a failure at
 * any step sends the batch again.  Batches double while all goes well and
 * halve with every failure, so that a sink which dies of every tenth event
 * still gets on, one event at a time if it must be.
 */

#include "core/sink.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "base/wire.h"
#include "core/host_sink.h"
#include "core/plugins.h"
#include "core/schema.h"
#include "core/sink_target.h"
#include "storage/key.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define SINKS_MAX       16u
#define SPEC_MAX        400u /* within a key */
#define BATCH_MAX       256u
#define BATCH_BYTES_MAX (1u << 20)
#define RENEW_US        10000000 /* between two looks at the plugin's file */

struct sink {
	struct sinks *sinks;
	pthread_t thread;
	bool started;
	char spec[SPEC_MAX + 1];
	char name[SPEC_MAX + 1];
	const char *target; /* within spec */

	/* --- its thread's --- */
	struct host_sink *host; /* NULL: not running */
	int descriptor;         /* what it delivers to */
	struct sha256 plugin;   /* the file that runs */
	int64_t renew_at;       /* clock_ticks() */
	size_t batch;           /* events at a time */

	/* --- anybody may read --- */
	_Atomic uint64_t next;
	_Atomic unsigned failures;
};

struct sinks {
	struct core *core;
	struct sinks_options options;
	pthread_mutex_t lock; /* guards stopping */
	pthread_cond_t wake;
	bool stopping;
	size_t count;
	struct sink list[SINKS_MAX];
};

const struct sinks_options sinks_presets = {
	.list = "",
	.look_ms = 500,
	.answer_max_ms = 10000,
	.pause_max_ms = 300000,
};

/* --- waiting ---------------------------------------------------------------- */

/* Sleep, or less where all shall end; false then. */
static bool
rest(struct sinks *sinks, unsigned ms)
{
	struct timespec until;
	bool goes_on;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&sinks->lock);
	while (!sinks->stopping && pthread_cond_timedwait(&sinks->wake,
	                               &sinks->lock, &until) == 0) {
	}
	goes_on = !sinks->stopping;
	pthread_mutex_unlock(&sinks->lock);
	return goes_on;
}

/* --- the cursor --------------------------------------------------------------- */

static void
cursor_key(struct key *key, const struct sink *sink)
{
	key_start(key, TABLE_CURSOR);
	key_add_text(key, sink->spec);
}

static int
read_cursor(struct sink *sink, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct snapshot *snapshot;
	struct bytes value;
	struct key key;
	int found;

	if (snapshot_open(&snapshot, sink->sinks->core->store, fault) < 0) {
		arena_free(arena);
		return -1;
	}
	cursor_key(&key, sink);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	snapshot_close(snapshot);
	if (found == 1 && value.len != 8) {
		found = fault_set(fault, FAULT_CORRUPT,
		    "the cursor of sink %s has %zu bytes", sink->spec,
		    value.len);
	}
	if (found >= 0) {
		atomic_store(&sink->next,
		    found == 1 ? wire_get_u64be(value.data) : 0);
	}
	arena_free(arena);
	return found < 0 ? -1 : 0;
}

static int
write_cursor(struct sink *sink, uint64_t next, struct fault *fault)
{
	struct writes *writes = writes_new(sink->sinks->core->store, NULL);
	uint8_t value[8];
	struct key key;
	int rc;

	cursor_key(&key, sink);
	wire_put_u64be(value, next);
	writes_put(writes, key_bytes(&key), bytes_of(value, sizeof(value)));
	rc = writes_commit_now(writes, fault);
	if (rc == 0) {
		atomic_store(&sink->next, next);
	}
	return rc;
}

/* --- one batch ------------------------------------------------------------------ */

/* Copies of the events from `next` on; the snapshot is closed by then. */
static int
read_batch(const struct sink *sink, struct arena *arena, struct bytes *events,
    size_t *count_out, struct fault *fault)
{
	struct snapshot *snapshot;
	struct scan *scan = NULL;
	struct bytes key, value;
	size_t total = 0;
	int rc;

	*count_out = 0;
	if (snapshot_open(&snapshot, sink->sinks->core->store, fault) < 0) {
		return -1;
	}
	rc = scan_open_log(&scan, snapshot, atomic_load(&sink->next), fault) < 0
	         ? -1
	         : 1;
	while (rc == 1 && *count_out < sink->batch && total < BATCH_BYTES_MAX) {
		rc = scan_next(scan, &key, &value, fault);
		if (rc == 1) {
			events[(*count_out)++] = arena_copy(arena, value);
			total += value.len;
		}
	}
	scan_close(scan);
	snapshot_close(snapshot);
	return rc < 0 ? -1 : 0;
}

/* Deliver events, and know it. */
static int
deliver(struct sink *sink, const struct bytes *events, size_t count,
    struct fault *fault)
{
	uint64_t next = atomic_load(&sink->next);
	int64_t safe;

	for (size_t i = 0; i < count; i++) {
		if (host_sink_send(sink->host, (int64_t)(next + i), events[i],
		        fault) < 0) {
			return -1;
		}
	}
	if (host_sink_flush(sink->host, &safe, fault) < 0) {
		return -1;
	}
	return write_cursor(sink, next + count, fault);
}

/* --- the process that carries ------------------------------------------------------ */

static void
end_host(struct sink *sink)
{
	host_sink_close(sink->host);
	sink->host = NULL;
	if (sink->descriptor >= 0) {
		close(sink->descriptor);
		sink->descriptor = -1;
	}
}

/* The plugin that would run now. */
static int
look_up(struct sink *sink, struct sha256 *sum_out, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct plugins_sink found;
	int rc = plugins_find_sink(sink->sinks->core->plugins, sink->name,
	    arena, &found, fault);

	if (rc == 0) {
		*sum_out = found.sha256;
		close(found.file);
	}
	arena_free(arena);
	return rc;
}

static int
start_host(struct sink *sink, struct fault *fault)
{
	const struct sinks *sinks = sink->sinks;

	if (look_up(sink, &sink->plugin, fault) < 0 ||
	    sink_target_open(sink->target, &sink->descriptor, fault) < 0 ||
	    host_sink_open(&sink->host, sinks->core->plugins, sink->name,
	        sink->descriptor, sinks->options.answer_max_ms, fault) < 0) {
		return -1;
	}
	sink->renew_at = clock_ticks() + RENEW_US;
	return 0;
}

/* Begin anew where the plugin was replaced or the file turned over. */
static void
end_old_host(struct sink *sink)
{
	struct fault ignored;
	struct sha256 sum;
	bool old = sink_target_has_moved(sink->target, sink->descriptor);

	if (!old && clock_ticks() >= sink->renew_at) {
		sink->renew_at = clock_ticks() + RENEW_US;
		old = look_up(sink, &sum, &ignored) == 0 &&
		      memcmp(&sum, &sink->plugin, sizeof(sum)) != 0;
	}
	if (old) {
		end_host(sink);
	}
}

/* 1 events were delivered, 0 there are none, -1 failed. */
static int
carry(struct sink *sink, struct fault *fault)
{
	struct bytes events[BATCH_MAX];
	struct arena *arena;
	size_t count = 0;
	int rc;

	if (sink->host != NULL) {
		end_old_host(sink);
	}
	if (sink->host == NULL &&
	    (read_cursor(sink, fault) < 0 || start_host(sink, fault) < 0)) {
		return -1;
	}
	arena = arena_new();
	rc = read_batch(sink, arena, events, &count, fault);
	if (rc == 0 && count > 0) {
		rc = deliver(sink, events, count, fault);
	}
	arena_free(arena);
	return rc < 0 ? -1 : count > 0;
}

/* --- the thread ------------------------------------------------------------------------ */

/* It failed: say so, and for how long nothing is tried. */
static unsigned
give_up(struct sink *sink, const struct fault *fault)
{
	unsigned failures = atomic_fetch_add(&sink->failures, 1) + 1;
	unsigned pause = host_sink_pause_ms(failures);

	if (pause > sink->sinks->options.pause_max_ms) {
		pause = sink->sinks->options.pause_max_ms;
	}
	end_host(sink);
	sink->batch = sink->batch > 1 ? sink->batch / 2 : 1;
	log_warn(NULL, "sink.failed",
	    "sink=%s next=%" PRIu64 " failures=%u pause_ms=%u reason=%s",
	    sink->spec, atomic_load(&sink->next), failures, pause, fault->text);
	return pause;
}

/* It works, or has nothing to do. */
static void
get_on(struct sink *sink)
{
	if (atomic_exchange(&sink->failures, 0) > 0) {
		log_info(NULL, "sink.works", "sink=%s next=%" PRIu64,
		    sink->spec, atomic_load(&sink->next));
	}
	if (sink->batch < BATCH_MAX) {
		sink->batch *= 2;
	}
}

static void *
run(void *arg)
{
	struct sink *sink = arg;
	unsigned pause = 0;
	struct fault fault;

	while (rest(sink->sinks, pause)) {
		switch (carry(sink, &fault)) {
		case 1:
			get_on(sink);
			pause = 0;
			break;
		case 0:
			get_on(sink);
			pause = sink->sinks->options.look_ms;
			break;
		default:
			pause = give_up(sink, &fault);
			break;
		}
	}
	end_host(sink);
	return NULL;
}

/* --- starting and ending ------------------------------------------------------------------ */

/* One word of the list: "jsonl:/var/log/hoso/audit.jsonl". */
static int
add_sink(struct sinks *sinks, struct bytes word, struct fault *fault)
{
	struct sink *sink = &sinks->list[sinks->count];
	char *colon;

	if (sinks->count == SINKS_MAX || word.len > SPEC_MAX) {
		return fault_set(fault, FAULT_INVALID,
		    "audit.sinks: more than %u sinks, or one of over %u bytes",
		    SINKS_MAX, SPEC_MAX);
	}
	sink->sinks = sinks;
	sink->descriptor = -1;
	sink->batch = BATCH_MAX;
	memcpy(sink->spec, word.data, word.len);
	memcpy(sink->name, word.data, word.len);
	if (strpbrk(sink->spec, "\"\\") != NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "audit.sinks: %s has a quote or backslash", sink->spec);
	}
	colon = strchr(sink->name, ':');
	if (colon == NULL || colon == sink->name) {
		return fault_set(fault, FAULT_INVALID,
		    "audit.sinks: %s is no NAME:TARGET", sink->spec);
	}
	*colon = '\0';
	sink->target = sink->spec + (colon - sink->name) + 1;
	if (!sink_target_is_valid(sink->target)) {
		return fault_set(fault, FAULT_INVALID,
		    "audit.sinks: %s is no path and no udp:HOST:PORT or "
		    "tcp:HOST:PORT",
		    sink->target);
	}
	for (size_t i = 0; i < sinks->count; i++) {
		if (strcmp(sinks->list[i].spec, sink->spec) == 0) {
			return fault_set(fault, FAULT_INVALID,
			    "audit.sinks: %s stands twice", sink->spec);
		}
	}
	sinks->count++;
	return 0;
}

static int
read_list(struct sinks *sinks, struct fault *fault)
{
	const char *at = sinks->options.list;

	while (*at != '\0') {
		size_t len = strcspn(at, " \t");

		if (len > 0 && add_sink(sinks, bytes_of(at, len), fault) < 0) {
			return -1;
		}
		at += len;
		at += strspn(at, " \t");
	}
	return 0;
}

int
sinks_open(struct sinks **sinks_out, struct core *core,
    const struct sinks_options *options, struct fault *fault)
{
	struct sinks *sinks = xzalloc(sizeof(*sinks));
	pthread_condattr_t monotonic;

	sinks->core = core;
	sinks->options = *options;
	pthread_mutex_init(&sinks->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&sinks->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (read_list(sinks, fault) < 0) {
		sinks_close(sinks);
		return -1;
	}
	for (size_t i = 0; i < sinks->count; i++) {
		struct sink *sink = &sinks->list[i];

		if (thread_start(&sink->thread, THREAD_WORKER, "sink", run,
		        sink, fault) < 0) {
			sinks_close(sinks);
			return -1;
		}
		sink->started = true;
	}
	*sinks_out = sinks;
	return 0;
}

void
sinks_close(struct sinks *sinks)
{
	if (sinks == NULL) {
		return;
	}
	pthread_mutex_lock(&sinks->lock);
	sinks->stopping = true;
	pthread_cond_broadcast(&sinks->wake);
	pthread_mutex_unlock(&sinks->lock);
	for (size_t i = 0; i < sinks->count; i++) {
		if (sinks->list[i].started) {
			pthread_join(sinks->list[i].thread, NULL);
		}
	}
	pthread_cond_destroy(&sinks->wake);
	pthread_mutex_destroy(&sinks->lock);
	free(sinks);
}

size_t
sinks_count(const struct sinks *sinks)
{
	return sinks != NULL ? sinks->count : 0;
}

void
sinks_measure(const struct sinks *sinks, size_t number,
    struct sink_figures *figures_out)
{
	const struct sink *sink = &sinks->list[number];

	*figures_out = (struct sink_figures){
		.sink = sink->spec,
		.next = atomic_load(&sink->next),
		.failures = atomic_load(&sink->failures),
	};
}
