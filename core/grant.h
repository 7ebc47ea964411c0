/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_GRANT_H
#define CORE_GRANT_H

#include "base/date.h"
#include "core/command.h"

/*
 * A grant: one award given to one subject by one decision; the row that
 * reports count.  It counts for its unit and for every unit above that on the
 * decision's date, as long as it is not revoked.
 */

/* The decision that a grant is made by. */
struct grant_origin {
	const char *decision;
	const json_t *date; /* the decision's, a day or a span */
	struct span when;   /* the same */
	const char *place;  /* of the grant in faults: "/grants/3" */
	const char *id;     /* of the grant */
};

/* Make one grant of a decision. */
int grant_new(struct command *command, const json_t *body,
    const struct grant_origin *origin, struct fault *fault);

/*
 * Revoke it: {"document": id, "date": day, "reason": text}.  Judges itself who
 * may: it is the decision that counts, not the unit that was awarded.
 */
int grant_revoke(struct command *command, const char *id, const json_t *body,
    struct fault *fault);

/* May the actor revoke grants of this decision?  1, 0, -1. */
int grant_may_revoke(const struct core *core, struct snapshot *snapshot,
    struct arena *arena, const struct actor *actor,
    const struct record *decision, struct fault *fault);

/*
 * Count a grant under a unit that the tree has put above it, or no longer
 * where it has taken it away (refile.h).
 */
int grant_move(struct command *command, const struct record *grant,
    const char *unit, bool is_gained, struct fault *fault);

#endif
