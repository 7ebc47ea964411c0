/* SPDX-License-Identifier: Apache-2.0 */

#include "api/octet.h"

#include "tests/unit/unit.h"

static bool
is_alnum(int octet)
{
	return (octet >= '0' && octet <= '9') ||
	       (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z');
}

static bool
is_of(int octet, const char *marks)
{
	return octet != 0 && strchr(marks, octet) != NULL;
}

static unsigned
classes_by_the_rules(int octet)
{
	bool visible = octet >= 0x21 && octet <= 0x7e;
	unsigned classes = 0;

	if (is_alnum(octet) || is_of(octet, "!#$%&'*+-.^_`|~")) {
		classes |= OCTET_TOKEN; /* RFC 9110, 5.6.2 */
	}
	if (visible && !is_of(octet, "\"<>\\^{|}`")) {
		classes |= OCTET_TARGET;
	}
	if (visible || octet == ' ' || octet == '\t' || octet >= 0x80) {
		classes |= OCTET_VALUE; /* RFC 9110, 5.5 */
	}
	if (is_alnum(octet) || is_of(octet, "-._~%!$&'()*+,;=:[]")) {
		classes |= OCTET_HOST; /* RFC 3986, 3.2.2 and 3.2.3 */
	}
	if (is_alnum(octet) || is_of(octet, "!#$&+-.^_`|~")) {
		classes |= OCTET_ATTR; /* RFC 8187, 3.2.1 */
	}
	return classes;
}

static void
every_octet_is_in_the_classes_of_the_rfcs(void **state)
{
	(void)state;
	for (int octet = 0; octet < 256; octet++) {
		if (octet_classes[octet] != classes_by_the_rules(octet)) {
			print_error("octet %02x\n", octet);
		}
		assert_int_equal(octet_classes[octet],
		    classes_by_the_rules(octet));
	}
}

static void
hexadecimal_digits_have_values_and_nothing_else_has(void **state)
{
	const char *digits = "0123456789abcdef";

	(void)state;
	for (int octet = 0; octet < 256; octet++) {
		int lower = octet >= 'A' && octet <= 'F' ? octet | 0x20 : octet;
		const char *found = lower != 0 ? strchr(digits, lower) : NULL;

		assert_int_equal(octet_hex((uint8_t)octet),
		    found != NULL ? found - digits : -1);
	}
}

UNIT_MAIN(unit(every_octet_is_in_the_classes_of_the_rfcs),
    unit(hexadecimal_digits_have_values_and_nothing_else_has))
