/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_EXAMINE_PARTS_H
#define ARCHIVE_EXAMINE_PARTS_H

#include "archive/examine.h"
#include "archive/judgement.h"

/* What the files of examine.h share. */

int examine_pdf(struct findings *findings,
    const struct examine_question *question, struct fault *fault);

#endif
