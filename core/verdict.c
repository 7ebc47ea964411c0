/* SPDX-License-Identifier: Apache-2.0 */

/* A verdict lies whole in the place of its id and serial (core/places.h). */

#include "core/verdict.h"

#include "base/memory.h"
#include "core/places.h"

#include <stdlib.h>

#define PLACES 128u
#define ID_MAX 64u /* text_is_id() */

struct place {
	struct verdict verdict; /* its id is the field below */
	char id[ID_MAX + 1];
	uint64_t log_size; /* of the snapshot, at least */
};

struct verdicts {
	struct places places;
};

struct verdicts *
verdicts_new(void)
{
	struct verdicts *verdicts = xzalloc(sizeof(*verdicts));

	places_init(&verdicts->places, PLACES, sizeof(struct place));
	return verdicts;
}

void
verdicts_free(struct verdicts *verdicts)
{
	if (verdicts != NULL) {
		places_fini(&verdicts->places, NULL);
		free(verdicts);
	}
}

static uint32_t
hash_of(const struct verdict *verdict)
{
	return places_hash_text(PLACES_HASH ^ (uint32_t)verdict->serial,
	    verdict->id);
}

bool
verdict_find(const struct core *core, const struct verdict *verdict)
{
	uint64_t changed = atomic_load(&core->watch.units);
	const struct place *place;
	uint32_t hash = hash_of(verdict);
	bool found;

	if (core->verdicts == NULL || verdict->serial == 0) {
		return false;
	}
	place = places_lock(&core->verdicts->places, hash);
	found = place->verdict.serial == verdict->serial &&
	        place->verdict.rev == verdict->rev &&
	        place->verdict.act == verdict->act &&
	        place->verdict.kind == verdict->kind &&
	        place->log_size >= changed &&
	        strcmp(place->id, verdict->id) == 0;
	places_unlock(&core->verdicts->places, hash);
	return found;
}

void
verdict_put(const struct core *core, struct snapshot *snapshot,
    const struct verdict *verdict)
{
	struct place *place;
	uint32_t hash = hash_of(verdict);
	struct fault ignored;
	uint64_t log_size;

	if (core->verdicts == NULL || verdict->serial == 0 ||
	    strlen(verdict->id) > ID_MAX ||
	    snapshot_log_size(snapshot, &log_size, &ignored) < 0) {
		return;
	}
	place = places_lock(&core->verdicts->places, hash);
	place->verdict = *verdict;
	place->verdict.id = place->id;
	place->log_size = log_size;
	strcpy(place->id, verdict->id);
	places_unlock(&core->verdicts->places, hash);
}
