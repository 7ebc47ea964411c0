/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"

#include <sys/types.h>

/* Append a whole file.  Errors: FAULT_ABSENT, FAULT_LIMIT (buf's), FAULT_SYSTEM. */
int file_read(struct buf *out, const char *path, struct fault *fault);
/* Write by a temporary name, fsync, rename, fsync the folder. */
int file_write(const char *path, struct bytes bytes, mode_t mode,
    struct fault *fault);
/* All bytes, whatever the system takes at a time. */
int file_write_all(int descriptor, struct bytes bytes, struct fault *fault);
/* Make a folder and its missing parents. */
int file_make_folder(const char *path, mode_t mode, struct fault *fault);
int file_sync_folder(const char *path, struct fault *fault);

#endif
