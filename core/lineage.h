/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_LINEAGE_H
#define CORE_LINEAGE_H

#include "base/date.h"
#include "core/record.h"

/*
 * What a unit came from and what came of it.
 *
 * A reorganisation on day D leads from a predecessor as it stood the day
 * before to a successor as it stands from D on.  So lines are followed in
 * time: what a unit was before it took in another is no part of that other's
 * line, nor is what a unit did after something had been split off it part of
 * the part's.  Each direction is followed on its own:
 *
 *     forward from (unit, day)   successors on any D > day, each from D on;
 *                                and where the unit ended on day or later,
 *                                its adm descendants on its last day, from
 *                                then on
 *     backward from (unit, day)  predecessors on any D <= day, each up to
 *                                the day before D
 *
 * The lineage of a unit is forward and backward from it over all time.
 */

/* A unit, and the days for which what is filed under it belongs. */
struct lineage_part {
	const char *unit;
	struct span days;
};

struct lineage {
	struct lineage_part *parts; /* one or two a unit, the asked first */
	size_t count;
};

/* Errors: FAULT_LIMIT where the lines reach more than 100,000 units. */
int lineage_of(struct snapshot *snapshot, struct arena *arena, const char *unit,
    struct lineage *lineage_out, struct fault *fault);

/*
 * Who has its papers on a day: the unit itself while it stands, else what
 * came of it when it ended, and of that in turn.  In order of id; none where
 * it was dissolved without a successor.
 */
int lineage_heirs(struct snapshot *snapshot, struct arena *arena,
    const char *unit, date_t today, const char ***ids_out, size_t *count_out,
    struct fault *fault);

/*
 * The history of a unit, to be read or drawn: the reorganisations along both
 * lines, in order of date and id, but for those of what it held.
 */
int lineage_history(struct snapshot *snapshot, struct arena *arena,
    const char *unit, struct record **events_out, size_t *count_out,
    struct fault *fault);

/*
 * What came of all that a unit held when it was dissolved, and of that in
 * turn: the reorganisations that are not its own, and the units that stand
 * today, in order of id.
 */
struct lineage_below {
	struct record *events;
	size_t event_count;
	const char **heirs;
	size_t heir_count;
};

int lineage_below(struct snapshot *snapshot, struct arena *arena,
    const char *unit, date_t today, struct lineage_below *below_out,
    struct fault *fault);

#endif
