/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RANKING_LIST_H
#define CORE_RANKING_LIST_H

#include "base/date.h"
#include "core/record.h"

/*
 * The rankings that were kept, found by cluster, by the days that their
 * periods end on, and by scheme.
 */

/* The rows of a ranking, written with its record. */
void ranking_list_put(struct writes *writes, const char *ranking,
    const json_t *fields);

struct ranking_query {
	const char *cluster; /* NULL: of any */
	const char *scheme;  /* NULL: any */
	struct span ends;    /* the last day of the period is one of these */
	const char *cursor;  /* where the page before ended; NULL: the first */
	unsigned limit;
};

/* A ranking as its row tells of it; borrowed for the call. */
struct ranking_row {
	const char *id;
	const char *scheme;
	const char *cluster;
};

/* 1 where the row is one of the page, 0 where it is left out, -1 failed. */
typedef int ranking_row_fn(void *arg, const struct ranking_row *row,
    struct fault *fault);

/*
 * A page, the latest period first and of one period what was kept last.  It
 * ends after `limit` rows, or short of that where many are left out: then
 * too `*next_out` leads on.
 *
 * Owner:   *next_out, NULL at the end, lies in the arena.
 * Errors:  FAULT_INVALID "cursor" is none of this query.
 */
int ranking_list(struct snapshot *snapshot, struct arena *arena,
    const struct ranking_query *query, ranking_row_fn *emit, void *arg,
    const char **next_out, struct fault *fault);

/*
 * Do the rows tell of the rankings?  Those of a store that was written before
 * there were any do not, until `hosod reindex`.  1, 0, -1.
 */
int ranking_list_is_kept(struct snapshot *snapshot, struct fault *fault);

#endif
