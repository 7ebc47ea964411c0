/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BACKUP_STREAM_H
#define STORAGE_BACKUP_STREAM_H

#include "base/digest.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * The form of a backup that is one stream, for storage/ alone:
 *
 *     12  "hoso-backup", NUL
 *      4  u32be  version, 1
 *     then for each part, "records" and "chunks":
 *      1  'P'
 *      1  u8     length of the name, then the name
 *      .  blocks: u32be length (1 to 1 MiB), bytes
 *      4  u32be  0: the part ends
 *      8  u64be  length of the part
 *     32  SHA-256 of the part
 *     and at the end
 *      1  'E'
 */
#define BACKUP_BLOCK_MAX (1u << 20)

int backup_stream_begin(int descriptor, struct fault *fault);
int backup_stream_begin_part(int descriptor, const char *name,
    struct fault *fault);
int backup_stream_block(int descriptor, struct bytes block,
    struct fault *fault);
int backup_stream_end_part(int descriptor, uint64_t len,
    const struct sha256 *sum, struct fault *fault);
int backup_stream_end(int descriptor, struct fault *fault);

/* Reading: what is not there as expected is FAULT_CORRUPT. */
int backup_stream_read_begin(int descriptor, struct fault *fault);
int backup_stream_read_part(int descriptor, const char *name,
    struct fault *fault);
/* 1 and a block in `block` (BACKUP_BLOCK_MAX), 0 at the end of the part. */
int backup_stream_read_block(int descriptor, uint8_t *block, size_t *len_out,
    struct fault *fault);
int backup_stream_read_end_part(int descriptor, uint64_t len,
    const struct sha256 *sum, struct fault *fault);
int backup_stream_read_end(int descriptor, struct fault *fault);

#endif
