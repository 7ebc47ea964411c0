/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_DECISION_H
#define CORE_DECISION_H

#include "core/command.h"

/*
 * A decision (quyết định) and the grants made by it, in one command.  Where it
 * names a dossier that waits for signature, the dossier is `decided` by it.
 */
int decision_new(struct command *command, const json_t *body,
    struct fault *fault);

/* Ids of a decision's grants, in the order they were made. */
int decision_grants(struct snapshot *snapshot, struct arena *arena,
    const char *id, const char ***ids_out, size_t *count_out,
    struct fault *fault);
/* Ids of the decisions that a document holds, in order of id. */
int decision_of_document(struct snapshot *snapshot, struct arena *arena,
    const char *document, const char ***ids_out, size_t *count_out,
    struct fault *fault);

#endif
