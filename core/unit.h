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
 * Only units of the administrative line are named behind it.
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

#define UNIT_DEPTH_MAX 16u /* adm parents above a unit; the law has five */

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
 * Every unit that ever had a name or alias that reads alike: without marks,
 * blanks and case, with or without the word for its kind.  `exact` wants the
 * marks too, and so keeps Sơn Hà and Sơn Hạ apart.  In order of id.
 */
int unit_find_by_name(struct snapshot *snapshot, struct arena *arena,
    const char *name, bool exact, const char ***ids_out, size_t *count_out,
    struct fault *fault);
/* Units whose folded name begins so, at most `max`: for a search box. */
int unit_find_by_prefix(struct snapshot *snapshot, struct arena *arena,
    const char *name, size_t max, const char ***ids_out, size_t *count_out,
    struct fault *fault);
/*
 * The unit that had this code on that day: a code is given away when its
 * unit ends.  1 found, 0 none, -1 failed.
 */
int unit_find_by_code(struct snapshot *snapshot, struct arena *arena,
    const char *system, const char *code, date_t date, const char **id_out,
    struct fault *fault);

#endif
