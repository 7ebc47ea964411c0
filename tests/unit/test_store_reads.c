/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What every engine behind storage/store.h promises of reading: the order of
 * keys, whole values, snapshots that stay as they are and end in time.  A
 * model in memory, a sorted list, stands beside random sets and scans.
 */

#include "storage/key.h"
#include "tests/unit/engine.h"

/* --- the model ----------------------------------------------------------- */

#define ROWS_MAX 512
#define KEY_ROOM 8

struct row {
	uint8_t key[KEY_ROOM];
	size_t key_len;
	uint8_t *value;
	size_t value_len;
};

struct model {
	struct row rows[ROWS_MAX]; /* sorted */
	size_t count;
};

static struct bytes
key_of(const struct row *row)
{
	return bytes_of(row->key, row->key_len);
}

static struct bytes
value_of(const struct row *row)
{
	return bytes_of(row->value, row->value_len);
}

/* The first row whose key is not before `key`. */
static size_t
model_place(const struct model *model, struct bytes key)
{
	size_t at = 0;

	while (at < model->count &&
	       bytes_compare(key_of(&model->rows[at]), key) < 0) {
		at++;
	}
	return at;
}

static bool
model_has(const struct model *model, size_t at, struct bytes key)
{
	return at < model->count && bytes_equal(key_of(&model->rows[at]), key);
}

static void
model_delete(struct model *model, struct bytes key)
{
	size_t at = model_place(model, key);

	if (model_has(model, at, key)) {
		free(model->rows[at].value);
		model->count--;
		memmove(&model->rows[at], &model->rows[at + 1],
		    (model->count - at) * sizeof(struct row));
	}
}

static void
model_put(struct model *model, struct bytes key, struct bytes value)
{
	size_t at;
	struct row *row;

	model_delete(model, key);
	assert_true(model->count < ROWS_MAX);
	at = model_place(model, key);
	row = &model->rows[at];
	memmove(row + 1, row, (model->count - at) * sizeof(*row));
	model->count++;
	row->key_len = key.len;
	memcpy(row->key, key.data, key.len);
	row->value_len = value.len;
	row->value = malloc(value.len + 1);
	memcpy(row->value, value.data, value.len);
}

static void
model_free(struct model *model)
{
	for (size_t i = 0; i < model->count; i++) {
		free(model->rows[i].value);
	}
	free(model);
}

/* --- drawing ------------------------------------------------------------- */

static uint64_t seed;

static uint64_t
draw(uint64_t below)
{
	return scratch_draw(&seed) % below;
}

/* One to five bytes of few letters, so that keys meet and begin each other. */
static struct bytes
draw_key(uint8_t place[KEY_ROOM])
{
	static const uint8_t letters[] = { 0, 1, 'a', 'b', 0xFF };
	size_t len = 1 + draw(5);

	for (size_t i = 0; i < len; i++) {
		place[i] = letters[draw(sizeof(letters))];
	}
	return bytes_of(place, len);
}

/* Lengths about the places where an engine may change its ways. */
static size_t
draw_length(void)
{
	static const size_t edges[] = { 0, 1, 100, 2000, 4075, 4076, 4081, 8159,
		8160, 8161, 20000 };

	return draw(3) == 0 ? draw(9000)
	                    : edges[draw(sizeof(edges) / sizeof(*edges))];
}

/* --- comparing ----------------------------------------------------------- */

static void
must_be_row(struct bytes key, struct bytes value, const struct row *row)
{
	if (!bytes_equal(key, key_of(row)) ||
	    !bytes_equal(value, value_of(row))) {
		fail_msg("got a key of %zu, a value of %zu bytes; wanted %zu, "
		         "%zu",
		    key.len, value.len, row->key_len, row->value_len);
	}
}

/* The indexes [from, to) of the model that a scan must give. */
static void
must_scan(struct scan *scan, const struct model *model, size_t from, size_t to,
    bool backwards)
{
	struct bytes key, value;
	struct fault fault;

	while (from < to) {
		size_t at = backwards ? --to : from++;

		if (scan_next(scan, &key, &value, &fault) != 1) {
			fail_msg("the scan ended before row %zu", at);
		}
		must_be_row(key, value, &model->rows[at]);
	}
	assert_int_equal(scan_next(scan, &key, &value, &fault), 0);
	assert_int_equal(scan_next(scan, &key, &value, &fault), 0);
}

static void
must_equal(struct engine *engine, const struct model *model)
{
	struct snapshot *snapshot = engine_snapshot(engine);
	struct scan *scan;

	assert_int_equal(scan_open(&scan, snapshot, NO_BYTES, NO_BYTES, false,
	                     &engine->fault),
	    0);
	must_scan(scan, model, 0, model->count, false);
	scan_close(scan);
	for (size_t i = 0; i < model->count; i++) {
		struct bytes value;

		assert_int_equal(snapshot_find(snapshot,
		                     key_of(&model->rows[i]), engine->arena,
		                     &value, &engine->fault),
		    1);
		must_be_row(key_of(&model->rows[i]), value, &model->rows[i]);
	}
	snapshot_close(snapshot);
}

/* Draw a set, apply it to the model, commit it. */
static void
change_both(struct engine *engine, struct model *model)
{
	static uint8_t bytes[20000];
	struct writes *writes = writes_new(engine->store, NULL);
	size_t steps = 1 + draw(12);

	for (size_t i = 0; i < steps; i++) {
		uint8_t place[KEY_ROOM];
		struct bytes key = draw_key(place);
		struct bytes value = bytes_of(bytes, draw_length());

		if (draw(3) == 0) {
			writes_delete(writes, key);
			model_delete(model, key);
		} else {
			scratch_fill(&seed, bytes, value.len);
			writes_put(writes, key, value);
			model_put(model, key, value);
		}
	}
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
}

/* --- tests --------------------------------------------------------------- */

static void
random_sets_leave_what_the_model_says(void **state)
{
	struct engine *engine = *state;
	struct model *model = calloc(1, sizeof(*model));

	seed = 101;
	for (int round = 0; round < 120; round++) {
		change_both(engine, model);
		if (round % 4 == 0) {
			must_equal(engine, model);
			arena_reset(engine->arena);
		}
	}
	engine_reopen(engine);
	must_equal(engine, model);
	model_free(model);
}

static void
random_scans_give_what_the_model_says(void **state)
{
	struct engine *engine = *state;
	struct model *model = calloc(1, sizeof(*model));
	struct snapshot *snapshot;

	seed = 202;
	for (int i = 0; i < 40; i++) {
		change_both(engine, model);
	}
	snapshot = engine_snapshot(engine);
	for (int round = 0; round < 3000; round++) {
		uint8_t from_place[KEY_ROOM], to_place[KEY_ROOM];
		struct bytes from =
		    draw(8) == 0 ? NO_BYTES : draw_key(from_place);
		struct bytes to = draw(8) == 0 ? NO_BYTES : draw_key(to_place);
		bool backwards = draw(2) == 0;
		size_t first = model_place(model, from);
		size_t end =
		    to.len == 0 ? model->count : model_place(model, to);
		struct scan *scan;

		assert_int_equal(scan_open(&scan, snapshot, from, to, backwards,
		                     &engine->fault),
		    0);
		must_scan(scan, model, first, end, backwards);
		scan_close(scan);
	}
	snapshot_close(snapshot);
	model_free(model);
}

static void
random_seeks_go_where_the_model_says(void **state)
{
	struct engine *engine = *state;
	struct model *model = calloc(1, sizeof(*model));
	struct snapshot *snapshot;

	seed = 303;
	for (int i = 0; i < 40; i++) {
		change_both(engine, model);
	}
	snapshot = engine_snapshot(engine);
	for (int round = 0; round < 2000; round++) {
		uint8_t from_place[KEY_ROOM], to_place[KEY_ROOM];
		struct bytes from = draw_key(from_place);
		struct bytes to = draw_key(to_place);
		bool backwards = draw(2) == 0;
		size_t first = model_place(model, from);
		size_t end = model_place(model, to);
		struct scan *scan;

		assert_int_equal(scan_open(&scan, snapshot, from, to, backwards,
		                     &engine->fault),
		    0);
		for (int seeks = 0; seeks < 3; seeks++) {
			uint8_t place[KEY_ROOM];
			struct bytes key = draw_key(place);
			size_t at = model_place(model, key);
			size_t low = first;
			size_t high = end;

			if (backwards) {
				at += model_has(model, at, key);
				high = at < end ? at : end;
			} else {
				low = at > first ? at : first;
			}
			scan_seek(scan, key);
			must_scan(scan, model, low, high, backwards);
		}
		scan_close(scan);
	}
	snapshot_close(snapshot);
	model_free(model);
}

#define SEVERAL_MAX (3 * SNAPSHOT_FIND_MAX)

static void
several_at_once_are_found_as_one_by_one(void **state)
{
	struct engine *engine = *state;
	struct model *model = calloc(1, sizeof(*model));
	struct snapshot *snapshot;

	seed = 404;
	for (int round = 0; round < 400; round++) {
		uint8_t places[SEVERAL_MAX][KEY_ROOM];
		struct bytes keys[SEVERAL_MAX];
		struct bytes values[SEVERAL_MAX];
		size_t count = draw(SEVERAL_MAX + 1);

		if (round > 0 && round % 8 == 0) { /* the first: it is empty */
			change_both(engine, model);
		}
		for (size_t i = 0; i < count; i++) {
			keys[i] = draw_key(places[i]);
		}
		snapshot = engine_snapshot(engine);
		assert_int_equal(snapshot_find_several(snapshot, keys, count,
		                     engine->arena, values, &engine->fault),
		    0);
		for (size_t i = 0; i < count; i++) {
			size_t at = model_place(model, keys[i]);

			if (!model_has(model, at, keys[i])) {
				assert_null(values[i].data);
			} else {
				must_be_row(keys[i], values[i],
				    &model->rows[at]);
			}
		}
		snapshot_close(snapshot);
		arena_reset(engine->arena);
	}
	model_free(model);
}

static void
a_prefix_scan_gives_its_prefix_alone(void **state)
{
	static const char *const units[] = { "xa", "xa-xop", "xa-xop-2025",
		"xb" };
	struct engine *engine = *state;
	struct writes *writes = writes_new(engine->store, NULL);
	struct snapshot *snapshot;
	struct key from, to;
	struct scan *scan;
	struct bytes key, value;

	for (unsigned i = 0; i < 4; i++) {
		for (uint32_t number = 0; number < 3; number++) {
			struct key row;

			key_start(&row, 'd');
			key_add_text(&row, units[i]);
			key_add_u32(&row, number << 24);
			writes_put(writes, key_bytes(&row),
			    engine_text(units[i]));
		}
	}
	engine_commit(engine, writes);

	snapshot = engine_snapshot(engine);
	key_start(&from, 'd');
	key_add_text(&from, "xa-xop");
	to = from;
	key_next(&to);
	assert_int_equal(scan_open(&scan, snapshot, key_bytes(&from),
	                     key_bytes(&to), true, &engine->fault),
	    0);
	for (uint32_t number = 3; number-- > 0;) {
		struct key_reader reader;

		assert_int_equal(scan_next(scan, &key, &value, &engine->fault),
		    1);
		key_read_start(&reader, key);
		assert_string_equal(key_read_text(&reader), "xa-xop");
		assert_int_equal(key_read_u32(&reader), number << 24);
		assert_int_equal(key_read_end(&reader, &engine->fault), 0);
	}
	assert_int_equal(scan_next(scan, &key, &value, &engine->fault), 0);
	scan_close(scan);
	snapshot_close(snapshot);
}

/* How many rows a scan gives, each with this first byte. */
static int
count_rows(struct engine *engine, struct scan *scan, uint8_t first)
{
	struct bytes key, value;
	int count = 0;
	int rc;

	while ((rc = scan_next(scan, &key, &value, &engine->fault)) == 1) {
		assert_int_equal(key.data[0], first);
		count++;
	}
	assert_int_equal(rc, 0);
	scan_close(scan);
	return count;
}

static void
a_prefix_and_a_table_end_where_another_begins(void **state)
{
	static const uint8_t keys[][3] = { "c\xFF\xFF", "d", "d\x01", "d\xFE",
		"d\xFF", "d\xFF\xFF", "e", "\xFF", "\xFF\xFF" };
	struct engine *engine = *state;
	struct writes *writes = writes_new(engine->store, NULL);
	struct snapshot *snapshot;
	struct scan *scan;
	struct key key;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		writes_put(writes,
		    bytes_of(keys[i], strnlen((const char *)keys[i], 3)),
		    engine_text("value"));
	}
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	snapshot = engine_snapshot(engine);
	assert_int_equal(scan_open_table(&scan, snapshot, 'd', &engine->fault),
	    0);
	assert_int_equal(count_rows(engine, scan, 'd'), 5);
	assert_int_equal(scan_open_prefix(&scan, snapshot, bytes_of(keys[4], 2),
	                     &engine->fault),
	    0);
	assert_int_equal(count_rows(engine, scan, 'd'), 2);
	assert_int_equal(scan_open_table(&scan, snapshot, 0xFF, &engine->fault),
	    0);
	assert_int_equal(count_rows(engine, scan, 0xFF), 2);

	key_start(&key, 'd');
	while (!key.overflow) {
		key_add_u64(&key, 0);
	}
	assert_int_equal(
	    scan_open_prefix(&scan, snapshot, key_bytes(&key), &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_INVALID);
	snapshot_close(snapshot);
}

static void
a_key_that_did_not_fit_is_refused_by_every_read(void **state)
{
	struct engine *engine = *state;
	struct snapshot *snapshot = engine_snapshot(engine);
	struct scan *scan;
	struct bytes value;
	struct key key;
	int64_t sum;

	key_start(&key, 'd');
	while (!key.overflow) {
		key_add_u64(&key, 0);
	}
	assert_int_equal(snapshot_find(snapshot, key_bytes(&key), engine->arena,
	                     &value, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_INVALID);
	assert_int_equal(
	    snapshot_has(snapshot, key_bytes(&key), &engine->fault), -1);
	assert_int_equal(
	    snapshot_sum(snapshot, key_bytes(&key), &sum, &engine->fault), -1);
	assert_int_equal(scan_open(&scan, snapshot, key_bytes(&key), NO_BYTES,
	                     false, &engine->fault),
	    -1);
	assert_int_equal(scan_open(&scan, snapshot, NO_BYTES, key_bytes(&key),
	                     false, &engine->fault),
	    -1);
	assert_int_equal(snapshot_has(snapshot, NO_BYTES, &engine->fault), -1);
	snapshot_close(snapshot);
}

static void
the_log_is_read_by_index_and_in_order(void **state)
{
	enum { ENTRIES = 30 };

	static uint8_t bytes[LOG_ENTRY_MAX_BYTES];
	struct engine *engine = *state;
	struct snapshot *snapshot;
	struct scan *scan;
	struct bytes key, entry;

	memset(bytes, 'e', sizeof(bytes));
	for (size_t i = 0; i < ENTRIES; i++) {
		struct writes *writes = writes_new(engine->store, NULL);

		bytes[0] = (uint8_t)i;
		writes_log(writes, bytes_of(bytes, 1 + i * 2200));
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
	snapshot = engine_snapshot(engine);
	assert_int_equal(scan_open_log(&scan, snapshot, 0, &engine->fault), 0);
	for (size_t i = 0; i < ENTRIES; i++) {
		bytes[0] = (uint8_t)i;
		assert_int_equal(snapshot_log_find(snapshot, i, engine->arena,
		                     &entry, &engine->fault),
		    1);
		assert_true(bytes_equal(entry, bytes_of(bytes, 1 + i * 2200)));
		assert_int_equal(scan_next(scan, &key, &entry, &engine->fault),
		    1);
		assert_int_equal(scan_log_index(key), i);
		assert_true(bytes_equal(entry, bytes_of(bytes, 1 + i * 2200)));
	}
	assert_int_equal(scan_next(scan, &key, &entry, &engine->fault), 0);
	scan_close(scan);
	assert_int_equal(snapshot_log_find(snapshot, ENTRIES, engine->arena,
	                     &entry, &engine->fault),
	    0);
	assert_int_equal(
	    scan_open_log(&scan, snapshot, ENTRIES - 1, &engine->fault), 0);
	assert_int_equal(scan_next(scan, &key, &entry, &engine->fault), 1);
	assert_int_equal(scan_log_index(key), ENTRIES - 1);
	scan_close(scan);
	snapshot_close(snapshot);
}

static void
a_snapshot_sees_no_later_write(void **state)
{
	struct engine *engine = *state;
	struct snapshot *before;
	struct writes *writes = writes_new(engine->store, NULL);
	struct bytes key, value;
	struct scan *scan;
	uint64_t size;
	int64_t sum;

	engine_put(engine, "a", "old");
	engine_put(engine, "b", "old");
	before = engine_snapshot(engine);
	assert_int_equal(
	    scan_open(&scan, before, NO_BYTES, NO_BYTES, false, &engine->fault),
	    0);
	assert_int_equal(scan_next(scan, &key, &value, &engine->fault), 1);

	writes_put(writes, engine_text("a"), engine_text("new"));
	writes_delete(writes, engine_text("b"));
	writes_put(writes, engine_text("c"), engine_text("new"));
	writes_add(writes, engine_text("d"), 1);
	writes_log(writes, engine_text("entry"));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);

	assert_int_equal(scan_next(scan, &key, &value, &engine->fault), 1);
	assert_memory_equal(key.data, "b", 1);
	assert_int_equal(scan_next(scan, &key, &value, &engine->fault), 0);
	scan_close(scan);
	assert_int_equal(snapshot_find(before, engine_text("a"), engine->arena,
	                     &value, &engine->fault),
	    1);
	assert_string_equal((const char *)value.data, "old");
	assert_int_equal(snapshot_has(before, engine_text("c"), &engine->fault),
	    0);
	assert_int_equal(
	    snapshot_sum(before, engine_text("d"), &sum, &engine->fault), 0);
	assert_int_equal(sum, 0);
	assert_int_equal(snapshot_log_size(before, &size, &engine->fault), 0);
	assert_int_equal(size, 0);
	snapshot_close(before);

	assert_string_equal(engine_get(engine, "a"), "new");
	assert_null(engine_get(engine, "b"));
}

static void
a_snapshot_past_its_age_is_stale(void **state)
{
	struct engine *engine = *state;
	struct snapshot *snapshot;
	struct scan *scan;
	struct bytes key, value;
	uint64_t size;
	int code;

	engine->options.snapshot_max_ms = 1;
	engine_reopen(engine);
	engine_put(engine, "a", "value");
	snapshot = engine_snapshot(engine);
	while (scan_open(&scan, snapshot, NO_BYTES, NO_BYTES, false,
	           &engine->fault) < 0) { /* it may age before that */
		assert_int_equal(engine->fault.code, FAULT_BUSY);
		snapshot_close(snapshot);
		snapshot = engine_snapshot(engine);
	}
	do { /* until it ages: it must, and nothing else may happen */
		code = snapshot_has(snapshot, engine_text("a"), &engine->fault);
	} while (code == 1);
	assert_int_equal(code, -1);
	assert_int_equal(engine->fault.code, FAULT_BUSY);
	assert_non_null(strstr(engine->fault.text, "stale"));
	assert_int_equal(scan_next(scan, &key, &value, &engine->fault), -1);
	assert_int_equal(snapshot_log_size(snapshot, &size, &engine->fault),
	    -1);
	scan_close(scan);
	snapshot_close(snapshot);

	engine->options.snapshot_max_ms = store_presets.snapshot_max_ms;
	engine_reopen(engine);
	assert_string_equal(engine_get(engine, "a"), "value");
}

static void
snapshots_are_counted_and_given_back(void **state)
{
	enum { MANY = 5 };
	struct engine *engine = *state;
	struct snapshot *open[MANY];
	struct snapshot *more;
	struct store_figures figures;

	engine->options.readers_max = MANY;
	engine_reopen(engine);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < MANY; i++) {
			open[i] = engine_snapshot(engine);
		}
		assert_int_equal(
		    snapshot_open(&more, engine->store, &engine->fault), -1);
		assert_int_equal(engine->fault.code, FAULT_BUSY);
		store_measure(engine->store, &figures);
		assert_int_equal(figures.snapshots, MANY);
		for (int i = 0; i < MANY; i++) {
			snapshot_close(open[(i * 3 + round) % MANY]);
		}
	}
}

static void
a_store_open_for_reading_takes_no_set(void **state)
{
	struct engine *engine = *state;
	struct writes *writes;

	engine_put(engine, "a", "value");
	engine->options.read_only = true;
	engine_reopen(engine);
	writes = writes_new(engine->store, NULL);
	writes_put(writes, engine_text("b"), NO_BYTES);
	assert_int_equal(engine_commit(engine, writes), OUTCOME_REFUSED);
	assert_string_equal(engine_get(engine, "a"), "value");
	assert_null(engine_get(engine, "b"));
}

#define contract(test) \
	cmocka_unit_test_setup_teardown(test, engine_setup, engine_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		contract(random_sets_leave_what_the_model_says),
		contract(random_scans_give_what_the_model_says),
		contract(random_seeks_go_where_the_model_says),
		contract(several_at_once_are_found_as_one_by_one),
		contract(a_prefix_scan_gives_its_prefix_alone),
		contract(a_prefix_and_a_table_end_where_another_begins),
		contract(a_key_that_did_not_fit_is_refused_by_every_read),
		contract(the_log_is_read_by_index_and_in_order),
		contract(a_snapshot_sees_no_later_write),
		contract(a_snapshot_past_its_age_is_stale),
		contract(snapshots_are_counted_and_given_back),
		contract(a_store_open_for_reading_takes_no_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
