/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_EVIDENCE_H
#define CORE_FSCK_EVIDENCE_H

#include "core/fsck_inside.h"

/*
 * Evidence of sealed containers: every way leads to its root, every root is
 * what its time-stamp covers, every renewal is of the time-stamp that is
 * there, and every container belongs to a dossier.
 */
int fsck_evidence_check(struct fsck *fsck, struct fault *fault);

#endif
