/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_NEW_H
#define CORE_EVIDENCE_NEW_H

#include "core/evidence_gather.h"

/*
 * Bring every container that was sealed since the last time, and those that
 * wait, under a first time-stamp.  One that cannot be taken is logged and
 * waits.
 *
 * Errors:  of the authorities and the store.
 * Thread:  worker.
 */
int evidence_new_gather(struct evidence_gathering *gathering,
    struct fault *fault);
/* The same, into the batch that is in the making. */
int evidence_new_go_on(struct evidence_gathering *gathering,
    struct fault *fault);

#endif
