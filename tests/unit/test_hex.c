/* SPDX-License-Identifier: Apache-2.0 */

#include "base/hex.h"

#include "tests/unit/unit.h"

#include <stdio.h>

static void
every_byte_goes_both_ways(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t in[2] = { (uint8_t)byte, (uint8_t)(255 - byte) };
		uint8_t back[2];
		char wanted[5];
		char text[5];

		snprintf(wanted, sizeof(wanted), "%02x%02x", byte, 255 - byte);
		hex_encode(text, bytes_of(in, 2));
		assert_text(text, wanted);
		assert_true(hex_decode(back, 2, text));
		assert_memory_equal(back, in, 2);
		snprintf(text, sizeof(text), "%02X%02X", byte, 255 - byte);
		assert_true(hex_decode(back, 2, text));
		assert_memory_equal(back, in, 2);
	}
	char none[1] = { 'x' };
	hex_encode(none, NO_BYTES);
	assert_int_equal(none[0], '\0');
}

static void
only_the_exact_count_of_digits_is_taken(void **state)
{
	uint8_t data[2];

	(void)state;
	assert_true(hex_decode(data, 2, "00fF"));
	assert_false(hex_decode(data, 2, ""));
	assert_false(hex_decode(data, 2, "0"));
	assert_false(hex_decode(data, 2, "000"));
	assert_false(hex_decode(data, 2, "00000"));
	assert_false(hex_decode(data, 2, "0000 "));
	assert_true(hex_decode(data, 0, ""));
}

static void
no_other_character_is_a_digit(void **state)
{
	(void)state;
	for (unsigned c = 1; c < 256; c++) {
		char high[3] = { (char)c, '0', '\0' };
		char low[3] = { '0', (char)c, '\0' };
		bool wanted = strchr("0123456789abcdefABCDEF", (int)c) != NULL;
		uint8_t data;

		assert_int_equal(hex_decode(&data, 1, high), wanted);
		assert_int_equal(hex_decode(&data, 1, low), wanted);
	}
}

UNIT_MAIN(unit(every_byte_goes_both_ways),
    unit(only_the_exact_count_of_digits_is_taken),
    unit(no_other_character_is_a_digit))
