/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_ACCOUNTS_H
#define CORE_FSCK_ACCOUNTS_H

#include "core/fsck_inside.h"

/*
 * What stands beside the records and cannot be made from them: secrets,
 * log-ins, tokens' sums, the revision of the tree.  It must belong to what is
 * there.
 */
int fsck_accounts_check(struct fsck *fsck, struct fault *fault);
/* Every row belongs to a table that is known. */
int fsck_tables_check(struct fsck *fsck, struct fault *fault);

#endif
