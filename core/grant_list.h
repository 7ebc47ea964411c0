/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_GRANT_LIST_H
#define CORE_GRANT_LIST_H

#include "core/grant_filter.h"

#define GRANT_PAGE_MAX 200u

/*
 * Grants, the newest first, a page at a time.  emit() gets each that the
 * filter takes, borrowed for the call.
 *
 * What is narrow looks at the counters first and reads only the grants of
 * days on which one counts.  A page ends after `limit` grants, or earlier
 * where much was passed over: *next_out is where the next one begins, NULL at
 * the end.
 *
 * Errors:  FAULT_INVALID a cursor of another query.
 */
typedef int grant_list_fn(void *arg, const struct record *grant,
    struct fault *fault);

int grant_list(struct snapshot *snapshot, struct arena *arena,
    const struct grant_filter *filter, const char *cursor, unsigned limit,
    grant_list_fn *emit, void *arg, const char **next_out, struct fault *fault);

#endif
