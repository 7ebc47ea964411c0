/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FIGURE_H
#define CORE_FIGURE_H

#include "base/date.h"
#include "core/command.h"
#include "core/merge.h"

/*
 * What a document says of itself, kept to be shown beside what is computed:
 * a value, or words where it is no number ("hàng ngàn").
 */
int figure_new(struct command *command, const json_t *body,
    struct fault *fault);

/*
 * Correct what was entered.  One that should not have been entered at all is
 * "withdrawn", with the reason: it stays in the archive, and in no report.
 */
int figure_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault);

/* The figures of a unit whose period lies in this one. */
struct figure_query {
	const char *unit;
	struct span period;
	bool with_withdrawn;
	/* By first day and id: those behind this one; NULL: from the first. */
	const struct place *after;
};

/*
 * By the first day of the period and id.  emit() stops the walk by another
 * value than 0, which is returned.
 */
int figure_each(struct snapshot *snapshot, struct arena *arena,
    const struct figure_query *query,
    int (*emit)(void *arg, const struct record *figure, struct fault *fault),
    void *arg, struct fault *fault);

#endif
