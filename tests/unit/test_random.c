/* SPDX-License-Identifier: Apache-2.0 */

#include "base/random.h"

#include "base/text.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define EPOCH_US 1577836800000000LL /* 2020-01-01T00:00:00Z */

static void
ids_are_ids(void **state)
{
	char text[ID_TEXT];

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		id_make(text, EPOCH_US + (int64_t)(unit_draw() >> 9));
		assert_int_equal(strlen(text), ID_TEXT - 1);
		assert_true(text_is_id(text));
		assert_int_equal(
		    strspn(text, "0123456789abcdefghjkmnpqrstvwxyz"),
		    ID_TEXT - 1);
	}
}

static void
ids_sort_by_their_time(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		int64_t at = EPOCH_US + (int64_t)(unit_draw() >> (9 + i % 54));
		char before[ID_TEXT];
		char after[ID_TEXT];

		id_make(before, at);
		id_make(after, at + 1);
		if (strcmp(before, after) >= 0) {
			print_error("%lld: %s is not before %s\n",
			    (long long)at, before, after);
			fail();
		}
	}
}

static void
an_id_begins_with_its_time(void **state)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		uint64_t since = unit_draw() >> (9 + i % 54);
		uint64_t read = 0;
		char text[ID_TEXT];

		id_make(text, EPOCH_US + (int64_t)since);
		for (unsigned digit = 0; digit < 11; digit++) {
			read = read << 5 |
			       (uint64_t)(strchr(digits, text[digit]) - digits);
		}
		assert_true(read == since);
	}
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

#define MANY 20000

static void
ids_of_one_instant_differ(void **state)
{
	static char ids[MANY][ID_TEXT];

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		id_make(ids[i], EPOCH_US + 5);
	}
	qsort(ids, MANY, ID_TEXT, compare);
	for (unsigned i = 1; i < MANY; i++) {
		assert_string_not_equal(ids[i - 1], ids[i]);
	}
}

/* A byte that is never drawn, or a bit that stands still, would show. */
static void
random_bytes_take_every_value(void **state)
{
	static uint8_t bytes[65536];
	unsigned seen[256] = { 0 };

	(void)state;
	random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		seen[bytes[i]]++;
	}
	for (unsigned value = 0; value < 256; value++) {
		assert_in_range(seen[value], 100, 500); /* 256 is the mean */
	}
}

static int
compare_eight(const void *a, const void *b)
{
	return memcmp(a, b, 8);
}

/* Also where a thread's stock of them ends within a draw. */
static void
short_draws_are_whole_and_differ(void **state)
{
	static uint8_t drawn[MANY][8];
	uint8_t place[3 + 64 + 3];

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		size_t len = i % 65;

		memset(place, 0xA5, sizeof(place));
		random_bytes(place + 3, len);
		for (size_t at = 0; at < 3; at++) {
			assert_int_equal(place[at], 0xA5);
			assert_int_equal(place[3 + len + at], 0xA5);
		}
		random_bytes(drawn[i], sizeof(drawn[i]));
	}
	qsort(drawn, MANY, sizeof(drawn[0]), compare_eight);
	for (unsigned i = 1; i < MANY; i++) {
		assert_memory_not_equal(drawn[i - 1], drawn[i], 8);
	}
}

UNIT_MAIN(unit(ids_are_ids), unit(ids_sort_by_their_time),
    unit(an_id_begins_with_its_time), unit(ids_of_one_instant_differ),
    unit(short_draws_are_whole_and_differ), unit(random_bytes_take_every_value))
