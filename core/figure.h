/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FIGURE_H
#define CORE_FIGURE_H

#include "base/date.h"
#include "core/command.h"

/*
 * What a document says of itself, kept to be shown beside what is computed:
 * a value, or words where it is no number ("hàng ngàn").
 */
int figure_new(struct command *command, const json_t *body,
    struct fault *fault);

/*
 * The figures of a unit whose period lies in this one, by period and id.
 * emit() stops the walk by another value than 0, which is returned.
 */
int figure_each(struct snapshot *snapshot, struct arena *arena,
    const char *unit, struct span period,
    int (*emit)(void *arg, const struct record *figure, struct fault *fault),
    void *arg, struct fault *fault);

#endif
