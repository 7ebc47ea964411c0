/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HARM_WALK_H
#define CORE_HARM_WALK_H

#include "core/harm.h"
#include "storage/store.h"

/*
 * Reads all records and what names them, to say whom damage harms: for when
 * there is damage, not before.  What was in a lost range is known from all
 * that names it elsewhere: the log, older revisions, the lists of dossiers.
 *
 * A walk goes on in pieces, each in a snapshot of its own, since a large
 * archive takes longer than a snapshot may be held.
 */
struct harm_walk;

/* Nothing is added to `harm`, which outlives it, while it goes on. */
struct harm_walk *harm_walk_new(struct harm *harm);
void harm_walk_free(struct harm_walk *walk);

/*
 * Read on until the budget, in bytes, is spent; what was read is taken off it.
 * 1 there is more, 0 all was read (then harm_tell()), -1: the next call tries
 * again from there.
 *
 * Thread:  worker or tool.
 */
int harm_walk_on(struct harm_walk *walk, struct snapshot *snapshot,
    uint64_t *budget, struct fault *fault);

#endif
