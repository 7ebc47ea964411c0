/* SPDX-License-Identifier: Apache-2.0 */

#include "base/loop.h"

#include "base/memory.h"
#include "base/thread.h"

#include "tests/unit/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define POSTERS 4
#define POSTS   5000

static struct loop *loop;

static int
set_up(void **state)
{
	struct fault fault;

	(void)state;
	return loop_new(&loop, 3, &fault);
}

static int
tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	loop = NULL;
	return 0;
}

struct numbered {
	struct loop_task task; /* first, so that it can be cast */
	unsigned poster;
	unsigned number;
};

struct poster {
	unsigned index;
	pthread_t thread;
	struct numbered tasks[POSTS];
};

static unsigned next_of[POSTERS];
static unsigned ran;
static bool done;
static pthread_t runner;

static void
expect_order(struct loop_task *task)
{
	struct numbered *numbered = (struct numbered *)task;

	assert_true(pthread_equal(pthread_self(), runner));
	assert_int_equal(numbered->number, next_of[numbered->poster]++);
	done = ++ran == POSTERS * POSTS;
}

static void *
post_many(void *arg)
{
	struct poster *poster = arg;

	for (unsigned i = 0; i < POSTS; i++) {
		poster->tasks[i] = (struct numbered){ { NULL, expect_order },
			poster->index, i };
		loop_post(loop, &poster->tasks[i].task);
	}
	return NULL;
}

static void
tasks_of_each_thread_run_in_order_on_the_loop(void **state)
{
	struct poster *posters = xzalloc(POSTERS * sizeof(*posters));
	struct fault fault;

	(void)state;
	runner = pthread_self();
	for (unsigned i = 0; i < POSTERS; i++) {
		posters[i].index = i;
		assert_int_equal(thread_start(&posters[i].thread, THREAD_WORKER,
		                     "poster", post_many, &posters[i], &fault),
		    0);
	}
	loop_run_until(loop, &done);
	for (unsigned i = 0; i < POSTERS; i++) {
		pthread_join(posters[i].thread, NULL);
	}
	assert_int_equal(ran, POSTERS * POSTS);
	assert_int_equal(thread_role(), THREAD_LOOP);
	assert_int_equal(loop_number(loop), 3);
	free(posters);
}

static void *
run_loop(void *arg)
{
	loop_run(arg);
	return NULL;
}

static void
count_up(struct loop_task *task)
{
	(void)task;
	ran++;
}

struct in_line {
	struct loop_task task; /* first */
	unsigned at;
};

static unsigned numbers_seen;

static void
take_number(struct loop_task *task)
{
	struct in_line *in_line = (struct in_line *)task;

	assert_int_equal(in_line->at, numbers_seen);
	numbers_seen++;
}

static void
a_list_of_tasks_runs_in_its_order_among_others(void **state)
{
	struct in_line tasks[30];
	struct loop *other = NULL;
	struct fault fault;

	(void)state;
	assert_int_equal(loop_new(&other, 0, &fault), 0);
	numbers_seen = 0;
	for (unsigned i = 0; i < 30; i++) {
		tasks[i] = (struct in_line){ { NULL, take_number }, i };
	}
	/* One, nine as a list, and so on; lists of one are lists. */
	for (unsigned i = 0; i < 30; i += 10) {
		loop_post(other, &tasks[i].task);
		for (unsigned j = i + 1; j < i + 9; j++) {
			tasks[j].task.next = &tasks[j + 1].task;
		}
		loop_post_list(other, &tasks[i + 1].task, &tasks[i + 9].task);
	}
	loop_free(other); /* runs what is queued */
	assert_int_equal(numbers_seen, 30);
}

static void
what_was_posted_before_the_stop_runs(void **state)
{
	struct loop_task tasks[100];
	struct fault fault;
	pthread_t thread;

	(void)state;
	for (unsigned round = 0; round < 50; round++) {
		struct loop *other = NULL;

		ran = 0;
		assert_int_equal(loop_new(&other, 0, &fault), 0);
		assert_int_equal(thread_start(&thread, THREAD_LOOP, "loop",
		                     run_loop, other, &fault),
		    0);
		for (unsigned i = 0; i < 100; i++) {
			tasks[i] = (struct loop_task){ NULL, count_up };
			loop_post(other, &tasks[i]);
		}
		loop_stop(other);
		pthread_join(thread, NULL);
		assert_int_equal(ran, 100);
		loop_free(other);
	}
}

static void
a_loop_stopped_before_it_runs_ends_at_once(void **state)
{
	struct loop_task task = { NULL, count_up };

	(void)state;
	ran = 0;
	loop_post(loop, &task);
	loop_stop(loop);
	loop_run(loop);
	assert_int_equal(ran, 1);
}

static void
what_is_left_in_the_queue_runs_before_the_loop_is_freed(void **state)
{
	struct loop_task task = { NULL, count_up };
	struct fault fault;
	struct loop *other = NULL;

	(void)state;
	ran = 0;
	assert_int_equal(loop_new(&other, 0, &fault), 0);
	loop_post(other, &task);
	loop_free(other);
	assert_int_equal(ran, 1);
	loop_free(NULL);
}

static void
free_itself(struct loop_task *task)
{
	free(task);
	done = ++ran == 3;
}

static void
a_task_may_free_what_it_lies_in(void **state)
{
	(void)state;
	ran = 0;
	done = false;
	for (unsigned i = 0; i < 3; i++) {
		struct loop_task *task = xzalloc(sizeof(*task));

		task->run = free_itself;
		loop_post(loop, task);
	}
	loop_run_until(loop, &done);
	assert_int_equal(ran, 3);
}

static void
post_again(struct loop_task *task)
{
	ran++;
	loop_post(loop, task);
}

static void
on_timer(evutil_socket_t descriptor, short what, void *arg)
{
	(void)descriptor;
	(void)what;
	*(bool *)arg = true;
}

static void
tasks_that_post_themselves_do_not_starve_events(void **state)
{
	static struct loop_task task = { NULL, post_again };
	const struct timeval soon = { 0, 1000 };
	struct event *timer;

	(void)state;
	ran = 0;
	done = false;
	timer = event_new(loop_base(loop), -1, 0, on_timer, &done);
	assert_int_equal(event_add(timer, &soon), 0);
	loop_post(loop, &task);
	loop_run_until(loop, &done);
	assert_true(ran > 0);
	event_free(timer);
	task.run = count_up; /* it is still queued and runs at the end */
}

static void *
look_at_signals(void *arg)
{
	sigset_t *mask = arg;

	pthread_sigmask(SIG_SETMASK, NULL, mask);
	assert_int_equal(thread_role(), THREAD_WRITER);
	thread_must_be(THREAD_WRITER);
	return NULL;
}

static void
a_thread_is_born_with_its_role_and_without_signals(void **state)
{
	struct fault fault;
	pthread_t thread;
	sigset_t theirs;
	sigset_t ours;

	(void)state;
	sigemptyset(&theirs);
	assert_int_equal(thread_start(&thread, THREAD_WRITER,
	                     "a name far longer than fifteen bytes",
	                     look_at_signals, &theirs, &fault),
	    0);
	pthread_join(thread, NULL);
	assert_int_equal(sigismember(&theirs, SIGTERM), 1);
	assert_int_equal(sigismember(&theirs, SIGINT), 1);
	pthread_sigmask(SIG_SETMASK, NULL, &ours);
	assert_int_equal(sigismember(&ours, SIGTERM), 0);
}

static void
a_thread_of_another_role_is_stopped(void **state)
{
	int status = 0;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL); /* cmocka catches it */
		close(STDERR_FILENO);
		thread_must_be(THREAD_LOOP); /* main has run loops */
		thread_must_be(THREAD_WRITER);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

#define loop_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(loop_test(tasks_of_each_thread_run_in_order_on_the_loop),
    loop_test(what_was_posted_before_the_stop_runs),
    loop_test(a_list_of_tasks_runs_in_its_order_among_others),
    loop_test(a_loop_stopped_before_it_runs_ends_at_once),
    loop_test(what_is_left_in_the_queue_runs_before_the_loop_is_freed),
    loop_test(a_task_may_free_what_it_lies_in),
    loop_test(tasks_that_post_themselves_do_not_starve_events),
    loop_test(a_thread_is_born_with_its_role_and_without_signals),
    loop_test(a_thread_of_another_role_is_stopped))
