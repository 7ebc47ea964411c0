/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_UNITS_H
#define CORE_FSCK_UNITS_H

#include "core/fsck_expect.h"

/* The rows of a unit: names, titles, parents, children, codes. */
int fsck_units_expect(struct fsck_expect *expect, const struct record *unit,
    struct fault *fault);
/* The rows of a reorganisation: who came of whom. */
int fsck_units_expect_event(struct fsck_expect *expect,
    const struct record *event, struct fault *fault);

#endif
