/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A verdict lies in the one place that its id and serial hash to, whole; the
 * next one there takes its place.
 */

#include "core/verdict.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

#define SHARDS 16u /* each with its lock, so that loops seldom meet */
#define PLACES 128u
#define ID_MAX 64u /* text_is_id() */

struct place {
	struct verdict verdict; /* its id is the field below */
	char id[ID_MAX + 1];
	uint64_t log_size; /* of the snapshot, at least */
};

struct shard {
	pthread_mutex_t lock; /* guards the places */
	struct place places[PLACES];
};

struct verdicts {
	struct shard shards[SHARDS];
};

struct verdicts *
verdicts_new(void)
{
	struct verdicts *verdicts = xzalloc(sizeof(*verdicts));

	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&verdicts->shards[i].lock, NULL);
	}
	return verdicts;
}

void
verdicts_free(struct verdicts *verdicts)
{
	if (verdicts != NULL) {
		for (size_t i = 0; i < SHARDS; i++) {
			pthread_mutex_destroy(&verdicts->shards[i].lock);
		}
		free(verdicts);
	}
}

/* FNV-1a */
static struct place *
place_of(struct verdicts *verdicts, const struct verdict *verdict,
    struct shard **shard_out)
{
	uint32_t hash = 2166136261u ^ (uint32_t)verdict->serial;

	for (const char *c = verdict->id; *c != '\0'; c++) {
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	}
	*shard_out = &verdicts->shards[hash % SHARDS];
	return &(*shard_out)->places[hash / SHARDS % PLACES];
}

bool
verdict_find(const struct core *core, const struct verdict *verdict)
{
	uint64_t changed = atomic_load(&core->watch.units);
	const struct place *place;
	struct shard *shard;
	bool found;

	if (core->verdicts == NULL || verdict->serial == 0) {
		return false;
	}
	place = place_of(core->verdicts, verdict, &shard);
	pthread_mutex_lock(&shard->lock);
	found = place->verdict.serial == verdict->serial &&
	        place->verdict.rev == verdict->rev &&
	        place->verdict.act == verdict->act &&
	        place->verdict.kind == verdict->kind &&
	        place->log_size >= changed &&
	        strcmp(place->id, verdict->id) == 0;
	pthread_mutex_unlock(&shard->lock);
	return found;
}

void
verdict_put(const struct core *core, struct snapshot *snapshot,
    const struct verdict *verdict)
{
	struct place *place;
	struct shard *shard;
	struct fault ignored;
	uint64_t log_size;

	if (core->verdicts == NULL || verdict->serial == 0 ||
	    strlen(verdict->id) > ID_MAX ||
	    snapshot_log_size(snapshot, &log_size, &ignored) < 0) {
		return;
	}
	place = place_of(core->verdicts, verdict, &shard);
	pthread_mutex_lock(&shard->lock);
	place->verdict = *verdict;
	place->verdict.id = place->id;
	place->log_size = log_size;
	strcpy(place->id, verdict->id);
	pthread_mutex_unlock(&shard->lock);
}
