/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_HOLD_H
#define STORAGE_HOLD_H

#include "base/digest.h"

#include <stdbool.h>

/*
 * Who keeps chunks from the collector while no row does yet, or no more: a
 * writer holds what it put until its blob's rows are committed, a download
 * holds the blob that it sends.  And what the collector marked as named by
 * nobody: a mark goes when the chunk is put again or held.
 *
 * A chunk that is held is not marked, and only a marked one is deleted.
 *
 * Thread:  any.  The lock inside is a leaf.
 */
struct holds;
struct hold;

/* The collector goes on when these were deleted. */
#define HOLD_MARKS_MAX 65536u

struct holds *holds_new(void);
void holds_free(struct holds *holds);

/* A list of its own that grows; hold_names() is its owner's to read. */
struct hold *hold_new(struct holds *holds);
void hold_add(struct hold *hold, const struct sha256 *name);
const struct sha256 *hold_names(const struct hold *hold);
size_t hold_count(const struct hold *hold);
/* A list that somebody else owns, borrowed until hold_free(). */
struct hold *hold_of(struct holds *holds, const struct sha256 *names,
    size_t count);
void hold_free(struct hold *hold);

/*
 * Mark those that nobody holds, as of `now`; one that is marked keeps its
 * older time.
 */
void holds_mark(struct holds *holds, const struct sha256 *names, size_t count,
    int64_t now);
void holds_unmark(struct holds *holds, const struct sha256 *name);
/* since_out may be NULL. */
bool holds_is_marked(struct holds *holds, const struct sha256 *name,
    int64_t *since_out);

/* How many hold it. */
unsigned holds_count(struct holds *holds, const struct sha256 *name);

/* While a backup copies, nothing is deleted.  Calls nest. */
void holds_freeze(struct holds *holds);
void holds_thaw(struct holds *holds);

#endif
