/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_EXPECT_H
#define CORE_FSCK_EXPECT_H

#include "core/fsck_known.h"
#include "core/record.h"
#include "core/rules.h"
#include "core/sorter.h"

/*
 * What every derived row and counter must be, computed anew from the records.
 * Nothing here is shared with what writes them but the layout of
 * docs/store.md, so that one mistake is not made twice.
 */
struct fsck_expect {
	struct snapshot *snapshot; /* decisions are looked up in it */
	const struct rules *rules;
	struct fsck_known *known; /* of the tree, and what was looked up */
	struct arena *arena;      /* of one record; the caller resets it */
	struct sorter *rows;      /* SORTER_LAST */
	struct sorter *counts;    /* SORTER_SUM */
	bool has_dossiers;        /* one at least was looked at */
};

/* Are its rows made of `record->value`, or of its canonical bytes alone? */
bool fsck_expect_wants_tree(enum record_kind kind);
/*
 * The rows of a present record.
 *
 * Errors:  FAULT_CORRUPT where it lacks a member that a row is made of: then
 *          the rows before that member are there, the others are not.
 */
int fsck_expect_record(struct fsck_expect *expect, const struct record *record,
    struct fault *fault);
/* What a revision has left that is no more the present one. */
int fsck_expect_older(struct fsck_expect *expect, const struct record *record,
    struct fault *fault);

/* Is every row of this table derived, so that a record must account for it? */
bool fsck_expect_owns(struct bytes key);

/* For the parts of it: the row is put, unless its key is no key. */
int fsck_expect_put(struct fsck_expect *expect, const struct key *key,
    struct bytes value, struct fault *fault);
/* A member that must be text. */
int fsck_expect_text(const struct record *record, const char *member,
    const char **text_out, struct fault *fault);

#endif
