/* SPDX-License-Identifier: Apache-2.0 */

/* What is derived is built anew, byte for byte. */

#include "core/reindex.h"

#include "core/fsck_expect.h"
#include "tests/unit/archive_of_all.h"

static int
setup(void **state)
{
	*state = all_open();
	return 0;
}

static int
teardown(void **state)
{
	office_close(*state);
	return 0;
}

static bool
is_derived(struct bytes key)
{
	return fsck_expect_owns(key) || key.data[0] == TABLE_TILE;
}

/* Every row, key and value, one behind the other. */
static void
dump(struct office *office, struct buf *out)
{
	struct bytes key, value;
	struct scan *scan;

	office_look_away(office);
	buf_init(out, 1 << 26);
	if (scan_open(&scan, office_look(office), NO_BYTES, NO_BYTES, false,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	while (scan_next(scan, &key, &value, &office->fault) == 1) {
		buf_add_format(out, "%zu %zu ", key.len, value.len);
		buf_add_bytes(out, key);
		buf_add_bytes(out, value);
	}
	scan_close(scan);
	office_look_away(office);
}

static struct reindex_counts
reindex(struct office *office)
{
	struct reindex_options options = { .folder = office->path,
		.memory_max_bytes = 20000 };
	struct reindex_counts counts;

	if (reindex_run(office->core.store, office->rules, &options, &counts,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	return counts;
}

/* Delete each derived row for which the draw says so; how many. */
static uint64_t
spoil(struct office *office, unsigned one_of)
{
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;
	struct bytes key, value;
	struct scan *scan;
	uint64_t count = 0;

	if (scan_open(&scan, office_look(office), NO_BYTES, NO_BYTES, false,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	while (scan_next(scan, &key, &value, &office->fault) == 1) {
		if (is_derived(key) && unit_draw() % one_of == 0) {
			writes_delete(writes, key);
			count++;
		}
	}
	scan_close(scan);
	office_look_away(office);
	if (writes_commit_wait(writes, &result, office->arena, &office->fault) <
	    0) {
		fail_msg("%s", office->fault.text);
	}
	return count;
}

static void
assert_same(struct office *office, const struct buf *before)
{
	struct buf now;

	dump(office, &now);
	assert_int_equal(now.len, before->len);
	assert_memory_equal(now.data, before->data, before->len);
	buf_fini(&now);
}

static void
a_sound_archive_is_left_as_it_is(void **state)
{
	struct office *office = *state;
	struct reindex_counts counts;
	struct buf before;

	dump(office, &before);
	counts = reindex(office);
	assert_int_equal(counts.added + counts.changed + counts.removed, 0);
	assert_true(counts.compared > 60);
	assert_same(office, &before);
	buf_fini(&before);
}

static void
everything_derived_is_built_from_nothing(void **state)
{
	struct office *office = *state;
	struct reindex_counts counts;
	struct buf before;
	uint64_t gone;

	dump(office, &before);
	gone = spoil(office, 1);
	assert_true(gone > 60);
	counts = reindex(office);
	assert_int_equal(counts.added, gone);
	assert_same(office, &before);
	buf_fini(&before);
}

static void
any_part_of_it_is_mended(void **state)
{
	struct office *office = *state;
	struct buf before;

	dump(office, &before);
	for (size_t round = 0; round < 12; round++) {
		uint64_t gone = spoil(office, 3);

		assert_int_equal(reindex(office).added, gone);
		assert_same(office, &before);
	}
	buf_fini(&before);
}

static void
what_is_wrong_or_too_much_is_mended(void **state)
{
	struct office *office = *state;
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;
	struct reindex_counts counts;
	struct bytes key, value;
	struct scan *scan;
	struct buf before;
	uint64_t count = 0;

	dump(office, &before);
	if (scan_open(&scan, office_look(office), NO_BYTES, NO_BYTES, false,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	while (scan_next(scan, &key, &value, &office->fault) == 1) {
		struct key extra = { .len = key.len };

		if (is_derived(key)) {
			memcpy(extra.bytes, key.data, key.len);
			key_add_u8(&extra, 'x');
			writes_put(writes, key, bytes_of_text("wrong"));
			writes_put(writes, key_bytes(&extra), value);
			count++;
		}
	}
	scan_close(scan);
	office_look_away(office);
	if (writes_commit_wait(writes, &result, office->arena, &office->fault) <
	    0) {
		fail_msg("%s", office->fault.text);
	}
	counts = reindex(office);
	assert_int_equal(counts.changed, count);
	assert_int_equal(counts.removed, count);
	assert_same(office, &before);
	buf_fini(&before);
}

/* Let each present and older revision name a leaf that it is not of. */
static uint64_t
mislead(struct office *office)
{
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;
	struct bytes key, value;
	struct scan *scan;
	uint64_t count = 0;

	if (scan_open(&scan, office_look(office), NO_BYTES, NO_BYTES, false,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	while (scan_next(scan, &key, &value, &office->fault) == 1) {
		struct record record;

		if (key.data[0] != TABLE_RECORD &&
		    key.data[0] != TABLE_HISTORY) {
			continue;
		}
		assert_int_equal(record_read(&record, value, &office->fault),
		    0);
		if (count++ % 2 == 0) {
			writes_put_logged(writes, key, record.rev,
			    record.log_index + 1, record.bytes);
		} else {
			writes_put_record(writes, key, record.rev,
			    record.bytes);
		}
	}
	scan_close(scan);
	office_look_away(office);
	if (writes_commit_wait(writes, &result, office->arena, &office->fault) <
	    0) {
		fail_msg("%s", office->fault.text);
	}
	return count;
}

static void
a_row_gets_the_leaf_that_tells_of_it(void **state)
{
	struct office *office = *state;
	struct reindex_counts counts;
	struct buf before;
	uint64_t count;

	dump(office, &before);
	count = mislead(office);
	assert_true(count > 20);
	counts = reindex(office);
	assert_int_equal(counts.changed, count);
	assert_same(office, &before);
	buf_fini(&before);
}

static void
a_record_that_cannot_be_read_stops_it_before_it_writes(void **state)
{
	struct office *office = *state;
	struct reindex_options options = { .folder = office->path,
		.memory_max_bytes = 1 << 20 };
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;
	struct reindex_counts counts;
	struct buf before;
	struct key key;

	spoil(office, 2);
	record_key(&key, RECORD_FIGURE, "f");
	writes_put_record(writes, key_bytes(&key), 1, bytes_of_text("{broken"));
	if (writes_commit_wait(writes, &result, office->arena, &office->fault) <
	    0) {
		fail_msg("%s", office->fault.text);
	}
	dump(office, &before);
	assert_int_equal(reindex_run(office->core.store, office->rules,
	                     &options, &counts, &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(office->fault.text, "f/f"));
	assert_same(office, &before);
	buf_fini(&before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(a_sound_archive_is_left_as_it_is),
		unit(everything_derived_is_built_from_nothing),
		unit(any_part_of_it_is_mended),
		unit(what_is_wrong_or_too_much_is_mended),
		unit(a_row_gets_the_leaf_that_tells_of_it),
		unit(a_record_that_cannot_be_read_stops_it_before_it_writes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
