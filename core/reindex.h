/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REINDEX_H
#define CORE_REINDEX_H

#include "core/rules.h"
#include "storage/store.h"

/*
 * Build everything that is derived anew from the records and the log: index
 * rows, counters, tiles.  What is right already is not written, so a second
 * run changes nothing.  One that is broken off has changed nothing either.
 */
struct reindex_options {
	const char *folder;      /* for what does not fit into memory */
	size_t memory_max_bytes; /* of each list; there are three */
};

struct reindex_counts {
	uint64_t records;
	uint64_t compared; /* stored rows */
	uint64_t added;
	uint64_t changed;
	uint64_t removed;
};

/*
 * Errors:  FAULT_CORRUPT names a record that cannot be read: then nothing
 *          was written (fsck says more); FAULT_BUSY another process reads
 *          the store; what reading and writing have.  After -1 the store is
 *          to be closed.
 * Thread:  tool; the only writer of the store, which lets its snapshots be
 *          read for as long as it takes.
 */
int reindex_run(struct store *store, const struct rules *rules,
    const struct reindex_options *options, struct reindex_counts *counts_out,
    struct fault *fault);

#endif
