/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_WITNESS_REQUEST_H
#define ARCHIVE_WITNESS_REQUEST_H

#include "archive/merkle.h"
#include "base/buf.h"

/*
 * What a log sends to a witness, or carries there on a stick: how far the
 * witness had seen it, the proof that nothing before was changed, and the
 * checkpoint to be cosigned.
 *
 * Source:  c2sp.org/tlog-witness, the body of add-checkpoint.
 */
#define WITNESS_REQUEST_MAX   16384u
#define WITNESS_REQUEST_LINES 63u /* hashes of a proof */

struct witness_request {
	uint64_t old_size;
	struct merkle_proof proof;
	struct bytes checkpoint; /* the signed note */
};

/* Append it.  Errors: FAULT_INVALID more hashes than a request may have. */
int witness_request_format(struct buf *out,
    const struct witness_request *request, struct fault *fault);
/*
 * The form alone; that the checkpoint is one is for witness_judge().
 *
 * Owner:   the checkpoint is borrowed from body.
 * Errors:  FAULT_INVALID, FAULT_LIMIT.
 */
int witness_request_parse(struct witness_request *request_out,
    struct bytes body, struct fault *fault);

#endif
