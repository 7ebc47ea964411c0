/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_REDO_H
#define STORAGE_REDO_H

#include "storage/journal.h"
#include "storage/records.h"

/*
 * Doing the journal's groups again that LMDB lacks.  The records say which
 * group they had last (meta, "journal"), in the transaction that applied it.
 */
int redo_get_number(const struct records *records, MDB_txn *txn,
    uint64_t *number_out); /* 0 or a code, as the next one */
int redo_put_number(const struct records *records, MDB_txn *txn,
    uint64_t number);

struct redo_from {
	const struct records *records;
	struct journal *journal;
	uint64_t first; /* group after the anchor */
	uint64_t have;  /* the group LMDB had last */
};

/*
 * *next_out is the number of the next group.
 *
 * Errors:  FAULT_CORRUPT the journal is damaged; as writing has.
 * Thread:  whoever opens the store.
 */
int redo_run(const struct redo_from *from, uint64_t *next_out,
    struct fault *fault);

#endif
