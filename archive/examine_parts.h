/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_EXAMINE_PARTS_H
#define ARCHIVE_EXAMINE_PARTS_H

#include "archive/examine.h"
#include "archive/judgement.h"

/* What the files of examine.h share. */

/*
 * A time-stamp over a content; as judge_timestamp().  1 it proves a time that
 * somebody vouches for, 0, -1 the content cannot be read.
 */
int examine_timestamp(int64_t *at_out, struct findings *findings,
    const char *place, struct bytes token, const struct content *content,
    const struct verify_options *options, struct fault *fault);

int examine_pdf(struct findings *findings,
    const struct examine_question *question, struct fault *fault);

#endif
