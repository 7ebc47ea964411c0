/* SPDX-License-Identifier: Apache-2.0 */

#include "base/say.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

/* Begin with these three; NULL is unset. */
static void
begin(bool english, const char *all, const char *messages, const char *lang)
{
	const char *const pairs[][2] = { { "LC_ALL", all },
		{ "LC_MESSAGES", messages }, { "LANG", lang } };

	for (size_t i = 0; i < 3; i++) {
		if (pairs[i][1] != NULL) {
			setenv(pairs[i][0], pairs[i][1], 1);
		} else {
			unsetenv(pairs[i][0]);
		}
	}
	say_begin(english);
}

static void
nothing_chosen_is_english_for_servers(void **state)
{
	(void)state;
	assert_true(say_is_english());
	assert_text(say_text("is required"), "is required");
}

static void
a_tool_speaks_vietnamese_unless_asked(void **state)
{
	(void)state;
	begin(false, NULL, NULL, NULL);
	assert_false(say_is_english());
	begin(false, "C", NULL, "en_US.UTF-8");
	assert_false(say_is_english());
	begin(false, "", "", "vi_VN.UTF-8");
	assert_false(say_is_english());
	begin(false, NULL, NULL, "eng_alike");
	assert_false(say_is_english());
	begin(true, "vi_VN", NULL, NULL);
	assert_true(say_is_english());
}

static void
the_first_locale_that_is_set_counts(void **state)
{
	(void)state;
	begin(false, NULL, NULL, "en_US.UTF-8");
	assert_true(say_is_english());
	begin(false, NULL, "en", NULL);
	assert_true(say_is_english());
	begin(false, NULL, "vi_VN.UTF-8", "en_US.UTF-8");
	assert_false(say_is_english());
	begin(false, "en_GB", "vi_VN.UTF-8", "vi_VN.UTF-8");
	assert_true(say_is_english());
}

static void
texts_and_faults_follow_the_language(void **state)
{
	struct fault fault;

	(void)state;
	fault_set(&fault, FAULT_ABSENT, "there is no %s %s", "unit", "xa");
	begin(false, NULL, NULL, NULL);
	assert_text(say_text("is required"), "là bắt buộc");
	assert_text(say_text("nobody wrote this"), "nobody wrote this");
	assert_text(say_fault(&fault), "không có đơn vị xa");
	begin(true, NULL, NULL, NULL);
	assert_text(say_text("is required"), "is required");
	assert_text(say_fault(&fault), "there is no unit xa");
}

static void
lines_are_printed_in_the_language(void **state)
{
	char text[200] = "";
	FILE *out = tmpfile();

	(void)state;
	assert_non_null(out);
	begin(false, NULL, NULL, NULL);
	say_to(out, "there is no %s %s", "unit", "xa");
	begin(true, NULL, NULL, NULL);
	say_to(out, "; there is no %s %s", "unit", "xa");
	rewind(out);
	assert_non_null(fgets(text, sizeof(text), out));
	fclose(out);
	assert_text(text, "không có đơn vị xa; there is no unit xa");
}

UNIT_MAIN(unit(nothing_chosen_is_english_for_servers),
    unit(a_tool_speaks_vietnamese_unless_asked),
    unit(the_first_locale_that_is_set_counts),
    unit(texts_and_faults_follow_the_language),
    unit(lines_are_printed_in_the_language))
