/* SPDX-License-Identifier: Apache-2.0 */

#include "base/arena.h"

#include "tests/unit/unit.h"

#include <stdalign.h>
#include <stdbool.h>

#define MANY 400

/*
 * Every allocation is filled with its own number after all were found zeroed;
 * overlapping ones would overwrite each other.
 */
static void
fill_and_compare(struct arena *arena)
{
	static uint8_t *places[MANY];
	static size_t sizes[MANY];

	for (unsigned i = 0; i < MANY; i++) {
		sizes[i] = unit_draw() % (i % 20 == 0 ? 20000 : 200);
		places[i] = arena_alloc(arena, sizes[i]);
		assert_non_null(places[i]);
		assert_int_equal((uintptr_t)places[i] % alignof(max_align_t),
		    0);
		for (size_t j = 0; j < sizes[i]; j++) {
			assert_int_equal(places[i][j], 0);
		}
		if (sizes[i] > 0) {
			memset(places[i], (int)(i % 255 + 1), sizes[i]);
		}
	}
	for (unsigned i = 0; i < MANY; i++) {
		for (size_t j = 0; j < sizes[i]; j++) {
			assert_int_equal(places[i][j], i % 255 + 1);
		}
	}
}

static void
allocations_are_zeroed_aligned_and_apart(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (unsigned round = 0; round < 10; round++) {
		fill_and_compare(arena);
		arena_reset(arena);
	}
	arena_free(arena);
	arena = arena_new_secret();
	fill_and_compare(arena);
	arena_reset(arena);
	fill_and_compare(arena);
	arena_free(arena);
}

static void
sizes_around_a_block_are_served(void **state)
{
	(void)state;
	for (size_t size = 900; size < 5000; size++) {
		struct arena *arena = arena_new();
		uint8_t *first = arena_alloc(arena, size);
		uint8_t *second = arena_alloc(arena, size);

		memset(first, 1, size);
		memset(second, 2, size);
		assert_int_equal(first[0], 1);
		assert_int_equal(first[size - 1], 1);
		arena_free(arena);
	}
}

static char order[8];
static size_t order_len;

static void
note(void *arg)
{
	order[order_len++] = *(const char *)arg;
}

static void
what_was_deferred_last_runs_first_and_once(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	order_len = 0;
	memset(order, 0, sizeof(order));
	arena_defer(arena, note, arena_text(arena, "a"));
	arena_defer(arena, note, arena_text(arena, "b"));
	arena_reset(arena);
	assert_text(order, "ba");
	arena_defer(arena, note, arena_text(arena, "c"));
	arena_free(arena);
	assert_text(order, "bac");
	arena_free(NULL);
}

static void
copies_are_the_arenas_own(void **state)
{
	struct arena *arena = arena_new();
	char source[] = "Đắk Lắk";
	char *text = arena_text(arena, source);
	char *part = arena_text_of(arena, bytes_of(source, 6));
	struct bytes copy = arena_copy(arena, bytes_of_text(source));

	(void)state;
	memset(source, 'x', sizeof(source) - 1);
	assert_text(text, "Đắk Lắk");
	assert_text(part, "Đắk");
	assert_true(bytes_equal(copy, bytes_of_text("Đắk Lắk")));
	assert_text(arena_text_of(arena, NO_BYTES), "");
	assert_int_equal(arena_copy(arena, NO_BYTES).len, 0);
	arena_free(arena);
}

static void
formatted_text_has_its_whole_length(void **state)
{
	struct arena *arena = arena_new();
	const char *text;

	(void)state;
	assert_text(arena_format(arena, "%s-%d", "a", 7), "a-7");
	assert_text(arena_format(arena, "%s", ""), "");
	text = arena_format(arena, "%05000d|", 1);
	assert_int_equal(strlen(text), 5001);
	assert_int_equal(text[4999], '1');
	for (int width = 250; width < 262; width++) {
		text = arena_format(arena, "%0*d", width, 7);
		assert_int_equal(strlen(text), width);
		assert_int_equal(text[width - 1], '7');
	}
	arena_free(arena);
}

UNIT_MAIN(unit(allocations_are_zeroed_aligned_and_apart),
    unit(sizes_around_a_block_are_served),
    unit(what_was_deferred_last_runs_first_and_once),
    unit(copies_are_the_arenas_own), unit(formatted_text_has_its_whole_length))
