/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_TREE_H
#define CORE_FSCK_TREE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/json.h"
#include "storage/store.h"

#include <stdbool.h>

/*
 * The checker's own tree of units, read off their records alone and kept in
 * memory: who stands above whom on a day, as docs/store.md says it, found
 * without the index rows that are to be checked.
 */
struct fsck_parent {
	uint8_t relation; /* 'a', 's', 'm' */
	const char *unit;
	struct span held; /* within the child's life */
};

struct fsck_unit {
	const char *id;
	struct span life;
	bool named; /* on some day of its life: without a name it is nowhere */
	struct fsck_parent *parents;
	size_t parent_count;
};

struct fsck_tree {
	struct arena *arena;     /* holds everything */
	struct fsck_unit *units; /* in order of id */
	size_t count;
	size_t room;
};

/* 'a' of "adm" and so on; 0 where there is no such word. */
uint8_t fsck_relation(const char *word);
/* "from" and "to" beside something; open where absent or no day. */
struct span fsck_span(const json_t *object);
struct span fsck_span_within(struct span span, struct span life);

void fsck_tree_init(struct fsck_tree *tree, struct arena *arena);
/* All units that can be read; `scratch` is reset for each. */
int fsck_tree_read(struct fsck_tree *tree, struct snapshot *snapshot,
    struct arena *scratch, struct fault *fault);
/* Units come in order of id; copied. */
void fsck_tree_add(struct fsck_tree *tree, const char *id, const json_t *value);

/*
 * The days from `from` on, at most to `until`, on which the unit has no adm
 * parent that stood; false where there are none.
 */
bool fsck_tree_top(const struct fsck_tree *tree, const char *unit, date_t from,
    date_t until, struct span *days_out);

/*
 * Every unit that what is filed under `unit` on `date` counts for: itself,
 * the adm line above it, the clusters that one of these was a member of.
 * The list lies in `arena`; its ids are the tree's or the caller's.
 */
size_t fsck_tree_over(const struct fsck_tree *tree, struct arena *arena,
    const char *unit, date_t date, const char ***ids_out);

#endif
