/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_GRANT_FILTER_H
#define CORE_GRANT_FILTER_H

#include "core/record.h"
#include "core/rules.h"

/*
 * Which grants are meant: what a figure counts, and what the list behind it
 * shows, said in one way, so that both are the same.
 */

enum grant_standing {
	GRANT_STANDING, /* not revoked: these count */
	GRANT_REVOKED,
	GRANT_EITHER,
};

/* "granted", "revoked", "any". */
bool grant_standing_parse(enum grant_standing *standing_out, const char *name);

/*
 * Lists end with NULL and name what fits; a list that is NULL lets all fit.
 * Borrowed.
 */
struct grant_filter {
	const struct rules *rules;
	const char *unit;   /* this one, and all below it on the day */
	struct span period; /* a grant dated by a span must lie in it whole */
	const char **awards;
	const char **levels; /* that the award had on the grant's first day */
	const char **subjects;
	const char *attribute; /* a cadre, "woman", "ethnic_minority"; or NULL
	                        */
	enum grant_standing standing;
};

/* The level of an award on a day; "" where no rule knows the award. */
const char *grant_level(const struct rules *rules, const char *award,
    date_t date);

/* Does it narrow more than unit and period? */
bool grant_filter_is_narrow(const struct grant_filter *filter);
/* By what a counter tells, but for the attribute. */
bool grant_filter_counts(const struct grant_filter *filter, struct span date,
    const char *award, const char *subject);
/* By the record. */
bool grant_filter_takes(const struct grant_filter *filter,
    const struct record *grant);
/* What makes two filters the same, for a cursor. */
const char *grant_filter_text(const struct grant_filter *filter,
    struct arena *arena);

/* The rows of its unit, TABLE_GRANT_UNDER or _COUNT, on these first days. */
void grant_filter_rows(const struct grant_filter *filter, uint8_t table,
    struct span days, struct key *from_out, struct key *to_out);

#endif
