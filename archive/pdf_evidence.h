/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_EVIDENCE_H
#define ARCHIVE_PDF_EVIDENCE_H

#include "archive/stream.h"
#include "archive/validation_material.h"

/*
 * What the document security stores of a PDF hold.
 *
 * Source:  EN 319 142-1, 5.4.2.
 */
#define PDF_EVIDENCE_MAX       512u        /* streams, and lists of them */
#define PDF_EVIDENCE_ALL_BYTES (32u << 20) /* read and unpacked */

/*
 * Add what the stores in the bytes [from, to) hold, which are read twice; what
 * is beyond the limits is left out: it proves nothing.
 *
 * Errors:  only what the source says when it cannot be read.
 */
int pdf_evidence_add(struct validation_material *material,
    const struct source *source, uint64_t from, uint64_t to,
    struct fault *fault);

#endif
