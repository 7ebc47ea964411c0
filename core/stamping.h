/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STAMPING_H
#define CORE_STAMPING_H

#include "core/core.h"

/*
 * Time-stamps for sealed dossiers, and what proves seal and time-stamp when
 * nobody answers any more (seal_proofs.h).  Authorities answer after seconds
 * or minutes or not today, so sealing leaves a row for each dossier that waits
 * (waiting.h), and a run tries those whose time has come, the oldest first.
 */

/* Let the dossier wait for its time-stamp, from this set's commit on. */
void stamping_wait(struct writes *writes, const char *dossier, int64_t since);

struct stamping_figures {
	uint64_t waiting; /* dossiers */
	int64_t oldest;   /* when it was sealed; 0: none waits */
};

/*
 * Try every dossier that is due: its container gets what it waits for and
 * takes the place of the pending one (seal level B-LT, or B-T with the reason
 * why it is not more), or it waits longer.  While every authority is left
 * alone after a failure, nobody who needs one is tried.  What a crash leaves
 * is tried again.
 *
 * Errors:  the rows cannot be read; a dossier's own trouble is logged
 *          (seal.waiting) and kept in its row.
 * Thread:  worker, one run at a time.
 */
int stamping_run(struct core *core, struct stamping_figures *figures_out,
    struct fault *fault);

/* Runs it now and again through the pool of workers. */
struct stamping;

/* Owner:   core is borrowed; freed after the loop and the workers ended. */
struct stamping *stamping_new(struct core *core);
void stamping_free(struct stamping *stamping);
/* What the last run left.  Thread: any. */
void stamping_measure(struct stamping *stamping,
    struct stamping_figures *figures_out);
/* Start a run unless one is under way.  Thread: always the same loop. */
void stamping_poll(struct stamping *stamping, struct loop *loop);

#endif
