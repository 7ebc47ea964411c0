/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_KNOWN_H
#define CORE_FSCK_KNOWN_H

#include "core/fsck_tree.h"

/*
 * What the checker found out before and will be asked again: neighbours in an
 * archive lie under one unit and name one decision.  It holds so many answers
 * and no more; what it lost it finds out again.
 *
 * Thread:  one.
 */
struct fsck_known;

/* The tree is borrowed, and read by the time of the first question. */
struct fsck_known *fsck_known_new(const struct fsck_tree *tree);
void fsck_known_free(struct fsck_known *known);

const struct fsck_tree *fsck_known_tree(const struct fsck_known *known);

/* As fsck_tree_over() says it; the list is borrowed until the next question. */
size_t fsck_known_over(struct fsck_known *known, const char *unit, date_t date,
    const char *const **ids_out);
/*
 * The year of a decision's date, 0 where there is no such decision.
 *
 * Errors:  FAULT_CORRUPT it cannot be read; as reading has.
 */
int fsck_known_year(struct fsck_known *known, struct snapshot *snapshot,
    const char *decision, int *year_out, struct fault *fault);

#endif
