/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_COLLECT_H
#define STORAGE_COLLECT_H

#include "storage/store.h"

#include <stdatomic.h>

/*
 * Deletes the chunks that no blob and no upload names, and tails without
 * their upload.  A chunk is found so by one run, which marks it, and deleted
 * by a run at least a grace period later that finds it so again, if nobody
 * held it or put it meanwhile (storage/hold.h).
 *
 * The grace period must be longer than anything lasts between a chunk and the
 * commit of its rows without a hold, or between a row that was read and its
 * pin; and than a backup by another process copies records.
 */
#define COLLECT_GRACE_MS (60ULL * 60 * 1000)

struct collect_counts {
	uint64_t chunks;  /* seen */
	uint64_t orphans; /* of them named by nobody */
	uint64_t deleted; /* of the orphans */
	uint64_t tails;   /* deleted */
};

/*
 * One run over the whole store.  Memory is flat: names are compared in parts,
 * by their first byte.  `stop`, where given, ends it early.
 *
 * Errors:  FAULT_CORRUPT a row that is not understood; then nothing is deleted
 *          that it might name.
 * Thread:  worker or tool; one run at a time.
 */
int collect_run(struct store *store, uint64_t grace_ms, const atomic_bool *stop,
    struct collect_counts *counts_out, struct fault *fault);

#endif
