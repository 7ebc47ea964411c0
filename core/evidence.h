/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_H
#define CORE_EVIDENCE_H

#include "core/core.h"
#include "core/evidence_policy.h"

/*
 * Evidence records (RFC 4998): what proves decades later, when certificates
 * have ended and digests have weakened, that a sealed container is as old as
 * it says.  Once in a while all new containers get one time-stamp together,
 * and what would lose its strength is renewed before it does.
 */

/*
 * All that is to be done at this moment: an open batch is gone on with, new
 * containers are taken, time-stamps and hash trees renewed.  What a crash
 * leaves is gone on with by the next run.
 *
 * Errors:  FAULT_BUSY no authority is chosen or none answers; those of the
 *          store.
 * Thread:  worker, one run at a time.
 */
int evidence_run(struct core *core, const struct evidence_conf *conf,
    struct fault *fault);

/* Runs it through the pool of workers. */
struct evidence;

/* Owner:   core and conf are borrowed; freed after loop and workers ended. */
struct evidence *evidence_new(struct core *core,
    const struct evidence_conf *conf);
void evidence_free(struct evidence *evidence);
const struct evidence_conf *evidence_conf_of(const struct evidence *evidence);
/* Start a run where its time has come.  Thread: always the same loop. */
void evidence_poll(struct evidence *evidence, struct loop *loop);
/*
 * Let the next poll start a run; false where no time-stamping authority is
 * configured, so that none can be.
 *
 * Thread:  any.
 */
bool evidence_ask(struct evidence *evidence);

/*
 * How it is with the runs:
 *
 *     {"under_way", "ran", "taken", "rehashed", "restamped",
 *      "failed", "reason", "vietnamese"}
 *
 * `ran` is when the last one that went well began, with what it brought about
 * where this process ran it; `failed` when the newest one failed, and why.
 * What never was is absent.
 *
 * Owner:   the tree is the arena's.
 * Thread:  any.
 */
json_t *evidence_tell(struct evidence *evidence, struct arena *arena);

#endif
