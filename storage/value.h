/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VALUE_H
#define STORAGE_VALUE_H

#include "storage/records.h"

/*
 * How a caller's value lies in a table: where it stands, or in pieces of a
 * page each.  Functions return 0, an LMDB code, or EILSEQ for a row that does
 * not read as it was written.
 */
#define VALUE_MAX_BYTES (2u << 20)

/* Of a record's revision: the index of its entry in the log follows. */
#define RECORD_LOGGED       (UINT64_C(1) << 63)
#define RECORD_LOGGED_BYTES 16u

/* One row of one table in one transaction. */
struct place {
	const struct records *records;
	MDB_txn *txn;
	MDB_dbi table;
	struct bytes key;
};

/* The value is head and body, one after the other. */
int value_put(const struct place *place, struct bytes head, struct bytes body);
/* The same for a key behind all others of its table. */
int value_append(const struct place *place, struct bytes body);
/* An absent one is a success. */
int value_delete(const struct place *place);

/* How many rows of `pieces` a value of this size takes. */
size_t value_pieces(size_t size);

/* What mdb_get() or a cursor gave for a row of such a table. */
int value_size(MDB_val raw, size_t *size_out);
/* Its first `len` bytes, at most value_size(). */
int value_copy(const struct records *records, MDB_txn *txn, MDB_val raw,
    uint8_t *to, size_t len);

#endif
