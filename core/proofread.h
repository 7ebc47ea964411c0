/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PROOFREAD_H
#define CORE_PROOFREAD_H

#include "core/core.h"

struct blob;

/*
 * Read a sealed container back from its chunks and prove it as whoever gets
 * it will, before anything names it: structure, every file, the lists, the
 * signature by the archive's own key, the receipts and records, and the
 * time-stamp and what proves it where it must have them.  Nothing of what wrote
 * it is used.
 *
 * Units:   at: UTC microseconds; the signer's certificate is judged then;
 *          level: "B-B", "B-T" or "B-LT", of the seal.
 * Errors:  FAULT_CORRUPT says what is wrong with it; what reading has.
 * Thread:  worker; reads all of it.
 */
int proofread_container(const struct core *core, struct blob *container,
    int64_t at, const char *level, struct fault *fault);

/*
 * The same for one without a time-stamp whose bytes are in memory.  That the
 * chunks hold these bytes is another question: proofread_stored().
 */
int proofread_bytes(const struct core *core, struct bytes container, int64_t at,
    struct fault *fault);
int proofread_stored(struct blob *container, struct bytes bytes,
    struct fault *fault);

#endif
