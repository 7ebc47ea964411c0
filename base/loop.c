/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The queue is a list behind a lock.  Whoever puts a task into the empty
 * queue writes to the eventfd; the loop reads it, takes the whole list and
 * runs it without the lock.  What a task posts runs in the next round, so
 * tasks that post tasks do not starve the sockets.
 */

#include "base/loop.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"

#include <assert.h>
#include <errno.h>
#include <event2/thread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct loop {
	struct event_base *base;
	struct event *wake;
	struct event *second; /* writes what the log gathered */
	unsigned number;
	int wake_fd;
	pthread_mutex_t lock; /* guards the fields below */
	struct loop_task *first;
	struct loop_task **last; /* where the next one is hung */
	bool stopping;
};

static void
use_threads(void)
{
	evthread_use_pthreads();
}

static void
wake_up(struct loop *loop)
{
	uint64_t one = 1;

	/* EAGAIN means that the counter is full: the loop will wake. */
	while (write(loop->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR) {
	}
}

/* Run what is queued now; whether it was the last round. */
static bool
run_tasks(struct loop *loop)
{
	struct loop_task *task;
	bool stopping;

	pthread_mutex_lock(&loop->lock);
	task = loop->first;
	loop->first = NULL;
	loop->last = &loop->first;
	stopping = loop->stopping;
	pthread_mutex_unlock(&loop->lock);

	while (task != NULL) {
		struct loop_task *next = task->next; /* the task may be freed */

		task->run(task);
		task = next;
	}
	return stopping;
}

static void
on_wake(evutil_socket_t descriptor, short what, void *arg)
{
	struct loop *loop = arg;
	uint64_t count;

	(void)what;
	while (read(descriptor, &count, sizeof(count)) < 0 && errno == EINTR) {
	}
	if (run_tasks(loop)) {
		event_base_loopbreak(loop->base);
	}
}

static void
on_second(evutil_socket_t descriptor, short what, void *arg)
{
	(void)descriptor;
	(void)what;
	(void)arg;
	log_flush();
}

/* The loop's own two events; 0, or -1. */
static int
add_events(struct loop *loop)
{
	const struct timeval second = { .tv_sec = 1 };

	loop->wake = event_new(loop->base, loop->wake_fd, EV_READ | EV_PERSIST,
	    on_wake, loop);
	loop->second = event_new(loop->base, -1, EV_PERSIST, on_second, loop);
	if (loop->wake == NULL || loop->second == NULL) {
		return -1;
	}
	if (event_add(loop->wake, NULL) < 0) {
		return -1;
	}
	return event_add(loop->second, &second);
}

int
loop_new(struct loop **loop_out, unsigned number, struct fault *fault)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct loop *loop = xzalloc(sizeof(*loop));

	/* Before the first base, or its locks are never made. */
	pthread_once(&once, use_threads);
	loop->number = number;
	loop->last = &loop->first;
	pthread_mutex_init(&loop->lock, NULL);
	loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->wake_fd < 0) {
		fault_errno(fault, errno, "loop %u: eventfd", number);
		goto out;
	}
	loop->base = event_base_new();
	if (loop->base == NULL) {
		fault_set(fault, FAULT_SYSTEM, "loop %u: no event base",
		    number);
		goto out;
	}
	if (add_events(loop) < 0) {
		fault_set(fault, FAULT_SYSTEM, "loop %u: no wake-up event",
		    number);
		goto out;
	}
	*loop_out = loop;
	return 0;
out:
	loop_free(loop);
	return -1;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL) {
		return;
	}
	while (loop->first != NULL) {
		run_tasks(loop);
	}
	if (loop->wake != NULL) {
		event_free(loop->wake);
	}
	if (loop->second != NULL) {
		event_free(loop->second);
	}
	if (loop->base != NULL) {
		event_base_free(loop->base);
	}
	if (loop->wake_fd >= 0) {
		close(loop->wake_fd);
	}
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

struct event_base *
loop_base(struct loop *loop)
{
	return loop->base;
}

unsigned
loop_number(const struct loop *loop)
{
	return loop->number;
}

void
loop_post_list(struct loop *loop, struct loop_task *first,
    struct loop_task *last)
{
	bool was_empty;

	last->next = NULL;
	pthread_mutex_lock(&loop->lock);
	was_empty = loop->first == NULL;
	*loop->last = first;
	loop->last = &last->next;
	pthread_mutex_unlock(&loop->lock);
	if (was_empty) {
		wake_up(loop);
	}
}

void
loop_post(struct loop *loop, struct loop_task *task)
{
	assert(task->run != NULL);
	loop_post_list(loop, task, task);
}

static bool
is_stopping(struct loop *loop)
{
	bool stopping;

	pthread_mutex_lock(&loop->lock);
	stopping = loop->stopping;
	pthread_mutex_unlock(&loop->lock);
	return stopping;
}

void
loop_run(struct loop *loop)
{
	if (thread_role() == THREAD_NONE) {
		thread_take_role(THREAD_LOOP);
	}
	while (!is_stopping(loop)) {
		event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
	}
	run_tasks(loop); /* posted before the stop */
	log_flush();
}

void
loop_stop(struct loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	loop->stopping = true;
	pthread_mutex_unlock(&loop->lock);
	wake_up(loop);
}

void
loop_run_until(struct loop *loop, const bool *done)
{
	if (thread_role() == THREAD_NONE) {
		thread_take_role(THREAD_LOOP);
	}
	while (!*done) {
		event_base_loop(loop->base, EVLOOP_ONCE);
	}
}
