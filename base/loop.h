/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include "base/fault.h"

#include <event2/event.h>
#include <stdbool.h>

/*
 * One event loop: a libevent base and a queue through which other threads
 * hand work to it (an eventfd wakes it).
 *
 * Thread:  loop_post() and loop_stop() any; all else the loop's own.
 */
struct loop;

/* One piece of work for a loop.  Lies inside the object that is handed over. */
struct loop_task {
	struct loop_task *next; /* the queue's */
	void (*run)(struct loop_task *task);
};

int loop_new(struct loop **loop_out, unsigned number, struct fault *fault);
/* Runs what is still queued, so that nobody waits for an answer in vain. */
void loop_free(struct loop *loop);
struct event_base *loop_base(struct loop *loop);
unsigned loop_number(const struct loop *loop);

/* Hand the task to the loop; it runs there, in order of posting. */
void loop_post(struct loop *loop, struct loop_task *task);
/* The same of a list of tasks, which costs one wake-up; `last` is its last. */
void loop_post_list(struct loop *loop, struct loop_task *first,
    struct loop_task *last);
/*
 * Run until loop_stop(), and then what was posted before it; takes THREAD_LOOP
 * if the thread has no role.  Calls log_flush() each second.
 */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/* Run posted tasks and events until *done becomes true: tests, tools. */
void loop_run_until(struct loop *loop, const bool *done);

#endif
