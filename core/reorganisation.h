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
 * Errors:  FAULT_INVALID names the member.
 */
int reorganisation_new(struct command *command, const json_t *body,
    struct fault *fault);

#endif
