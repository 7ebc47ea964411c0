/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CITING_H
#define CORE_CITING_H

#include "core/record.h"

/* The documents that cite one document. */
struct citing_query {
	const struct record *document; /* the cited one */
	const char *cursor; /* where the page before ended; NULL: the first */
	unsigned limit;
};

/* What of the document's citations means the cited one; -1 failed. */
typedef int citing_fn(void *arg, const struct record *document,
    const json_t *citations, struct fault *fault);

/*
 * A page: first those that name it by its id, then those that know only its
 * number, each in descending order of id.  Of the latter one that names
 * another day is not among them: units begin their numbers anew every year.
 * emit() gets each, borrowed for the call.  A page ends after `limit` of
 * them, or short of that where many are passed over: then too `*next_out`
 * leads on.
 *
 * Owner:   *next_out, NULL at the end, lies in the arena.
 * Errors:  FAULT_INVALID "cursor" is none of this query.
 */
int citing_list(struct snapshot *snapshot, struct arena *arena,
    const struct citing_query *query, citing_fn *emit, void *arg,
    const char **next_out, struct fault *fault);

#endif
