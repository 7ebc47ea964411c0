/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REINDEX_GATHER_H
#define CORE_REINDEX_GATHER_H

#include "core/fsck_expect.h"
#include "core/reindex.h"

/* What must be, as the records and the log say. */
struct reindex_gathered {
	struct sorter *rows;   /* tiles of the log among them */
	struct sorter *counts; /* likewise */
	uint64_t records;
	bool has_units;
	bool leaves_match; /* every row names the leaf that tells of it */
};

/*
 * Read all of it, on two threads.
 *
 * Owner:   the lists are freed with reindex_gathered_fini(), also after -1.
 * Errors:  as reindex_run() has.
 */
int reindex_gather(struct reindex_gathered *gathered, struct store *store,
    const struct rules *rules, const struct reindex_options *options,
    struct fault *fault);
void reindex_gathered_fini(struct reindex_gathered *gathered);

/* Called for each row of a table; `scratch` is reset before. */
typedef int (*reindex_row_fn)(void *arg, const struct record *record,
    struct fault *fault);

/* Each record of a table, TABLE_RECORD or TABLE_HISTORY; not parsed. */
int reindex_each(struct snapshot *snapshot, enum table table,
    reindex_row_fn row, void *arg, struct fault *fault);

#endif
