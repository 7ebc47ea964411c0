/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_ANCHOR_H
#define STORAGE_ANCHOR_H

#include "base/fault.h"

#include <lmdb.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The last state of an LMDB environment that is known to be on the disk as a
 * whole.  LMDB goes on from there without syncing; what it writes may reach
 * the disk in any order or not at all.  Where the machine stops, the anchor's
 * meta page is put back and the journal is done again from there.  A reader
 * keeps LMDB from using the anchor's pages again.
 */
#define ANCHOR_META_BYTES 152u /* page head and MDB_meta of LMDB 0.9 */
#define ANCHOR_WHERE_MAX  96u

struct anchor {
	uint64_t generation; /* one more each time */
	uint64_t next;       /* the journal's first group that it lacks */
	uint64_t txn;        /* LMDB's number of the state */
	bool closed;         /* the journal holds nothing: no need to look */
	uint8_t meta[ANCHOR_META_BYTES];
	char where[ANCHOR_WHERE_MAX]; /* the boot and mount it was made under */
};

/* The file `folder`/anchor.  Descriptor, or -1. */
int anchor_open(const char *folder, bool create, struct fault *fault);
/*
 * The newest that was written whole; *found_out is false where there is none:
 * a store that was copied or is new.
 */
int anchor_read(int file, struct anchor *anchor_out, bool *found_out,
    struct fault *fault);
/* Write and sync.  The one before it stays readable until then. */
int anchor_write(int file, const struct anchor *anchor, struct fault *fault);

/* Fill in the state that `reader` sees, which is the last one committed. */
int anchor_take(struct anchor *anchor, MDB_env *env, MDB_txn *reader,
    struct fault *fault);
/*
 * Whether what LMDB wrote after the anchor may be lost: the machine was
 * started or the file system mounted anew since.
 */
bool anchor_is_adrift(const struct anchor *anchor, const char *folder);
/* Say where we are. */
void anchor_set_where(struct anchor *anchor, const char *folder);
/*
 * Whether `folder`/data.mdb, which somebody may be writing, has lost the
 * state: its meta page is damaged or was never written, but the other one is
 * of the state before, so that this one can be put back.
 *
 * Errors:  FAULT_CORRUPT these are no records that ever had the state.
 */
int anchor_is_lost(const struct anchor *anchor, const char *folder,
    bool *is_lost_out, struct fault *fault);
/*
 * Put the state back, in `folder`/data.mdb, which nobody has open.  May be
 * broken off and done again.
 */
int anchor_restore(const struct anchor *anchor, const char *folder,
    struct fault *fault);

#endif
