/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WORKFLOW_H
#define CORE_WORKFLOW_H

#include "core/command.h"
#include "core/rules.h"

/*
 * Statuses and steps as data/rules/workflow.json has them: which status may
 * follow, which roles may take the step, whether a reason is due.
 */

/* A status's row; NULL where no such status. */
const json_t *workflow_status(const struct rules *rules, enum rules_table table,
    const char *status);
/* The step from one status to another; NULL where it is not foreseen. */
const json_t *workflow_step(const struct rules *rules, enum rules_table table,
    const char *from, const char *to);

/* What somebody asks for. */
struct workflow_move {
	enum rules_table table; /* RULES_DOSSIER_STATUSES or ..MOVEMENT.. */
	const json_t *record;   /* the present one */
	const char *unit;       /* whose it is */
	const char *act;        /* "dossier.step" */
	const char *to;
	const char *reason;    /* or NULL */
	const char *procedure; /* "full", "simple", or NULL */
};

/*
 * May this actor move the record?  Refuses with the statuses that could
 * follow, or the roles that could do it.  *role_out is the role by which.
 */
int workflow_check(struct command *command, const struct workflow_move *move,
    const char **role_out, struct fault *fault);

/*
 * The role among those of a step (workflow_step()) in which the actor may take
 * it: 1 and *role_out, 0 in none, -1 failed.
 */
int workflow_role(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const struct workflow_move *move,
    const json_t *step, const char **role_out, struct fault *fault);

/* Did he make it?  Who may do everything is nobody's maker. */
bool workflow_is_maker(const struct actor *actor, const json_t *record);

/* Append a step to `fields` and set its status. */
void workflow_record(struct command *command, const struct workflow_move *move,
    const char *role, const char *document, json_t *fields);

#endif
