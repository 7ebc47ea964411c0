/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_COSIGNATURE_H
#define ARCHIVE_COSIGNATURE_H

#include "archive/note.h"

/*
 * A witness's line under a checkpoint: at this time the largest state of the
 * log that it had seen was this one, and all that it saw before is in it.
 * The keys are of type NOTE_COSIGNATURE.
 *
 * Units:   UTC microseconds since 1970; the format keeps whole seconds.
 * Source:  c2sp.org/tlog-cosignature, cosignature/v1 (Ed25519).
 */

/*
 * Append the line over a checkpoint's text (which ends with a newline).
 *
 * Errors:  FAULT_INVALID a time before 1970.
 */
int cosignature_sign(struct buf *out, struct bytes text,
    const struct note_key *key, int64_t at, struct fault *fault);

/*
 * Is the line, which says to be this witness's, a true one over the text?
 * None is that says to be of a year after 9999.
 */
bool cosignature_is_valid(const struct note_line *line, struct bytes text,
    const struct note_verifier *witness, int64_t *at_out);

#endif
