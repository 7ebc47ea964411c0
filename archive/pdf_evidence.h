/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_EVIDENCE_H
#define ARCHIVE_PDF_EVIDENCE_H

#include "archive/revocation.h"
#include "archive/stream.h"

/*
 * The lists and answers of a PDF's document security store, wherever one
 * stands in the file.  They are signed by those who vouch for them, so who
 * put them there does not matter.
 *
 * Errors:  only what the source says when it cannot be read.
 * Source:  EN 319 142-1, 5.4.2.
 */
#define PDF_EVIDENCE_MAX 512u /* streams; more are left out */

int pdf_evidence_add(struct revocations *revocations,
    const struct source *source, struct fault *fault);

#endif
