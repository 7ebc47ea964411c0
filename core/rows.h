/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ROWS_H
#define CORE_ROWS_H

#include "storage/key.h"
#include "storage/store.h"

/*
 * The index rows that one record gives rise to.  They are computed from the
 * record alone or from it and the tree of units, so that a change, a reindex
 * and fsck all say the same: the rows of the old revision go, those of the
 * new one stay.
 */
struct row {
	struct bytes key;
	struct bytes value;
};

struct rows {
	struct arena *arena;
	struct row *list;
	size_t count;
	size_t room;
};

void rows_init(struct rows *rows, struct arena *arena);
/* Both are copied. */
void rows_add(struct rows *rows, const struct key *key, struct bytes value);
/* In order of key; of rows with one key the last that was added. */
void rows_sort(struct rows *rows);
/* Delete what only `old` has and put what `now` has; `old` may be empty. */
void rows_replace(struct writes *writes, struct rows *old, struct rows *now);

#endif
