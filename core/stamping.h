/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STAMPING_H
#define CORE_STAMPING_H

#include "core/core.h"

/*
 * Time-stamps for sealed dossiers.  Authorities answer after seconds or
 * minutes or not today, so sealing leaves a row for each dossier that waits,
 * and a run tries those whose time has come until each has its token.
 *
 * Row:  TABLE_JOB, "stamp", dossier -> {"next":at,"reason":text,"tries":n}
 */

/* Let the dossier wait for its time-stamp, from this set's commit on. */
void stamping_wait(struct writes *writes, const char *dossier);

/*
 * Try every dossier that is due: its container gets the token and takes the
 * place of the pending one (seal level B-T), or it waits longer.  What a
 * crash leaves is tried again.
 *
 * Errors:  the rows cannot be read; a dossier's own trouble is logged
 *          (seal.waiting) and kept in its row.
 * Thread:  worker, one run at a time.
 */
int stamping_run(struct core *core, struct fault *fault);

/* Runs it now and again through the pool of workers. */
struct stamping;

/* Owner:   core is borrowed; freed after the loop and the workers ended. */
struct stamping *stamping_new(struct core *core);
void stamping_free(struct stamping *stamping);
/* Start a run unless one is under way.  Thread: always the same loop. */
void stamping_poll(struct stamping *stamping, struct loop *loop);

#endif
