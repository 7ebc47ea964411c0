/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BLOB_ROW_H
#define STORAGE_BLOB_ROW_H

#include "storage/blob.h"
#include "storage/chunk.h"
#include "storage/key.h"

/*
 * The rows of blobs and uploads in the record engine, for storage/ alone;
 * docs/store.md draws them.  A list of chunk names is cut into rows of at
 * most 60, so that a row stays on a page with another.
 */
#define TABLE_BLOB   'B' /* SHA-256, row u32 -> row 0: head and names; names */
#define TABLE_UPLOAD 'U' /* id, row u32      -> row 0: state; names */

#define BLOB_ROW_NAMES 60u

/* Number of chunks of so many bytes. */
size_t blob_row_chunks(uint64_t size);
/* Length of chunk number `index` of a blob. */
size_t blob_row_chunk_bytes(uint64_t size, size_t index);

void blob_row_key(struct key *key, const struct sha256 *sum, uint32_t row);
/* Behind both rows of a small blob, given the key of its row 0. */
void blob_row_key_behind(struct key *key, struct bytes row);
/* A blob to be read by names that the caller holds; they must outlive it. */
struct blob *blob_of_names(struct chunks *chunks, const struct blob_ref *ref,
    const struct sha256 *names, struct arena *arena);
/* All rows of a blob into a set; blob_row_chunks(size) names. */
void blob_row_put(struct writes *writes, const struct blob_ref *ref,
    const struct sha256 *names);
/* The rows of a small blob, with its bytes. */
void blob_row_put_bytes(struct writes *writes, const struct blob_ref *ref,
    struct bytes bytes);

/* Row 0 of a blob. */
struct blob_head {
	uint64_t size;
	bool is_small;      /* row 1, the only other, holds the bytes */
	struct bytes names; /* of its first chunks, borrowed from the row */
};

/* FAULT_CORRUPT where it has another form. */
int blob_row_parse(struct blob_head *head_out, struct bytes row,
    struct fault *fault);

#endif
