/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_REBUILD_H
#define STORAGE_REBUILD_H

#include "storage/store.h"

/*
 * Many rows changed at once, all of them or none, and synced at the end
 * alone: for what is derived of the other rows and built anew.
 */
struct rebuild_step {
	bool removes;       /* the row; the value is nothing then */
	bool is_new;        /* no row has this key yet: saves looking */
	struct bytes key;   /* borrowed until the next call, as is the value */
	struct bytes value; /* a counter's is its eight bytes (store.md) */
};

/* 1 and the next step, best in order of key; 0 at the end; -1 failed. */
typedef int (*rebuild_next_fn)(void *arg, struct rebuild_step *step_out,
    struct fault *fault);

/*
 * Do all steps.  However the process or the machine ends meanwhile, the next
 * opening finds the store as it was before; until then the disk holds the old
 * rows beside the new ones.  Where it fails the store is to be closed: a new
 * opening finds it as it was, too.
 *
 * The caller alone writes the store.  Other processes do not read it: while
 * it lasts they are refused.  Snapshots that were open before see nothing of
 * it; those opened meanwhile see a part.
 *
 * Errors:  FAULT_BUSY another process reads the store (nothing was done), or
 *          the disk is full or fails; what `next` has.
 * Thread:  any but the writer's, where `next` is called.
 */
int rebuild_run(struct store *store, rebuild_next_fn next, void *arg,
    struct fault *fault);

#endif
