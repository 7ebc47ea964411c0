/* SPDX-License-Identifier: Apache-2.0 */

/* An answer holds as those of core/reach.c do: see there. */

#include "core/lore.h"

#include "base/memory.h"
#include "core/places.h"

#include <stdlib.h>
#include <string.h>

#define PLACES    64u
#define ID_MAX    64u   /* text_is_id() */
#define BYTES_MAX 8192u /* so that all of it is 8 MiB at the most */

struct answer {
	char unit[ID_MAX + 1]; /* "" nothing is here */
	enum lore_kind kind;
	date_t today;
	uint64_t log_size;
	uint8_t *bytes;
	size_t len;
};

struct lore {
	struct places places;
};

struct lore *
lore_new(void)
{
	struct lore *lore = xzalloc(sizeof(*lore));

	places_init(&lore->places, PLACES, sizeof(struct answer));
	return lore;
}

static void
forget(void *place)
{
	struct answer *answer = place;

	free(answer->bytes);
}

void
lore_free(struct lore *lore)
{
	if (lore != NULL) {
		places_fini(&lore->places, forget);
		free(lore);
	}
}

static uint32_t
hash_of(enum lore_kind kind, const char *unit)
{
	return places_hash_text(PLACES_HASH ^ (uint32_t)kind, unit);
}

bool
lore_recall(const struct core *core, enum lore_kind kind, const char *unit,
    date_t today, struct arena *arena, struct bytes *answer_out)
{
	uint32_t hash = hash_of(kind, unit);
	const struct answer *answer;
	uint64_t changed;
	bool is_known;

	if (core->lore == NULL || unit[0] == '\0') {
		return false;
	}
	changed = atomic_load(&core->watch.units);
	answer = places_lock(&core->lore->places, hash);
	is_known = answer->kind == kind && answer->today == today &&
	           answer->log_size >= changed &&
	           strcmp(answer->unit, unit) == 0;
	if (is_known) {
		*answer_out =
		    arena_copy(arena, bytes_of(answer->bytes, answer->len));
	}
	places_unlock(&core->lore->places, hash);
	return is_known;
}

void
lore_keep(const struct core *core, struct snapshot *snapshot,
    enum lore_kind kind, const char *unit, date_t today, struct bytes answer)
{
	struct answer kept = { .kind = kind, .today = today };
	uint32_t hash = hash_of(kind, unit);
	struct answer *place;
	struct fault ignored;
	uint8_t *before;

	if (core->lore == NULL || strlen(unit) > ID_MAX ||
	    answer.len > BYTES_MAX ||
	    snapshot_log_size(snapshot, &kept.log_size, &ignored) < 0) {
		return;
	}
	memcpy(kept.unit, unit, strlen(unit) + 1);
	kept.bytes = xmemdup(answer.data, answer.len);
	kept.len = answer.len;
	place = places_lock(&core->lore->places, hash);
	before = place->bytes;
	*place = kept;
	places_unlock(&core->lore->places, hash);
	free(before);
}
