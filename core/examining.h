/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EXAMINING_H
#define CORE_EXAMINING_H

#include "core/anchors.h"
#include "core/errand.h"

/* Kinds of its errands. */
#define EXAMINE_JOB "examine" /* a file that came in */
#define PROVE_JOB   "prove"   /* who issued certificates in it is asked */

/*
 * Examine the file of one errand: its record is made or gets a revision, and
 * the errand is over; likewise where its record no longer names the file, or
 * it is known already.  One that has chains of which something is not known
 * gets an errand to be proved; then what was told is kept beside it
 * (core/file_proofs.h), and it is examined with that.
 *
 * Errors:  why it must be tried again.
 * Thread:  worker.
 */
int examining_try(struct core *core, const struct errand *errand,
    const struct anchors *anchors, struct fault *fault);

#endif
