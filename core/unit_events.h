/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_UNIT_EVENTS_H
#define CORE_UNIT_EVENTS_H

#include "base/date.h"
#include "core/record.h"
#include "core/rows.h"

/*
 * All reorganisations in the order of time.
 *
 *     TABLE_UNIT_EVENT  date, reorganisation -> nothing
 */
void unit_event_row(struct rows *rows, const char *event, const json_t *fields);

struct unit_events {
	struct record *list; /* oldest first, then in order of id */
	size_t count;
	bool has_more;
};

/*
 * A page of those on these days; `after` is the last of the page before, or
 * NULL.
 *
 * Errors:  FAULT_INVALID "after" is no reorganisation.
 */
int unit_events_read(struct snapshot *snapshot, struct arena *arena,
    struct span days, const char *after, size_t limit,
    struct unit_events *events_out, struct fault *fault);

/* The days that have one, at most `limit` of them: a look-up a day. */
struct unit_event_days {
	date_t *list;
	size_t count;
	bool has_more;
};

int unit_event_days_read(struct snapshot *snapshot, struct arena *arena,
    struct span days, size_t limit, struct unit_event_days *days_out,
    struct fault *fault);

#endif
