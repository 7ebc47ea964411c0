/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A tile keeps its 511 hashes level by level, leaves first.  What is here can
 * never become wrong, since a full tile never changes.
 */

#include "core/tiles.h"

#include "base/memory.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define KEPT 16u /* 16 KiB each */

struct tile {
	uint64_t number;
	uint64_t asked;                  /* when, as a count of questions */
	struct merkle_frontier frontier; /* of its own leaves alone */
	struct sha256 hashes[2 * TILES_LEAVES];
};

struct tiles {
	pthread_mutex_t lock; /* guards all below */
	uint64_t questions;
	struct tile *kept[KEPT]; /* NULL: a free place */
};

struct tiles *
tiles_new(void)
{
	struct tiles *tiles = xzalloc(sizeof(*tiles));

	pthread_mutex_init(&tiles->lock, NULL);
	return tiles;
}

void
tiles_free(struct tiles *tiles)
{
	if (tiles == NULL) {
		return;
	}
	for (size_t i = 0; i < KEPT; i++) {
		tile_free(tiles->kept[i]);
	}
	pthread_mutex_destroy(&tiles->lock);
	free(tiles);
}

/* Level l has 256 >> l hashes, behind those of the levels below it. */
static size_t
place_of(unsigned level, uint64_t index)
{
	size_t first = 2 * TILES_LEAVES - (2 * TILES_LEAVES >> level);

	return first + index % (TILES_LEAVES >> level);
}

const struct sha256 *
tile_hash(const struct tile *tile, unsigned level, uint64_t index)
{
	return &tile->hashes[place_of(level, index)];
}

bool
tiles_find(struct tiles *tiles, unsigned level, uint64_t index,
    struct sha256 *hash_out)
{
	uint64_t number = index >> (TILES_LEVEL - level);
	bool found = false;

	assert(level < TILES_LEVEL);
	pthread_mutex_lock(&tiles->lock);
	tiles->questions++;
	for (size_t i = 0; i < KEPT && !found; i++) {
		struct tile *tile = tiles->kept[i];

		if (tile != NULL && tile->number == number) {
			tile->asked = tiles->questions;
			*hash_out = *tile_hash(tile, level, index);
			found = true;
		}
	}
	pthread_mutex_unlock(&tiles->lock);
	return found;
}

struct tile *
tile_new(uint64_t number)
{
	struct tile *tile = xzalloc(sizeof(*tile));

	tile->number = number;
	merkle_frontier_init(&tile->frontier);
	return tile;
}

void
tile_free(struct tile *tile)
{
	free(tile);
}

static void
keep(void *arg, unsigned level, uint64_t index, const struct sha256 *hash)
{
	struct tile *tile = arg;

	tile->hashes[place_of(level, index)] = *hash;
}

void
tile_add_leaf(struct tile *tile, const struct sha256 *leaf)
{
	assert(tile->frontier.size < TILES_LEAVES);
	merkle_frontier_append(&tile->frontier, leaf, keep, tile);
}

/* A free place, or that of the tile which was not asked for longest. */
static struct tile **
find_place(struct tiles *tiles)
{
	struct tile **place = &tiles->kept[0];

	for (size_t i = 0; i < KEPT && *place != NULL; i++) {
		struct tile **other = &tiles->kept[i];

		if (*other == NULL || (*other)->asked < (*place)->asked) {
			place = other;
		}
	}
	return place;
}

void
tiles_add(struct tiles *tiles, struct tile *tile)
{
	struct tile **place;
	struct tile *gone;

	assert(tile->frontier.size == TILES_LEAVES);
	pthread_mutex_lock(&tiles->lock);
	place = find_place(tiles);
	gone = *place;
	tile->asked = ++tiles->questions;
	*place = tile;
	pthread_mutex_unlock(&tiles->lock);
	tile_free(gone);
}
