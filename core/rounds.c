/* SPDX-License-Identifier: Apache-2.0 */

#include "core/rounds.h"

#include "base/job.h"
#include "base/log.h"
#include "base/memory.h"

#include <stdlib.h>

struct rounds {
	struct job job; /* first: a job is its rounds */
	struct core *core;
	rounds_fn *go;
	void *arg;
	const char *event; /* of a round that failed */
	bool running;      /* the loop's */
};

static void
work(struct job *job)
{
	struct rounds *rounds = (struct rounds *)job;
	struct fault fault;

	if (rounds->go(rounds->arg, &fault) < 0) {
		log_error(NULL, rounds->event, "reason=%s", fault.text);
	}
}

static void
done(struct job *job)
{
	((struct rounds *)job)->running = false;
}

struct rounds *
rounds_new(struct core *core, rounds_fn *go, void *arg, const char *event)
{
	struct rounds *rounds = xzalloc(sizeof(*rounds));

	rounds->core = core;
	rounds->go = go;
	rounds->arg = arg;
	rounds->event = event;
	rounds->job.work = work;
	rounds->job.done = done;
	return rounds;
}

void
rounds_free(struct rounds *rounds)
{
	free(rounds);
}

void
rounds_poll(struct rounds *rounds, struct loop *loop)
{
	if (!rounds->running) {
		rounds->running = true;
		job_submit(rounds->core->workers, &rounds->job, loop);
	}
}

bool
rounds_are_under_way(const struct rounds *rounds)
{
	return rounds->running;
}
