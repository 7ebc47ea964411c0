/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VALUE_H
#define STORAGE_VALUE_H

#include "storage/records.h"
#include "storage/tree.h"

/*
 * How a caller's value lies in a table: where it stands, or in pieces of a
 * page each, and with a sum of its own.  Functions return 0, an LMDB code, or
 * EILSEQ for a row that does not read as it was written.
 */
#define VALUE_MAX_BYTES (2u << 20)

#define VALUE_HEAD_BYTES 17u /* at most, of a row: before or in place of them */

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
/* The same for a key that is not there: MDB_KEYEXIST where it is. */
int value_add(const struct place *place, struct bytes body);
/* The same for a key behind all others of its table. */
int value_append(const struct place *place, struct bytes body);
/* An absent one is a success. */
int value_delete(const struct place *place);

/* How many rows of `pieces` a value of this size takes. */
size_t value_pieces(size_t size);

/* Where the pieces of long values are read. */
struct source {
	const struct tree *pieces; /* a snapshot's; else as a transaction has */
	const struct records *records;
	MDB_txn *txn;
};

/* Of what stands in a row of such a table. */
int value_size(struct bytes raw, size_t *size_out);
/* The number of its first piece; 0 where it has none. */
uint64_t value_first_piece(struct bytes raw);
/*
 * Whether the row is what was written under this key; of a long value, whether
 * it names its pieces.
 */
int value_check(struct bytes key, struct bytes raw);
/*
 * The same, and a long value is read whole: nothing but its sum proves its key.
 * `source` is a struct source, or NULL where that may cost no more than
 * value_check().
 */
int value_prove(const void *source, struct bytes key, struct bytes raw);
/* The bytes where they stand; EILSEQ of a long value. */
int value_inside(struct bytes raw, struct bytes *value_out);
/*
 * Its first `len` bytes, at most value_size().  They are checked, but for a
 * part of a long value.
 */
int value_copy(const struct source *source, struct bytes key, struct bytes raw,
    uint8_t *to, size_t len);

#endif
