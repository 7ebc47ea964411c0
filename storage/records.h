/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_RECORDS_H
#define STORAGE_RECORDS_H

#include "base/bytes.h"
#include "base/fault.h"
#include "storage/state.h"
#include "storage/store.h"

#include <lmdb.h>

/*
 * The LMDB environment of the records and its tables, open for the life of
 * the store.  docs/store.md draws the tables.
 */
struct records {
	MDB_env *env;
	MDB_dbi meta; /* what this store is */
	MDB_dbi rows; /* all that callers put: records, index rows, counters */
	MDB_dbi pieces;         /* long values, cut to pages */
	MDB_dbi log;            /* the append-only log */
	MDB_dbi past;           /* the sets of the last day */
	bool is_new;            /* made by this opening */
	struct state_file file; /* to be read without LMDB */
};

/*
 * Errors:  FAULT_ABSENT, FAULT_CORRUPT another format or version,
 *          FAULT_SYSTEM.
 */
int records_open(struct records *records, const char *path,
    const struct store_options *options, struct fault *fault);
void records_close(struct records *records);

/*
 * Make all of PATH/lock.mdb, in which LMDB leaves holes: whoever is the first
 * to touch one when the disk is full is killed by SIGBUS.  Before the
 * environment is opened, by whoever writes it.
 *
 * Errors:  FAULT_FULL.
 */
int records_make_lock(const char *path, unsigned readers_max,
    struct fault *fault);

/* Fill what the environment knows of the figures.  Thread: any. */
void records_measure(MDB_env *env, struct store_figures *figures);

/*
 * Say what an LMDB code or errno means.  Always -1.
 * FAULT_FULL: no room on the disk or in the map; FAULT_BUSY: a failing disk;
 * try again.  FAULT_CORRUPT: damaged.
 */
int records_fault(struct fault *fault, int code, const char *what);
/*
 * What made LMDB give this code: of a write that was cut short it says EIO
 * only, which is ENOSPC where the disk has no room.
 */
int records_cause(MDB_env *env, int code);
/* The environment as a whole is past use until it is opened anew. */
bool records_is_broken(int code);
/*
 * After a commit that failed: whether LMDB takes no more transactions, since a
 * meta page is in doubt.  Thread: the writer of the environment.
 */
bool records_is_in_doubt(MDB_env *env);

/*
 * How many entries the log has: its last one and the table's own count say the
 * same.  0 or EILSEQ.
 */
int records_log_size(const struct tree *log, uint64_t *size_out);

static inline MDB_val
records_val(struct bytes bytes)
{
	/* LMDB takes no const, and does not write. */
	return (MDB_val){ bytes.len, (void *)(uintptr_t)bytes.data };
}

static inline struct bytes
records_bytes(MDB_val val)
{
	return bytes_of(val.mv_data, val.mv_size);
}

#endif
