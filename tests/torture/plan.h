/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_PLAN_H
#define TESTS_TORTURE_PLAN_H

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * What is to fail in a process, in a file that it maps (HOSO_PLAN) together
 * with whoever makes it fail.  The interposer counts calls of `kind` down in
 * `left`; the one that reaches 0 fails, and `times` - 1 behind it.
 */
enum plan_kind {
	PLAN_NOTHING,
	PLAN_WRITE,      /* a write to a file, or its growth */
	PLAN_FINAL,      /* the write that ends a commit, or is synced itself */
	PLAN_SYNC,       /* fsync, fdatasync, msync */
	PLAN_BUFFER,     /* memory of a large buffer, sized by input */
	PLAN_MEMORY,     /* any memory that hosod itself asks for */
	PLAN_LIBRARY,    /* memory of a library */
	PLAN_RECEIVE,    /* recv */
	PLAN_SEND,       /* send, sendmsg */
	PLAN_ACCEPT,     /* accept4 */
	PLAN_DESCRIPTOR, /* whatever makes a descriptor but accept4 */
	PLAN_MAP,        /* mmap */
	PLAN_KINDS,
};

struct plan {
	_Atomic uint32_t kind;
	_Atomic int32_t error; /* errno; 0: half of it is done */
	_Atomic int64_t left;
	_Atomic int64_t times;
	_Atomic uint64_t hits;    /* calls that failed since it was armed */
	_Atomic uint32_t limited; /* the disk has only so much room: */
	_Atomic int64_t room;     /* bytes that it still has */
	_Atomic uint64_t full;    /* writes that found no room */
};

/* The plan in a file, which is made where it is not; NULL where it cannot. */
static inline struct plan *
plan_open(const char *path)
{
	int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct plan *plan = NULL;
	void *place;

	if (descriptor < 0) {
		return NULL;
	}
	if (ftruncate(descriptor, sizeof(*plan)) == 0) {
		place = mmap(NULL, sizeof(*plan), PROT_READ | PROT_WRITE,
		    MAP_SHARED, descriptor, 0);
		plan = place != MAP_FAILED ? place : NULL;
	}
	close(descriptor);
	return plan;
}

/* Nothing fails any more. */
static inline void
plan_heal(struct plan *plan)
{
	plan->kind = PLAN_NOTHING;
	plan->limited = 0;
}

static inline void
plan_arm(struct plan *plan, enum plan_kind kind, int error, int64_t call,
    int64_t times)
{
	plan->kind = PLAN_NOTHING;
	plan->error = error;
	plan->left = call;
	plan->times = times;
	plan->hits = 0;
	plan->kind = kind;
}

#endif
