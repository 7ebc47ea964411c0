/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REFILE_H
#define CORE_REFILE_H

#include "base/date.h"
#include "core/command.h"
#include "core/unit.h"

/* Rows that one command moves at most; more is work for a reindex. */
#define REFILE_ROWS_MAX 20000u

/*
 * Put what is filed under a unit on these days under the ancestors it will
 * have, as `overlay` says: for a change of parents or life that is recorded
 * late or corrects the past.
 *
 * Errors:  FAULT_LIMIT where it would move more than REFILE_ROWS_MAX.
 */
int refile_under(struct command *command, const char *unit, struct span days,
    const struct unit_overlay *overlay, struct fault *fault);

#endif
