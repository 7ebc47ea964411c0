/* SPDX-License-Identifier: Apache-2.0 */

#include "base/job.h"

#include "base/memory.h"
#include "base/thread.h"

#include "tests/unit/unit.h"

#include <semaphore.h>
#include <stdlib.h>

#define JOBS 2000

static struct loop *loop;

static int
set_up(void **state)
{
	struct fault fault;

	(void)state;
	return loop_new(&loop, 0, &fault);
}

static int
tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

/* A job changes its object on a worker and is counted on the loop. */
struct task {
	struct job job; /* first, so that it can be cast */
	unsigned number;
	unsigned square;
	pthread_t worker;
};

static unsigned finished;
static bool all_done;
static pthread_t loop_thread;
static unsigned taken[JOBS]; /* numbers in order of work, one worker only */
static unsigned taken_count;

static void
square(struct job *job)
{
	struct task *task = (struct task *)job;

	thread_must_be(THREAD_WORKER);
	task->square = task->number * task->number;
	task->worker = pthread_self();
}

static void
finish(struct job *job)
{
	struct task *task = (struct task *)job;

	assert_true(pthread_equal(pthread_self(), loop_thread));
	assert_false(pthread_equal(task->worker, loop_thread));
	assert_int_equal(task->square, task->number * task->number);
	all_done = ++finished == JOBS;
}

static struct job_pool *
new_pool(unsigned workers)
{
	struct job_pool *pool = NULL;
	struct fault fault;

	assert_int_equal(job_pool_new(&pool, workers, &fault), 0);
	loop_thread = pthread_self();
	finished = 0;
	all_done = false;
	taken_count = 0;
	return pool;
}

static void
every_job_is_done_on_a_worker_and_answered_on_the_loop(void **state)
{
	struct task *tasks = xzalloc(JOBS * sizeof(*tasks));
	struct job_pool *pool = new_pool(4);

	(void)state;
	for (unsigned i = 0; i < JOBS; i++) {
		tasks[i].number = i;
		tasks[i].job.work = square;
		tasks[i].job.done = finish;
		job_submit(pool, &tasks[i].job, loop);
	}
	loop_run_until(loop, &all_done);
	assert_int_equal(finished, JOBS);
	assert_int_equal(job_pool_waiting(pool), 0);
	job_pool_free(pool);
	free(tasks);
}

static void
note_order(struct job *job)
{
	struct task *task = (struct task *)job;

	taken[taken_count++] = task->number;
	square(job);
}

static void
one_worker_takes_jobs_as_they_came(void **state)
{
	struct task *tasks = xzalloc(JOBS * sizeof(*tasks));
	struct job_pool *pool = new_pool(1);

	(void)state;
	for (unsigned i = 0; i < JOBS; i++) {
		tasks[i].number = i;
		tasks[i].job.work = note_order;
		tasks[i].job.done = finish;
		job_submit(pool, &tasks[i].job, loop);
	}
	loop_run_until(loop, &all_done);
	for (unsigned i = 0; i < JOBS; i++) {
		assert_int_equal(taken[i], i);
	}
	job_pool_free(pool);
	free(tasks);
}

static sem_t entered;
static sem_t release;

static void
hold(struct job *job)
{
	sem_post(&entered);
	sem_wait(&release);
	square(job);
}

static void
jobs_that_wait_are_counted(void **state)
{
	struct task tasks[5] = { 0 };
	struct job_pool *pool = new_pool(1);
	struct job_pool_figures figures;

	(void)state;
	sem_init(&entered, 0, 0);
	sem_init(&release, 0, 0);
	finished = JOBS - 5;
	for (unsigned i = 0; i < 5; i++) {
		tasks[i].job.work = hold;
		tasks[i].job.done = finish;
		job_submit(pool, &tasks[i].job, loop);
	}
	for (unsigned i = 0; i < 5; i++) {
		sem_wait(&entered);
		assert_int_equal(job_pool_waiting(pool), 4 - i);
		job_pool_measure(pool, &figures);
		assert_int_equal(figures.workers, 1);
		assert_int_equal(figures.busy, 1);
		assert_int_equal(figures.waiting, 4 - i);
		sem_post(&release);
	}
	loop_run_until(loop, &all_done);
	job_pool_measure(pool, &figures);
	assert_int_equal(figures.busy, 0);
	job_pool_free(pool);
	sem_destroy(&entered);
	sem_destroy(&release);
}

static void
what_was_submitted_is_finished_before_the_pool_ends(void **state)
{
	struct task *tasks = xzalloc(JOBS * sizeof(*tasks));
	struct job_pool *pool = new_pool(3);

	(void)state;
	for (unsigned i = 0; i < JOBS; i++) {
		tasks[i].number = i;
		tasks[i].job.work = square;
		tasks[i].job.done = finish;
		job_submit(pool, &tasks[i].job, loop);
	}
	job_pool_free(pool);
	assert_int_equal(finished, 0); /* the loop has not run yet */
	loop_run_until(loop, &all_done);
	assert_int_equal(finished, JOBS);
	free(tasks);
	job_pool_free(NULL);
}

static unsigned rounds;

static void
submit_again(struct job *job)
{
	struct task *task = (struct task *)job;

	assert_int_equal(task->square, task->number * task->number);
	all_done = ++rounds == 100;
	if (!all_done) {
		task->number++;
		job_submit(*(struct job_pool **)(task + 1), job, loop);
	}
}

static void
a_job_may_be_submitted_anew_from_its_answer(void **state)
{
	struct {
		struct task task;
		struct job_pool *pool;
	} again = { .pool = new_pool(2) };

	(void)state;
	rounds = 0;
	again.task.job.work = square;
	again.task.job.done = submit_again;
	job_submit(again.pool, &again.task.job, loop);
	loop_run_until(loop, &all_done);
	assert_int_equal(again.task.number, 99);
	job_pool_free(again.pool);
}

#define job_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(job_test(every_job_is_done_on_a_worker_and_answered_on_the_loop),
    job_test(one_worker_takes_jobs_as_they_came),
    job_test(jobs_that_wait_are_counted),
    job_test(what_was_submitted_is_finished_before_the_pool_ends),
    job_test(a_job_may_be_submitted_anew_from_its_answer))
