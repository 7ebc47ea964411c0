/* SPDX-License-Identifier: Apache-2.0 */

#include "base/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* RFC 3720, B.4, and the check value of the catalogue of CRCs. */
static void
known_bytes_have_their_known_sum(void **state)
{
	uint8_t data[32];

	(void)state;
	assert_int_equal(crc32c_of(bytes_of_text("123456789")), 0xE3069283u);
	memset(data, 0, sizeof(data));
	assert_int_equal(crc32c_of(bytes_of(data, 32)), 0x8A9136AAu);
	memset(data, 0xFF, sizeof(data));
	assert_int_equal(crc32c_of(bytes_of(data, 32)), 0x62A8AB43u);
	for (uint8_t i = 0; i < 32; i++) {
		data[i] = i;
	}
	assert_int_equal(crc32c_of(bytes_of(data, 32)), 0x46DD794Eu);
	assert_int_equal(crc32c_of(NO_BYTES), 0);
}

/* The definition, a bit at a time. */
static uint32_t
by_definition(struct bytes bytes)
{
	uint32_t sum = ~0u;

	for (size_t i = 0; i < bytes.len; i++) {
		sum ^= bytes.data[i];
		for (unsigned bit = 0; bit < 8; bit++) {
			sum = sum >> 1 ^ ((sum & 1) != 0 ? 0x82F63B78u : 0);
		}
	}
	return ~sum;
}

static void
it_is_what_the_definition_says_wherever_it_is_cut(void **state)
{
	uint8_t data[300];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(i * 151 + i / 7);
	}
	for (size_t len = 0; len <= sizeof(data); len += 1 + len / 9) {
		for (size_t cut = 0; cut <= len; cut += 1 + len / 5) {
			uint32_t sum = crc32c_of(bytes_of(data, cut));

			sum = crc32c_add(sum, bytes_of(data + cut, len - cut));
			assert_int_equal(sum,
			    by_definition(bytes_of(data, len)));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_bytes_have_their_known_sum),
		cmocka_unit_test(
		    it_is_what_the_definition_says_wherever_it_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
