/* SPDX-License-Identifier: Apache-2.0 */

/* Tiles beside a tree that keeps everything. */

#include "core/tiles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define TILES  40u /* more than are kept */
#define LEAVES (TILES * TILES_LEAVES)

static struct sha256 all[TILES_LEVEL][LEAVES];

static struct sha256
leaf_of(uint64_t index)
{
	return merkle_leaf(bytes_of(&index, sizeof(index)));
}

static void
keep(void *arg, unsigned level, uint64_t index, const struct sha256 *hash)
{
	(void)arg;
	if (level < TILES_LEVEL) {
		all[level][index] = *hash;
	}
}

static void
make_model(void)
{
	struct merkle_frontier frontier;

	merkle_frontier_init(&frontier);
	for (uint64_t i = 0; i < LEAVES; i++) {
		struct sha256 leaf = leaf_of(i);

		merkle_frontier_append(&frontier, &leaf, keep, NULL);
	}
}

static void
add(struct tiles *tiles, uint64_t number)
{
	struct tile *tile = tile_new(number);

	for (uint64_t i = 0; i < TILES_LEAVES; i++) {
		struct sha256 leaf = leaf_of(number * TILES_LEAVES + i);

		tile_add_leaf(tile, &leaf);
	}
	tiles_add(tiles, tile);
}

/* All of a tile is there and right, or nothing of it is there. */
static bool
has(struct tiles *tiles, uint64_t number)
{
	unsigned found = 0;

	for (unsigned level = 0; level < TILES_LEVEL; level++) {
		uint64_t count = TILES_LEAVES >> level;

		for (uint64_t i = number * count; i < (number + 1) * count;
		     i++) {
			struct sha256 hash;

			if (tiles_find(tiles, level, i, &hash)) {
				assert_memory_equal(&hash, &all[level][i],
				    sizeof(hash));
				found++;
			}
		}
	}
	if (found != 0 && found != 2 * TILES_LEAVES - 2) {
		fail_msg("%u hashes of tile %u are there", found,
		    (unsigned)number);
	}
	return found > 0;
}

static void
a_tile_gives_each_of_its_subtrees_and_no_other(void **state)
{
	struct tiles *tiles = tiles_new();

	(void)state;
	add(tiles, 7);
	for (uint64_t number = 0; number < TILES; number++) {
		assert_int_equal(has(tiles, number), number == 7);
	}
	tiles_free(tiles);
}

static void
the_tile_that_was_not_asked_for_longest_goes(void **state)
{
	struct tiles *tiles = tiles_new();
	unsigned kept = 0;

	(void)state;
	for (uint64_t number = 0; number < TILES; number++) {
		add(tiles, number);
		assert_true(has(tiles, number));
		assert_true(has(tiles, 0)); /* somebody asks again and again */
	}
	for (uint64_t number = 0; number < TILES; number++) {
		kept += has(tiles, number);
	}
	assert_in_range(kept, 2, TILES - 1);
	assert_true(has(tiles, TILES - kept + 1));
	assert_false(has(tiles, TILES - kept));
	tiles_free(tiles);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_tile_gives_each_of_its_subtrees_and_no_other),
		cmocka_unit_test(the_tile_that_was_not_asked_for_longest_goes),
	};

	digest_init();
	make_model();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
