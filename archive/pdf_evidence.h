/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_EVIDENCE_H
#define ARCHIVE_PDF_EVIDENCE_H

#include "archive/revocation.h"
#include "archive/stream.h"

/*
 * What the document security stores of a PDF hold.  Lists and answers are
 * signed by those who vouch for them, and a certificate by its issuer, so who
 * put them there does not matter.
 *
 * Source:  EN 319 142-1, 5.4.2.
 */
#define PDF_EVIDENCE_MAX       512u        /* streams, and lists of them */
#define PDF_EVIDENCE_ALL_BYTES (32u << 20) /* read and unpacked */

struct pdf_evidence {
	struct revocations *revocations;
	STACK_OF(X509) * certificates;
};

void pdf_evidence_init(struct pdf_evidence *evidence);
void pdf_evidence_fini(struct pdf_evidence *evidence);

/*
 * Add what the stores in the bytes [from, to) hold, which are read twice; what
 * is beyond the limits is left out: it proves nothing.
 *
 * Errors:  only what the source says when it cannot be read.
 */
int pdf_evidence_add(struct pdf_evidence *evidence, const struct source *source,
    uint64_t from, uint64_t to, struct fault *fault);

#endif
