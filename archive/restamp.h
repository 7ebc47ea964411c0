/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_RESTAMP_H
#define ARCHIVE_RESTAMP_H

#include "archive/stream.h"
#include "base/buf.h"

/*
 * A container of ours that got its time-stamp later: the same entries, byte
 * for byte and in the same order, but for the signature, which now carries
 * the token.
 *
 * Source:  docs/archive-format.md; formats of EN 319 122-1, levels B and T.
 * Thread:  a worker's work.
 */

/* Append the bytes of META-INF/signature001.p7s. */
int restamp_signature(struct buf *out, const struct source *container,
    struct fault *fault);

/*
 * Write the container anew with this signature instead of its own.
 *
 * Errors:  FAULT_CORRUPT it is no container of ours; what source and sink say.
 */
int restamp_write(const struct source *container, struct bytes signature,
    sink_fn sink, void *sink_arg, struct fault *fault);

#endif
