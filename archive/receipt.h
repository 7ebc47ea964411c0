/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_RECEIPT_H
#define ARCHIVE_RECEIPT_H

#include "archive/checkpoint.h"
#include "archive/findings.h"
#include "archive/merkle.h"
#include "archive/note.h"

/*
 * What every command is answered with: the event, its place in the log, the
 * proof of it and the log's signed checkpoint.  It can be checked years
 * later, without the server.
 */

#define RECEIPT_MAX (1u << 20)

struct receipt {
	struct bytes leaf; /* the event's canonical JSON */
	uint64_t index;    /* of the leaf in the log, from 0 */
	struct merkle_proof proof;
	struct bytes checkpoint; /* the signed note */
};

/*
 * Append the canonical JSON
 * {"checkpoint":text,"index":n,"leaf":text,"proof":[base64, ...]}.
 *
 * Errors:  FAULT_INVALID where leaf or checkpoint is not UTF-8.
 */
int receipt_format(struct buf *out, const struct receipt *receipt,
    struct fault *fault);

/* Owner: bytes live in the arena.  Errors: FAULT_INVALID, FAULT_LIMIT. */
int receipt_parse(struct receipt *receipt_out, struct arena *arena,
    struct bytes text, struct fault *fault);

/* Does its proof lead from its leaf to this state of the log? */
bool receipt_is_logged(const struct receipt *receipt,
    const struct checkpoint *checkpoint);

/* Verify with the log's public key; the findings say all. */
void receipt_verify(struct bytes text, const struct note_verifier *verifier,
    struct findings *findings);

#endif
