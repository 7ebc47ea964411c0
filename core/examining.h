/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EXAMINING_H
#define CORE_EXAMINING_H

#include "core/anchors.h"
#include "core/errand.h"

#define EXAMINE_JOB "examine" /* kind of its errands */

/*
 * Examine the file of one errand: its record is made or gets a revision, and
 * the errand is over; likewise where its record no longer names the file, or
 * it is known already.
 *
 * Errors:  why it must be tried again.
 * Thread:  worker.
 */
int examining_try(struct core *core, const struct errand *errand,
    const struct anchors *anchors, struct fault *fault);

#endif
