/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DRAFT_H
#define STORAGE_DRAFT_H

#include "base/digest.h"
#include "storage/store.h"

/*
 * The folder of a store in the making, for backup and restore: it is filled
 * under PATH.partial, made durable, opened read-only and checked, and only
 * then gets its name.
 */
struct draft;

/* The parts of a store, in the order in which they are copied. */
#define DRAFT_PARTS 2u
extern const char *const draft_parts[DRAFT_PARTS]; /* "records", "chunks" */

/* What the check of a store counted. */
struct draft_counts {
	uint64_t log_size; /* entries */
	uint64_t blobs;
	uint64_t blob_bytes;
	uint64_t chunks; /* stored; some may belong to no blob */
};

/*
 * Errors:  FAULT_CONFLICT something is at the path already; FAULT_SYSTEM.
 */
int draft_new(struct draft **draft_out, const char *path, struct fault *fault);
/* What was not committed is deleted. */
void draft_free(struct draft *draft);

/* The next part's file, to be written from its beginning. */
int draft_open_part(struct draft *draft, unsigned part, int *descriptor_out,
    struct fault *fault);
/* Sync and close it; `sum` is that of its bytes. */
int draft_close_part(struct draft *draft, unsigned part, int descriptor,
    const struct sha256 *sum, struct fault *fault);
/*
 * Check the whole and give it its name.  `options` say how large the maps may
 * be; with `sums` a file SHA256SUMS, as sha256sum(1) writes it, is added.
 *
 * Errors:  FAULT_CORRUPT a chunk of a blob is missing, or as store_open().
 */
int draft_commit(struct draft *draft, const struct store_options *options,
    bool sums, struct draft_counts *counts_out, struct fault *fault);

/* Count what is there, and that every blob has all its chunks. */
int draft_check(struct store *store, struct draft_counts *counts_out,
    struct fault *fault);

#endif
