/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WITNESSING_H
#define CORE_WITNESSING_H

#include "core/core.h"

/*
 * Shows the grown log to the witnesses that are on line, now and again, and
 * keeps what they sign.  What one of them objects to is the worst that an
 * archive can hear, so it is logged as an error each time.
 */

/*
 * A rounds_fn of the core: show the newest checkpoint to each witness that has
 * a URL and has not cosigned it.
 *
 * Errors:  the store cannot be read; a witness's trouble is logged
 *          (witness.refuses, witness.silent) and kept for cosigning_show().
 * Thread:  worker, one run at a time.
 */
int witnessing_run(void *core, struct fault *fault);

/* Runs it through the pool of workers. */
struct witnessing;

/* Owner:   core is borrowed; freed after the loop and the workers ended. */
struct witnessing *witnessing_new(struct core *core);
void witnessing_free(struct witnessing *witnessing);
/* Start a run where it is time for one.  Thread: always the same loop. */
void witnessing_tick(struct witnessing *witnessing, struct loop *loop);

#endif
