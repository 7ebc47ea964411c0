/* SPDX-License-Identifier: Apache-2.0 */

#include "base/wire.h"

#include "base/bytes.h"

#include "tests/unit/unit.h"

static void
bytes_stand_in_the_order_of_their_name(void **state)
{
	uint8_t p[9] = { 0 };

	(void)state;
	wire_put_u16le(p, 0x0102);
	assert_memory_equal(p, "\x02\x01\x00", 3);
	wire_put_u16be(p, 0x0102);
	assert_memory_equal(p, "\x01\x02\x00", 3);
	wire_put_u32le(p, 0xF1020304);
	assert_memory_equal(p, "\x04\x03\x02\xF1\x00", 5);
	wire_put_u32be(p, 0xF1020304);
	assert_memory_equal(p, "\xF1\x02\x03\x04\x00", 5);
	wire_put_u64le(p, 0xF102030405060708);
	assert_memory_equal(p, "\x08\x07\x06\x05\x04\x03\x02\xF1\x00", 9);
	wire_put_u64be(p, 0xF102030405060708);
	assert_memory_equal(p, "\xF1\x02\x03\x04\x05\x06\x07\x08\x00", 9);
}

static void
what_is_put_is_got(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		uint64_t value = unit_draw() >> unit_draw() % 64;
		uint8_t p[8];

		wire_put_u16le(p, (uint16_t)value);
		assert_int_equal(wire_get_u16le(p), (uint16_t)value);
		wire_put_u16be(p, (uint16_t)value);
		assert_int_equal(wire_get_u16be(p), (uint16_t)value);
		wire_put_u32le(p, (uint32_t)value);
		assert_int_equal(wire_get_u32le(p), (uint32_t)value);
		wire_put_u32be(p, (uint32_t)value);
		assert_int_equal(wire_get_u32be(p), (uint32_t)value);
		wire_put_u64le(p, value);
		assert_true(wire_get_u64le(p) == value);
		wire_put_u64be(p, value);
		assert_true(wire_get_u64be(p) == value);
	}
}

static void
big_endian_bytes_sort_as_their_numbers(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		uint64_t a = unit_draw() >> unit_draw() % 64;
		uint64_t b = i % 8 == 0 ? a : unit_draw() >> unit_draw() % 64;
		uint8_t pa[8];
		uint8_t pb[8];
		int order;

		wire_put_u64be(pa, a);
		wire_put_u64be(pb, b);
		order = bytes_compare(bytes_of(pa, 8), bytes_of(pb, 8));
		assert_int_equal((order > 0) - (order < 0), (a > b) - (a < b));
	}
}

UNIT_MAIN(unit(bytes_stand_in_the_order_of_their_name),
    unit(what_is_put_is_got), unit(big_endian_bytes_sort_as_their_numbers))
