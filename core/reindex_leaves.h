/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REINDEX_LEAVES_H
#define CORE_REINDEX_LEAVES_H

#include "core/reindex.h"

/*
 * Where rows of revisions do not name the leaves that tell of them: find out
 * which, and write these anew.  A damage of single rows, each a commit.
 *
 * Errors:  as reindex_run() has.
 */
int reindex_leaves(struct store *store, const struct reindex_options *options,
    uint64_t *changed, struct fault *fault);

#endif
