/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include "base/fault.h"

#include <pthread.h>

/* Every thread has one role for life; style.md 7 says what each may do. */
enum thread_role {
	THREAD_NONE = 0, /* main before the parts start; a tool without parts */
	THREAD_LOOP,
	THREAD_WORKER,
	THREAD_WRITER,
};

/* Start a thread with all signals blocked.  `name` is at most 15 bytes. */
int thread_start(pthread_t *thread_out, enum thread_role role, const char *name,
    void *(*run)(void *arg), void *arg, struct fault *fault);
void thread_take_role(enum thread_role role);
enum thread_role thread_role(void);
/* Abort unless the calling thread has this role. */
void thread_must_be(enum thread_role role);

#endif
