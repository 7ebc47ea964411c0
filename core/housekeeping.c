/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A table of chores, each with its time.  One job does all that are due, one
 * after the other, so that no two of them ever run beside each other and at
 * most one worker is away from the requests.
 */

#include "core/housekeeping.h"

#include "base/clock.h"
#include "base/job.h"
#include "base/log.h"
#include "base/memory.h"
#include "storage/collect.h"
#include "storage/upload.h"

#include <inttypes.h>
#include <stdlib.h>

#define CHORES_MAX 2u

/* What is done, and when again. */
struct chore {
	const char *name;
	int (*run)(struct housekeeping *housekeeping, struct fault *fault);
	int64_t every_us;
	int64_t due; /* clock_ticks() */
};

struct housekeeping {
	struct core *core;
	uint64_t grace_ms;
	atomic_bool stop;
	bool busy; /* the loop's: a job is under way */
	int64_t now;
	struct job job;
	struct chore chores[CHORES_MAX]; /* the worker's while busy */
};

const struct housekeeping_options housekeeping_presets = {
	.expire_ms = 10ULL * 60 * 1000,
	.collect_ms = 6ULL * 60 * 60 * 1000,
	.grace_ms = COLLECT_GRACE_MS,
};

static int
expire(struct housekeeping *housekeeping, struct fault *fault)
{
	unsigned count = 0;

	if (uploads_expire(housekeeping->core->uploads, clock_now(), &count,
	        fault) < 0) {
		return -1;
	}
	if (count > 0) {
		log_info(NULL, "upload.expired", "count=%u", count);
	}
	return 0;
}

static int
collect(struct housekeeping *housekeeping, struct fault *fault)
{
	struct collect_counts counts;
	int64_t began = clock_ticks();

	if (collect_run(housekeeping->core->store, housekeeping->grace_ms,
	        &housekeeping->stop, &counts, fault) < 0) {
		return -1;
	}
	log_info(NULL, "chunks.collected",
	    "chunks=%" PRIu64 " orphans=%" PRIu64 " deleted=%" PRIu64
	    " tails=%" PRIu64 " ms=%" PRId64,
	    counts.chunks, counts.orphans, counts.deleted, counts.tails,
	    (clock_ticks() - began) / 1000);
	return 0;
}

static struct housekeeping *
of_job(struct job *job)
{
	return (
	    struct housekeeping *)(void *)((char *)job -
	                                   offsetof(struct housekeeping, job));
}

static void
work(struct job *job)
{
	struct housekeeping *housekeeping = of_job(job);

	for (size_t i = 0; i < CHORES_MAX; i++) {
		struct chore *chore = &housekeeping->chores[i];
		struct fault fault;

		if (chore->due > housekeeping->now ||
		    atomic_load(&housekeeping->stop)) {
			continue;
		}
		if (chore->run(housekeeping, &fault) < 0) {
			log_warn(NULL, "housekeeping.failed",
			    "chore=%s reason=%s", chore->name, fault.text);
		}
		chore->due = clock_ticks() + chore->every_us;
	}
}

static void
done(struct job *job)
{
	of_job(job)->busy = false;
}

struct housekeeping *
housekeeping_new(struct core *core, const struct housekeeping_options *options)
{
	struct housekeeping *housekeeping = xzalloc(sizeof(*housekeeping));
	int64_t now = clock_ticks();
	const struct chore chores[CHORES_MAX] = {
		{ "expire", expire, (int64_t)options->expire_ms * 1000, 0 },
		{ "collect", collect, (int64_t)options->collect_ms * 1000, 0 },
	};

	housekeeping->core = core;
	housekeeping->grace_ms = options->grace_ms;
	housekeeping->job.work = work;
	housekeeping->job.done = done;
	for (size_t i = 0; i < CHORES_MAX; i++) {
		housekeeping->chores[i] = chores[i];
		housekeeping->chores[i].due = now + chores[i].every_us;
	}
	return housekeeping;
}

void
housekeeping_free(struct housekeeping *housekeeping)
{
	free(housekeeping);
}

void
housekeeping_tick(struct housekeeping *housekeeping, struct loop *loop)
{
	bool due = false;

	if (housekeeping->busy) {
		return;
	}
	housekeeping->now = clock_ticks();
	for (size_t i = 0; i < CHORES_MAX; i++) {
		due = due || housekeeping->chores[i].due <= housekeeping->now;
	}
	if (due) {
		housekeeping->busy = true;
		job_submit(housekeeping->core->workers, &housekeeping->job,
		    loop);
	}
}

void
housekeeping_stop(struct housekeeping *housekeeping)
{
	if (housekeeping != NULL) {
		atomic_store(&housekeeping->stop, true);
	}
}
