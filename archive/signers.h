/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SIGNERS_H
#define ARCHIVE_SIGNERS_H

#include "archive/judgement.h"

/*
 * Judge and tell every signer of a CMS object: the first at the place of the
 * question with "#1" behind it, and so on; and who countersigned.
 */
void signers_judge(struct findings *findings,
    const struct judgement_question *question);

/*
 * Judge and tell who countersigned a signature that was judged, each at its
 * place with ".1" behind it ("#1.1", where the place itself is one of the only
 * signer), and who countersigned these.
 */
void signers_judge_counters(struct findings *findings,
    const struct judgement_question *question,
    const struct judgement *judgement);

#endif
