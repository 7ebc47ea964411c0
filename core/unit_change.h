/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_UNIT_CHANGE_H
#define CORE_UNIT_CHANGE_H

#include "base/date.h"
#include "core/command.h"

/*
 * Making units and changing them.  Units are never deleted; they end on a
 * day.  Shapes: docs/records.md.
 *
 * Errors:  FAULT_INVALID names the member: an unknown kind, a parent that is
 *          not there or may not be one, two adm parents on one day, a tree
 *          that would hold itself, a life that its reorganisations contradict.
 */
int unit_new(struct command *command, const json_t *body, struct fault *fault);
/* Replace the members that `body` names; null removes one. */
int unit_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault);

/*
 * Part of a reorganisation: `last` is the last day of these units (each
 * once).  Nothing where it is so already.  places[i] names ids[i] in faults.
 */
int unit_end(struct command *command, const char *const *ids,
    const char *const *places, size_t count, date_t last, struct fault *fault);

/*
 * Part of a reorganisation: from `day` on the unit is called by `name`, an
 * object of "name" and "short", and until then by what it had.
 *
 * Errors:  FAULT_INVALID "/name": it has a name already that begins then or
 *          later.
 */
int unit_rename(struct command *command, const char *id, date_t day,
    const json_t *name, struct fault *fault);

#endif
