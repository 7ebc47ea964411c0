/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_DOSSIER_H
#define CORE_DOSSIER_H

#include "core/command.h"

/*
 * Award dossiers (hồ sơ), from draft to archive.  What may change depends on
 * the status (data/rules/workflow.json, member `components`); history only
 * grows.  Shapes: docs/records.md.
 */
/* The words of "kind" and "procedure"; NULL ends each list. */
extern const char *const dossier_kinds[];
extern const char *const dossier_procedures[];

int dossier_new(struct command *command, const json_t *body,
    struct fault *fault);
/* Replace the members that `body` names, while they may change. */
int dossier_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault);
/* Add one component: {"code", "attachment", "document"}. */
int dossier_add(struct command *command, const char *id, const json_t *body,
    struct fault *fault);
/*
 * {"status": next, "reason": text, "document": id}.  Where components are
 * missing command->details lists them by their rule.  The step to `archived`
 * is seal.h's.
 */
int dossier_step(struct command *command, const char *id, const json_t *body,
    struct fault *fault);
/* {"text", "agree", "unit"}: of a council, a consulted agency. */
int dossier_opinion(struct command *command, const char *id, const json_t *body,
    struct fault *fault);
/* The result of a ballot on one candidate: member `votes` of the record. */
int dossier_vote(struct command *command, const char *id, const json_t *body,
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

/*
 * Components that the rules of its date demand and that are not there: a list
 * of {"code", "name", "award", "set", "source"}; empty where complete.
 */
json_t *dossier_missing(const struct core *core, struct arena *arena,
    const json_t *dossier);

#endif
