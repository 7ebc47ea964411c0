/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_FOLDER_H
#define STORAGE_FOLDER_H

#include "base/fault.h"

#include <stdbool.h>

/*
 * The folder of a store, held against everybody else: one process writes it,
 * and no process opens it twice.
 */
struct folder;

/*
 * Errors:  FAULT_ABSENT not there and create is not set; FAULT_BUSY held by
 *          another process or by this one; FAULT_INVALID a network file
 *          system; FAULT_SYSTEM.
 */
int folder_open(struct folder **folder_out, const char *path, bool create,
    bool read_only, struct fault *fault);
void folder_close(struct folder *folder);

/*
 * The path of a part of the store, a folder of its own; made where `create`
 * was set.  *path_out is freed by the caller.
 */
int folder_part(struct folder *folder, const char *name, char **path_out,
    struct fault *fault);
/* Make the names durable of the folder, its parts and what is in `part`. */
int folder_sync(const struct folder *folder, const char *part,
    struct fault *fault);

#endif
