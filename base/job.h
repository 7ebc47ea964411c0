/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_JOB_H
#define BASE_JOB_H

#include "base/fault.h"
#include "base/loop.h"

/*
 * Work that blocks, for a pool of workers: the job is the loop's, then one
 * worker's, then the loop's again.  It lies inside the object that it works
 * on; between job_submit() and done() only the worker may touch that.
 */
struct job_pool;

struct job {
	struct loop_task reply;        /* the pool's */
	struct job *next;              /* the pool's */
	struct loop *loop;             /* the pool's */
	void (*work)(struct job *job); /* on a worker */
	void (*done)(struct job *job); /* back on the loop */
};

int job_pool_new(struct job_pool **pool_out, unsigned workers,
    struct fault *fault);
/*
 * Lets what was submitted finish, then ends the workers.  The answers are
 * posted: they run when the loop does, or at loop_free().
 */
void job_pool_free(struct job_pool *pool);
/* work and done must be set.  First come, first served. */
void job_submit(struct job_pool *pool, struct job *job, struct loop *loop);
/* Submitted and not yet taken by a worker, for /metrics and refusal. */
unsigned job_pool_waiting(struct job_pool *pool);

struct job_pool_figures {
	unsigned workers;
	unsigned busy; /* with a job in hand */
	unsigned waiting;
};

/* Thread: any. */
void job_pool_measure(struct job_pool *pool,
    struct job_pool_figures *figures_out);

#endif
