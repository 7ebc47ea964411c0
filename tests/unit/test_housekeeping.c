/* SPDX-License-Identifier: Apache-2.0 */

/* What is done now and then, on a clock that the test sets. */

#include "core/housekeeping.h"

#include "base/log.h"
#include "storage/chunk.h"
#include "storage/upload.h"
#include "tests/unit/office.h"

#include <fcntl.h>
#include <stdlib.h>

#define LIFETIME_MS 60000u
#define BYTES       600000u /* two whole chunks and a tail */

static struct office *office;
static struct housekeeping *housekeeping;

/* One tick, and everything that it set going. */
static void
tick(void)
{
	struct loop *loop = office_begin_work(office);

	housekeeping_tick(housekeeping, loop);
	office_end_work(office, loop);
}

static void
keep_house(uint64_t every_ms)
{
	const struct housekeeping_options options = { .expire_ms = every_ms,
		.collect_ms = every_ms,
		.grace_ms = 0 };

	housekeeping = housekeeping_new(&office->core, &options);
}

static void
upload_something(char id[ID_TEXT])
{
	const struct upload_ask ask = { .owner = "an", .length = 1 << 20 };
	struct fault *fault = &office->fault;
	uint8_t *bytes = calloc(1, BYTES);
	struct upload *upload;

	assert_int_equal(upload_begin(office->core.uploads, &ask, id, fault),
	    0);
	assert_int_equal(upload_take(&upload, office->core.uploads, id, fault),
	    0);
	bytes[0] = 1; /* or the chunks were one */
	assert_int_equal(upload_append(upload, bytes_of(bytes, BYTES), fault),
	    0);
	assert_int_equal(upload_flush(upload, fault), 0);
	upload_release(upload);
	free(bytes);
}

static bool
is_there(const char *id)
{
	struct upload_state state;
	int found;

	office_look_away(office);
	found = upload_find(office_look(office), id, office->arena, &state,
	    &office->fault);
	assert_true(found >= 0);
	office_look_away(office);
	return found == 1;
}

static uint64_t
chunk_count(void)
{
	struct chunks_stat stat;

	if (chunks_stat(store_chunks(office->core.store), &stat,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	return stat.count;
}

static void
an_upload_that_expired_ends_and_its_bytes_go(void **state)
{
	char id[ID_TEXT];

	(void)state;
	keep_house(0);
	upload_something(id);
	tick();
	assert_true(is_there(id));
	assert_int_equal(chunk_count(), 2);
	clock_set(clock_now() + (LIFETIME_MS + 1) * 1000LL);
	tick(); /* ends it, marks its chunks */
	assert_false(is_there(id));
	tick(); /* deletes them */
	assert_int_equal(chunk_count(), 0);
}

static void
nothing_is_done_before_its_time(void **state)
{
	char id[ID_TEXT];

	(void)state;
	keep_house(3600000);
	upload_something(id);
	clock_set(clock_now() + (LIFETIME_MS + 1) * 1000LL);
	tick();
	assert_true(is_there(id));
}

static void
a_server_that_stops_begins_nothing(void **state)
{
	char id[ID_TEXT];

	(void)state;
	keep_house(0);
	upload_something(id);
	clock_set(clock_now() + (LIFETIME_MS + 1) * 1000LL);
	housekeeping_stop(housekeeping);
	tick();
	assert_true(is_there(id));
}

static int
set_up(void **state)
{
	const struct uploads_options options = { .lifetime_ms = LIFETIME_MS,
		.length_max = 1 << 30,
		.owner_max = UINT64_C(1) << 40,
		.idle_max = 4 };

	(void)state;
	clock_set(1800000000000000);
	office = office_open(false);
	office->core.uploads = uploads_new(office->core.store, &options);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	housekeeping_free(housekeeping);
	uploads_free(office->core.uploads);
	office_close(office);
	return 0;
}

#define house_test(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		house_test(an_upload_that_expired_ends_and_its_bytes_go),
		house_test(nothing_is_done_before_its_time),
		house_test(a_server_that_stops_begins_nothing),
	};

	log_init(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
