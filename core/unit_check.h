/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_UNIT_CHECK_H
#define CORE_UNIT_CHECK_H

#include "base/date.h"
#include "core/command.h"

/* A unit's record on trial. */
struct unit_check {
	struct command *command;
	const char *id;   /* NULL: it is new */
	const char *kind; /* filled by unit_check_body(), as the life is */
	struct span life;
	struct fault *fault;
};

/* Every member of the record; faults name it. */
int unit_check_body(struct unit_check *check, const json_t *body);
/*
 * What came of something on a day was there from that day; what something
 * came of was there until the day before.
 */
int unit_check_events(const struct unit_check *check);
/* Where a reorganisation ended the unit, its last day stays. */
int unit_check_end(const struct unit_check *check, struct span old_life);

#endif
