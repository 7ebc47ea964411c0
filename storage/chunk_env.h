/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_CHUNK_ENV_H
#define STORAGE_CHUNK_ENV_H

#include "storage/chunk.h"
#include "storage/probe.h"
#include "storage/state.h"

#include <lmdb.h>
#include <stdatomic.h>

/*
 * The insides of struct chunks, for the files that are built on it alone
 * (chunk.c, tail.c): the LMDB environment and the forms of what lies there.
 */
struct chunks {
	MDB_env *lmdb;
	MDB_dbi chunk;          /* SHA-256 -> bytes, padded */
	MDB_dbi tail;           /* upload, number -> bytes, padded */
	struct state_file file; /* to be read without LMDB */
	struct probe *probe;    /* the writer's; NULL where read only */
	/*
	 * For each quarter of a chunk in the file the name of which the bytes
	 * that begin there were proven, in short: chunk_env_mark().  0: of
	 * none.  Address space until it is used.
	 */
	_Atomic(uint16_t) *proven;
	size_t proven_count;
	struct holds *holds;
	struct chunk_queue *queue; /* NULL where read only */
};

/* The tables, as their probe knows them. */
enum chunk_table {
	CHUNK_ABOUT,
	CHUNK_CHUNK,
	CHUNK_TAIL,
};

int chunk_env_open(struct chunks *chunks, const struct chunks_options *options,
    struct fault *fault);
void chunk_env_close(struct chunks *chunks);

/* A fault of an LMDB code; always -1. */
int chunk_env_fault(struct fault *fault, int code, const char *what);

/*
 * What is there now: a transaction keeps its pages, storage/tree.h reads them.
 * Stays where it is until its end.
 */
struct chunk_reader {
	MDB_txn *txn;
	struct state state;
	struct tree chunk;
	struct tree tail;
};

int chunk_env_begin(struct chunks *chunks, struct chunk_reader *reader,
    struct fault *fault);
void chunk_env_end(struct chunk_reader *reader);

/*
 * Of which name what lies there was proven; NULL where that is not kept.  A
 * damaged row may lead its name to the bytes of another.
 */
_Atomic(uint16_t) *chunk_env_proof(struct chunks *chunks, const uint8_t *data);
uint16_t chunk_env_mark(const struct sha256 *name);

/* What `len` bytes take in the map: a quarter, half or whole chunk. */
size_t chunk_env_padded(size_t len);
/* Put bytes and their padding under a key that was probed.  An LMDB code. */
int chunk_env_put(MDB_txn *txn, MDB_dbi dbi, MDB_val *key, struct bytes data,
    unsigned flags);

#endif
