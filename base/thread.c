/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A thread's role is kept in thread-local state and given before its first
 * line runs.  Signals are for the thread that main() chooses: all others are
 * born with every signal blocked.
 */

#include "base/thread.h"

#include "base/memory.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local enum thread_role own_role;

/* What a new thread needs to know; its own, freed by it. */
struct start {
	enum thread_role role;
	char name[16]; /* pthread_setname_np(3): 15 bytes and NUL */
	void *(*run)(void *arg);
	void *arg;
};

static const char *
name_of(enum thread_role role)
{
	static const char *const names[] = {
		[THREAD_NONE] = "none",
		[THREAD_LOOP] = "loop",
		[THREAD_WORKER] = "worker",
		[THREAD_WRITER] = "writer",
	};

	return names[role];
}

static void *
begin(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	own_role = start.role;
	pthread_setname_np(pthread_self(), start.name);
	return start.run(start.arg);
}

int
thread_start(pthread_t *thread_out, enum thread_role role, const char *name,
    void *(*run)(void *arg), void *arg, struct fault *fault)
{
	struct start *start = xzalloc(sizeof(*start));
	sigset_t all;
	sigset_t before;
	int refused;

	start->role = role;
	start->run = run;
	start->arg = arg;
	snprintf(start->name, sizeof(start->name), "%s", name);

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	refused = pthread_create(thread_out, NULL, begin, start);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (refused != 0) {
		free(start);
		return fault_errno(fault, refused, "thread %s", name);
	}
	return 0;
}

void
thread_take_role(enum thread_role role)
{
	assert(own_role == THREAD_NONE || own_role == role); /* one for life */
	own_role = role;
}

enum thread_role
thread_role(void)
{
	return own_role;
}

void
thread_must_be(enum thread_role role)
{
	if (own_role != role) {
		fprintf(stderr, "thread is %s where %s is needed\n",
		    name_of(own_role), name_of(role));
		abort();
	}
}
