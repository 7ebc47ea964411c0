/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LIBARCHIVE_H
#define BASE_LIBARCHIVE_H

#include "base/fault.h"

#include <stdint.h>

/*
 * What libarchive answers, as faults.  It has four codes below ARCHIVE_OK
 * (RETRY, WARN, FAILED, FATAL); a wrong CRC or a wrong length is only a WARN,
 * so here each of them is a failure.
 */
struct archive;

/*
 * 1 for ARCHIVE_EOF, 0 for any other code that is no failure (a count of
 * bytes, too), else -1.
 *
 * `own` is what a callback of ours had failed with, and is handed on; where
 * it has not (or is NULL), the fault is `kind` with libarchive's words, and
 * FAULT_SYSTEM where it found no memory.
 */
int libarchive_judge(struct archive *archive, int64_t code,
    const struct fault *own, enum fault_code kind, struct fault *fault);

#endif
