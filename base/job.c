/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One queue for all workers.  A worker takes the oldest job, does its work
 * and posts the reply to the loop that submitted it; after that post the job
 * is the loop's and is not looked at again.
 */

#include "base/job.h"

#include "base/memory.h"
#include "base/thread.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct job_pool {
	pthread_t *threads;
	unsigned started;
	pthread_cond_t changed; /* a job came, or the end */
	pthread_mutex_t lock;   /* guards the fields below */
	struct job *first;
	struct job **last; /* where the next one is hung */
	unsigned waiting;
	unsigned busy;
	bool ending;
};

static void
run_reply(struct loop_task *task)
{
	struct job *job = (struct job *)task; /* its first member */

	job->done(job);
}

/* The oldest job; NULL at the end, when all are taken. */
static struct job *
take_job(struct job_pool *pool)
{
	struct job *job;

	pthread_mutex_lock(&pool->lock);
	while (pool->first == NULL && !pool->ending) {
		pthread_cond_wait(&pool->changed, &pool->lock);
	}
	job = pool->first;
	if (job != NULL) {
		pool->first = job->next;
		if (pool->first == NULL) {
			pool->last = &pool->first;
		}
		pool->waiting--;
		pool->busy++;
	}
	pthread_mutex_unlock(&pool->lock);
	return job;
}

static void
put_down(struct job_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->busy--;
	pthread_mutex_unlock(&pool->lock);
}

static void *
run_worker(void *arg)
{
	struct job_pool *pool = arg;
	struct job *job;

	while ((job = take_job(pool)) != NULL) {
		struct loop *loop = job->loop;

		job->work(job);
		put_down(pool);
		loop_post(loop, &job->reply);
	}
	return NULL;
}

int
job_pool_new(struct job_pool **pool_out, unsigned workers, struct fault *fault)
{
	struct job_pool *pool = xzalloc(sizeof(*pool));

	assert(workers > 0);
	pool->threads = xzalloc(workers * sizeof(*pool->threads));
	pool->last = &pool->first;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	for (unsigned i = 0; i < workers; i++) {
		char name[16];

		snprintf(name, sizeof(name), "worker-%u", i % 10000);
		if (thread_start(&pool->threads[i], THREAD_WORKER, name,
		        run_worker, pool, fault) < 0) {
			job_pool_free(pool);
			return -1;
		}
		pool->started++;
	}
	*pool_out = pool;
	return 0;
}

void
job_pool_free(struct job_pool *pool)
{
	if (pool == NULL) {
		return;
	}
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->started; i++) {
		pthread_join(pool->threads[i], NULL);
	}
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool);
}

void
job_submit(struct job_pool *pool, struct job *job, struct loop *loop)
{
	assert(job->work != NULL && job->done != NULL && loop != NULL);
	job->reply.run = run_reply;
	job->loop = loop;
	job->next = NULL;
	pthread_mutex_lock(&pool->lock);
	assert(!pool->ending);
	*pool->last = job;
	pool->last = &job->next;
	pool->waiting++;
	pthread_cond_signal(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

unsigned
job_pool_waiting(struct job_pool *pool)
{
	unsigned waiting;

	pthread_mutex_lock(&pool->lock);
	waiting = pool->waiting;
	pthread_mutex_unlock(&pool->lock);
	return waiting;
}

void
job_pool_measure(struct job_pool *pool, struct job_pool_figures *figures_out)
{
	pthread_mutex_lock(&pool->lock);
	*figures_out = (struct job_pool_figures){ .workers = pool->started,
		.busy = pool->busy,
		.waiting = pool->waiting };
	pthread_mutex_unlock(&pool->lock);
}
