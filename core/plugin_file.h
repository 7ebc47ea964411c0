/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PLUGIN_FILE_H
#define CORE_PLUGIN_FILE_H

#include "base/digest.h"
#include "base/fault.h"

/*
 * A plugin's file as a sealed memory file: what was hashed is what is loaded,
 * whatever happens to the file meanwhile, and the host needs no path.
 *
 * Owner:   the descriptor is returned; close it.
 * Errors:  FAULT_ABSENT, FAULT_LIMIT (64 MiB), FAULT_SYSTEM.
 * Thread:  worker, or main before the parts start.
 */
int plugin_file_open(const char *path, int *descriptor_out,
    struct sha256 *sha256_out, struct fault *fault);

#endif
