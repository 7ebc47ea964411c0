/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_GRANTED_H
#define CORE_FSCK_GRANTED_H

#include "core/fsck_expect.h"

/*
 * The rows of decisions and grants, and what grants count for.  Their records
 * are looked at, not made trees of; `record->bytes` are canonical.
 *
 * Errors:  as fsck_expect_record() has.
 */
int fsck_granted_decision(struct fsck_expect *expect,
    const struct record *decision, struct fault *fault);
int fsck_granted_grant(struct fsck_expect *expect, const struct record *grant,
    struct fault *fault);

#endif
