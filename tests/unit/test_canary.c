/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Who watches the check: what is wrong on purpose is found, and a check that
 * passes it by says so until it finds one again.
 */

#include "base/log.h"
#include "core/canary.h"
#include "core/fixity.h"
#include "storage/blob.h"
#include "tests/unit/office.h"

#include <sys/mman.h>

#define SLOWLY  1u /* a row a tick */
#define AT_ONCE (1u << 30)
#define TICKS   1000u /* more than there are rows */

static struct office *office;
static struct fixity *fixity;
static int log_file;

/* --- the check --------------------------------------------------------- */

static void
start(uint64_t rate)
{
	char path[SCRATCH_PATH + 32];
	const struct fixity_options options = { .path = path,
		.bytes_a_second = rate,
		.canary_every_ms = 1000 };

	snprintf(path, sizeof(path), "%s/fixity.json", office->path);
	fixity = fixity_new(&office->core, &options);
}

static void
restart(uint64_t rate)
{
	fixity_free(fixity);
	start(rate);
}

static struct fixity_figures
measure(void)
{
	struct fixity_figures figures;

	fixity_measure(fixity, &figures);
	return figures;
}

/* One tick, and everything that it set going. */
static void
tick(void)
{
	struct loop *loop = office_begin_work(office);

	fixity_tick(fixity, loop);
	office_end_work(office, loop);
}

static void
end_pass(void)
{
	uint64_t passes = measure().passes;

	for (unsigned i = 0; i < TICKS && measure().passes == passes; i++) {
		tick();
	}
	assert_int_equal(measure().passes, passes + 1);
}

/* --- the office -------------------------------------------------------- */

static void
commit(struct writes *writes)
{
	struct writes_result result;

	assert_int_equal(
	    writes_commit_wait(writes, &result, office->arena, &office->fault),
	    0);
}

/* Rows before and behind those of files. */
static int
setup(void **state)
{
	static const char *const keys[] = { "\1a", "\1b", "\377a", "\377b" };
	struct writes *writes;

	(void)state;
	clock_set(INT64_C(1700000000000000));
	office = office_open(false);
	log_file = memfd_create("log", MFD_CLOEXEC);
	log_init(LOG_ERROR, log_file);
	writes = writes_new(office->core.store, NULL);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		writes_put(writes, bytes_of_text(keys[i]), bytes_of_text("x"));
	}
	commit(writes);
	start(SLOWLY);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fixity_free(fixity);
	office_close(office);
	close(log_file);
	return 0;
}

static bool
is_planted(void)
{
	struct blob_ref canary = canary_ref();
	struct blob *blob;
	int found = blob_find(office_look(office), &canary.sum, office->arena,
	    &blob, &office->fault);

	office_look_away(office);
	assert_true(found >= 0);
	return found == 1;
}

/* A cat: the check will not find it where it was put. */
static void
eat_canary(void)
{
	assert_int_equal(canary_take_away(office->core.store, &office->fault),
	    0);
}

static bool
log_says(const char *event)
{
	char text[4096];
	ssize_t len;

	log_flush();
	len = pread(log_file, text, sizeof(text) - 1, 0);
	assert_true(len >= 0);
	text[len] = '\0';
	return strstr(text, event) != NULL;
}

static void
pass_it_by(void)
{
	tick();
	assert_true(is_planted());
	eat_canary();
	end_pass();
}

/* --- the tests --------------------------------------------------------- */

static void
what_is_wrong_on_purpose_is_found_and_taken_away(void **state)
{
	(void)state;
	tick();
	assert_true(is_planted());
	end_pass();
	assert_false(is_planted());
	assert_true(measure().canary_found >= measure().canary_planted);
	assert_false(measure().canary_missed);
	assert_int_equal(measure().damaged, 0); /* it is nobody's damage */
	assert_false(log_says("fixity."));
}

static void
a_check_that_passes_it_by_says_that_it_is_broken(void **state)
{
	(void)state;
	pass_it_by();
	assert_true(measure().canary_missed);
	assert_int_equal(measure().canary_found, 0);
	assert_true(log_says("event=fixity.canary_missed"));
}

static void
the_alarm_outlives_a_restart(void **state)
{
	(void)state;
	pass_it_by();
	restart(SLOWLY);
	assert_true(measure().canary_missed);
}

static void
the_alarm_ends_when_the_next_one_is_found(void **state)
{
	(void)state;
	pass_it_by();
	clock_set(clock_now() + 2000000);
	tick();
	assert_true(is_planted());
	assert_true(measure().canary_missed);
	end_pass();
	assert_false(measure().canary_missed);
	assert_true(measure().canary_found > 0);
}

static void
a_restart_behind_it_is_no_alarm(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TICKS && measure().canary_found == 0; i++) {
		tick();
	}
	assert_int_equal(measure().passes, 0);
	restart(AT_ONCE);
	end_pass();
	assert_false(measure().canary_missed);
	assert_false(log_says("fixity."));
}

static void
a_restart_before_it_finds_it(void **state)
{
	(void)state;
	tick();
	assert_int_equal(measure().canary_found, 0);
	restart(AT_ONCE);
	end_pass();
	assert_true(measure().canary_found >= measure().canary_planted);
	assert_false(measure().canary_missed);
}

int
main(void)
{
#define canary_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		canary_test(what_is_wrong_on_purpose_is_found_and_taken_away),
		canary_test(a_check_that_passes_it_by_says_that_it_is_broken),
		canary_test(the_alarm_outlives_a_restart),
		canary_test(the_alarm_ends_when_the_next_one_is_found),
		canary_test(a_restart_behind_it_is_no_alarm),
		canary_test(a_restart_before_it_finds_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
