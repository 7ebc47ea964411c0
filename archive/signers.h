/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SIGNERS_H
#define ARCHIVE_SIGNERS_H

#include "archive/judgement.h"

/*
 * Judge and tell every signer of a CMS object: the first at the place of the
 * question with "#1" behind it, and so on.
 */
void signers_judge(struct findings *findings,
    const struct judgement_question *question);

#endif
