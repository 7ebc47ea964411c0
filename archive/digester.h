/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_DIGESTER_H
#define ARCHIVE_DIGESTER_H

#include "archive/digest_kind.h"

/*
 * A thread that adds bytes to a digest set while the caller fetches the next
 * ones.  It takes them in their order and keeps a copy until then, 1 MiB at
 * most; a caller who is faster waits.
 *
 * Thread:  one caller, the same from new to free.
 */
struct digester;

/* Errors:  FAULT_SYSTEM no thread can be had. */
int digester_new(struct digester **digester_out, struct fault *fault);
void digester_free(struct digester *digester);

/* The set must not be touched until digester_wait(). */
void digester_add(struct digester *digester, struct digest_set *set,
    struct bytes bytes);
/* All that was handed over is in its set. */
void digester_wait(struct digester *digester);

#endif
