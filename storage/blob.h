/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BLOB_H
#define STORAGE_BLOB_H

#include "base/arena.h"
#include "base/digest.h"
#include "storage/store.h"

/*
 * Bytes of any length, named by the SHA-256 of the whole and kept as chunks.
 * Written by storage/blob_writer.h or storage/upload.h.  A blob is there from
 * the commit of its rows on.
 */
struct blob;

/* What names a blob from a record. */
struct blob_ref {
	struct sha256 sum;
	uint64_t size; /* bytes */
};

/* Its rows take 2 MiB of a set, which has at most 4 (storage/writes.h). */
#define BLOB_MAX_BYTES (16ULL << 30)

/*
 * Up to here a blob may ride in the rows of the set that names it: one commit
 * instead of two (docs/store.md).  Reading it copies it.
 */
#define BLOB_SMALL_BYTES 65536u

/*
 * Add such a blob to a set.  One that is there already may be written anew.
 *
 * Units:   1 to BLOB_SMALL_BYTES bytes; `sum` is their SHA-256.
 */
void blob_put_small(struct writes *writes, const struct sha256 *sum,
    struct bytes bytes);

/*
 * 1 found, 0 absent, -1 failed.  Reads its rows, about 32 bytes for each
 * 256 KiB of the blob; the bytes are read from the chunks later, without the
 * snapshot.  Pin it before the snapshot's thread waits for anything else.
 *
 * Owner:   the blob is the arena's; the store must outlive it.
 */
int blob_find(struct snapshot *snapshot, const struct sha256 *sum,
    struct arena *arena, struct blob **blob_out, struct fault *fault);
uint64_t blob_size(const struct blob *blob);
const struct sha256 *blob_sum(const struct blob *blob);

/* Copy bytes.  Errors: FAULT_INVALID behind the end, FAULT_CORRUPT. */
int blob_read(struct blob *blob, uint64_t offset, void *buffer, size_t len,
    struct fault *fault);

/*
 * Keep its chunks where they are until blob_unpin(), or until the arena ends,
 * also when its rows are deleted meanwhile.  Pins of one blob nest.
 */
void blob_pin(struct blob *blob);
void blob_unpin(struct blob *blob);
/*
 * The longest run of bytes from `offset` that lies in the map in one piece;
 * empty at the end.  To be sent from there.
 *
 * Owner:   borrowed while the blob is pinned.
 * Errors:  FAULT_CORRUPT: what lies there is not what was stored.
 * Thread:  worker or tool: what nobody has read yet is hashed.
 */
int blob_map(struct blob *blob, uint64_t offset, struct bytes *bytes_out,
    struct fault *fault);
/*
 * The same run in the file that the map shows: its descriptor, borrowed
 * likewise, and the place in it; -1 where it is not there.  What was handed to the kernel may go out
 * after the blob was unpinned: the collector's grace period is longer.
 */
int blob_file(const struct blob *blob, struct bytes run, uint64_t *at_out);
/*
 * What blob_map() gives, for a loop, which neither hashes nor waits for the
 * disk: 1, 0 where blob_map() and blob_warm() must see to it first, -1.
 */
int blob_peek(struct blob *blob, uint64_t offset, struct bytes *bytes_out,
    struct fault *fault);
/* Read the run from the disk ahead.  Thread: worker. */
void blob_warm(struct bytes run);

/*
 * Hash everything again.  FAULT_CORRUPT names the chunk that is missing or
 * has other bytes.  Thread: worker.
 */
int blob_verify(struct blob *blob, struct fault *fault);

/*
 * Compare what is stored with the bytes that it should be, the blob's size.
 * FAULT_CORRUPT names the chunk that is missing or has other bytes.
 *
 * Thread:  worker.
 */
int blob_compare(struct blob *blob, struct bytes bytes, struct fault *fault);

/*
 * Add the deletion of the blob's rows to a set: it is absent from its commit
 * on, and the collector takes the chunks that no other blob has.
 */
void blob_delete_rows(struct writes *writes, const struct blob_ref *ref);

#endif
