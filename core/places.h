/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PLACES_H
#define CORE_PLACES_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A table for answers that are asked for again and again.  It never grows: an
 * answer lies in the one place that its question hashes to, and another
 * question may take the place.
 *
 * Thread:  any.
 */
#define PLACES_SHARDS 16u /* each with its lock, so that loops seldom meet */
#define PLACES_HASH   2166136261u

struct places {
	size_t count; /* of a shard */
	size_t size;  /* of a place, bytes */

	struct places_shard {
		pthread_mutex_t lock; /* guards the bytes */
		uint8_t *bytes;
	} shards[PLACES_SHARDS];
};

/* PLACES_SHARDS times `count` places of `size` bytes, zeroed. */
void places_init(struct places *places, size_t count, size_t size);
/* `end` is called for each place; may be NULL. */
void places_fini(struct places *places, void (*end)(void *place));

/*
 * FNV-1a of a question, part by part from PLACES_HASH on: the table is as
 * large for those who would fill it on purpose.
 */
uint32_t places_hash_text(uint32_t hash, const char *text);
uint32_t places_hash_number(uint32_t hash, uint32_t number);

/* The place of a question, the caller's until places_unlock(). */
void *places_lock(struct places *places, uint32_t hash);
void places_unlock(struct places *places, uint32_t hash);

#endif
