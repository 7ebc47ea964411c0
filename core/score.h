/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_SCORE_H
#define CORE_SCORE_H

#include "base/date.h"
#include "core/command.h"

/*
 * Criteria values of a unit for a ranking: one record for each cluster,
 * period, scheme, unit, criterion and source.  A later value is its next
 * revision, so every change of a score stays visible.
 */
int score_put(struct command *command, const json_t *body, struct fault *fault);

struct score_query {
	const char *cluster;
	struct span period; /* a year is its first to its last day */
	const char *scheme; /* NULL any */
};

/* By unit, criterion and source; emit() as in grant.h. */
int score_each(struct snapshot *snapshot, struct arena *arena,
    const struct score_query *query,
    int (*emit)(void *arg, const struct record *score, struct fault *fault),
    void *arg, struct fault *fault);

#endif
