/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ROUNDS_H
#define CORE_ROUNDS_H

#include "core/core.h"

struct loop;

/*
 * Work that is looked after now and again, on a worker, never twice at a
 * time.  What a round cannot do is logged, and tried in the next.
 */
struct rounds;

typedef int rounds_fn(void *arg, struct fault *fault);

/*
 * `event` tells of a round that failed, with its reason.
 *
 * Owner: core and arg are borrowed; freed after the loop and the workers ended.
 */
struct rounds *rounds_new(struct core *core, rounds_fn *go, void *arg,
    const char *event);
void rounds_free(struct rounds *rounds);
/* Go, unless one is under way.  Thread: always the same loop. */
void rounds_poll(struct rounds *rounds, struct loop *loop);
/* What the round changes is the worker's until then.  Thread: that loop. */
bool rounds_are_under_way(const struct rounds *rounds);

#endif
