/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REACH_H
#define CORE_REACH_H

#include "base/date.h"
#include "core/core.h"

/*
 * Whose papers somebody has who is bound to a unit: that unit's and those of
 * the units that ended and became part of it; with `below` also those of all
 * units that lie, lay when they ended, or lay on the day of the papers, below
 * it or below one that it inherited.
 */
struct reach_question {
	const char *holder; /* the unit bound to */
	const char *unit;   /* whose papers */
	bool below;
	date_t date; /* of the papers; 0 unknown */
};

/* 1 it has, 0 not, -1 failed.  Thread: any. */
int reach_covers(const struct core *core, struct snapshot *snapshot,
    const struct reach_question *question, struct fault *fault);

/*
 * The answers of some thousand questions, kept until a unit changes or the
 * day ends: core->reach, or NULL to work each out.
 */
struct reach;

struct reach *reach_new(void);
void reach_free(struct reach *reach);

#endif
