/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_REFER_H
#define CORE_FSCK_REFER_H

#include "core/fsck_inside.h"

/* Everything that a record points at is there. */
int fsck_refer_check(struct fsck *fsck, const struct record *record,
    const char *where, struct fault *fault);

#endif
