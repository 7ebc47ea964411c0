/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_LMDB_COPY_H
#define STORAGE_LMDB_COPY_H

#include "base/bytes.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * How many bytes a copy has that mdb_env_copyfd2() is writing, by its first
 * two pages, which are its meta pages.
 *
 * Units:   `head` is the beginning of the copy: 64 KiB, or all of it.
 * Errors:  FAULT_CORRUPT where they are no meta pages.
 * Source:  LMDB 0.9.24, struct MDB_page, struct MDB_meta, mdb_env_copyfd0(),
 *          mdb_env_copyfd1().
 */
int lmdb_copy_bytes(uint64_t *bytes_out, struct bytes head,
    struct fault *fault);

#define LMDB_COPY_HEAD (64u << 10) /* two pages of at most 32 KiB */

#endif
