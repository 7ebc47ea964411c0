/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_KEEPER_H
#define STORAGE_KEEPER_H

#include "storage/records.h"
#include "storage/writes.h"

/*
 * Makes groups durable by one sync: they are written down in the journal
 * before LMDB, which does not sync, commits them.  Behind the writer's back a
 * thread brings LMDB's pages to the disk from time to time and moves the
 * anchor on, so that the journal can be written over.
 *
 * Thread:  the writer's, where nothing else is said.
 */
struct keeper;

/*
 * Before LMDB opens `folder`: where the machine stopped while the store was
 * open, go back to the anchor.
 *
 * Errors:  FAULT_CONFLICT `read_only` and it would be necessary, or what is
 *          between keeper_depart() and keeper_arrive() is under way;
 *          FAULT_SYSTEM; FAULT_CORRUPT.
 */
int keeper_recover(const char *folder, bool read_only, struct fault *fault);

/*
 * After LMDB opened it: do what the journal holds and LMDB lacks, and begin.
 * The anchor moves on when one file of the journal has `full_bytes`, or pages
 * of so many bytes came free: none of them is used again while the anchor
 * stays.  `records` is borrowed.
 *
 * Errors:  FAULT_CORRUPT the journal is damaged; as reading and writing has.
 */
int keeper_start(struct keeper **keeper_out, const struct records *records,
    const char *folder, uint64_t full_bytes, struct fault *fault);
/* Bring all to the disk and leave the journal empty.  NULL does nothing. */
void keeper_stop(struct keeper *keeper);

/*
 * Before a transaction.  0, or MDB_PANIC where the disk failed under what was
 * kept: nothing more is written then.
 */
int keeper_ready(struct keeper *keeper);
/*
 * Make a group durable that `txn` has applied and that is committed next.
 * 0 or a code; where *in_doubt_out is set nobody knows.
 */
int keeper_keep(struct keeper *keeper, MDB_txn *txn, const struct writes *group,
    int64_t now, bool *in_doubt_out);
/*
 * The commit failed: the group kept last was not applied.  Not 0 where that
 * could not be written down, and the next opening will apply it.
 */
int keeper_drop(struct keeper *keeper);
/*
 * The map is full: let go of the pages that only the anchor still needs.
 * False where there are none.
 */
bool keeper_yield(struct keeper *keeper);
/* Nothing is to do: let the journal be empty. */
void keeper_rest(struct keeper *keeper);

/*
 * Between the two LMDB is committed to without the journal, and all of it
 * counts or nothing: until keeper_arrive() has returned, whoever opens the
 * store finds it as it was at keeper_depart(), however this process ends.
 *
 * Errors:  FAULT_BUSY the disk fails; then nothing more is written.
 */
int keeper_depart(struct keeper *keeper, struct fault *fault);
int keeper_arrive(struct keeper *keeper, struct fault *fault);
/* Instead of arriving: the store is to be closed and opened as it was. */
void keeper_turn_back(struct keeper *keeper);

#endif
