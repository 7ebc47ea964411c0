/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_MEMBER_H
#define CORE_FSCK_MEMBER_H

#include "base/arena.h"
#include "base/date.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * What the checker takes of a record's canonical bytes without a tree of them
 * (base/glance.h).
 *
 * Errors:  FAULT_CORRUPT the value is not what the member must be.
 */
int fsck_member_text(const char **text_out, struct arena *arena,
    struct bytes value, const char *member, struct fault *fault);
/* A day, or a span where the source gave none. */
int fsck_member_when(struct span *when_out, struct bytes value,
    struct fault *fault);
/* The same of the member "date" of a record; false where it is none. */
bool fsck_member_date(struct span *when_out, struct bytes record);

#endif
