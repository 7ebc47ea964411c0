/* SPDX-License-Identifier: Apache-2.0 */

/* What the running check keeps of itself over a restart. */

#include "core/fixity_place.h"

#include "base/file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

static char folder[SCRATCH_PATH];
static char path[SCRATCH_PATH + 16];

static int
make_folder(void **state)
{
	(void)state;
	scratch_make(folder);
	snprintf(path, sizeof(path), "%s/fixity.json", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	scratch_remove(folder);
	return 0;
}

static void
what_was_written_is_read(void **state)
{
	struct fixity_place was = {
		.in_log = true,
		.figures = { .pass_began = 5,
		    .last_began = 3,
		    .last_ended = 4,
		    .canary_planted = 1,
		    .canary_found = 2,
		    .canary_missed = true },
		.findings =
		    json_pack("{s:{s:s}}", "rows", "code", "row.damaged"),
	};
	struct fixity_place is = { .findings = json_object() };
	struct fault fault;

	(void)state;
	was.key.len = KEY_MAX_BYTES;
	memset(was.key.bytes, 0xFE, KEY_MAX_BYTES);
	assert_int_equal(fixity_place_write(&was, path, &fault), 0);
	assert_true(fixity_place_read(&is, path));
	assert_int_equal(is.key.len, KEY_MAX_BYTES);
	assert_memory_equal(is.key.bytes, was.key.bytes, KEY_MAX_BYTES);
	assert_true(is.in_log);
	assert_memory_equal(&is.figures, &was.figures, sizeof(is.figures));
	assert_true(json_equal(is.findings, was.findings));
	json_decref(was.findings);
	json_decref(is.findings);
}

static void
a_file_that_is_not_ours_begins_anew(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "{}",
		"{\"key\":\"zz\"}", "{\"key\":7}", NULL };
	char long_key[2 * KEY_MAX_BYTES + 32];
	struct fixity_place place = { .findings = json_object() };
	struct fault fault;

	(void)state;
	assert_false(fixity_place_read(&place, folder));
	for (size_t i = 0; texts[i] != NULL; i++) {
		assert_int_equal(
		    file_write(path, bytes_of_text(texts[i]), 0600, &fault), 0);
		if (fixity_place_read(&place, path)) {
			fail_msg("wanted nothing of '%s'", texts[i]);
		}
	}
	snprintf(long_key, sizeof(long_key), "{\"key\":\"%0*d\"}",
	    (int)(2 * KEY_MAX_BYTES + 2), 0);
	assert_int_equal(
	    file_write(path, bytes_of_text(long_key), 0600, &fault), 0);
	assert_false(fixity_place_read(&place, path));
	assert_int_equal(place.key.len, 0);
	assert_int_equal(json_object_size(place.findings), 0);
	json_decref(place.findings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_file_that_is_not_ours_begins_anew),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
