/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_SEAL_PROOFS_H
#define CORE_SEAL_PROOFS_H

#include "core/core.h"

#include "base/buf.h"

/*
 * What makes a seal last: its time-stamp, and with that the chains, lists and
 * answers by which it is proved without asking anybody (level B-LT).
 *
 * Thread:  worker; it waits for who is asked.
 */
enum seal_proofs_state {
	PROOFS_WHOLE,     /* B-LT */
	PROOFS_PARTIAL,   /* B-T for good: somebody names nobody who tells */
	PROOFS_MISSING,   /* B-T for now: somebody who should tell does not */
	PROOFS_TOKEN_BAD, /* who stamped was revoked: another has to */
	PROOFS_SEAL_BAD,  /* the seal's own certificate was */
	PROOFS_FAILED,    /* it cannot be told */
};

/*
 * Put the token and all that proves both chains into the seal's signature and
 * append it to `out`, which is of use up to PROOFS_MISSING.
 *
 * Errors:  of more than PROOFS_WHOLE `why` says what is wrong or lacking.
 */
enum seal_proofs_state seal_proofs_add(struct buf *out, const struct core *core,
    struct bytes signature, struct bytes token, struct fault *why);

#endif
