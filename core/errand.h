/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ERRAND_H
#define CORE_ERRAND_H

#include "base/json.h"
#include "core/core.h"

/*
 * Work that follows a command and may fail for a while: a row for each piece
 * of it, put by the command's own set, tried until it succeeds or is given
 * up.  How often it was tried is housekeeping: no leaf of the log tells it.
 *
 * Row:  TABLE_JOB, kind, id -> {"for":text,"next":at,"since":at,
 *       "tries":n,"with":value} and the reason (reason.h)
 */
struct errand {
	struct errand *after; /* in the list of those that are due */
	const char *kind;     /* "examine" */
	const char *id;
	const char *subject;    /* "for": whose it is; "" */
	const char *reason;     /* why not yet; "" */
	const char *vietnamese; /* the same; NULL: there are no other words */
	json_t *with;           /* what it is done with; NULL: nothing */
	int64_t tries;
	int64_t since; /* when it began to wait; 0: in a row of old */
	int64_t next;  /* when it is tried again */
};

/*
 * Let it wait from this set's commit on, to be tried at once.  `with` is
 * borrowed; NULL: the subject is all that it needs.
 */
void errand_put(struct writes *writes, const char *kind, const char *id,
    const char *subject, json_t *with);
/* It waits no more. */
void errand_delete(struct writes *writes, const char *kind, const char *id);

/* 1 it waits, 0 it does not, -1.  Owner: the arena's. */
int errand_find(struct errand *errand_out, struct snapshot *snapshot,
    struct arena *arena, const char *kind, const char *id, struct fault *fault);

struct errand_list {
	struct errand *due; /* those whose time has come, in order of id */
	size_t all;         /* those that are not due, too */
	int64_t oldest;     /* `since` of all; 0: unknown, or there are none */
};

/* Owner: what is due is the arena's. */
int errand_read(struct errand_list *list_out, struct core *core,
    struct arena *arena, const char *kind, struct fault *fault);
/*
 * Try it later: after `retry_ms` at first, see respite.h.
 *
 * Thread:  worker.
 */
int errand_postpone(struct errand *errand, struct core *core, uint64_t retry_ms,
    const struct fault *why, struct fault *fault);

#endif
