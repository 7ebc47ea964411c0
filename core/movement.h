/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MOVEMENT_H
#define CORE_MOVEMENT_H

#include "core/command.h"

/* Emulation movements (phong trào, đợt thi đua), M1 to M7 of the workflow. */
int movement_new(struct command *command, const json_t *body,
    struct fault *fault);
int movement_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault);
/* {"status": next, "reason": text, "document": id} */
int movement_step(struct command *command, const char *id, const json_t *body,
    struct fault *fault);

#endif
