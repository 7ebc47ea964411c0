/* SPDX-License-Identifier: Apache-2.0 */

/* An answer holds as those of core/reach.c do: see there. */

#include "core/lore.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SHARDS    16u /* each with its lock, so that loops seldom meet */
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

struct shard {
	pthread_mutex_t lock; /* guards the answers */
	struct answer answers[PLACES];
};

struct lore {
	struct shard shards[SHARDS];
};

struct lore *
lore_new(void)
{
	struct lore *lore = xzalloc(sizeof(*lore));

	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&lore->shards[i].lock, NULL);
	}
	return lore;
}

void
lore_free(struct lore *lore)
{
	if (lore == NULL) {
		return;
	}
	for (size_t i = 0; i < SHARDS; i++) {
		for (size_t j = 0; j < PLACES; j++) {
			free(lore->shards[i].answers[j].bytes);
		}
		pthread_mutex_destroy(&lore->shards[i].lock);
	}
	free(lore);
}

/* FNV-1a. */
static struct answer *
place_of(struct lore *lore, enum lore_kind kind, const char *unit,
    struct shard **shard_out)
{
	uint32_t hash = 2166136261u ^ (uint32_t)kind;

	for (const char *c = unit; *c != '\0'; c++) {
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	}
	*shard_out = &lore->shards[hash % SHARDS];
	return &(*shard_out)->answers[hash / SHARDS % PLACES];
}

bool
lore_recall(const struct core *core, enum lore_kind kind, const char *unit,
    date_t today, struct arena *arena, struct bytes *answer_out)
{
	const struct answer *answer;
	struct shard *shard;
	uint64_t changed;
	bool is_known;

	if (core->lore == NULL || unit[0] == '\0') {
		return false;
	}
	changed = atomic_load(&core->watch.units);
	answer = place_of(core->lore, kind, unit, &shard);
	pthread_mutex_lock(&shard->lock);
	is_known = answer->kind == kind && answer->today == today &&
	           answer->log_size >= changed &&
	           strcmp(answer->unit, unit) == 0;
	if (is_known) {
		*answer_out =
		    arena_copy(arena, bytes_of(answer->bytes, answer->len));
	}
	pthread_mutex_unlock(&shard->lock);
	return is_known;
}

void
lore_keep(const struct core *core, struct snapshot *snapshot,
    enum lore_kind kind, const char *unit, date_t today, struct bytes answer)
{
	struct answer kept = { .kind = kind, .today = today };
	struct answer *place;
	struct shard *shard;
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
	place = place_of(core->lore, kind, unit, &shard);
	pthread_mutex_lock(&shard->lock);
	before = place->bytes;
	*place = kept;
	pthread_mutex_unlock(&shard->lock);
	free(before);
}
