/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_DOSSIER_CHECK_H
#define CORE_DOSSIER_CHECK_H

#include "core/command.h"

#define DOSSIER_COMPONENTS_MAX 1000u

/*
 * What a dossier's body may hold: all that a caller may give, and what the
 * record has besides where it is `stored`.  Faults name the member; *id_out is
 * the caller's, or NULL.  Attachments are filled in.
 */
int dossier_check(struct command *command, const json_t *body, bool stored,
    const char **id_out, struct fault *fault);
/* One component, of a dossier of that day; faults begin at `place`. */
int dossier_check_component(struct command *command, const json_t *value,
    const char *place, date_t date, struct fault *fault);

#endif
