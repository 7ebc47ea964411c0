/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_STAMPS_H
#define CORE_EVIDENCE_STAMPS_H

#include "core/evidence_gather.h"

/*
 * Renew time-stamps before they can be believed no more.  Where the time of one
 * has come, one new time-stamp is made over all of its digest that are more
 * than halfway to theirs, so that they become fewer.  `lives` says for each batch of the book how
 * many containers rest on its time-stamp as their last; where none does
 * nothing is renewed.
 *
 * Errors:  of the authorities and the store; a time-stamp that is wrong is
 *          logged and left.
 * Thread:  worker.
 * Source:  RFC 4998, section 5.2.
 */
int evidence_stamps_renew(struct evidence_gathering *gathering,
    const struct evidence_book *book, const uint64_t *lives,
    struct fault *fault);

#endif
