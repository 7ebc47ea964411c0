/* SPDX-License-Identifier: Apache-2.0 */

#include "core/named_file.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

/* Files of these names, of digests 1, 2, 3, ... */
static struct named_files
files_of(struct arena *arena, const char *const *names)
{
	json_t *list = json_array();
	char hex[65];

	for (size_t i = 0; names[i] != NULL; i++) {
		snprintf(hex, sizeof(hex), "%064zx", i + 1);
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:i}", "name", names[i], "sha256",
		        hex, "size", 10));
	}
	return named_files(arena, RECORD_DOCUMENT,
	    json_own(arena, json_pack("{s:o}", "attachments", list)));
}

static void
a_proof_is_about_the_file_whose_name_it_has(void **state)
{
	static const struct {
		const char *names[5]; /* the first is the proof */
		const char *content;  /* NULL: none */
	} cases[] = {
		{ { "a.pdf.p7s", "b.pdf", "a.pdf" }, "a.pdf" },
		{ { "a.p7s", "b.pdf", "a.pdf" }, "a.pdf" },
		{ { "A.PDF.P7S", "b.pdf", "a.pdf" }, "a.pdf" },
		{ { "a.pdf.p7s", "a.docx", "a.pdf" }, "a.pdf" },
		{ { "a.tst", "b.p7s", "c.txt" }, "c.txt" },
		{ { "a.tst", "b.pdf", "c.txt" }, NULL },
		{ { "a.p7s", "a.ers" }, NULL },
		{ { ".p7s", "a" }, "a" },
		{ { "a.p7s" }, NULL },
		{ { "a.p7m", "a.pdf" }, NULL }, /* it holds its own */
		{ { "a.p7m", "c.txt" }, NULL },
		{ { "a.pdf.p7m", "a.pdf" }, "a.pdf" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct named_files files =
		    files_of(arena, cases[i].names);
		const struct named_file *content =
		    named_file_content(&files, &files.list[0]);

		assert_true(named_file_is_proof(&files.list[0]));
		if (cases[i].content == NULL) {
			assert_null(content);
		} else {
			assert_non_null(content);
			assert_string_equal(content->name, cases[i].content);
		}
	}
	arena_free(arena);
}

static void
a_dossier_names_files_by_its_components(void **state)
{
	static const char hex[] = "00000000000000000000000000000000"
	                          "000000000000000000000000000000ff";
	struct arena *arena = arena_new();
	json_t *dossier = json_own(arena,
	    json_pack("{s:[{s:s, s:{s:s, s:s, s:i}}, {s:s}, {s:s, s:{s:s}}]}",
	        "components", "code", "C_BCTT", "attachment", "name", "a.pdf",
	        "sha256", hex, "size", 7, "code", "C_KHAC", "code", "C_QD",
	        "attachment", "name", "without a digest"));
	const struct named_files files =
	    named_files(arena, RECORD_DOSSIER, dossier);
	struct sha256 sum = { { 0 } };

	(void)state;
	assert_int_equal(files.count, 1);
	assert_string_equal(files.list[0].component, "C_BCTT");
	assert_int_equal(files.list[0].size, 7);
	assert_false(named_file_is_proof(&files.list[0]));
	assert_null(named_file_find(&files, &sum));
	sum.bytes[SHA256_BYTES - 1] = 0xff;
	assert_ptr_equal(named_file_find(&files, &sum), &files.list[0]);
	assert_int_equal(named_files(arena, RECORD_DOSSIER, NULL).count, 0);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proof_is_about_the_file_whose_name_it_has),
		cmocka_unit_test(a_dossier_names_files_by_its_components),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
