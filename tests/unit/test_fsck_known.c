/* SPDX-License-Identifier: Apache-2.0 */

/* What was remembered beside what is found out anew, on random trees. */

#include "core/fsck_known.h"

#include "core/leaf_tally.h"
#include "tests/unit/unit.h"

#include <stdio.h>

#define UNITS     60
#define PARENTS   4
#define DAYS      3000
#define QUESTIONS 40000

static struct span
draw_span(void)
{
	struct span span;

	span.from =
	    unit_draw() % 3 == 0 ? DATE_MIN : (date_t)(unit_draw() % DAYS);
	span.to = unit_draw() % 3 == 0
	              ? DATE_MAX
	              : span.from + (date_t)(unit_draw() % DAYS);
	return span;
}

static void
draw_tree(struct fsck_tree *tree, struct arena *arena)
{
	static const uint8_t relations[] = { 'a', 'a', 's', 'm' };

	fsck_tree_init(tree, arena);
	tree->count = UNITS;
	tree->units = arena_alloc(arena, UNITS * sizeof(*tree->units));
	for (size_t i = 0; i < UNITS; i++) {
		struct fsck_unit *unit = &tree->units[i];

		unit->id = arena_format(arena, "unit-%03zu", i);
		unit->life = draw_span();
		unit->named = unit_draw() % 8 != 0;
		unit->parents =
		    arena_alloc(arena, PARENTS * sizeof(*unit->parents));
		for (; unit->parent_count < PARENTS; unit->parent_count++) {
			unit->parents[unit->parent_count] =
			    (struct fsck_parent){
				    relations[unit_draw() % 4],
				    arena_format(arena, "unit-%03zu",
				        (size_t)(unit_draw() % (UNITS + 5))),
				    draw_span(),
			    };
		}
	}
}

static void
who_stands_above_is_what_the_tree_says(void **state)
{
	struct arena *arena = arena_new();
	struct arena *scratch = arena_new();
	size_t above = 0;

	(void)state;
	for (int round = 0; round < 4; round++) {
		struct fsck_tree tree;
		struct fsck_known *known;

		draw_tree(&tree, arena);
		known = fsck_known_new(&tree);
		for (int i = 0; i < QUESTIONS; i++) {
			char unit[80];
			date_t day = (date_t)(unit_draw() % (2 * DAYS)) - 10;
			const char *const *got;
			const char **wanted;
			size_t count;

			snprintf(unit, sizeof(unit),
			    unit_draw() % 50 == 0 ? "%070d" : "unit-%03d",
			    (int)(unit_draw() % (UNITS + 5)));
			count =
			    fsck_tree_over(&tree, scratch, unit, day, &wanted);
			assert_int_equal(
			    fsck_known_over(known, unit, day, &got), count);
			for (size_t j = 0; j < count; j++) {
				assert_string_equal(got[j], wanted[j]);
			}
			above += count;
			arena_reset(scratch);
		}
		fsck_known_free(known);
		arena_reset(arena);
	}
	assert_true(above > 4 * QUESTIONS * 5 / 4);
	arena_free(scratch);
	arena_free(arena);
}

static void
add(struct leaf_tally *tally, const char *id, uint64_t rev, uint64_t leaf)
{
	leaf_tally_add(tally, 'h', bytes_of_text(id), rev, leaf);
}

static void
a_tally_knows_its_pairs_in_any_order(void **state)
{
	struct leaf_tally rows = { 0 };
	struct leaf_tally more = { 0 };
	struct leaf_tally log = { 0 };

	(void)state;
	leaf_tally_event(&log,
	    bytes_of_text(
	        "{\"act\":\"file\",\"also\":[{\"object\":\"dossier/"
	        "b\",\"rev\":2,\"sha256\":\"x\"},{\"object\":\"unit/"
	        "c\",\"rev\":1}],\"object\":\"dossier/a\",\"rev\":1}"),
	    7);
	leaf_tally_event(&log,
	    bytes_of_text("{\"object\":\"dossier/b\",\"rev\":1}"), 8);
	leaf_tally_event(&log, bytes_of_text("{\"act\":\"log-in\"}"), 9);
	add(&rows, "b", 1, 8);
	add(&more, "b", 2, 7);
	leaf_tally_add(&more, 'u', bytes_of_text("c"), 1, 7);
	add(&more, "a", 1, 7);
	assert_false(leaf_tally_is_same(&rows, &log));
	leaf_tally_join(&rows, &more);
	assert_true(leaf_tally_is_same(&rows, &log));
}

static void
a_tally_tells_one_pair_from_another(void **state)
{
	static const struct {
		const char *id;
		uint64_t rev, leaf, other_rev, other_leaf;
	} pairs[] = {
		{ "one", 1, 2, 2, 1 },
		{ "one", 1, 2, 1, 3 },
		{ "a longer id than eight", 1, 2, 1, UINT64_MAX },
		{ "", 0, 0, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct leaf_tally a = { 0 };
		struct leaf_tally b = { 0 };
		struct leaf_tally crossed = { 0 };

		add(&a, pairs[i].id, pairs[i].rev, pairs[i].leaf);
		add(&b, pairs[i].id, pairs[i].other_rev, pairs[i].other_leaf);
		assert_false(leaf_tally_is_same(&a, &b));

		/* Two revisions that name each other's leaf. */
		a = b = crossed;
		add(&a, pairs[i].id, 1, 10);
		add(&a, pairs[i].id, 2, 11);
		add(&b, pairs[i].id, 1, 11);
		add(&b, pairs[i].id, 2, 10);
		assert_false(leaf_tally_is_same(&a, &b));
	}
}

UNIT_MAIN(unit(who_stands_above_is_what_the_tree_says),
    unit(a_tally_knows_its_pairs_in_any_order),
    unit(a_tally_tells_one_pair_from_another))
