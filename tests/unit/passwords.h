/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_PASSWORDS_H
#define TESTS_UNIT_PASSWORDS_H

#include "core/password.h"
#include "tests/unit/unit.h"

/* `hash` may be NULL, as for password_compare(). */
static inline bool
password_matches(const char *hash, const char *password)
{
	struct fault fault;
	bool matches;

	if (password_compare(hash, password, &matches, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return matches;
}

#endif
