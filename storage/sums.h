/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_SUMS_H
#define STORAGE_SUMS_H

#include "base/digest.h"

#include <stdbool.h>

/*
 * A set of SHA-256 sums in memory, each with a number beside it.  Takes about
 * 80 bytes a sum.
 *
 * Thread:  one at a time.
 */
struct sums;

struct sums *sums_new(void);
void sums_free(struct sums *sums);

/* Add, where it is absent.  Whether it was. */
bool sums_add(struct sums *sums, const struct sha256 *sum, int64_t number);
/* false where absent; number_out may be NULL. */
bool sums_has(const struct sums *sums, const struct sha256 *sum,
    int64_t *number_out);
/* Whether it was there. */
bool sums_remove(struct sums *sums, const struct sha256 *sum);
size_t sums_count(const struct sums *sums);
/* Forget all, keep the memory. */
void sums_clear(struct sums *sums);

#endif
