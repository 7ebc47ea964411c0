/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_GRANT_QUERY_H
#define CORE_GRANT_QUERY_H

#include "base/date.h"
#include "core/record.h"

/* What a count is asked for; NULL means any. */
struct grant_query {
	const char *unit;
	struct span period; /* a grant dated by a span must lie in it whole */
	const char *award;
	const char *subject_kind;
};

/* One sum of the counters. */
struct grant_count {
	const char *award;
	const char *subject_kind;
	const char *attribute; /* "" all; a cadre; "woman"; "ethnic_minority" */
	int64_t count;
};

/* Sums by award, subject kind and attribute, in order of their codes. */
int grant_counts(struct snapshot *snapshot, struct arena *arena,
    const struct grant_query *query, struct grant_count **counts_out,
    size_t *count_out, struct fault *fault);

/*
 * The grants themselves, by date: emit() gets each record and stops the walk
 * by another value than 0, which is returned.  The record is borrowed for the
 * call: a walk over a million holds one.
 */
int grant_each(struct snapshot *snapshot, const struct grant_query *query,
    int (*emit)(void *arg, const struct record *grant, struct fault *fault),
    void *arg, struct fault *fault);

/*
 * Of each decision, by date, one grant that fits and is not revoked: emit() is
 * shown one after the other until it takes one.  Only days are looked at on
 * which such a grant counts, and of a decision that was taken no further grant
 * is read.  Ends as grant_each() does; the record is borrowed for the call.
 */
typedef int grant_decision_fn(void *arg, const struct record *grant,
    bool *taken_out, struct fault *fault);

int grant_each_decision(struct snapshot *snapshot,
    const struct grant_query *query, grant_decision_fn *emit, void *arg,
    struct fault *fault);

#endif
