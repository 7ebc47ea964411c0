/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is found damaged, and whom it harms: at once and in pieces, by another
 * pass, and when it is mended.
 */

#include "base/log.h"
#include "core/damages.h"
#include "core/unit_change.h"
#include "tests/unit/office.h"

#define UNITS 12 /* each one record and one entry of the log */

struct scene {
	struct office *office;
	struct damages *damages;
};

static int
setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	log_init(LOG_ERROR, -1);
	scene->office = office_open(true);
	for (int i = 0; i < UNITS; i++) {
		char body[120];

		snprintf(body, sizeof(body),
		    "{'id':'u%02d','kind':'province','names':[{'name':'Tỉnh "
		    "%d'}]}",
		    i, i);
		office_make(scene->office, unit_new, body);
	}
	clock_set(INT64_C(1700000000000000));
	scene->damages = damages_new();
	*state = scene;
	return 0;
}

static int
teardown(void **state)
{
	struct scene *scene = *state;

	damages_free(scene->damages);
	office_close(scene->office);
	free(scene);
	return 0;
}

/* Two damages that share a record, and one that harms nobody. */
static void
add_some(struct scene *scene, int64_t pass)
{
	struct key from, to;

	record_key(&from, RECORD_UNIT, "u04");
	record_key(&to, RECORD_UNIT, "u07");
	harm_add_log(damages_add(scene->damages, pass, "row.damaged", "log"), 2,
	    5);
	harm_add_range(
	    damages_add(scene->damages, pass, "page.damaged", "rows"),
	    key_bytes(&from), key_bytes(&to));
	harm_add_log(
	    damages_add(scene->damages, pass, "row.damaged", "nobody's"), 100,
	    101);
}

/* In pieces of so many bytes; how many it took. */
static unsigned
name(struct scene *scene, uint64_t bytes)
{
	unsigned pieces = 0;
	int rc;

	do {
		uint64_t budget = bytes;

		rc = damages_name(scene->damages, office_look(scene->office),
		    &budget, &scene->office->fault);
		office_look_away(scene->office);
		assert_true(rc == 0 || (rc == 1 && budget == 0));
		pieces++;
	} while (rc == 1);
	return pieces;
}

static const json_t *
found(struct scene *scene, const char *where, const char *member)
{
	json_t *copy =
	    json_own(scene->office->arena, damages_copy(scene->damages));

	return json_object_get(json_object_get(copy, where), member);
}

static void
assert_harmed(struct scene *scene, const char *where, const char *wanted)
{
	char *names = json_dumps(found(scene, where, "harmed"), JSON_COMPACT);

	assert_text(names, wanted);
	free(names);
}

static void
assert_all_named(struct scene *scene)
{
	assert_true(damages_are_named(scene->damages));
	assert_harmed(scene, "log", "[\"unit/u02\",\"unit/u03\",\"unit/u04\"]");
	assert_harmed(scene, "rows",
	    "[\"unit/u04\",\"unit/u05\",\"unit/u06\"]");
	assert_harmed(scene, "nobody's", "[]");
	assert_true(json_is_true(found(scene, "nobody's", "named")));
}

/* --- tests ------------------------------------------------------------------ */

static void
each_damage_is_told_with_those_it_harms(void **state)
{
	struct scene *scene = *state;

	assert_true(damages_are_named(scene->damages));
	add_some(scene, 1);
	assert_false(damages_are_named(scene->damages));
	assert_int_equal(damages_count(scene->damages), 3);
	assert_true(json_is_false(found(scene, "log", "named")));
	assert_int_equal(name(scene, UINT64_MAX), 1);
	assert_all_named(scene);
}

/* The log is read, and records, each row in a piece of its own. */
static void
in_pieces_it_is_the_same(void **state)
{
	struct scene *scene = *state;

	add_some(scene, 1);
	assert_in_range(name(scene, 1), 2 * UNITS, 4 * UNITS);
	assert_all_named(scene);
}

static void
what_comes_while_it_is_named_is_named_as_well(void **state)
{
	struct scene *scene = *state;
	struct harm *harm;

	add_some(scene, 1);
	for (int i = 0; i < UNITS; i++) {
		uint64_t budget = 1;

		assert_int_equal(damages_name(scene->damages,
		                     office_look(scene->office), &budget,
		                     &scene->office->fault),
		    1);
	}
	harm = damages_add(scene->damages, 1, "row.damaged", "late");
	harm_add_log(harm, 0, 1);
	name(scene, 1);
	assert_all_named(scene);
	assert_harmed(scene, "late", "[\"unit/u00\"]");
}

static void
what_a_pass_does_not_find_again_is_mended(void **state)
{
	struct scene *scene = *state;

	add_some(scene, 1);
	name(scene, UINT64_MAX);
	damages_end_pass(scene->damages, 1);
	assert_int_equal(damages_count(scene->damages), 3);
	clock_set(INT64_C(1800000000000000));
	harm_add_log(damages_add(scene->damages, 2, "row.damaged", "log"), 2,
	    3);
	assert_harmed(scene, "log", "[\"unit/u02\",\"unit/u03\",\"unit/u04\"]");
	name(scene, UINT64_MAX);
	assert_harmed(scene, "log", "[\"unit/u02\"]");
	assert_int_equal(json_integer_value(found(scene, "log", "found_at")),
	    INT64_C(1700000000000000));
	damages_end_pass(scene->damages, 2);
	assert_int_equal(damages_count(scene->damages), 1);
}

static void
what_was_kept_is_there_again(void **state)
{
	struct scene *scene = *state;
	json_t *kept;

	add_some(scene, 1);
	name(scene, UINT64_MAX);
	kept = damages_copy(scene->damages);
	damages_free(scene->damages);
	scene->damages = damages_new();
	damages_restore(scene->damages, kept);
	json_decref(kept);
	assert_int_equal(damages_count(scene->damages), 3);
	assert_all_named(scene);
}

#define scened(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

UNIT_MAIN(scened(each_damage_is_told_with_those_it_harms),
    scened(in_pieces_it_is_the_same),
    scened(what_comes_while_it_is_named_is_named_as_well),
    scened(what_a_pass_does_not_find_again_is_mended),
    scened(what_was_kept_is_there_again))
