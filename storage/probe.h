/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_PROBE_H
#define STORAGE_PROBE_H

#include "storage/state.h"

/*
 * Looking at pages before LMDB changes them: it believes every page, and a
 * damaged one would end the process or have it write over what is in use.
 * What a write transaction reads are the pages of the state that it begins
 * with, and its own in memory; the former are looked at here.
 *
 * Functions return 0 or EILSEQ, and probe_row() what it says.
 *
 * Thread:  the writer of the environment.
 */
struct probe;

#define PROBE_TABLES_MAX 6u

/* `names` of all tables, up to a NULL.  Both are borrowed for its life. */
struct probe *probe_new(const struct state_file *file,
    const char *const *names);
void probe_free(struct probe *probe); /* NULL does nothing */

/*
 * A write transaction begins: is what it needs sound, whatever it writes?
 * The list of free pages is looked at once a second.
 */
int probe_start(struct probe *probe, MDB_txn *txn);

/* What will be done to a row. */
enum probe_act {
	PROBE_READ,
	PROBE_PUT,
	PROBE_DELETE,
};

/*
 * Whether the row of a key can be read, put or deleted.  0 and its value as it
 * is before the transaction, MDB_NOTFOUND it was not there, EILSEQ.
 * `size`: of the new value, or more.
 */
int probe_row(struct probe *probe, unsigned table, struct bytes key,
    enum probe_act act, size_t size, struct bytes *value_out);
/* Whether rows can be appended, and such deleted. */
int probe_end(struct probe *probe, unsigned table);

/* The table before the transaction. */
const struct tree *probe_tree(const struct probe *probe, unsigned table);

#endif
