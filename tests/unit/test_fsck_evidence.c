/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rows of evidence are taken away and changed, one after the other and byte
 * by byte, and fsck must tell it.
 */

#include "core/fsck.h"

#include "tests/unit/evidence_office.h"

static struct buf told; /* code: where: what, a line a finding */

static void
note(void *arg, const struct fsck_finding *finding)
{
	(void)arg;
	assert_true(strlen(finding->remedy) > 5);
	buf_add_format(&told, "%s: %s: %s\n", finding->code, finding->where,
	    finding->what);
}

static const char *
check(struct office *office)
{
	struct fsck_options options = { .folder = office->path,
		.memory_max_bytes = 1 << 20,
		.found = note };
	struct fsck_counts counts;

	buf_reset(&told);
	office_look_away(office);
	if (fsck_run(office->core.store, office->rules, &options, &counts,
	        &office->fault) < 0) {
		fail_msg("fsck: %s", office->fault.text);
	}
	return buf_text(&told);
}

/* --- rows ------------------------------------------------------------------- */

#define ROWS_MAX 256u

static const uint8_t tables[] = { TABLE_EVIDENCE_BATCH, TABLE_EVIDENCE_TOKEN,
	TABLE_EVIDENCE_SHEET, TABLE_EVIDENCE_RENEWAL, TABLE_EVIDENCE_LEAF };

struct kept {
	struct bytes key;
	struct bytes value;
};

static size_t
read_rows(struct office *office, struct arena *arena, struct kept *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof(tables); i++) {
		struct bytes key, value;
		struct scan *scan;

		office_look_away(office);
		assert_int_equal(scan_open_table(&scan, office_look(office),
		                     tables[i], &office->fault),
		    0);
		while (scan_next(scan, &key, &value, &office->fault) == 1) {
			assert_true(count < ROWS_MAX);
			rows[count].key = arena_copy(arena, key);
			rows[count++].value = arena_copy(arena, value);
		}
		scan_close(scan);
	}
	return count;
}

/* An empty value takes it away. */
static void
put(struct office *office, struct bytes key, struct bytes value)
{
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;
	struct arena *arena = arena_new();

	office_look_away(office);
	if (value.len == 0) {
		writes_delete(writes, key);
	} else {
		writes_put(writes, key, value);
	}
	if (writes_commit_wait(writes, &result, arena, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	arena_free(arena);
}

/* Three containers that went through every kind of renewal, and one new. */
static void
live(struct evidence_office *scene)
{
	for (unsigned i = 0; i < 3; i++) {
		evidence_office_seal(scene);
		clock_set(clock_now() + DAY);
		evidence_office_run(scene);
	}
	clock_set(SAMPLE_AT + 3 * YEAR + 5 * DAY);
	evidence_office_run(scene);
	evidence_office_algorithms(scene,
	    "{'code':'SHA-256','to':'2030-06-30'},{'code':'SHA-384'},"
	    "{'code':'EC P-256'}");
	clock_set(SAMPLE_AT + 4 * YEAR);
	evidence_office_run(scene);
	evidence_office_seal(scene);
	scene->authority.mistakes[0] = "503";
	assert_int_equal(evidence_office_try_run(scene), -1); /* stays open */
}

static void
every_row_that_is_gone_is_told(void **state)
{
	struct evidence_office *scene = *state;
	struct arena *arena = arena_new();
	struct kept rows[ROWS_MAX];
	size_t count;

	live(scene);
	assert_string_equal(check(scene->office), "");
	count = read_rows(scene->office, arena, rows);
	assert_in_range(count, 20, 40);
	for (size_t i = 0; i < count; i++) {
		bool is_leaf = rows[i].key.data[0] == TABLE_EVIDENCE_LEAF;
		bool is_renewal = rows[i].key.data[0] == TABLE_EVIDENCE_RENEWAL;
		const char *got;

		put(scene->office, rows[i].key, NO_BYTES);
		got = check(scene->office);
		/* Who could say that there was a leaf? */
		if (!is_leaf && !is_renewal &&
		    strstr(got, "evidence.missing") == NULL) {
			fail_msg("row %zu of table %c: %s", i,
			    rows[i].key.data[0], got);
		}
		put(scene->office, rows[i].key, rows[i].value);
	}
	assert_string_equal(check(scene->office), "");
	arena_free(arena);
}

/* Of tokens a few bytes: no signature is over all of them (test_timestamp). */
static void
every_byte_of_a_way_that_is_another_is_told(void **state)
{
	struct evidence_office *scene = *state;
	struct arena *arena = arena_new();
	struct kept rows[ROWS_MAX];
	size_t count;

	live(scene);
	count = read_rows(scene->office, arena, rows);
	for (size_t i = 0; i < count; i++) {
		uint8_t table = rows[i].key.data[0];
		bool is_way = table == TABLE_EVIDENCE_SHEET ||
		              table == TABLE_EVIDENCE_RENEWAL;

		for (size_t at = 0; is_way && at < rows[i].value.len; at++) {
			struct bytes copy = arena_copy(arena, rows[i].value);

			((uint8_t *)(uintptr_t)copy.data)[at] ^= 1;
			put(scene->office, rows[i].key, copy);
			if (strstr(check(scene->office), "evidence.") == NULL) {
				fail_msg("byte %zu of row %zu, table %c", at, i,
				    table);
			}
		}
		put(scene->office, rows[i].key, rows[i].value);
	}
	assert_string_equal(check(scene->office), "");
	arena_free(arena);
}

static void
a_leaf_that_leads_elsewhere_and_a_batch_that_lies_are_told(void **state)
{
	static const struct {
		uint8_t table;
		size_t at; /* a byte of the value */
		const char *wanted;
	} damages[] = {
		{ TABLE_EVIDENCE_LEAF, 0, "evidence.form" },
		{ TABLE_EVIDENCE_LEAF, 8, "evidence." },
		{ TABLE_EVIDENCE_LEAF, 12, "evidence.missing" },
		{ TABLE_EVIDENCE_LEAF, 77, "evidence.form" },
		{ TABLE_EVIDENCE_LEAF, 90, "evidence.changed" },
		{ TABLE_EVIDENCE_BATCH, 0, "evidence.form" },
		{ TABLE_EVIDENCE_TOKEN, 0, "evidence.changed" },
	};
	struct evidence_office *scene = *state;
	struct arena *arena = arena_new();
	struct kept rows[ROWS_MAX];
	size_t count;

	live(scene);
	count = read_rows(scene->office, arena, rows);
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct bytes copy;
		size_t row = 0;

		while (
		    row < count && rows[row].key.data[0] != damages[i].table) {
			row++;
		}
		assert_true(row < count);
		copy = arena_copy(arena, rows[row].value);
		((uint8_t *)(uintptr_t)copy.data)[damages[i].at] ^= 0x20;
		put(scene->office, rows[row].key, copy);
		if (strstr(check(scene->office), damages[i].wanted) == NULL) {
			fail_msg("damage %zu: wanted %s, got %s", i,
			    damages[i].wanted, buf_text(&told));
		}
		put(scene->office, rows[row].key, rows[row].value);
	}
	arena_free(arena);
}

#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, evidence_office_setup, \
	    evidence_office_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(every_row_that_is_gone_is_told),
		SCENE(every_byte_of_a_way_that_is_another_is_told),
		SCENE(
		    a_leaf_that_leads_elsewhere_and_a_batch_that_lies_are_told),
	};
	int failed;

	buf_init(&told, 1 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	buf_fini(&told);
	return failed;
}
