/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_INSIDE_H
#define CORE_FSCK_INSIDE_H

#include "core/fsck_expect.h"
#include "core/fsck_find.h"
#include "core/harm.h"

/* What the parts of one check share; for core/fsck*.c alone. */
struct fsck {
	struct fsck_find find;
	const struct fsck_options *options;
	struct fsck_counts *counts;
	struct store *store;
	struct snapshot *snapshot; /* all is read in it */
	struct arena *arena;       /* lives as long as the check */
	struct arena *scratch;     /* of one row or record */
	struct fsck_tree tree;
	struct fsck_expect expect;
	struct sorter *revisions; /* kind, id, rev -> SHA-256, leaf u64 */
	struct sorter *told;      /* likewise, by the log: fsck_leaf.h */
	struct harm *harm;        /* whom the damage harms */
	struct sorter *files; /* SHA-256 -> size i64, record that names it */
};

/* Called for each row that begins with a prefix; borrowed for the call.  The
 * scratch arena is reset before each. */
typedef int (*fsck_row_fn)(struct fsck *fsck, struct bytes key,
    struct bytes value, struct fault *fault);

int fsck_each(struct fsck *fsck, const struct key *prefix, fsck_row_fn row,
    struct fault *fault);
/*
 * Of a search for one row: -1 where checking must end.  That a row is damaged
 * was told before, and the check goes on with the next.
 */
int fsck_found(int found, const struct fault *fault);
/*
 * Is there a record of this kind and id?  1, 0, -1; 1, too, where that cannot
 * be known for damage.
 */
int fsck_has(struct fsck *fsck, enum record_kind kind, const char *id,
    struct fault *fault);

/* A finding of the row with this key. */
void fsck_tell_row(struct fsck *fsck, const char *code, struct bytes key,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
