/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BACKUP_H
#define STORAGE_BACKUP_H

#include "storage/draft.h"

/*
 * A copy of a whole store while it is in use, and the way back.  Records are
 * copied first and chunks after, so every chunk that a record names is there;
 * the collector of this process deletes nothing meanwhile.  The store may be
 * one that another process writes, opened read-only.
 *
 * docs/store.md draws both forms.
 */

/*
 * Into a new folder, which is a store itself (records/, chunks/) and has
 * SHA256SUMS beside.  Durable and checked when this returns.
 *
 * `options` say how large the maps of the check may be.
 * Errors:  FAULT_CONFLICT there is something already; FAULT_CORRUPT the copy
 *          does not open or misses a chunk; FAULT_SYSTEM.
 * Thread:  worker or tool.
 */
int backup_to_folder(struct store *store, const char *path,
    const struct store_options *options, struct draft_counts *counts_out,
    struct fault *fault);
/* As one stream to a descriptor: a pipe, a socket, a file. */
int backup_to_stream(struct store *store, int descriptor, struct fault *fault);

/*
 * Make a store at `path`, where nothing is, of a backup; every byte is
 * compared with its sum, and the result is checked before it has its name.
 *
 * Errors:  FAULT_CORRUPT the backup is damaged or no backup; the rest as
 *          backup_to_folder().
 */
int backup_restore_folder(const char *from, const char *path,
    const struct store_options *options, struct draft_counts *counts_out,
    struct fault *fault);
int backup_restore_stream(int descriptor, const char *path,
    const struct store_options *options, struct draft_counts *counts_out,
    struct fault *fault);

#endif
