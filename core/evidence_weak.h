/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_WEAK_H
#define CORE_EVIDENCE_WEAK_H

#include "core/evidence_gather.h"

/*
 * Renew the hash trees of a digest that weakens: every container under one is
 * read and its record verified, and its next chain begins, of a digest that
 * is strong.  What is wrong is logged and stays as it is.
 *
 * Errors:  of the authorities and the store.
 * Thread:  worker.
 * Source:  RFC 4998, section 5.2.
 */
int evidence_weak_gather(struct evidence_gathering *gathering,
    const struct evidence_book *book, struct fault *fault);
/* The same, into the batch that is in the making. */
int evidence_weak_go_on(struct evidence_gathering *gathering,
    const struct evidence_book *book, struct fault *fault);

#endif
