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
/* {"text", "agree", "unit"}: of a council, a consulted agency. */
int dossier_opinion(struct command *command, const char *id, const json_t *body,
    struct fault *fault);
/* The result of a ballot on one candidate: member `votes` of the record. */
int dossier_vote(struct command *command, const char *id, const json_t *body,
    struct fault *fault);

/* --- for dossier_step.c --------------------------------------------------- */

/* The present record; FAULT_ABSENT where there is none. */
int dossier_need(struct command *command, const char *id,
    struct record *dossier_out, struct fault *fault);
/* The next revision, with all that follows from it.  `fields` is taken;
 * `decision` as in listing.h, or NULL. */
int dossier_update(struct command *command, const struct record *old,
    json_t *fields, const json_t *decision, struct fault *fault);

/* --- read from a record ---------------------------------------------------- */

/* "full" where it names none. */
const char *dossier_procedure(const json_t *dossier);
/*
 * Components that the rules of its date demand and that are not there: a list
 * of {"code", "name", "award", "set", "source"}; empty where complete.
 */
json_t *dossier_missing(const struct core *core, struct arena *arena,
    const json_t *dossier);

#endif
