/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

/* cmocka.h wants these four before it, in this order. */
#include <stdarg.h>
#include <stddef.h>

#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * A test's name is its function's: a_text_in_two_spellings_folds_alike.
 * main() is `UNIT_MAIN(unit(first), unit(second))`.
 */
#define unit(test) cmocka_unit_test(test)
#define UNIT_MAIN(...) \
	int main(void) \
	{ \
		const struct CMUnitTest tests[] = { __VA_ARGS__ }; \
		return cmocka_run_group_tests(tests, NULL, NULL); \
	}

/* Texts that may be NULL, shown where they differ. */
#define assert_text(got, wanted) unit_text(got, wanted, __FILE__, __LINE__)

static inline void
unit_text(const char *got, const char *wanted, const char *file, int line)
{
	if (got == NULL || wanted == NULL) {
		if (got != wanted) {
			print_error("got %s, wanted %s\n",
			    got != NULL ? got : "NULL",
			    wanted != NULL ? wanted : "NULL");
			_fail(file, line);
		}
		return;
	}
	_assert_string_equal(got, wanted, file, line);
}

/* The same numbers in every run (xorshift64, Marsaglia 2003). */
static inline uint64_t
unit_draw(void)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

#endif
