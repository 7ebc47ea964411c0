/* SPDX-License-Identifier: Apache-2.0 */

/* Which files the law was read from, to be compared with those one has. */

#include "core/rules.h"

#include "base/digest.h"
#include "base/file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

static const char *
folder(struct arena *arena)
{
	const char *root = getenv("srcdir");

	return arena_format(arena, "%s/data/rules", root != NULL ? root : ".");
}

static const json_t *
find(const struct rules *rules, const char *name, bool is_local)
{
	json_t *file;
	size_t i;

	json_array_foreach(rules_files(rules), i, file)
	{
		if (strcmp(json_text_at(file, "file"), name) == 0 &&
		    json_is_true(json_object_get(file, "local")) == is_local) {
			return file;
		}
	}
	return NULL;
}

static void
every_table_names_a_file_that_was_read(void **state)
{
	struct arena *arena = arena_new();
	struct rules *rules;
	struct fault fault;

	(void)state;
	assert_int_equal(rules_load(&rules, folder(arena), NULL, &fault), 0);
	for (int table = 0; table < RULES_TABLES; table++) {
		const char *file;
		const char *list;

		rules_source((enum rules_table)table, &file, &list);
		if (list != NULL && find(rules, file, false) == NULL) {
			fail_msg("%s is not among the files", file);
		}
	}
	assert_non_null(find(rules, "schemes/new_rural_v1.json", false));
	rules_free(rules);
	arena_free(arena);
}

static void
a_file_of_two_tables_is_told_once_with_its_sum(void **state)
{
	struct arena *arena = arena_new();
	const char *path = arena_format(arena, "%s/awards.json", folder(arena));
	char hex[SHA256_TEXT];
	struct rules *rules;
	struct sha256 sum;
	struct fault fault;
	struct buf text;
	json_t *file;
	size_t count = 0;
	size_t i;

	(void)state;
	buf_init(&text, 1 << 20);
	assert_int_equal(file_read(&text, path, &fault), 0);
	sum = sha256_of(buf_bytes(&text));
	sha256_format(hex, &sum);
	assert_int_equal(rules_load(&rules, folder(arena), NULL, &fault), 0);
	json_array_foreach(rules_files(rules), i, file)
	{
		count += strcmp(json_text_at(file, "file"), "awards.json") == 0;
	}
	assert_int_equal(count, 1);
	file = (json_t *)(uintptr_t)find(rules, "awards.json", false);
	assert_string_equal(json_text_at(file, "sha256"), hex);
	assert_int_equal(json_integer_at(file, "size"), text.len);
	assert_non_null(json_text_at(file, "title"));
	rules_free(rules);
	buf_fini(&text);
	arena_free(arena);
}

static void
the_offices_own_file_stands_beside_the_common_one(void **state)
{
	struct arena *arena = arena_new();
	char own[SCRATCH_PATH];
	struct rules *rules;
	struct fault fault;

	(void)state;
	scratch_make(own);
	assert_int_equal(
	    file_write(arena_format(arena, "%s/awards.json", own),
	        bytes_of_text("{\"title\":\"Riêng\",\"awards\":[{\"code\":"
	                      "\"own\",\"from\":\"2025-01-01\"}]}"),
	        0600, &fault),
	    0);
	assert_int_equal(rules_load(&rules, folder(arena), own, &fault), 0);
	assert_string_equal(
	    json_text_at(find(rules, "awards.json", true), "title"), "Riêng");
	assert_non_null(find(rules, "awards.json", false));
	assert_null(find(rules, "roles.json", true));
	assert_true(rules_has(rules, RULES_AWARDS, "own"));
	rules_free(rules);
	scratch_remove(own);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_names_a_file_that_was_read),
		cmocka_unit_test(
		    a_file_of_two_tables_is_told_once_with_its_sum),
		cmocka_unit_test(
		    the_offices_own_file_stands_beside_the_common_one),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
