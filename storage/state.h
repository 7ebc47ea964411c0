/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_STATE_H
#define STORAGE_STATE_H

#include "storage/tree.h"

#include <lmdb.h>
#include <stdbool.h>

/*
 * mdb_env_set_mapsize() and mdb_env_open().  MDB_CORRUPTED, too, where what a
 * damaged meta page counts would end the process, or be too much for memory.
 */
int state_env_open(MDB_env *env, const char *folder, uint64_t map_bytes,
    unsigned flags);

/* The file of an LMDB environment, mapped a second time and only to read. */
struct state_file {
	const uint8_t *data;
	size_t len; /* address space */
	int descriptor;
};

int state_file_open(struct state_file *file, MDB_env *env);
void state_file_close(struct state_file *file);

/*
 * What an LMDB transaction sees, to be read without LMDB (storage/tree.h).
 * Stays where it is: trees point into it.
 */
struct state {
	struct pages pages;
	uint64_t txn;  /* LMDB's number of the state; 0: none was read */
	uint64_t last; /* page in use */
	struct tree free_pages;
	struct tree tables; /* name -> TREE_BYTES */
};

/*
 * 0, EILSEQ the meta page is damaged, EAGAIN it is of a later state by now:
 * the transaction that is to be read must begin anew.
 */
int state_read(struct state *state, const struct state_file *file,
    uint64_t txn);
/*
 * Begin to read: *txn is renewed, or made where it is NULL, and its state is
 * read; what was read of the same one before is left as it is.  0 or a code:
 * then *txn, where there is one, is reset.
 */
int state_begin(struct state *state, const struct state_file *file,
    MDB_env *env, MDB_txn **txn);
/*
 * The numbers of all free pages.  EILSEQ where a list of them is damaged, or
 * where `each` gave false.
 */
int state_each_free(const struct state *state,
    bool (*each)(void *arg, uint64_t page), void *arg);
/* A table by its name; the trees of one state are read on one thread. */
int state_table(const struct state *state, const char *name,
    struct tree *tree_out);

#endif
