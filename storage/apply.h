/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_APPLY_H
#define STORAGE_APPLY_H

#include "storage/records.h"
#include "storage/writes.h"

/* One write transaction and what the sets of a group did in it. */
struct apply {
	const struct records *records;
	MDB_txn *txn;
	int64_t now;
	uint64_t log_next;         /* index of the next entry */
	unsigned applied;          /* sets */
	struct log_entry *entries; /* of the group, in order */
	size_t entry_count;
	size_t entry_room;
};

/* Begin anew in `txn`.  0 or an LMDB code.  Keeps the room for entries. */
int apply_start(struct apply *apply, const struct records *records,
    MDB_txn *txn, int64_t now);
void apply_fini(struct apply *apply);

/*
 * Judge one set and, where its guards hold, apply it; its result says which.
 * 0, or a code: then the transaction has part of it and must be aborted.
 * ERANGE is a counter that would leave the range of int64_t.
 *
 * Thread:  writer.
 */
int apply_set(struct apply *apply, struct writes *writes);

#endif
