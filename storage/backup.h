/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BACKUP_H
#define STORAGE_BACKUP_H

#include "base/buf.h"
#include "storage/draft.h"

/*
 * A copy of a whole store while it is in use.  Records are copied first and
 * chunks after, so every chunk that a record names is there; the collector of
 * this process deletes nothing meanwhile.  The store may be one that another
 * process writes, opened read-only.
 *
 * A backup is a folder, or the tar of that folder: storage/backup_list.h says
 * what is in it, storage/restore.h reads both.
 */

/* A small file that goes with a store: a key, the options. */
struct backup_file {
	const char *name; /* "keys/log.key": below one folder at most */
	mode_t mode;      /* that it gets */
	bool is_there;
	struct buf bytes; /* where it is */
};

/* What a backup or a restore is made with. */
struct backup_plan {
	const char *path; /* of the folder that is made: nothing is there */
	const struct store_options *options; /* how large the maps may be */
	struct backup_file *files;           /* all that there may be */
	size_t file_count;
};

/*
 * Into a new folder.  Durable and checked when this returns.
 *
 * Errors:  FAULT_CONFLICT there is something already; FAULT_CORRUPT the copy
 *          does not open or misses a chunk; FAULT_SYSTEM.
 * Thread:  worker or tool.
 */
int backup_to_folder(struct store *store, const struct backup_plan *plan,
    struct draft_counts *counts_out, struct fault *fault);
/* As a tar to a descriptor: a pipe, a socket, a file. */
int backup_to_stream(struct store *store, int descriptor, struct fault *fault);

#endif
