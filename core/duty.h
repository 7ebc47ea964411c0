/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_DUTY_H
#define CORE_DUTY_H

#include "core/actor.h"
#include "core/core.h"
#include "core/matrix.h"
#include "core/record.h"
#include "core/rules.h"

/*
 * What is to be done with a dossier in a status: by a role in general, which
 * makes the dossier wait for it, and by somebody with this very dossier.
 */
#define DUTY_STEPS_MAX 8u

struct duty {
	const char *status;
	enum matrix_scope scope;           /* `mine`: of those that he made */
	const char *steps[DUTY_STEPS_MAX]; /* statuses it may be brought to */
	size_t step_count;
	bool is_full; /* of the full procedure, and of the simple one */
	bool is_simple;
	bool has_edit; /* a draft waits for whoever may write it */
	bool has_opinion;
	bool has_vote;
	bool is_others; /* work of appraising or voting: one that he made waits
	                   for others than him, though he may take it back */
};

/* False where dossiers of this status (a row of the rules) do not wait for
 * the role. */
bool duty_find(struct duty *duty_out, const struct rules *rules,
    const char *role, const json_t *status);
/* Do dossiers of any status wait for the role? */
bool duty_ever(const struct rules *rules, const char *role);
bool duty_has_procedure(const struct duty *duty, const char *procedure);

/*
 * What this actor may do with this dossier now, for a page that offers it:
 *
 *     {"acts":["dossier.edit",…],"steps":[{"act","reason","role","to"},…]}
 *
 * Acts are those of the matrix that its status has room for, and document.write
 * where he may register any document at all.  `act` of a step
 * is what takes it: dossier.step, decision.new or package.seal.
 */
int duty_tell(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const struct record *dossier, json_t **told_out,
    struct fault *fault);

#endif
