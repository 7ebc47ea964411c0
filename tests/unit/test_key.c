/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Keys are compared with a model: a list of typed parts, compared part by
 * part, must sort as memcmp() sorts the keys that were built of it.
 */

#include "storage/key.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROUNDS 200000
#define PARTS  4

enum type { TEXT, U8, U32, U64, I64, DATE, TYPES };

struct part {
	enum type type;
	char text[6];
	uint64_t number;
};

static uint64_t seed = 20260131;

static uint64_t
draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Few values, the extreme ones among them, so that ties are common. */
static uint64_t
draw_number(void)
{
	static const uint64_t edges[] = { 0, 1, 127, 128, 255, 256, 0x7FFFFFFF,
		0x80000000, 0xFFFFFFFF, INT64_MAX, (uint64_t)INT64_MAX + 1,
		UINT64_MAX };

	return draw() % 3 == 0
	           ? draw()
	           : edges[draw() % (sizeof(edges) / sizeof(*edges))];
}

static void
draw_part(struct part *part, enum type type)
{
	static const char letters[] = "\x01 ab\xc4\x91\xff";
	size_t len = draw() % 5;

	part->type = type;
	part->number = draw_number();
	for (size_t i = 0; i < len; i++) {
		part->text[i] = letters[draw() % (sizeof(letters) - 1)];
	}
	part->text[len] = '\0';
}

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_signed(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_parts(const struct part *a, const struct part *b)
{
	switch (a->type) {
	case TEXT:
		return strcmp(a->text, b->text);
	case U8:
		return compare_numbers((uint8_t)a->number, (uint8_t)b->number);
	case U32:
		return compare_numbers((uint32_t)a->number,
		    (uint32_t)b->number);
	case U64:
		return compare_numbers(a->number, b->number);
	case I64:
		return compare_signed((int64_t)a->number, (int64_t)b->number);
	case DATE:
		return compare_signed((date_t)a->number, (date_t)b->number);
	case TYPES:
		break;
	}
	return 0;
}

static void
add_part(struct key *key, const struct part *part)
{
	switch (part->type) {
	case TEXT:
		key_add_text(key, part->text);
		break;
	case U8:
		key_add_u8(key, (uint8_t)part->number);
		break;
	case U32:
		key_add_u32(key, (uint32_t)part->number);
		break;
	case U64:
		key_add_u64(key, part->number);
		break;
	case I64:
		key_add_i64(key, (int64_t)part->number);
		break;
	case DATE:
		key_add_date(key, (date_t)part->number);
		break;
	case TYPES:
		break;
	}
}

static int
sign_of(int order)
{
	return (order > 0) - (order < 0);
}

static void
keys_sort_as_their_parts_do(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct key a, b;
		int wanted = 0;

		key_start(&a, 'd');
		key_start(&b, 'd');
		for (int i = 0; i < PARTS; i++) {
			enum type type = (enum type)(draw() % TYPES);
			struct part left, right;

			draw_part(&left, type);
			draw_part(&right, type);
			if (draw() % 2 == 0) {
				right = left;
			}
			add_part(&a, &left);
			add_part(&b, &right);
			wanted =
			    wanted != 0 ? wanted : compare_parts(&left, &right);
		}
		assert_int_equal(
		    sign_of(bytes_compare(key_bytes(&a), key_bytes(&b))),
		    sign_of(wanted));
	}
}

static void
what_was_built_is_read_back(void **state)
{
	struct key key;
	struct key_reader reader;
	struct fault fault = { 0 };

	(void)state;
	key_start(&key, 'g');
	key_add_text(&key, "xa-xop");
	key_add_text(&key, "");
	key_add_date(&key, DATE_MIN);
	key_add_u8(&key, 7);
	key_add_u32(&key, 1u << 31);
	key_add_u64(&key, UINT64_MAX);
	key_add_i64(&key, INT64_MIN);
	key_add_raw(&key, bytes_of("\0\1", 2));

	assert_int_equal(key_read_start(&reader, key_bytes(&key)), 'g');
	assert_string_equal(key_read_text(&reader), "xa-xop");
	assert_string_equal(key_read_text(&reader), "");
	assert_int_equal(key_read_date(&reader), DATE_MIN);
	assert_int_equal(key_read_u8(&reader), 7);
	assert_true(key_read_u32(&reader) == 1u << 31);
	assert_true(key_read_u64(&reader) == UINT64_MAX);
	assert_true(key_read_i64(&reader) == INT64_MIN);
	assert_memory_equal(key_read_raw(&reader, 2).data, "\0\1", 2);
	assert_int_equal(key_read_end(&reader, &fault), 0);
}

static void
a_key_that_is_cut_short_is_corrupt(void **state)
{
	struct key key;
	struct fault fault = { 0 };

	(void)state;
	key_start(&key, 'g');
	key_add_text(&key, "xa-xop");
	key_add_u32(&key, 5);
	for (size_t len = 0; len <= key.len + 1; len++) {
		struct key_reader reader;
		uint8_t bytes[32] = { 0 };
		int wanted = len == key.len ? 0 : -1;

		memcpy(bytes, key.bytes, key.len);
		key_read_start(&reader, bytes_of(bytes, len));
		key_read_text(&reader);
		key_read_u32(&reader);
		assert_int_equal(key_read_end(&reader, &fault), wanted);
		if (wanted != 0) {
			assert_int_equal(fault.code, FAULT_CORRUPT);
		}
	}
}

/* Every key of up to three bytes, against the definition of key_next(). */
static void
the_next_key_is_behind_all_with_the_prefix(void **state)
{
	static const uint8_t letters[] = { 0, 1, 0x7F, 0xFE, 0xFF };

	enum { N = sizeof(letters) };

	(void)state;
	for (unsigned p = 0; p < N * N; p++) {
		struct key prefix, next;

		key_start(&prefix, letters[p / N]);
		key_add_u8(&prefix, letters[p % N]);
		next = prefix;
		key_next(&next);
		for (unsigned k = 0; k < N * N * N; k++) {
			uint8_t bytes[3] = { letters[k / N / N],
				letters[k / N % N], letters[k % N] };
			struct bytes other = bytes_of(bytes, 3);
			bool inside = memcmp(bytes, prefix.bytes, 2) == 0;
			bool behind = memcmp(bytes, prefix.bytes, 2) > 0;
			bool not_before =
			    next.len > 0 &&
			    bytes_compare(other, key_bytes(&next)) >= 0;

			assert_false(inside && not_before);
			assert_int_equal(behind, not_before);
		}
	}
}

static void
what_does_not_fit_is_longer_than_any_key(void **state)
{
	struct key key;
	char text[KEY_MAX_BYTES];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[KEY_MAX_BYTES - 2] = '\0';
	key_start(&key, 'n');
	key_add_text(&key, text); /* 1 + 509 + 1 */
	assert_int_equal(key_bytes(&key).len, KEY_MAX_BYTES);
	key_add_u8(&key, 1);
	assert_true(key.overflow);
	assert_int_equal(key_bytes(&key).len, KEY_MAX_BYTES + 1);
	key_add_text_of(&key, NO_BYTES);
	key_next(&key);
	assert_int_equal(key_bytes(&key).len, KEY_MAX_BYTES + 1);
}

static void
text_with_a_nul_inside_is_no_part_of_a_key(void **state)
{
	struct key key;

	(void)state;
	key_start(&key, 'n');
	key_add_text_of(&key, bytes_of("a\0b", 3));
	assert_int_equal(key_bytes(&key).len, KEY_MAX_BYTES + 1);
	key_start(&key, 'n');
	key_add_text_of(&key, bytes_of("ab", 2));
	assert_int_equal(key_bytes(&key).len, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_sort_as_their_parts_do),
		cmocka_unit_test(what_was_built_is_read_back),
		cmocka_unit_test(a_key_that_is_cut_short_is_corrupt),
		cmocka_unit_test(the_next_key_is_behind_all_with_the_prefix),
		cmocka_unit_test(what_does_not_fit_is_longer_than_any_key),
		cmocka_unit_test(text_with_a_nul_inside_is_no_part_of_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
