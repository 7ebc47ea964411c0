/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/findings.h"

#include "base/file.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void
every_finding_has_a_name_words_in_both_languages_and_its_line_in_docs(
    void **state)
{
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	struct findings findings;
	struct buf docs;

	(void)state;
	buf_init(&docs, 1 << 20);
	if (file_read(&docs,
	        arena_format(arena, "%s/docs/archive-format.md",
	            getenv("srcdir") != NULL ? getenv("srcdir") : "."),
	        &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	findings_init(&findings, arena);
	for (int code = 0; code < FOUND_COUNT; code++) {
		const struct finding *one;
		const char *row;

		findings_add(&findings, (enum findings_code)code, NULL, "%s",
		    "");
		one = &findings.list[findings.count - 1];
		assert_non_null(one->name);
		assert_true(
		    one->vietnamese[0] != '\0' && one->english[0] != '\0');
		assert_true(text_is_nfc(bytes_of_text(one->vietnamese)));
		row = arena_format(arena, "| %s | %s |", one->name,
		    findings_grade_name(one->grade));
		if (strstr(buf_text(&docs), row) == NULL) {
			fail_msg("docs/archive-format.md lacks: %s", row);
		}
		for (size_t i = 0; i + 1 < findings.count; i++) {
			assert_string_not_equal(findings.list[i].name,
			    one->name);
		}
	}
	findings_fini(&findings);
	buf_fini(&docs);
	arena_free(arena);
}

static void
a_sentence_names_the_member_and_the_detail(void **state)
{
	struct arena *arena = arena_new();
	struct findings findings;

	(void)state;
	findings_init(&findings, arena);
	assert_true(findings_is_good(&findings));
	findings_add(&findings, FOUND_FILE_CHANGED, "quyết định.pdf", "SHA-%d",
	    256);
	assert_string_equal(findings.list[0].english,
	    "quyết định.pdf: The file is not what the manifest says (SHA-256)");
	assert_string_equal(findings.list[0].vietnamese,
	    "quyết định.pdf: Tệp đã bị thay đổi so với bản kê (SHA-256)");
	assert_false(findings_is_good(&findings));
	assert_true(findings_has(&findings, FOUND_FILE_CHANGED));
	assert_false(findings_has(&findings, FOUND_FILE_MISSING));
	assert_int_equal(findings.counts[FINDINGS_FAILED], 1);
	findings_fini(&findings);
	arena_free(arena);
}

static void
a_detail_longer_than_its_place_is_cut_at_a_character(void **state)
{
	struct arena *arena = arena_new();
	struct findings findings;
	char detail[2048];

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(detail); i += 3) {
		memcpy(detail + i, "ệ", 4);
	}
	findings_init(&findings, arena);
	for (size_t shift = 0; shift < 3; shift++) {
		findings_add(&findings, FOUND_SIGNER, NULL, "%.*s%s",
		    (int)shift, "xx", detail);
		assert_true(text_is_utf8(
		    bytes_of_text(findings.list[shift].vietnamese)));
	}
	findings_fini(&findings);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_finding_has_a_name_words_in_both_languages_and_its_line_in_docs),
		cmocka_unit_test(a_sentence_names_the_member_and_the_detail),
		cmocka_unit_test(
		    a_detail_longer_than_its_place_is_cut_at_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
