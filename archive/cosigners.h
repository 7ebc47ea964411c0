/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_COSIGNERS_H
#define ARCHIVE_COSIGNERS_H

#include "archive/findings.h"
#include "archive/note.h"

/*
 * The witnesses that somebody believes, and how many of them a checkpoint
 * needs: the policy.  Who may choose both is whoever relies on the log, never
 * the log.
 */
#define COSIGNERS_MAX 16u /* as many lines as every reader of notes takes */

struct cosigners {
	unsigned needed;
	unsigned count;
	struct note_verifier list[COSIGNERS_MAX];
};

/*
 * Add a witness by its vkey.
 *
 * Errors:  FAULT_INVALID no key of a witness, or one that is there already
 *          under whatever name; FAULT_LIMIT more than COSIGNERS_MAX.
 */
int cosigners_add(struct cosigners *cosigners, struct bytes vkey,
    struct fault *fault);

/* Whose cosignatures a checkpoint has, by their places in the list. */
struct cosigned {
	unsigned count;
	bool has[COSIGNERS_MAX];
	int64_t at[COSIGNERS_MAX]; /* UTC microseconds since 1970 */
};

/*
 * Read the cosignatures of a checkpoint; lines of strangers are ignored, and
 * of the same witness the last one counts.
 *
 * Errors:  FAULT_INVALID malformed; FAULT_DENIED a false one of a witness of
 *          the list.
 */
int cosigners_read(struct cosigned *cosigned_out,
    const struct cosigners *cosigners, struct bytes note, struct fault *fault);
bool cosigners_are_enough(const struct cosigners *cosigners,
    const struct cosigned *cosigned);

/* The same in words. */
void cosigners_verify(const struct cosigners *cosigners, struct bytes note,
    struct findings *findings);

#endif
