/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_UNIT_H
#define CORE_UNIT_H

#include "base/date.h"
#include "core/command.h"

#include <stdbool.h>

/*
 * Units and the tree they stand in, as it was on a day.  A unit's key is its
 * id alone: codes are given away and names recur, so both have dates and may
 * mean several units.  unit_change.h makes and changes them.
 *
 * Everything that is returned lies in the arena.
 */

/* The letter is on disk. */
enum unit_relation {
	UNIT_ADM = 'a',    /* administrative: at most one parent on a day */
	UNIT_SECTOR = 's', /* line of business */
	UNIT_MEMBER = 'm', /* of a cluster or block, by year */
};

/* "adm", "sector", "member". */
const char *unit_relation_name(enum unit_relation relation);
bool unit_relation_parse(enum unit_relation *relation_out, const char *name);

/* What a unit was called, and how long it was and was called so. */
struct unit_title {
	const char *name;       /* "Xã Xốp" */
	const char *short_name; /* "Xốp"; the name where there is none */
	const char *kind;       /* "commune" */
	struct span held;       /* by this name, within the life */
	struct span life;       /* of the unit */
};

/*
 * The name that held on `date`; on a day outside the unit's life or between
 * two names the last one before it, else the first.  Look at `life` to know
 * whether the unit stood.  1 found, 0 no such unit, -1 failed.
 */
int unit_title_at(struct snapshot *snapshot, struct arena *arena,
    const char *unit, date_t date, struct unit_title *title_out,
    struct fault *fault);

/*
 * As a sentence has it, with what it lies in: "xã Xốp, tỉnh Quảng Ngãi".
 * Behind it stand those of its adm ancestors that have a short name: places
 * do, "Trung ương" does not.
 */
int unit_place_at(struct snapshot *snapshot, struct arena *arena,
    const char *unit, date_t date, const char **place_out, struct fault *fault);

/* The parents on a day, in order of id; many only for sector and member. */
int unit_parents_at(struct snapshot *snapshot, struct arena *arena,
    const char *unit, enum unit_relation relation, date_t date,
    const char ***ids_out, size_t *count_out, struct fault *fault);
/* The adm parent on a day.  1 found, 0 none, -1 failed. */
int unit_parent_at(struct snapshot *snapshot, struct arena *arena,
    const char *unit, date_t date, const char **parent_out,
    struct fault *fault);
/* The children on a day, in no promised order. */
int unit_children(struct snapshot *snapshot, struct arena *arena,
    const char *unit, enum unit_relation relation, date_t date,
    const char ***ids_out, size_t *count_out, struct fault *fault);

/* Those that were named as children on any of these days, though the unit
 * itself may not have stood. */
int unit_children_in(struct snapshot *snapshot, struct arena *arena,
    const char *unit, enum unit_relation relation, struct span days,
    const char ***ids_out, size_t *count_out, struct fault *fault);

/* The unit itself, then its adm ancestors on a day, nearest first. */
int unit_line(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t date, const char ***ids_out, size_t *count_out, struct fault *fault);
/*
 * The unit itself, then its adm ancestors on that day, nearest first, then
 * the clusters and blocks that one of these was a member of.  What is filed
 * under a unit counts for each of them.  A parent that did not stand on the
 * day ends the line.
 */
int unit_ancestors(struct snapshot *snapshot, struct arena *arena,
    const char *unit, date_t date, const char ***ids_out, size_t *count_out,
    struct fault *fault);
/*
 * The reverse: every unit that has this one among its ancestors on that day,
 * itself first.  Nothing where it did not stand.
 */
int unit_descendants(struct snapshot *snapshot, struct arena *arena,
    const char *unit, date_t date, const char ***ids_out, size_t *count_out,
    struct fault *fault);
/* 1 under it (or the same unit), 0 not, -1 failed. */
int unit_is_under(struct snapshot *snapshot, struct arena *arena,
    const char *unit, const char *ancestor, date_t date, struct fault *fault);

/*
 * Units as they will be when the command in the making is done: for these the
 * record's members are read instead of their rows.
 */
struct unit_overlay {
	const char *const *units;
	const json_t *const *fields;
	size_t count;
};

/* unit_ancestors() as it will be; `overlay` may be NULL. */
int unit_ancestors_with(struct snapshot *snapshot, struct arena *arena,
    const struct unit_overlay *overlay, const char *unit, date_t date,
    const char ***ids_out, size_t *count_out, struct fault *fault);

#endif
