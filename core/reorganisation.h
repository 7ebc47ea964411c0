/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REORGANISATION_H
#define CORE_REORGANISATION_H

#include "core/command.h"

/*
 * What came of what: a merger, split, renaming, abolition, new kind or
 * transfer of units on a day, by a document.  Predecessors that do not go on
 * as successors end the day before.  Shapes: docs/records.md.
 *
 *     merge       one successor; more than it came before
 *     split       two successors or more
 *     rename      one predecessor, one successor (often the same)
 *     reclassify  likewise
 *     transfer    nobody ends: every predecessor is a successor too
 *     abolish     no successor
 *
 * A successor is the id of a unit that stands, or the body of one that is made
 * with the event and begins on its day.  A renaming may say the new "name" of
 * the unit that goes on.  All of it is one command: whole or not at all.
 *
 * Errors:  FAULT_INVALID names the member: "/successors/0/names".
 */
int reorganisation_new(struct command *command, const json_t *body,
    struct fault *fault);

#endif
