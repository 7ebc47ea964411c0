/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_DOSSIER_STEP_H
#define CORE_DOSSIER_STEP_H

#include "core/command.h"

/*
 * A dossier from status to status (data/rules/workflow.json): by the step that
 * somebody takes, by the decision that names it, by its seal.
 */

/*
 * {"status": next, "reason": text, "document": id}.  Where components are
 * missing command->details lists them by their rule.  The step to `archived`
 * is seal.h's.
 */
int dossier_step(struct command *command, const char *id, const json_t *body,
    struct fault *fault);

/*
 * The decision that decision_new() makes for it, by id and fields, moves it to
 * `decided`.
 */
int dossier_take_decision(struct command *command, const struct record *dossier,
    const char *id, const json_t *decision, struct fault *fault);

/* The step to `archived`, with the seal that stands for it. */
struct dossier_sealed {
	json_t *seal;       /* borrowed, as the others */
	json_t *issued;     /* issued_describe(), of what was packed; or NULL */
	const char *reason; /* of the step; or NULL */
};

int dossier_take_seal(struct command *command, const struct record *dossier,
    const struct dossier_sealed *sealed, struct fault *fault);
/* The seal that has got its time-stamp.  `seal` is taken. */
int dossier_take_stamp(struct command *command, const struct record *dossier,
    json_t *seal, struct fault *fault);

#endif
