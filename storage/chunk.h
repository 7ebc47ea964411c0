/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_CHUNK_H
#define STORAGE_CHUNK_H

#include "base/digest.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * Pieces of blobs, each named by its own SHA-256, stored once and never
 * rewritten, in an LMDB environment of their own with one writer thread
 * (docs/store.md).  A blob is put together from them by storage/blob.h, which
 * also knows their lengths: a stored value may be padded with zeros.
 */
struct chunks;
struct loop;

/* 64 pages of 4 KiB less the 16 bytes that LMDB keeps before a long value. */
#define CHUNK_BYTES 262128u

struct chunks_options {
	const char *path;   /* folder; made where `create` is set */
	uint64_t map_bytes; /* address space, chosen once */
	unsigned readers_max;
	bool create;
	bool read_only; /* no writer thread; nothing may be put */
};

/*
 * Errors:  FAULT_ABSENT nothing there and create is not set, FAULT_CORRUPT
 *          another format or version, FAULT_SYSTEM.
 */
int chunks_open(struct chunks **chunks_out,
    const struct chunks_options *options, struct fault *fault);
/* What was handed over before is committed and told first. */
void chunks_close(struct chunks *chunks);

/* --- writing ---------------------------------------------------------- */

/* `fault` is NULL when the chunk is durable; borrowed for the call. */
typedef void (*chunk_done_fn)(void *arg, const struct fault *fault);

/*
 * Store a chunk; one that is there already is a success and writes nothing.
 * Where its bytes are no longer what they were these are written in their
 * place, unless somebody reads it or a damaged row has its pages, too.
 * done() runs on `loop`.  Where loop is NULL it runs on the writer thread (and
 * must not put), and the call itself waits while the queue is full; with a
 * loop a full queue is told to done() as FAULT_BUSY.
 *
 * Units:   1 to CHUNK_BYTES bytes.
 * Owner:   name and data are borrowed until done().
 * Errors:  FAULT_BUSY disk or map full, I/O error, queue full: try again;
 *          FAULT_CORRUPT the environment is damaged and written no more, or
 *          what is there is not what was stored and cannot be replaced.
 */
void chunk_put(struct chunks *chunks, const struct sha256 *name,
    struct bytes data, struct loop *loop, chunk_done_fn done, void *arg);
/* The same and wait.  Thread: worker or tool, never a loop. */
int chunk_put_wait(struct chunks *chunks, const struct sha256 *name,
    struct bytes data, struct fault *fault);
/*
 * Delete those of the names that storage/hold.h still has marked.  One whose
 * bytes are not what it says stays.
 *
 * Units:   at most CHUNK_DELETE_MAX names a call.
 * Thread:  worker or tool; waits for the commit.
 */
#define CHUNK_DELETE_MAX 64u
int chunk_delete_marked(struct chunks *chunks, const struct sha256 *names,
    size_t count, size_t *deleted_out, struct fault *fault);

/* --- reading: 1 there, 0 absent, -1 failed.  Thread: any. --------------- */

int chunk_has(struct chunks *chunks, const struct sha256 *name,
    struct fault *fault);
/* Copy `len` bytes from `offset`.  FAULT_CORRUPT where it is shorter. */
int chunk_get(struct chunks *chunks, const struct sha256 *name, size_t offset,
    void *buffer, size_t len, struct fault *fault);
/*
 * The stored bytes (with their padding) in the map itself.
 *
 * Owner:   borrowed, while a hold names the chunk and chunks is open.
 */
int chunk_map(struct chunks *chunks, const struct sha256 *name,
    struct bytes *bytes_out, struct fault *fault);
/*
 * Whether the first `len` bytes that chunk_map() gave are what the name says.
 * Hashed once; after that it is remembered until the store is closed or
 * chunk_doubt() is called.
 *
 * Errors:  FAULT_CORRUPT.
 */
int chunk_prove(struct chunks *chunks, const struct sha256 *name,
    struct bytes stored, size_t len, struct fault *fault);
void chunk_doubt(struct chunks *chunks, const uint8_t *data);
/* It is remembered: chunk_prove() would not hash. */
bool chunk_is_proven(struct chunks *chunks, const struct sha256 *name,
    struct bytes stored);
/*
 * The file that the map shows, and where in it lie bytes that chunk_map()
 * gave: to be handed to the kernel, which then need not copy them.  -1 where
 * that is not known.
 *
 * Owner:   the descriptor is borrowed while chunks is open; it has no place
 *          of its own that may be moved.
 */
int chunk_file(const struct chunks *chunks, const uint8_t *data,
    uint64_t *at_out);

/*
 * Up to `max` names that begin with `first`, in order; those after `after`,
 * or from the beginning where it is NULL.  Fewer than max: no more follow.
 */
int chunk_list(struct chunks *chunks, uint8_t first, const struct sha256 *after,
    struct sha256 *names, size_t max, size_t *count_out, struct fault *fault);

struct chunks_stat {
	uint64_t count;      /* chunks */
	uint64_t tails;      /* unfinished tails of uploads */
	uint64_t used_bytes; /* of the map, freed pages included */
	uint64_t map_bytes;
	uint64_t waiting_bytes; /* handed over and not yet durable */
};

/* The LMDB code for which nothing is written any more, or 0.  Thread: any. */
int chunks_damage(const struct chunks *chunks);
int chunks_stat(struct chunks *chunks, struct chunks_stat *stat_out,
    struct fault *fault);
/* A consistent copy of the environment to a descriptor, while it is written. */
int chunks_copy(struct chunks *chunks, int descriptor, struct fault *fault);

/* What protects chunks from the collector. */
struct holds *chunks_holds(struct chunks *chunks);

#endif
