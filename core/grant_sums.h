/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_GRANT_SUMS_H
#define CORE_GRANT_SUMS_H

#include "core/grant_filter.h"

/* What sums are parted by; add them up. */
enum grant_by {
	GRANT_BY_AWARD = 1,
	GRANT_BY_LEVEL = 2,
	GRANT_BY_SUBJECT = 4,
	GRANT_BY_YEAR = 8,
	GRANT_BY_ATTRIBUTE = 16,
};

/* What it is not parted by is "" and 0. */
struct grant_sum {
	const char *award;
	const char *level;
	const char *subject;
	const char *attribute; /* "" is the sum of all */
	int year; /* in which the whole date lies; 0 where it lies in several */
	int64_t count;
};

/*
 * Sums of what the filter takes, from the counters alone, in the order of
 * their members.  The filter's standing must be GRANT_STANDING: what was
 * revoked is not counted.
 */
int grant_sums(struct snapshot *snapshot, struct arena *arena,
    const struct grant_filter *filter, unsigned by, struct grant_sum **sums_out,
    size_t *count_out, struct fault *fault);

#endif
