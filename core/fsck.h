/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_H
#define CORE_FSCK_H

#include "core/rules.h"
#include "storage/store.h"

/*
 * Prove that everything that is stored fits together: records and their
 * history, what is derived from them, the log and its tree, files and their
 * chunks.  What must be is computed anew, by code that shares nothing with
 * what wrote it but the layout of docs/store.md.
 */

/* One damage; the texts live for the call. */
struct fsck_finding {
	const char *code;   /* "row.missing": docs/operator.md lists them */
	const char *where;  /* "dossiers-under unit=xa-xop dossier=..." */
	const char *what;   /* a sentence without its stop */
	const char *remedy; /* what the operator does about it */
};

typedef void (*fsck_found_fn)(void *arg, const struct fsck_finding *finding);

struct fsck_options {
	bool deep;               /* read every file and hash it anew */
	struct bytes log_key;    /* text of keys/log.key; none: not compared */
	struct bytes log_vkey;   /* text of keys/log.vkey; likewise */
	const char *folder;      /* for what does not fit into memory */
	size_t memory_max_bytes; /* roughly, of each of five lists */
	fsck_found_fn found;
	void *arg;
};

/* What was looked at. */
struct fsck_counts {
	uint64_t records;
	uint64_t revisions; /* the present ones among them */
	uint64_t rows;      /* derived ones and counters */
	uint64_t leaves;
	uint64_t blobs;
	uint64_t chunks; /* that a blob names */
	uint64_t findings;
};

/*
 * All of it in one snapshot: open the store with a snapshot_max_ms that lets
 * it be read, read_only beside a running server.
 *
 * Errors:  where checking itself fails; damage is a finding and no error.
 * Thread:  tool or worker.
 */
int fsck_run(struct store *store, const struct rules *rules,
    const struct fsck_options *options, struct fsck_counts *counts_out,
    struct fault *fault);

#endif
