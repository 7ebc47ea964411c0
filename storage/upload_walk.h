/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_UPLOAD_WALK_H
#define STORAGE_UPLOAD_WALK_H

#include "storage/upload.h"

/* 0 to go on, 1 to stop, -1 failed; id and state are for the call. */
typedef int (*upload_visit_fn)(void *arg, const char *id,
    const struct upload_state *state, struct fault *fault);

/*
 * All uploads behind the id `after`, "" for all, in the order of their ids.
 * 1 where a visit stopped it, 0 at the end, -1.
 */
int upload_walk(struct store *store, const char *after, upload_visit_fn visit,
    void *arg, struct fault *fault);

#endif
