/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HOUSEKEEPING_H
#define CORE_HOUSEKEEPING_H

#include "core/core.h"

/*
 * What has to be done now and then and takes a worker: uploads that expired
 * end, chunks that nobody names are deleted.
 */
struct housekeeping;

struct housekeeping_options {
	uint64_t expire_ms;  /* between two looks for expired uploads */
	uint64_t collect_ms; /* between two runs of the collector */
	uint64_t grace_ms;   /* of the collector, storage/collect.h */
};

/* 10 min, 6 h, COLLECT_GRACE_MS. */
extern const struct housekeeping_options housekeeping_presets;

/* `core` with its store and uploads outlives it.  The first runs are due
 * after their time, not at once: a start has enough to do. */
struct housekeeping *housekeeping_new(struct core *core,
    const struct housekeeping_options *options);
/* Nothing of it is under way, or its loop is freed. */
void housekeeping_free(struct housekeeping *housekeeping);

/*
 * Submit what is due, if nothing is under way; call it every second or so.
 *
 * Thread:  always the same loop, which `loop` is.
 */
void housekeeping_tick(struct housekeeping *housekeeping, struct loop *loop);
/* The server stops: end early what takes long.  Thread: any. */
void housekeeping_stop(struct housekeeping *housekeeping);

#endif
