/* SPDX-License-Identifier: Apache-2.0 */

/* Every message in Vietnamese fits the arguments of its original. */

#include "base/phrase.h"

#include "base/fault.h"
#include "base/text.h"
#include "tests/unit/unit.h"

#include <string.h>

/* The conversions of a printf format, one behind the other: "%s%zu". */
static void
conversions(char *out, size_t size, const char *format)
{
	size_t used = 0;

	for (const char *at = strchr(format, '%'); at != NULL;
	     at = strchr(at, '%')) {
		size_t len = strcspn(at + 1, "%diouxXcsp") + 2;

		if (at[1] == '%') {
			at += 2;
			continue;
		}
		assert_true(used + len < size);
		memcpy(out + used, at, len);
		used += len;
		at += len;
	}
	out[used] = '\0';
}

static void
rows_are_in_order_and_none_stands_twice(void **state)
{
	(void)state;
	for (size_t i = 1; i < phrase_count; i++) {
		if (strcmp(phrase_table[i - 1].english,
		        phrase_table[i].english) >= 0) {
			fail_msg("\"%s\" stands after \"%s\"",
			    phrase_table[i].english,
			    phrase_table[i - 1].english);
		}
	}
}

static void
both_languages_take_the_same_arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < phrase_count; i++) {
		char english[200];
		char vietnamese[200];

		conversions(english, sizeof(english), phrase_table[i].english);
		conversions(vietnamese, sizeof(vietnamese),
		    phrase_table[i].vietnamese);
		assert_text(vietnamese, english);
		assert_true(
		    text_is_nfc(bytes_of_text(phrase_table[i].vietnamese)));
	}
}

static void
a_fault_speaks_both_languages(void **state)
{
	struct fault fault;

	(void)state;
	fault_set(&fault, FAULT_ABSENT, "there is no %s %s", "unit", "xa");
	assert_text(fault.text, "there is no unit xa");
	assert_text(fault.local, "không có unit xa");
	fault_set(&fault, FAULT_ABSENT, "nobody has translated %d", 7);
	assert_text(fault.local, "nobody has translated 7");
}

UNIT_MAIN(unit(rows_are_in_order_and_none_stands_twice),
    unit(both_languages_take_the_same_arguments),
    unit(a_fault_speaks_both_languages))
