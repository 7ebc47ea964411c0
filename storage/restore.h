/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_RESTORE_H
#define STORAGE_RESTORE_H

#include "storage/backup.h"

/*
 * Make a store at plan->path, where nothing is, of a backup.  Every byte is
 * compared with its sum, and the store is checked before it has its name:
 * what is damaged, cut off or holds anything else leaves nothing behind.
 *
 * plan->files are filled with those that the backup has.
 *
 * Owner:   their bytes are returned (buf_fini()), in a failure too.
 * Errors:  FAULT_CORRUPT, naming the file, for a damaged backup or none; the
 *          rest as backup_to_folder().
 */
int restore_folder(const char *from, const struct backup_plan *plan,
    struct draft_counts *counts_out, struct fault *fault);
/* A tar from a descriptor, which is read to its end. */
int restore_stream(int descriptor, const struct backup_plan *plan,
    struct draft_counts *counts_out, struct fault *fault);

#endif
