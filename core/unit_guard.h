/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_UNIT_GUARD_H
#define CORE_UNIT_GUARD_H

#include "core/command.h"

/*
 * Rows are written under the ancestors of the day, so what is filed while the
 * tree of units changes could name ancestors that the change has taken away,
 * and two changes at once could make a tree that holds itself.  The tree has
 * a revision:
 *
 *     TABLE_META  "units" -> a record of no bytes
 *     TABLE_META  "filed" -> likewise; its revision is drawn
 *
 * A command that reads the tree for what it writes holds it: the command is
 * refused (FAULT_CONFLICT, at commit) where the tree has changed meanwhile.
 * It leaves a mark, "filed".  A command that changes parents or lives steps
 * the tree: it moves what was filed by it, so it is refused, too, where
 * something was filed that it has not seen.
 */
int unit_guard_hold(struct command *command, struct fault *fault);
int unit_guard_step(struct command *command, struct fault *fault);

#endif
