/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_TAIL_H
#define STORAGE_TAIL_H

#include "base/fault.h"
#include "base/random.h"
#include "storage/chunk.h"

/*
 * What an unfinished upload has received behind its last whole chunk.  A tail
 * lies under the upload's id and the number of whole chunks before it; an
 * older one stays until the row that needs it is no more (storage/upload.h).
 *
 * Thread:  worker or tool for what writes.
 */

/*
 * Store a tail, replacing one of the same number, and delete those of the
 * upload with a number below `keep_from`.  No bytes: delete only.
 */
int tail_put(struct chunks *chunks, const char *upload, uint32_t number,
    struct bytes data, uint32_t keep_from, struct fault *fault);
/* 1 and the first `len` bytes, 0 absent, -1; FAULT_CORRUPT when shorter. */
int tail_find(struct chunks *chunks, const char *upload, uint32_t number,
    void *buffer, size_t len, struct fault *fault);
/* All tails of the upload. */
int tail_delete(struct chunks *chunks, const char *upload, struct fault *fault);
/* The first upload after `after` ("" for all) that has a tail: 1, 0, -1. */
int tail_next(struct chunks *chunks, const char *after, char next[ID_TEXT],
    struct fault *fault);

#endif
