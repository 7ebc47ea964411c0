/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CHILDHOOD_H
#define CORE_CHILDHOOD_H

#include "core/unit.h"

/* A unit that lay right below another, on these days. */
struct childhood {
	const char *unit;
	struct span days; /* within the lives of both, and what was asked */
};

/*
 * All that lay right below a unit on any of these days, in order of when that
 * began; a unit that left and came back stands twice.  What counts for the
 * unit on a day counts for one of these, or for the unit itself; a cluster
 * among them has besides what its members have.
 */
int childhoods_in(struct snapshot *snapshot, struct arena *arena,
    const char *unit, enum unit_relation relation, struct span days,
    struct childhood **list_out, size_t *count_out, struct fault *fault);

#endif
