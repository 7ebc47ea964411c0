/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DRAFT_H
#define STORAGE_DRAFT_H

#include "storage/store.h"

#include <sys/types.h>

/*
 * A folder in the making that is a store or has one in it, for restore and
 * backup: it is filled under PATH.partial, made durable, the store is opened
 * read-only and checked, and only then it gets its name.
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

struct draft_layout {
	const char *store;        /* folder of the store; "": the draft is it */
	const char *const *files; /* all that may lie beside; "keys/log.key" */
	size_t file_count;
};

/*
 * Owner:   the layout and what it names are borrowed until draft_free().
 * Errors:  FAULT_CONFLICT something is at the path already, or somebody else
 *          is writing one for it; FAULT_SYSTEM.
 */
int draft_new(struct draft **draft_out, const char *path,
    const struct draft_layout *layout, struct fault *fault);
/* What was not committed is deleted. */
void draft_free(struct draft *draft);

/* The next part's file, to be written from its beginning. */
int draft_open_part(struct draft *draft, unsigned part, int *descriptor_out,
    struct fault *fault);
/* Sync and close it. */
int draft_close_part(struct draft *draft, unsigned part, int descriptor,
    struct fault *fault);
/* One of the files of the layout, durable. */
int draft_add_file(struct draft *draft, const char *name, struct bytes bytes,
    mode_t mode, struct fault *fault);
/*
 * Check the store and give the whole its name.  `options` say how large the
 * maps may be.
 *
 * Errors:  FAULT_CORRUPT a chunk of a blob is missing, or as store_open().
 */
int draft_commit(struct draft *draft, const struct store_options *options,
    struct draft_counts *counts_out, struct fault *fault);

/* Count what is there, and that every blob has all its chunks. */
int draft_check(struct store *store, struct draft_counts *counts_out,
    struct fault *fault);

#endif
