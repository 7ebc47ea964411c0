/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_LORE_H
#define CORE_LORE_H

#include "base/arena.h"
#include "base/date.h"
#include "core/core.h"

/*
 * What is told of units again and again, where each was to be followed through
 * the tree: the lines of a unit, its heirs.  Kept until a unit changes or the
 * day ends, in core->lore (core/places.h), or NULL to keep nothing.
 *
 * Thread:  any.
 */
struct lore;

enum lore_kind {
	LORE_LINES,
	LORE_HEIRS,
};

struct lore *lore_new(void);
void lore_free(struct lore *lore);

/* False where nothing is known; else a copy of what was kept. */
bool lore_recall(const struct core *core, enum lore_kind kind, const char *unit,
    date_t today, struct arena *arena, struct bytes *answer_out);
/*
 * Keep an answer that was found out in this snapshot.  Too long a one, or a
 * snapshot that cannot say its age, is not kept.
 */
void lore_keep(const struct core *core, struct snapshot *snapshot,
    enum lore_kind kind, const char *unit, date_t today, struct bytes answer);

#endif
