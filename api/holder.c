/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Who calls a holder off takes it from the list and posts a task to its loop.
 * From then on the holder lives until both have happened there: the task has
 * run and the request has left.
 */

#include "api/holder.h"

#include "base/loop.h"
#include "base/memory.h"
#include "base/random.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct holder {
	struct holder *next; /* under the lock, as called is */
	bool called;         /* and not in the list any more */
	struct holders *holders;
	char id[ID_TEXT];
	struct loop *loop;
	struct loop_task task;

	/* --- the loop's --- */
	void (*stop)(void *arg);
	void *arg;
	bool arrived; /* the task has run */
	bool left;
};

struct holders {
	pthread_mutex_t lock; /* guards the list */
	struct holder *first;
};

struct holders *
holders_new(void)
{
	struct holders *holders = xzalloc(sizeof(*holders));

	pthread_mutex_init(&holders->lock, NULL);
	return holders;
}

void
holders_free(struct holders *holders)
{
	if (holders != NULL) {
		pthread_mutex_destroy(&holders->lock);
		free(holders);
	}
}

static void
call_arrived(struct loop_task *task)
{
	struct holder *holder =
	    (struct holder *)(void *)((char *)task -
	                              offsetof(struct holder, task));

	holder->arrived = true;
	if (holder->left) {
		free(holder);
	} else {
		holder->stop(holder->arg); /* may leave */
	}
}

struct holder *
holder_enter(struct holders *holders, const char *id, struct loop *loop,
    void (*stop)(void *arg), void *arg)
{
	struct holder *holder = xzalloc(sizeof(*holder));

	holder->holders = holders;
	strncpy(holder->id, id, ID_TEXT - 1);
	holder->loop = loop;
	holder->task.run = call_arrived;
	holder->stop = stop;
	holder->arg = arg;
	pthread_mutex_lock(&holders->lock);
	holder->next = holders->first;
	holders->first = holder;
	pthread_mutex_unlock(&holders->lock);
	return holder;
}

void
holder_leave(struct holder *holder)
{
	struct holder **place;
	bool called;

	if (holder == NULL) {
		return;
	}
	pthread_mutex_lock(&holder->holders->lock);
	called = holder->called;
	place = &holder->holders->first;
	while (!called && *place != holder) {
		place = &(*place)->next;
	}
	if (!called) {
		*place = holder->next;
	}
	pthread_mutex_unlock(&holder->holders->lock);
	holder->left = true;
	if (!called || holder->arrived) {
		free(holder);
	}
}

void
holders_call_off(struct holders *holders, const char *id)
{
	struct holder **place;
	struct holder *holder;

	pthread_mutex_lock(&holders->lock);
	place = &holders->first;
	while (*place != NULL && strcmp((*place)->id, id) != 0) {
		place = &(*place)->next;
	}
	holder = *place; /* the newest: the others are just leaving */
	if (holder != NULL) {
		*place = holder->next;
		holder->called = true;
	}
	pthread_mutex_unlock(&holders->lock);
	if (holder != NULL) {
		loop_post(holder->loop, &holder->task);
	}
}
