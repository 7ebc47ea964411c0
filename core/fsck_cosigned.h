/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_COSIGNED_H
#define CORE_FSCK_COSIGNED_H

#include "archive/merkle.h"
#include "core/fsck_inside.h"

/*
 * The checkpoints that witnesses signed, beside the log as it is: where they
 * differ, it is not the log that the witnesses saw.
 */
#define FSCK_COSIGNED_MAX 64u /* more than are ever kept */

struct fsck_cosigned {
	unsigned count;
	unsigned next; /* that was not compared yet */

	struct {
		uint64_t size;
		struct sha256 root;
	} list[FSCK_COSIGNED_MAX]; /* by size */
};

/* Read them, and tell of those that are none (cosigned.form). */
int fsck_cosigned_read(struct fsck_cosigned *cosigned, struct fsck *fsck,
    struct fault *fault);
/* The log's tree has grown by one: compare what was signed at this size. */
void fsck_cosigned_compare(struct fsck_cosigned *cosigned, struct fsck *fsck,
    const struct merkle_frontier *frontier);
/* The log has ended: tell of what was signed beyond. */
void fsck_cosigned_end(const struct fsck_cosigned *cosigned, struct fsck *fsck,
    uint64_t size);

#endif
