/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The set of sums is compared with a plain list; few different sums, all at
 * home in the same few slots, so that runs grow together and fall apart.
 */

#include "storage/sums.h"

#include "tests/unit/scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DIFFERENT 200
#define STEPS     100000

struct model {
	bool there[DIFFERENT];
	int64_t number[DIFFERENT];
	size_t count;
};

/* Sums of the same home differ in a later byte. */
static struct sha256
sum_of(unsigned i)
{
	struct sha256 sum = { { (uint8_t)(i % 5), 0 } };

	sum.bytes[20] = (uint8_t)i;
	return sum;
}

static void
check(const struct sums *sums, const struct model *model)
{
	assert_int_equal(sums_count(sums), model->count);
	for (unsigned i = 0; i < DIFFERENT; i++) {
		struct sha256 sum = sum_of(i);
		int64_t number = -1;

		assert_int_equal(sums_has(sums, &sum, &number),
		    model->there[i]);
		assert_int_equal(number,
		    model->there[i] ? model->number[i] : -1);
	}
}

static void
a_set_does_what_a_list_does(void **state)
{
	struct sums *sums = sums_new();
	struct model model = { 0 };
	uint64_t seed = 7;

	(void)state;
	for (int step = 0; step < STEPS; step++) {
		unsigned i = (unsigned)(scratch_draw(&seed) >> 33) % DIFFERENT;
		struct sha256 sum = sum_of(i);

		if (scratch_draw(&seed) >> 63 != 0) {
			assert_int_equal(sums_add(sums, &sum, step),
			    !model.there[i]);
			model.number[i] =
			    model.there[i] ? model.number[i] : step;
			model.count += !model.there[i];
			model.there[i] = true;
		} else {
			assert_int_equal(sums_remove(sums, &sum),
			    model.there[i]);
			model.count -= model.there[i];
			model.there[i] = false;
		}
		if (step % 1000 == 0) {
			check(sums, &model);
		}
	}
	check(sums, &model);
	sums_clear(sums);
	model = (struct model){ 0 };
	check(sums, &model);
	sums_free(sums);
}

static void
a_set_takes_as_many_as_come(void **state)
{
	enum { MANY = 50000 };
	struct sums *sums = sums_new();
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		struct sha256 sum = { { 0 } };

		scratch_fill(&seed, sum.bytes, sizeof(sum.bytes));
		assert_true(sums_add(sums, &sum, i));
	}
	seed = 7;
	for (int i = 0; i < MANY; i++) {
		struct sha256 sum = { { 0 } };
		int64_t number;

		scratch_fill(&seed, sum.bytes, sizeof(sum.bytes));
		assert_true(sums_has(sums, &sum, &number));
		assert_int_equal(number, i);
	}
	sums_free(sums);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_does_what_a_list_does),
		cmocka_unit_test(a_set_takes_as_many_as_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
