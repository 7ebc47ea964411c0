/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REFILE_H
#define CORE_REFILE_H

#include "base/date.h"
#include "core/command.h"
#include "core/id_set.h"
#include "core/unit.h"

/*
 * Entries that one command moves at most: each is a row put or deleted under
 * a few units, and a set holds 4 MiB (docs/store.md).
 */
#define REFILE_MAX 5000u

/*
 * Putting what is filed under units under the ancestors it will have: dossiers
 * and grants, where a change of parents or life is recorded late or corrects
 * the past.
 */
struct refile {
	struct command *command;
	const struct unit_overlay *overlay; /* all that the command changes */
	struct id_set dossiers;             /* that were moved already */
	struct id_set grants;
};

void refile_init(struct refile *refile, struct command *command,
    const struct unit_overlay *overlay);
/*
 * Move what is filed in the unit or below it on these days.
 *
 * Errors:  FAULT_LIMIT where the command would move more than REFILE_MAX.
 */
int refile_under(struct refile *refile, const char *unit, struct span days,
    struct fault *fault);

#endif
