/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_EVIDENCE_H
#define ARCHIVE_PDF_EVIDENCE_H

#include "archive/revocation.h"
#include "archive/stream.h"

/*
 * The lists and answers of the document security stores in the bytes [from,
 * to) of a PDF, which are read twice.  They are signed by those who vouch for
 * them, so who put them there does not matter.  What is beyond the limits is
 * left out: it proves nothing.
 *
 * Errors:  only what the source says when it cannot be read.
 * Source:  EN 319 142-1, 5.4.2.
 */
#define PDF_EVIDENCE_MAX       512u        /* streams, and lists of them */
#define PDF_EVIDENCE_ALL_BYTES (32u << 20) /* read and unpacked */

int pdf_evidence_add(struct revocations *revocations,
    const struct source *source, uint64_t from, uint64_t to,
    struct fault *fault);

#endif
