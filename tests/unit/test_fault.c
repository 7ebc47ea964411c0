/* SPDX-License-Identifier: Apache-2.0 */

#include "base/fault.h"

#include "base/text.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

static void
refusing_is_one_line(void **state)
{
	struct fault fault;

	(void)state;
	memset(&fault, 'x', sizeof(fault));
	assert_int_equal(fault_set(&fault, FAULT_LIMIT, "%s of %d", "row", 7),
	    -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	assert_int_equal(fault.sys, 0);
	assert_text(fault.field, "");
	assert_text(fault.text, "row of 7");
}

static void
a_field_is_named_by_its_pointer(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(fault_field(&fault, "/unit", "must be %s", "known"),
	    -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_text(fault.field, "/unit");
	assert_text(fault.text, "must be known");
}

static void
the_systems_words_stand_behind_the_text(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(fault_errno(&fault, ENOENT, "open %s", "a"), -1);
	assert_int_equal(fault.code, FAULT_SYSTEM);
	assert_int_equal(fault.sys, ENOENT);
	assert_text(fault.field, "");
	assert_text(fault.text, "open a: No such file or directory");
}

static void
outer_context_comes_first_and_the_rest_stays(void **state)
{
	struct fault fault;

	(void)state;
	fault_field(&fault, "/unit", "too long");
	fault_prefix(&fault, "manifest");
	fault_prefix(&fault, "package %d", 17);
	assert_text(fault.text, "package 17: manifest: too long");
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_text(fault.field, "/unit");
}

/* Vietnamese text of every length around the room that there is. */
static void
text_too_long_is_cut_between_characters(void **state)
{
	static const char *const letters[] = { "a", "đ", "ệ", "\U0001F602" };
	char text[1200];

	(void)state;
	for (unsigned kind = 0; kind < 4; kind++) {
		for (size_t len = 0; len < 280; len++) {
			struct fault fault;
			size_t used = 0;

			memset(text, 'x', len);
			for (used = len; used < len + 260;) {
				strcpy(text + used, letters[kind]);
				used += strlen(letters[kind]);
			}
			fault_set(&fault, FAULT_INVALID, "%s", text);
			assert_true(text_is_utf8(bytes_of_text(fault.text)));
			assert_true(
			    strlen(fault.text) > sizeof(fault.text) - 5);
			assert_memory_equal(fault.text, text,
			    strlen(fault.text));

			fault_set(&fault, FAULT_INVALID, "%s",
			    text + len); /* letters alone */
			fault_prefix(&fault, "%.*s", (int)len, text);
			assert_true(text_is_utf8(bytes_of_text(fault.text)));

			fault_errno(&fault, ENOENT, "%s", text);
			assert_true(text_is_utf8(bytes_of_text(fault.text)));
		}
	}
}

static void
every_code_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int code = FAULT_NONE; code <= FAULT_UNSURE; code++) {
		assert_non_null(fault_name((enum fault_code)code));
		for (int other = FAULT_NONE; other < code; other++) {
			assert_string_not_equal(
			    fault_name((enum fault_code)code),
			    fault_name((enum fault_code)other));
		}
	}
	assert_text(fault_name(FAULT_ABSENT), "absent");
}

UNIT_MAIN(unit(refusing_is_one_line), unit(a_field_is_named_by_its_pointer),
    unit(the_systems_words_stand_behind_the_text),
    unit(outer_context_comes_first_and_the_rest_stays),
    unit(text_too_long_is_cut_between_characters),
    unit(every_code_has_a_name_of_its_own))
