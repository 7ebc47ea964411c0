/* SPDX-License-Identifier: Apache-2.0 */

#include "core/places.h"

#include "base/memory.h"

#include <stdlib.h>

void
places_init(struct places *places, size_t count, size_t size)
{
	places->count = count;
	places->size = size;
	for (size_t i = 0; i < PLACES_SHARDS; i++) {
		pthread_mutex_init(&places->shards[i].lock, NULL);
		places->shards[i].bytes = xzalloc(count * size);
	}
}

void
places_fini(struct places *places, void (*end)(void *place))
{
	for (size_t i = 0; i < PLACES_SHARDS; i++) {
		uint8_t *bytes = places->shards[i].bytes;

		for (size_t j = 0; end != NULL && j < places->count; j++) {
			end(bytes + j * places->size);
		}
		free(bytes);
		pthread_mutex_destroy(&places->shards[i].lock);
	}
}

uint32_t
places_hash_text(uint32_t hash, const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	}
	return hash;
}

uint32_t
places_hash_number(uint32_t hash, uint32_t number)
{
	return (hash ^ number) * 16777619u;
}

void *
places_lock(struct places *places, uint32_t hash)
{
	struct places_shard *shard = &places->shards[hash % PLACES_SHARDS];

	pthread_mutex_lock(&shard->lock);
	return shard->bytes +
	       hash / PLACES_SHARDS % places->count * places->size;
}

void
places_unlock(struct places *places, uint32_t hash)
{
	pthread_mutex_unlock(&places->shards[hash % PLACES_SHARDS].lock);
}
