/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_RECORDS_H
#define CORE_FSCK_RECORDS_H

#include "core/fsck_inside.h"

/*
 * Every record and every older revision: whole, canonical, without a gap, and
 * pointing at what is there.  Fills the lists of rows, revisions and files.
 */
int fsck_records_check(struct fsck *fsck, struct fault *fault);

#endif
