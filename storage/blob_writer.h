/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BLOB_WRITER_H
#define STORAGE_BLOB_WRITER_H

#include "storage/blob.h"

/*
 * Makes a blob of bytes that come piece by piece.  Chunks go to the chunk
 * writer while the next bytes are hashed; about 2 MiB are in flight, and
 * 32 bytes a chunk are kept until the end.
 *
 *     writer = blob_writer_new(store);
 *     blob_writer_add(writer, bytes, fault);   any number of times
 *     blob_writer_close(writer);               optional: no more will come
 *     blob_writer_end(writer, &ref, fault);    all chunks are durable
 *     blob_put_rows(writer, writes);           the blob is in the caller's set
 *     ... commit ...
 *     blob_writer_free(writer);                after the commit's outcome
 *
 * Until blob_writer_free() the collector leaves its chunks alone.
 *
 * Thread:  one worker (or tool) at a time.
 */
struct blob_writer;

struct blob_writer *blob_writer_new(struct store *store);
void blob_writer_free(struct blob_writer *writer);

/*
 * After a failure every later call gives the same fault.
 *
 * Errors:  FAULT_LIMIT over BLOB_MAX_BYTES; FAULT_BUSY, FAULT_CORRUPT as
 *          chunk_put().
 */
int blob_writer_add(struct blob_writer *writer, struct bytes bytes,
    struct fault *fault);
/*
 * Hand the rest over without waiting for the disk: there is something else to
 * do meanwhile.  Nothing is added any more.
 */
void blob_writer_close(struct blob_writer *writer);
int blob_writer_end(struct blob_writer *writer, struct blob_ref *ref_out,
    struct fault *fault);
/*
 * The blob that was written, before anything names it: to be read back.  Not
 * to be pinned.
 *
 * Owner:   the blob is the arena's; the writer must outlive it.
 */
struct blob *blob_writer_read(const struct blob_writer *writer,
    struct arena *arena);
/*
 * Add the rows of the blob to the caller's set.  A blob that is there already
 * stays as it is.
 */
void blob_put_rows(const struct blob_writer *writer, struct writes *writes);

/*
 * All of it in one call, for bytes that are in memory.  The set must be
 * committed within the collector's grace period.
 */
int blob_put(struct store *store, struct bytes bytes, struct writes *writes,
    struct blob_ref *ref_out, struct fault *fault);

/* --- for storage/upload.c: a writer that stops and goes on ------------- */

uint64_t blob_writer_size(const struct blob_writer *writer);
/* Names of the whole chunks so far; borrowed until the next call. */
const struct sha256 *blob_writer_names(const struct blob_writer *writer,
    size_t *count_out);
/* The bytes behind them; borrowed until the next call. */
struct bytes blob_writer_tail(const struct blob_writer *writer);
/* Wait until the whole chunks are durable. */
int blob_writer_flush(struct blob_writer *writer, struct fault *fault);
/*
 * Go on behind a whole chunk that is stored: hash it, and compare it with its
 * name (FAULT_CORRUPT).  Before any other bytes.
 */
int blob_writer_resume(struct blob_writer *writer, const struct sha256 *name,
    struct fault *fault);
/* Forget the tail, give the memory back; add the tail again to go on. */
void blob_writer_rest(struct blob_writer *writer);

#endif
