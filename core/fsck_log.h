/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_LOG_H
#define CORE_FSCK_LOG_H

#include "core/fsck_inside.h"

/*
 * The log as a tree: its leaves, the stored roots of its full tiles, the tree
 * that receipts are made of, and its keys.  Fills the list of what was told.
 */
int fsck_log_check(struct fsck *fsck, struct fault *fault);
/* The leaves and the revisions of the records, one for one. */
int fsck_log_compare(struct fsck *fsck, struct fault *fault);

#endif
