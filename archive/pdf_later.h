/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_LATER_H
#define ARCHIVE_PDF_LATER_H

#include "archive/pdf_signatures.h"

/* Fills in `later` of each; the list is in the order of its ends. */
int pdf_later_find(const struct pdf_signatures *found,
    const struct source *source, struct fault *fault);

#endif
