/* SPDX-License-Identifier: Apache-2.0 */

/* What a thread digests is what one would have digested by oneself. */

#include "archive/digester.h"

#include "base/memory.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

#define ROUNDS    60
#define PIECE_MAX 700000

static void
check_same(const struct digest_set *got, const struct digest_set *wanted)
{
	static const enum digest_kind kinds[] = { DIGEST_SHA256,
		DIGEST_SHA512 };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		assert_memory_equal(digest_set_get(got, kinds[i]).data,
		    digest_set_get(wanted, kinds[i]).data,
		    digest_kind_bytes(kinds[i]));
	}
}

static struct digest_set *
new_set(void)
{
	struct digest_set *set = digest_set_new();

	digest_set_want(set, DIGEST_SHA256);
	digest_set_want(set, DIGEST_SHA512);
	return set;
}

static void
pieces_of_any_length_reach_their_set_in_order(void **state)
{
	uint8_t *data = xzalloc(PIECE_MAX);
	struct digester *digester = NULL;
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(digester_new(&digester, &fault), 0);
	for (int set = 0; set < 3; set++) {
		struct digest_set *got = new_set();
		struct digest_set *wanted = new_set();

		for (int i = 0; i < ROUNDS; i++) {
			size_t len = (size_t)(unit_draw() >> 20) %
			             (i % 3 == 0 ? PIECE_MAX : 100);

			/* The caller's bytes are his again at once. */
			memset(data, (int)unit_draw(), len);
			digest_set_add(wanted, bytes_of(data, len));
			digester_add(digester, got, bytes_of(data, len));
			memset(data, 0, len);
		}
		digester_wait(digester);
		digest_set_end(got);
		digest_set_end(wanted);
		check_same(got, wanted);
		digest_set_free(got);
		digest_set_free(wanted);
	}
	digester_free(digester);
	free(data);
}

static void
one_that_had_nothing_to_do_ends(void **state)
{
	struct digester *digester = NULL;
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(digester_new(&digester, &fault), 0);
	digester_wait(digester);
	digester_free(digester);
	digester_free(NULL);
}

UNIT_MAIN(unit(pieces_of_any_length_reach_their_set_in_order),
    unit(one_that_had_nothing_to_do_ends))
