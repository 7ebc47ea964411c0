/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_SUCCESSION_H
#define CORE_SUCCESSION_H

#include "base/date.h"
#include "base/json.h"
#include "core/record.h"
#include "core/rows.h"

/*
 * One step from a unit to what came of it, or back to what it came from, as a
 * reorganisation says.
 */
struct succession {
	date_t date;       /* first day of the new state */
	const char *other; /* the same unit where it goes on; "" where none */
	const char *event; /* id of the reorganisation */
};

/* Both directions of every pair of a reorganisation that was checked, and its
 * day (unit_events.h). */
void succession_rows(struct rows *rows, const char *event,
    const json_t *fields);

/*
 * The steps from a unit (TABLE_UNIT_SUCCESSOR) or to it
 * (TABLE_UNIT_PREDECESSOR) on these days, oldest first.
 */
int succession_list(struct snapshot *snapshot, struct arena *arena,
    enum table direction, const char *unit, struct span days,
    struct succession **list_out, size_t *count_out, struct fault *fault);

#endif
