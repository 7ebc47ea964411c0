/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_APPLY_H
#define STORAGE_APPLY_H

#include "storage/probe.h"
#include "storage/records.h"
#include "storage/writes.h"

/* One write transaction and what the sets of a group did in it. */
struct apply {
	const struct records *records;
	struct probe *probe; /* of what the transaction begins with */
	MDB_txn *txn;
	int64_t now;
	bool is_again;             /* doing the journal: redo.c */
	bool has_pieces;           /* a set of it put or deleted a long value */
	uint64_t log_next;         /* index of the next entry */
	int log_code;              /* nothing can be appended to it */
	unsigned applied;          /* sets */
	unsigned damaged;          /* sets that damaged pages refused */
	struct log_entry *entries; /* of the group, in order */
	size_t entry_count;
	size_t entry_room;
};

/* The records' tables, as their probe knows them. */
enum apply_table {
	APPLY_ROWS,
	APPLY_PIECES,
	APPLY_LOG,
	APPLY_PAST,
	APPLY_META,
};

/*
 * Begin anew in `txn`.  0 or an LMDB code; EILSEQ where pages are damaged that
 * every write needs.  Keeps the room for entries.
 */
int apply_start(struct apply *apply, const struct records *records,
    MDB_txn *txn, int64_t now);
void apply_fini(struct apply *apply);

/*
 * Judge one set and, where its guards hold and the pages that it changes are
 * sound, apply it; its result says which.
 * 0, or a code: then the transaction has part of it and must be aborted.
 * ERANGE is a counter that would leave the range of int64_t.
 *
 * Thread:  writer.
 */
int apply_set(struct apply *apply, struct writes *writes);

/*
 * For who changes `rows` by himself: whether the row of a key can be put (with
 * a value of that size) or deleted, and what it has now is sound.  0, EILSEQ,
 * MDB_NOTFOUND it is not there; and after any of them, before the change:
 */
int apply_probe(struct apply *apply, struct bytes key, enum probe_act act,
    size_t size);
int apply_probe_end(struct apply *apply);

#endif
