/* SPDX-License-Identifier: Apache-2.0 */

/*
 * An array and, beside it, an open-addressed table of places in it, at most
 * half full.  What it outgrows stays in the arena until that ends.
 */

#include "core/id_set.h"

#include <stdlib.h>

#define FIRST_ROOM 16u

void
id_set_init(struct id_set *set, struct arena *arena)
{
	*set = (struct id_set){ .arena = arena };
}

/* FNV-1a, 32 bits. */
static uint32_t
hash_of(const char *id)
{
	uint32_t hash = 2166136261u;

	for (; *id != '\0'; id++) {
		hash = (hash ^ (uint8_t)*id) * 16777619u;
	}
	return hash;
}

/* Where the id is, or where it would go. */
static uint32_t *
place_of(const struct id_set *set, const char *id)
{
	size_t at = hash_of(id) & (set->place_count - 1);

	while (set->places[at] != 0 &&
	       strcmp(set->ids[set->places[at] - 1], id) != 0) {
		at = (at + 1) & (set->place_count - 1);
	}
	return &set->places[at];
}

static void
grow(struct id_set *set)
{
	size_t room = set->room > 0 ? 2 * set->room : FIRST_ROOM;
	const char **ids = arena_alloc(set->arena, room * sizeof(*ids));

	if (set->count > 0) {
		memcpy(ids, set->ids, set->count * sizeof(*ids));
	}
	set->ids = ids;
	set->room = room;
	set->place_count = 2 * room;
	set->places =
	    arena_alloc(set->arena, set->place_count * sizeof(*set->places));
	for (size_t i = 0; i < set->count; i++) {
		*place_of(set, ids[i]) = (uint32_t)i + 1;
	}
}

size_t
id_set_add(struct id_set *set, const char *id, bool *added_out)
{
	uint32_t *place;

	if (set->count == set->room) {
		grow(set);
	}
	place = place_of(set, id);
	*added_out = *place == 0;
	if (*place == 0) {
		set->ids[set->count++] = arena_text(set->arena, id);
		*place = (uint32_t)set->count;
	}
	return *place - 1;
}

bool
id_set_has(const struct id_set *set, const char *id)
{
	return set->count > 0 && *place_of(set, id) != 0;
}

static int
compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void
id_set_sort(struct id_set *set)
{
	if (set->count > 0) {
		qsort(set->ids, set->count, sizeof(*set->ids), compare);
	}
}
