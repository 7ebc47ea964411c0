/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ID_SET_H
#define CORE_ID_SET_H

#include "base/arena.h"

#include <stdbool.h>

/*
 * Ids, each once, in the order they were added: what a walk over units has
 * seen.  Everything lies in the arena.
 */
struct id_set {
	struct arena *arena;
	const char **ids; /* `count` of them, to be walked while it grows */
	size_t count;
	size_t room;      /* of ids */
	uint32_t *places; /* by hash: index + 1 into ids, 0 free */
	size_t place_count;
};

void id_set_init(struct id_set *set, struct arena *arena);
/* The index of the id, which is copied where it is new; `*added_out` says
 * whether it was. */
size_t id_set_add(struct id_set *set, const char *id, bool *added_out);
bool id_set_has(const struct id_set *set, const char *id);
/* In order of id; places no longer hold, so nothing may be added after. */
void id_set_sort(struct id_set *set);

#endif
