/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is known of one key's way is said of others: it must be what a look of
 * their own would have found.
 */

#include "storage/probe.h"

#include "storage/inside.h"
#include "tests/unit/engine.h"

#define ROWS    4000u
#define KEYS    3000u
#define OTHERS  40u
#define KEY_MAX 4u

struct drawn {
	uint8_t bytes[KEY_MAX];
	size_t len;
};

/* Of few letters, so that many are drawn again, or beside one another. */
static struct bytes
draw_key(uint64_t *seed, struct drawn *key)
{
	key->len = 1 + scratch_draw(seed) % KEY_MAX;
	for (size_t i = 0; i < key->len; i++) {
		key->bytes[i] = (uint8_t)('a' + scratch_draw(seed) % 12);
	}
	return bytes_of(key->bytes, key->len);
}

static void
write_rows(struct engine *engine, uint64_t *seed)
{
	struct writes *writes = writes_new(engine->store, NULL);
	uint8_t value[200] = { 0 };
	struct drawn key;

	for (unsigned i = 0; i < ROWS; i++) {
		struct bytes name = draw_key(seed, &key);

		writes_put(writes, name,
		    bytes_of(value, scratch_draw(seed) % sizeof(value)));
	}
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
}

static bool
is_in(struct bytes key, struct bytes after, struct bytes before)
{
	return (after.len == 0 || bytes_compare(key, after) > 0) &&
	       (before.len == 0 || bytes_compare(key, before) < 0);
}

static void
must_be_one_way(const struct tree_cursor *path, struct bytes key)
{
	struct tree_cursor own;

	assert_int_equal(tree_probe(&own, path->tree, key), MDB_NOTFOUND);
	for (unsigned level = 0; level < path->tree->depth; level++) {
		assert_ptr_equal(own.levels[level].page,
		    path->levels[level].page);
		assert_int_equal(own.levels[level].at, path->levels[level].at);
	}
}

static void
all_keys_of_a_gap_have_one_way(void **state)
{
	struct engine *engine = *state;
	struct records *records = &engine->store->records;
	uint64_t seed = 20261123;
	struct state before = { .txn = 0 };
	struct tree tree;
	MDB_txn *txn = NULL;
	unsigned shared = 0;

	write_rows(engine, &seed);
	assert_int_equal(
	    state_begin(&before, &records->file, records->env, &txn), 0);
	assert_int_equal(state_table(&before, "rows", &tree), 0);
	assert_in_range(tree.depth, 2, 4);
	for (unsigned i = 0; i < KEYS; i++) {
		struct tree_cursor path;
		struct bytes after, to;
		struct drawn drawn;

		if (tree_probe(&path, &tree, draw_key(&seed, &drawn)) !=
		    MDB_NOTFOUND) {
			continue;
		}
		tree_probe_gap(&path, &after, &to);
		assert_true(is_in(bytes_of(drawn.bytes, drawn.len), after, to));
		for (unsigned j = 0; j < OTHERS; j++) {
			struct drawn other = drawn;
			struct bytes key = draw_key(&seed, &other);

			if (j % 2 == 0) { /* a neighbour */
				other = drawn;
				other.bytes[other.len - 1] =
				    (uint8_t)('a' + j % 12);
				key = bytes_of(other.bytes, other.len);
			}
			if (is_in(key, after, to)) {
				must_be_one_way(&path, key);
				shared++;
			}
		}
	}
	assert_true(shared > KEYS / 10);
	mdb_txn_abort(txn);
}

static int
by_bytes(const void *a, const void *b)
{
	const struct drawn *x = a;
	const struct drawn *y = b;

	return bytes_compare(bytes_of(x->bytes, x->len),
	    bytes_of(y->bytes, y->len));
}

/* In the order of keys most of what is asked was answered by the one before. */
static void
a_row_is_there_or_not_in_whatever_order_it_is_asked_for(void **state)
{
	static const char *const names[] = { "rows", NULL };
	static struct drawn keys[KEYS];
	struct engine *engine = *state;
	struct records *records = &engine->store->records;
	struct probe *probe = probe_new(&records->file, names);
	uint64_t seed = 20261124;
	MDB_txn *txn;
	unsigned there = 0;

	write_rows(engine, &seed);
	assert_int_equal(mdb_txn_begin(records->env, NULL, 0, &txn), 0);
	assert_int_equal(probe_start(probe, txn), 0);
	for (unsigned i = 0; i < KEYS; i++) {
		draw_key(&seed, &keys[i]);
	}
	for (unsigned turn = 0; turn < 2; turn++) {
		for (unsigned i = 0; i < KEYS; i++) {
			struct bytes key = bytes_of(keys[i].bytes, keys[i].len);
			struct bytes wanted, value;
			int code =
			    tree_find(probe_tree(probe, 0), key, &wanted);

			assert_int_equal(
			    probe_row(probe, 0, key, PROBE_PUT, 100, &value),
			    code);
			assert_true(code != 0 || bytes_equal(value, wanted));
			there += code == 0;
		}
		qsort(keys, KEYS, sizeof(*keys), by_bytes);
	}
	assert_in_range(there, 100, 2 * KEYS - 100);
	mdb_txn_abort(txn);
	probe_free(probe);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_keys_of_a_gap_have_one_way,
		    engine_setup, engine_teardown),
		cmocka_unit_test_setup_teardown(
		    a_row_is_there_or_not_in_whatever_order_it_is_asked_for,
		    engine_setup, engine_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
