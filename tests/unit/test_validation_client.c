/* SPDX-License-Identifier: Apache-2.0 */

/* Asking for lists and answers: what is kept, and who is left alone. */

#include "core/validation_client.h"

#include "base/clock.h"
#include "tests/unit/web.h"

#define NOW    INT64_C(1785542400000000) /* 2026-08-01T00:00:00Z */
#define SECOND INT64_C(1000000)

struct scene {
	struct validation_client *client;
	const struct validation_source *source;
	struct web web;
	struct fault fault;
};

static int
setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	clock_set(NOW);
	scene->client = validation_client_new(1000);
	scene->source = validation_client_source(scene->client);
	web_start(&scene->web);
	buf_add_text(&scene->web.body, "a list");
	*state = scene;
	return 0;
}

static int
teardown(void **state)
{
	struct scene *scene = *state;

	web_stop(&scene->web);
	validation_client_free(scene->client);
	free(scene);
	clock_set(0);
	return 0;
}

/* Does it give what the server has? */
static bool
gives(struct scene *scene, struct bytes request, size_t max)
{
	struct buf answer;
	int rc;

	buf_init(&answer, max);
	rc = scene->source->fetch(scene->source->arg, scene->web.url, request,
	    max, &answer, &scene->fault);
	if (rc == 0) {
		assert_text(buf_text(&answer), "a list");
	}
	buf_fini(&answer);
	return rc == 0;
}

static void
a_list_that_proved_good_is_not_asked_for_until_there_is_another(void **state)
{
	struct scene *scene = *state;
	struct bytes list = bytes_of_text("a list");

	assert_true(gives(scene, NO_BYTES, 64));
	assert_true(gives(scene, NO_BYTES, 64)); /* nothing proved it */
	assert_int_equal(scene->web.asked, 2);
	scene->source->keep(scene->source->arg, scene->web.url, list,
	    NOW + SECOND);
	scene->source->keep(scene->source->arg, scene->web.url, list,
	    NOW + 2 * SECOND);
	clock_set(NOW + 2 * SECOND - 1);
	assert_true(gives(scene, NO_BYTES, 64));
	assert_int_equal(scene->web.asked, 2);
	/* A responder at the same address is another question. */
	assert_true(gives(scene, bytes_of_text("who?"), 64));
	assert_int_equal(scene->web.asked, 3);
	clock_set(NOW + 2 * SECOND);
	assert_true(gives(scene, NO_BYTES, 64));
	assert_int_equal(scene->web.asked, 4);
}

static void
many_lists_are_kept_and_the_first_to_end_gives_way(void **state)
{
	struct scene *scene = *state;
	struct bytes list = bytes_of_text("a list");
	char url[80];

	scene->source->keep(scene->source->arg, scene->web.url, list,
	    NOW + 100 * SECOND);
	for (unsigned i = 0; i < 15; i++) {
		snprintf(url, sizeof(url), "http://ca-%u/", i);
		scene->source->keep(scene->source->arg, url, list,
		    NOW + 200 * SECOND);
	}
	assert_true(gives(scene, NO_BYTES, 64));
	assert_int_equal(scene->web.asked, 0);
	scene->source->keep(scene->source->arg, "http://one-more/", list,
	    NOW + 50 * SECOND);
	assert_true(gives(scene, NO_BYTES, 64));
	assert_int_equal(scene->web.asked, 1);
}

static void
an_address_that_failed_is_left_alone_for_a_while_that_doubles(void **state)
{
	struct scene *scene = *state;
	int64_t now = NOW;

	scene->web.is_down = true;
	for (unsigned i = 1; i <= 4; i++) {
		assert_false(gives(scene, NO_BYTES, 64));
		assert_non_null(strstr(scene->fault.text, "status 503"));
		assert_int_equal(scene->web.asked, i);
		now += (INT64_C(1) << (i - 1)) * SECOND;
		clock_set(now - 1);
		assert_false(gives(scene, NO_BYTES, 64));
		assert_non_null(strstr(scene->fault.text, "left alone"));
		assert_int_equal(scene->web.asked, i);
		clock_set(now);
	}
	scene->web.is_down = false;
	assert_true(gives(scene, NO_BYTES, 64));
	scene->web.is_down = true; /* and begins anew */
	assert_false(gives(scene, NO_BYTES, 64));
	clock_set(now + SECOND);
	scene->web.is_down = false;
	assert_true(gives(scene, NO_BYTES, 64));
}

static void
what_is_too_long_is_not_read(void **state)
{
	struct scene *scene = *state;

	assert_false(gives(scene, NO_BYTES, 5));
	assert_int_equal(scene->web.asked, 1);
}

static void
a_server_that_stops_asks_nobody(void **state)
{
	struct scene *scene = *state;

	assert_false(validation_client_is_stopped(scene->client));
	validation_client_stop(scene->client);
	assert_true(validation_client_is_stopped(scene->client));
	assert_false(gives(scene, NO_BYTES, 64));
	assert_non_null(strstr(scene->fault.text, "stops"));
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(
		    a_list_that_proved_good_is_not_asked_for_until_there_is_another),
		SCENE(many_lists_are_kept_and_the_first_to_end_gives_way),
		SCENE(
		    an_address_that_failed_is_left_alone_for_a_while_that_doubles),
		SCENE(what_is_too_long_is_not_read),
		SCENE(a_server_that_stops_asks_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
