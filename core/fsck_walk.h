/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_WALK_H
#define CORE_FSCK_WALK_H

#include "core/fsck_expect.h"

/*
 * The rows that must be beside those that are, both in order of key: what
 * differs comes out.
 */
enum fsck_state {
	FSCK_MISSING,
	FSCK_EXTRA,
	FSCK_DIFFERENT,
};

struct fsck_difference {
	enum fsck_state state;
	bool is_counter;
	struct bytes key; /* these three borrowed until the next call */
	struct bytes wanted;
	struct bytes got;
};

struct fsck_walk;

/* Which stored rows are compared: those of whole tables, or of TABLE_META. */
typedef bool (*fsck_owns_fn)(struct bytes key);

/* The lists of rows and counters are sorted here and read to their end. */
int fsck_walk_new(struct fsck_walk **walk_out, const struct fsck_expect *expect,
    fsck_owns_fn owns, struct fault *fault);
void fsck_walk_free(struct fsck_walk *walk);

/*
 * Read what is stored in this snapshot, on from where the last one was left.
 * To let go of a snapshot call it with NULL.
 */
int fsck_walk_look(struct fsck_walk *walk, struct snapshot *snapshot,
    struct fault *fault);
/* 1 and the next difference, 0 at the end, -1 failed. */
int fsck_walk_next(struct fsck_walk *walk, struct fsck_difference *out,
    struct fault *fault);
/* Stored rows that were compared so far. */
uint64_t fsck_walk_count(const struct fsck_walk *walk);

#endif
