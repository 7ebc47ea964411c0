/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_JOURNAL_H
#define STORAGE_JOURNAL_H

#include "storage/writes.h"

/*
 * What was committed since the anchor (anchor.h), group by group, in two
 * files that take turns: one is written while what the other one tells is
 * being brought to the disk by LMDB's own pages.  A group is durable when its
 * record is.
 *
 * Thread:  one at a time; while the store is open the writer's.
 */
struct journal;

#define JOURNAL_ID_BYTES 16u
#define JOURNAL_FILES    2u

/*
 * Open the files, or make them.  `id` is the store's own: the records of
 * another store are none.
 */
int journal_open(struct journal **journal_out, const char *folder,
    const uint8_t id[JOURNAL_ID_BYTES], struct fault *fault);
void journal_close(struct journal *journal); /* NULL does nothing */

/* One group of those that are read back.  The sets are the reader's. */
struct journal_group {
	uint64_t seq;
	int64_t now; /* what the clock said when it was applied */
	struct writes *sets;
};

/* 0 to go on, else the reading ends with that. */
typedef int (*journal_fn)(void *arg, const struct journal_group *group);

/*
 * Read the groups from `first` on, in order, without those that were
 * cancelled; *next_out is the number of the next one to write.
 *
 * Errors:  FAULT_CORRUPT where a later group shows that an earlier one is
 *          lost; FAULT_SYSTEM; -1 with no fault set where `each` ended it.
 */
int journal_read(struct journal *journal, uint64_t first, journal_fn each,
    void *arg, uint64_t *next_out, struct fault *fault);

/*
 * From here on records go to the other file, from its beginning; `next` is
 * the number of the first one.  What that file held must be of no use any
 * more.
 */
void journal_turn(struct journal *journal, uint64_t next);
uint64_t journal_next(const struct journal *journal);
/* In the file that is being written. */
uint64_t journal_bytes(const struct journal *journal);

/*
 * Write down those sets of a group that were applied, and sync.  0 or an
 * errno: EIO where the sync failed, and nobody knows what the disk has.  Its
 * number is taken then.
 */
int journal_append(struct journal *journal, const struct writes *group,
    int64_t now, bool *in_doubt_out);
/* The group last appended was not applied after all. */
int journal_cancel(struct journal *journal, bool *in_doubt_out);

#endif
