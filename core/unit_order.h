/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_UNIT_ORDER_H
#define CORE_UNIT_ORDER_H

#include "core/rows.h"
#include "core/unit.h"

/*
 * The tree of a day in pages, in the order of the dictionary: what stands
 * below a unit, or at the top.  At the top stands who has no adm parent that
 * day, or one that did not stand itself, so that every unit is somewhere.
 *
 *     TABLE_UNIT_ORDER  parent, relation u8, order of the name (text_order()),
 *                       child, from -> last day u32
 *
 * A name orders from the day it began (the first: from the unit's first day)
 * until the next.  The parent is "" at the top, where a second row has ":"
 * and the unit's kind in its place.
 *
 * A page costs what it shows and what stood between on other days.
 */
struct unit_order_query {
	const char *parent; /* NULL: the top */
	const char *kind;   /* of the top; NULL: any */
	enum unit_relation relation;
	date_t date;
	const char *after; /* the last unit of the page before, or NULL */
	size_t limit;
};

struct unit_order_page {
	const char **ids;
	size_t count;
	bool has_more;
};

/* Nothing where the parent did not stand.
 * Errors:  FAULT_INVALID "after" is no unit. */
int unit_order_read(struct snapshot *snapshot, struct arena *arena,
    const struct unit_order_query *query, struct unit_order_page *page_out,
    struct fault *fault);

/* How many stand below it on the day, by each relation. */
struct unit_below {
	size_t adm;
	size_t sector;
	size_t member;
};

int unit_order_count(struct snapshot *snapshot, const char *unit, date_t date,
    struct unit_below *below_out, struct fault *fault);

/* The rows below parents, of the record alone. */
void unit_order_rows(struct rows *rows, const char *id, const json_t *fields);
/*
 * The rows at the top, which depend on how long the parents stood: units of
 * `overlay`, which may be NULL, as they will be.
 */
int unit_order_top_rows(struct rows *rows, struct snapshot *snapshot,
    const struct unit_overlay *overlay, const char *id, const json_t *fields,
    struct fault *fault);

#endif
