/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_UPLOAD_QUOTA_H
#define STORAGE_UPLOAD_QUOTA_H

#include "storage/upload.h"

/*
 * Count one more for the owner, if he may have it beside what he has begun and
 * not yet filed: lengths that were announced count as if they had come, an
 * unknown one as the longest, and none as less than UPLOAD_LEAST_BYTES.  Two
 * that begin while others are counted may both pass.
 *
 * Errors:  FAULT_LIMIT.
 */
#define UPLOAD_LEAST_BYTES (UINT64_C(1) << 20)

int upload_quota_take(struct uploads *uploads, const struct upload_ask *ask,
    struct fault *fault);

#endif
