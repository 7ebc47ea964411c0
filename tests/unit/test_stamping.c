/* SPDX-License-Identifier: Apache-2.0 */

/* Dossiers that wait for the time-stamp of their seal. */

#include "tests/unit/sealing_scene.h"

/* --- waiting ------------------------------------------------------------------------ */

static void
a_dossier_waits_twice_as_long_after_each_try_up_to_an_hour(void **state)
{
	struct scene *scene = *state;
	int64_t wait = 1000000; /* tsa_retry_ms */
	int64_t now = NOW;

	choose(scene, NULL, NULL);
	authority_stop(&scene->authority); /* nobody answers any more */
	scene->has_authority = false;
	seal(scene);
	assert_waits(scene, 0, 0, "");
	for (int64_t tries = 1; tries <= 16; tries++) {
		run(scene);
		assert_waits(scene, tries, 0, "cannot be reached");
		/* Not a moment before. */
		clock_set(now + wait - 1);
		run(scene);
		assert_waits(scene, tries, 0, "cannot be reached");
		now += wait;
		clock_set(now);
		wait = 2 * wait < HOUR ? 2 * wait : HOUR;
	}
	assert_int_equal(wait, HOUR);
	assert_int_equal(scene->figures.waiting, 1);
	assert_int_equal(scene->figures.oldest, NOW);
	/* A clock that was set back a year holds nothing up. */
	now = NOW - 365 * 24 * HOUR;
	clock_set(now);
	run(scene);
	assert_waits(scene, 17, 0, "cannot be reached");
}

static void
a_dossier_gets_its_time_stamp_when_an_authority_answers_well(void **state)
{
	struct scene *scene = *state;
	const char *pending;

	choose(scene, "503", "nonce");
	seal(scene);
	pending =
	    json_text_at(json_object_get(seal_of(scene), "pending"), "sha256");
	assert_non_null(container_of(scene, pending));
	run(scene);
	assert_waits(scene, 1, 0, "answers with status 503");
	clock_set(NOW + SECOND);
	run(scene);
	assert_waits(scene, 2, 0, "answers another request");
	clock_set(NOW + 3 * SECOND);
	run(scene);
	assert_sealed(scene, "B-T");
	assert_int_equal(json_integer_at(seal_of(scene), "at"), NOW);
	assert_int_equal(json_integer_at(seal_of(scene), "stamped_at"),
	    NOW + 3 * SECOND);
	assert_null(container_of(scene, pending)); /* its place was taken */
	assert_int_equal(scene->figures.waiting, 0);
	run(scene); /* and it is done */
	assert_int_equal(scene->authority.asked, 3);
}

static void
where_no_authority_is_chosen_any_more_a_dossier_goes_on_waiting(void **state)
{
	struct scene *scene = *state;

	choose(scene, NULL, NULL);
	seal(scene);
	scene->office->core.tsa = NULL;
	run(scene);
	assert_waits(scene, 1, NOW + 10 * SECOND, "seal.tsa is not set");
	scene->office->core.tsa = scene->client;
	clock_set(NOW + 10 * SECOND);
	run(scene);
	assert_sealed(scene, "B-T");
}

static void
stop(void *arg)
{
	tsa_client_stop(((struct scene *)arg)->client);
}

static void
a_server_that_stops_leaves_the_row_as_it_was(void **state)
{
	struct scene *scene = *state;

	scene->authority.before = stop;
	scene->authority.arg = scene;
	choose(scene, "silent", NULL);
	seal(scene);
	run(scene);
	assert_waits(scene, 0, 0, "");
}

/* --- what happens meanwhile -------------------------------------------------------------- */

/* Somebody else writes the dossier while the authority thinks. */
static void
note_meanwhile(void *arg)
{
	struct scene *scene = arg;
	struct office *office = scene->office;
	struct arena *arena = arena_new();
	struct command_result result;
	struct command *command;
	struct record dossier;
	struct fault fault;
	json_t *fields;

	if (scene->authority.asked > 1) {
		arena_free(arena);
		return; /* the second time nobody does */
	}
	if (command_new(&command, &office->core, arena, &office_actor,
	        "test.note", NULL, &fault) < 0 ||
	    record_need(command->snapshot, arena, RECORD_DOSSIER, "hs",
	        &dossier, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	fields = command_fields(command, &dossier);
	json_object_set_new(fields, "note",
	    json_string("giữ lại để thanh tra"));
	if (command_update(command, &dossier, fields, &fault) < 0 ||
	    command_commit_wait(command, &result, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	command_free(command);
	arena_free(arena);
}

static void
a_dossier_that_was_written_meanwhile_is_stamped_at_the_next_try(void **state)
{
	struct scene *scene = *state;

	scene->authority.before = note_meanwhile;
	scene->authority.arg = scene;
	choose(scene, NULL, NULL);
	seal(scene);
	run(scene);
	assert_waits(scene, 1, NOW + SECOND, "revision");
	assert_text(json_text_at(dossier_of(scene).value, "note"),
	    "giữ lại để thanh tra");
	clock_set(NOW + SECOND);
	run(scene);
	assert_sealed(scene, "B-T");
	assert_text(json_text_at(dossier_of(scene).value, "note"),
	    "giữ lại để thanh tra"); /* nothing of it is lost */
}

static void
spoil_meanwhile(void *arg)
{
	struct scene *scene = arg;

	spoiler.armed = scene->authority.asked == 1;
}

static void
a_stamped_container_that_is_not_what_was_written_is_not_named(void **state)
{
	struct scene *scene = *state;
	const char *pending;

	scene->authority.before = spoil_meanwhile;
	scene->authority.arg = scene;
	choose(scene, NULL, NULL);
	seal(scene);
	pending =
	    json_text_at(json_object_get(seal_of(scene), "pending"), "sha256");
	run(scene);
	assert_int_equal(spoiler.spoilt, 1);
	assert_waits(scene, 1, NOW + SECOND,
	    "the container that was written is wrong");
	assert_non_null(container_of(scene, pending));
	clock_set(NOW + SECOND);
	run(scene); /* another token, other bytes */
	assert_sealed(scene, "B-T");
}

/* --- several that wait ---------------------------------------------------------------- */

/* Three, the oldest of which has the last name. */
static void
seal_three(struct scene *scene)
{
	static const char *const names[] = { "hs-c", "hs-b", "hs-a" };

	for (int i = 0; i < 3; i++) {
		file_closed(scene->office, names[i], FILE_LEN + 1);
		clock_set(NOW + i);
		if (try_seal_of(scene, names[i]) < 0) {
			fail_msg("%s", scene->office->fault.text);
		}
	}
	clock_set(NOW + SECOND);
}

static void
nobody_waits_for_an_authority_that_failed_for_another(void **state)
{
	struct scene *scene = *state;

	choose(scene, "503", NULL);
	choose_second(scene);
	seal_three(scene);
	run(scene);
	assert_int_equal(scene->authority.asked, 1);
	assert_int_equal(scene->second.asked, 3);
	assert_int_equal(scene->figures.waiting, 0);
	assert_text(state_of(scene, "hs-a"), "sealed");
	assert_text(state_of(scene, "hs-b"), "sealed");
	assert_text(state_of(scene, "hs-c"), "sealed");
}

static void
while_all_authorities_fail_one_dossier_is_tried_and_then_all_are_sealed(
    void **state)
{
	struct scene *scene = *state;

	scene->authority.mistakes[2] = "garbage";
	choose(scene, "503", "refused");
	seal_three(scene);
	for (unsigned i = 1; i <= 3; i++) {
		run(scene);
		run(scene);
		assert_int_equal(scene->authority.asked, i);
		assert_int_equal(scene->figures.waiting, 3);
		assert_int_equal(scene->figures.oldest, NOW);
		clock_set(NOW + (1 << i) * SECOND);
	}
	run(scene);
	assert_int_equal(scene->authority.asked, 6);
	assert_int_equal(scene->figures.waiting, 0);
}

/* The second gets no token, and no third is asked for. */
static void
stop_at_the_second(void *arg)
{
	struct scene *scene = arg;

	if (scene->authority.asked == 2) {
		tsa_client_stop(scene->client);
	} else {
		scene->authority.mistakes[0] = "503";
	}
}

static void
who_waits_longest_comes_first(void **state)
{
	struct scene *scene = *state;

	scene->authority.before = stop_at_the_second;
	scene->authority.arg = scene;
	choose(scene, NULL, NULL);
	seal_three(scene);
	run(scene);
	assert_text(state_of(scene, "hs-c"), "sealed");
	assert_text(state_of(scene, "hs-b"), "awaiting-timestamp");
	assert_text(state_of(scene, "hs-a"), "awaiting-timestamp");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(
		    a_dossier_waits_twice_as_long_after_each_try_up_to_an_hour),
		SCENE(
		    a_dossier_gets_its_time_stamp_when_an_authority_answers_well),
		SCENE(
		    where_no_authority_is_chosen_any_more_a_dossier_goes_on_waiting),
		SCENE(a_server_that_stops_leaves_the_row_as_it_was),
		SCENE(
		    a_dossier_that_was_written_meanwhile_is_stamped_at_the_next_try),
		SCENE(
		    a_stamped_container_that_is_not_what_was_written_is_not_named),
		SCENE(nobody_waits_for_an_authority_that_failed_for_another),
		SCENE(
		    while_all_authorities_fail_one_dossier_is_tried_and_then_all_are_sealed),
		SCENE(who_waits_longest_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
