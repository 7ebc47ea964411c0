/* SPDX-License-Identifier: Apache-2.0 */

/* Random pairs against a plain array, in memory and through many files. */

#include "core/sorter.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#define KEYS  300
#define PAIRS 5000

static struct {
	int64_t sum;
	int last; /* number of the pair, -1 none */
	int count;
} model[KEYS];

/* Keys whose order is that of their numbers. */
static struct bytes
key_of(char text[8], int number)
{
	snprintf(text, 8, "%05d", number);
	return bytes_of_text(text);
}

static struct sorter *
filled(enum sorter_kind kind, size_t memory)
{
	struct sorter_options options = { kind, memory, "/tmp" };
	struct sorter *sorter = sorter_new(&options);
	struct fault fault;
	char key[8];

	for (int i = 0; i < KEYS; i++) {
		model[i].sum = 0;
		model[i].last = -1;
		model[i].count = 0;
	}
	for (int i = 0; i < PAIRS; i++) {
		int number = (int)(unit_draw() % KEYS);
		int64_t value = kind == SORTER_SUM
		                    ? (int64_t)(unit_draw() % 2001) - 1000
		                    : i;

		sorter_add_number(sorter, key_of(key, number), value);
		model[number].sum += value;
		model[number].last = i;
		model[number].count++;
	}
	if (sorter_sort(sorter, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return sorter;
}

static const size_t memories[] = { 1, 100, 3000, 1 << 20 };

static void
one_pair_a_key_comes_out_last_or_summed(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		bool sums = i % 2 == 1;
		struct sorter *sorter = filled(sums ? SORTER_SUM : SORTER_LAST,
		    i < 2 ? 400 : memories[i / 2]);
		struct bytes key, value;
		struct fault fault;
		char text[8];

		for (int number = 0; number < KEYS; number++) {
			if (model[number].count == 0) {
				continue;
			}
			assert_int_equal(
			    sorter_next(sorter, &key, &value, &fault), 1);
			assert_true(bytes_equal(key, key_of(text, number)));
			assert_int_equal(sorter_number(value),
			    sums ? model[number].sum : model[number].last);
		}
		assert_int_equal(sorter_next(sorter, &key, &value, &fault), 0);
		sorter_free(sorter);
	}
}

static void
all_pairs_of_a_key_come_out_in_their_order(void **state)
{
	(void)state;
	for (size_t i = 1; i < 4; i++) {
		struct sorter *sorter = filled(SORTER_ALL, memories[i]);
		struct bytes key, value;
		struct fault fault;
		char text[8];

		for (int number = 0; number < KEYS; number++) {
			int64_t before = -1;

			for (int j = 0; j < model[number].count; j++) {
				assert_int_equal(
				    sorter_next(sorter, &key, &value, &fault),
				    1);
				assert_true(
				    bytes_equal(key, key_of(text, number)));
				assert_true(sorter_number(value) > before);
				before = sorter_number(value);
			}
		}
		assert_int_equal(sorter_next(sorter, &key, &value, &fault), 0);
		sorter_free(sorter);
	}
}

/* A pair of the plain list: a key of few letters, so that many begin alike. */
struct plain {
	uint8_t key[24];
	size_t len;
	int64_t number;
};

static int
compare_plain(const void *left, const void *right)
{
	const struct plain *a = left;
	const struct plain *b = right;
	int order =
	    bytes_compare(bytes_of(a->key, a->len), bytes_of(b->key, b->len));

	return order != 0 ? order : a->number < b->number ? -1 : 1;
}

static void
draw_plain(struct plain *plain, int64_t number)
{
	plain->len = unit_draw() % (sizeof(plain->key) + 1);
	plain->number = number;
	for (size_t i = 0; i < plain->len; i++) {
		plain->key[i] =
		    (uint8_t)(unit_draw() % 8 == 0 ? unit_draw() % 256
		                                   : unit_draw() % 2);
	}
}

/* NUL within and behind, keys that begin others, through one run and many. */
static void
keys_of_any_bytes_come_out_as_a_plain_list_sorts_them(void **state)
{
	static struct plain list[PAIRS * 4];
	const size_t count = sizeof(list) / sizeof(list[0]);

	(void)state;
	for (size_t round = 0; round < 6; round++) {
		struct sorter_options options = { SORTER_ALL,
			round % 2 == 0 ? 1 << 24 : 200000, "/tmp" };
		struct sorter *sorter = sorter_new(&options);
		struct bytes key, value;
		struct fault fault;

		for (size_t i = 0; i < count; i++) {
			draw_plain(&list[i], (int64_t)i);
			sorter_add_number(sorter,
			    bytes_of(list[i].key, list[i].len), (int64_t)i);
		}
		qsort(list, count, sizeof(list[0]), compare_plain);
		assert_int_equal(sorter_sort(sorter, &fault), 0);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(
			    sorter_next(sorter, &key, &value, &fault), 1);
			assert_int_equal(key.len, list[i].len);
			assert_memory_equal(key.data, list[i].key, key.len);
			assert_int_equal(sorter_number(value), list[i].number);
		}
		assert_int_equal(sorter_next(sorter, &key, &value, &fault), 0);
		sorter_free(sorter);
	}
}

static void
a_folder_that_takes_no_file_is_a_fault(void **state)
{
	struct sorter_options options = { SORTER_ALL, 1, "/no/such/folder" };
	struct sorter *sorter = sorter_new(&options);
	struct fault fault = { .code = FAULT_NONE };

	(void)state;
	sorter_add_number(sorter, bytes_of_text("a"), 1);
	sorter_add_number(sorter, bytes_of_text("b"), 1);
	assert_int_equal(sorter_sort(sorter, &fault), -1);
	assert_int_equal(fault.code, FAULT_SYSTEM);
	sorter_free(sorter);
}

static void
nothing_comes_of_nothing(void **state)
{
	struct sorter_options options = { SORTER_SUM, 100, "/tmp" };
	struct sorter *sorter = sorter_new(&options);
	struct bytes key, value;
	struct fault fault;

	(void)state;
	assert_int_equal(sorter_sort(sorter, &fault), 0);
	assert_int_equal(sorter_next(sorter, &key, &value, &fault), 0);
	sorter_free(sorter);
}

UNIT_MAIN(unit(one_pair_a_key_comes_out_last_or_summed),
    unit(all_pairs_of_a_key_come_out_in_their_order),
    unit(keys_of_any_bytes_come_out_as_a_plain_list_sorts_them),
    unit(a_folder_that_takes_no_file_is_a_fault),
    unit(nothing_comes_of_nothing))
