/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_PAST_H
#define STORAGE_PAST_H

#include "storage/probe.h"
#include "storage/records.h"

/*
 * The sets that were applied in the last day, by their id: what makes a
 * repeated request harmless.  Functions return 0 or an LMDB code.
 */
#define PAST_HEAD_BYTES 20u /* of a row, before its memo */

struct past {
	uint64_t log_index;
	uint64_t log_count;
	struct bytes memo; /* in the map: copy before the transaction goes on */
};

/* MDB_NOTFOUND where the id is not known, or older than a day. */
int past_find(const struct records *records, MDB_txn *txn,
    const struct set_id *id, int64_t now, struct past *past_out);
/* Out of a value of the table; lies where that does. */
int past_decode(struct bytes value, int64_t now, struct past *past_out);
int past_keep(const struct records *records, MDB_txn *txn,
    const struct set_id *id, int64_t now, const struct past *past);

/* Where the sweep goes on; zero to begin. */
struct past_sweep {
	struct set_id at;
};

/* What a sweep goes over. */
struct past_table {
	const struct records *records;
	MDB_txn *txn;
	struct probe *probe;
	unsigned table; /* for the probe */
};

/*
 * Look at `count` rows from there on and delete those older than a day.  What
 * is damaged is passed over.
 */
int past_sweep(const struct past_table *past, int64_t now, unsigned count,
    struct past_sweep *sweep);

#endif
