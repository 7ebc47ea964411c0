/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ATTACHMENT_H
#define CORE_ATTACHMENT_H

#include "base/digest.h"
#include "core/core.h"

/*
 * The bytes of a file that a record names, to be handed out: they stay where
 * they are, and are sent from there, until the arena ends.
 */
struct attachment;

/*
 * Errors:  FAULT_CORRUPT where the record names bytes that are not stored.
 * Owner:   the arena's; pinned until it ends, also without the snapshot.
 */
int attachment_open(struct attachment **attachment_out,
    struct snapshot *snapshot, struct arena *arena, const struct sha256 *sum,
    struct fault *fault);
uint64_t attachment_size(const struct attachment *attachment);

/*
 * The longest run of bytes from `offset` that lies in one piece: 1, 0 where
 * attachment_read() must see to it first, -1.
 *
 * Thread:  the loop that has the attachment.
 */
int attachment_peek(const struct attachment *attachment, uint64_t offset,
    struct bytes *run_out, struct fault *fault);
/*
 * The same run, read from the disk and proven.
 *
 * Errors:  FAULT_CORRUPT where it is not what was stored.
 * Thread:  worker.
 */
int attachment_read(const struct attachment *attachment, uint64_t offset,
    struct bytes *run_out, struct fault *fault);
/* The file that a run lies in, and where. */
int attachment_file(const struct attachment *attachment, struct bytes run,
    uint64_t *at_out);

#endif
