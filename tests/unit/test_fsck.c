/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One row after the other of every table is taken away, changed or added, and
 * fsck must name exactly that.  Afterwards the row is put back.
 */

#include "core/fsck.h"

#include "archive/checkpoint.h"
#include "core/fsck_expect.h"
#include "storage/collect.h"
#include "tests/unit/archive_of_all.h"

static struct buf codes; /* of the last check, with a blank between */
static struct buf wheres;

static void
note(void *arg, const struct fsck_finding *finding)
{
	(void)arg;
	assert_non_null(finding->remedy);
	assert_true(strlen(finding->remedy) > 5);
	buf_add_format(&codes, "%s%s", codes.len > 0 ? " " : "", finding->code);
	buf_add_format(&wheres, "%s: %s: %s\n", finding->code, finding->where,
	    finding->what);
}

static struct fsck_counts
check_with(struct office *office, struct fsck_options *options)
{
	struct fsck_counts counts;

	options->folder = office->path;
	options->memory_max_bytes = 20000; /* so that files are used too */
	options->found = note;
	buf_reset(&codes);
	buf_reset(&wheres);
	office_look_away(office);
	if (fsck_run(office->core.store, office->rules, options, &counts,
	        &office->fault) < 0) {
		fail_msg("fsck: %s", office->fault.text);
	}
	return counts;
}

/* The codes of all findings, as they were told. */
static const char *
check(struct office *office, bool deep)
{
	check_with(office, &(struct fsck_options){ .deep = deep });
	return buf_text(&codes);
}

static void
expect(struct office *office, const char *wanted)
{
	const char *got = check(office, false);

	if (strcmp(got, wanted) != 0) {
		fail_msg("wanted %s, got %s\n%s", wanted, got,
		    buf_text(&wheres));
	}
}

static void
commit(struct office *office, struct writes *writes)
{
	struct writes_result result;

	office_look_away(office);
	if (writes_commit_wait(writes, &result, office->arena, &office->fault) <
	    0) {
		fail_msg("commit: %s", office->fault.text);
	}
}

static void
put(struct office *office, struct bytes key, struct bytes value)
{
	struct writes *writes = writes_new(office->core.store, NULL);

	writes_put(writes, key, value);
	commit(office, writes);
}

static void
take(struct office *office, struct bytes key)
{
	struct writes *writes = writes_new(office->core.store, NULL);

	writes_delete(writes, key);
	commit(office, writes);
}

struct stored {
	struct bytes key;
	struct bytes value; /* with the revision of a record */
};

/* The first row that begins so. */
static struct stored
first(struct office *office, const char *prefix)
{
	struct stored stored;
	struct bytes key, value;
	struct scan *scan;

	if (scan_open(&scan, office_look(office), bytes_of_text(prefix),
	        NO_BYTES, false, &office->fault) < 0 ||
	    scan_next(scan, &key, &value, &office->fault) != 1 ||
	    memcmp(key.data, prefix, strlen(prefix)) != 0) {
		fail_msg("no row begins with %s", prefix);
	}
	stored = (struct stored){ arena_copy(office->arena, key),
		arena_copy(office->arena, value) };
	scan_close(scan);
	return stored;
}

/* The rows of the file with two chunks. */
static struct stored
large_file(struct office *office)
{
	struct stored stored = first(office, "B");
	struct bytes key, value;
	struct scan *scan;

	if (scan_open(&scan, office_look(office), stored.key, NO_BYTES, false,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	while (scan_next(scan, &key, &value, &office->fault) == 1 &&
	       key.data[0] == 'B') {
		if (value.len == 10 + 2 * SHA256_BYTES) {
			stored.key = arena_copy(office->arena, key);
			stored.value = arena_copy(office->arena, value);
		}
	}
	scan_close(scan);
	assert_int_equal(stored.value.len, 10 + 2 * SHA256_BYTES);
	return stored;
}

/* The same bytes but for one. */
static struct bytes
spoilt(struct office *office, struct bytes bytes, size_t at)
{
	struct bytes copy = arena_copy(office->arena, bytes);

	((uint8_t *)(uintptr_t)copy.data)[at] ^= 1;
	return copy;
}

static int
setup(void **state)
{
	buf_init(&codes, 1 << 24);
	buf_init(&wheres, 1 << 24);
	*state = all_open();
	return 0;
}

static int
teardown(void **state)
{
	office_close(*state);
	buf_fini(&codes);
	buf_fini(&wheres);
	return 0;
}

/* --- */

static void
a_sound_archive_has_no_findings(void **state)
{
	struct office *office = *state;
	struct fsck_counts counts =
	    check_with(office, &(struct fsck_options){ .deep = true });

	assert_text(buf_text(&wheres), "");
	assert_true(counts.leaves >= ALL_LEAVES);
	assert_true(counts.rows > 60);
	assert_true(counts.revisions > counts.records);
	assert_int_equal(counts.blobs, 2);
	assert_int_equal(counts.chunks, 3);
	assert_int_equal(counts.findings, 0);
}

/* Tables whose rows a record accounts for, by their letter and name. */
static const struct {
	const char *prefix;
	const char *name;
} derived[] = {
	{ "n", "unit-names" },
	{ "m", "unit-titles" },
	{ "p", "unit-parents" },
	{ "k", "unit-children" },
	{ "e", "unit-successors" },
	{ "f", "unit-predecessors" },
	{ "o", "unit-codes" },
	{ "d", "dossiers-of" },
	{ "t", "dossiers-under" },
	{ "W", "agenda" },
	{ "O", "agenda-of" },
	{ "Q", "decisions-of" },
	{ "g", "grants-under" },
	{ "q", "grants-of" },
	{ "c", "grant-counts" },
	{ "y", "figures-of" },
	{ "z", "scores-of" },
	{ "X", "rankings-of" },
	{ "w", "document-references" },
	{ "v", "cited-by" },
	{ "x", "movement-dossiers" },
	{ "l", "logins" },
	{ "N", "user-names" },
	{ "Mlisting.lag", "meta" },
	{ "Magenda", "meta" },
	{ "J", "jobs" },
};

#define DERIVED (sizeof(derived) / sizeof(derived[0]))

/* One finding of this code, in this table. */
static void
expect_in(struct office *office, const char *code, const char *name)
{
	const char *start;

	expect(office, code);
	start = arena_format(office->arena, "%s: %s ", code, name);
	if (strncmp(buf_text(&wheres), start, strlen(start)) != 0) {
		fail_msg("wanted %s..., got %s", start, buf_text(&wheres));
	}
}

static void
a_derived_row_that_is_gone_is_named(void **state)
{
	struct office *office = *state;

	for (size_t i = 0; i < DERIVED; i++) {
		struct stored row = first(office, derived[i].prefix);

		take(office, row.key);
		expect_in(office, "row.missing", derived[i].name);
		put(office, row.key, row.value);
	}
	expect(office, "");
}

static void
a_derived_row_that_says_something_else_is_named(void **state)
{
	struct office *office = *state;

	for (size_t i = 0; i < DERIVED; i++) {
		struct stored row = first(office, derived[i].prefix);

		put(office, row.key,
		    row.value.len > 0
		        ? spoilt(office, row.value, row.value.len - 1)
		        : bytes_of_text("x"));
		expect_in(office, "row.different", derived[i].name);
		put(office, row.key, row.value);
	}
	expect(office, "");
}

static void
a_derived_row_that_nobody_asks_for_is_named(void **state)
{
	struct office *office = *state;

	for (size_t i = 0; i < DERIVED; i++) {
		struct stored row = first(office, derived[i].prefix);
		/* The last letter of its text, or of its number. */
		bool text = row.key.data[row.key.len - 1] == 0;
		struct bytes key =
		    spoilt(office, row.key, row.key.len - (text ? 2 : 1));

		put(office, key, row.value);
		expect_in(office, "row.extra", derived[i].name);
		take(office, key);
	}
	expect(office, "");
}

/* --- records ---------------------------------------------------------------------- */

static void
a_lost_old_revision_is_a_gap(void **state)
{
	struct office *office = *state;
	struct stored row = first(office, "hhhs");

	take(office, row.key);
	expect(office, "history.gap revision.missing");
	put(office, row.key, row.value);
	expect(office, "");
}

/* `wanted` where one text in a stored row is put in another's place. */
static void
expect_edited(struct office *office, const char *prefix, const char *old,
    const char *now, const char *wanted)
{
	struct stored row = first(office, prefix);
	struct bytes copy = arena_copy(office->arena, row.value);
	uint8_t *at = memmem(copy.data, copy.len, old, strlen(old));

	assert_non_null(at);
	assert_int_equal(strlen(old), strlen(now));
	memcpy(at, now, strlen(now));
	put(office, row.key, copy);
	expect(office, wanted);
	put(office, row.key, row.value);
}

static void
a_changed_record_is_told_by_its_leaf(void **state)
{
	struct office *office = *state;

	expect_edited(office, "hhhs", "merit", "merid", "revision.changed");
	expect_edited(office, "rmpt", "trào", "trèo", "revision.changed");
	expect_edited(office, "rmpt", "\":\"Phong", "\": \"Phon",
	    "record.form revision.changed");
	expect_edited(office, "rmpt", "\"id\":\"pt\"", "\"id\":\"pu\"",
	    "record.identity revision.changed");
	expect_edited(office, "rmpt", "{\"at\"", "[\"at\"",
	    "record.unreadable revision.changed");
	expect(office, "");
}

/* The row begins: u64 revision with its highest bit, u64 index of the leaf. */
static void
expect_flipped(struct office *office, const char *prefix, size_t at,
    uint8_t bit, const char *wanted)
{
	struct stored row = first(office, prefix);
	struct bytes copy = arena_copy(office->arena, row.value);

	((uint8_t *)(uintptr_t)copy.data)[at] ^= bit;
	put(office, row.key, copy);
	expect(office, wanted);
	put(office, row.key, row.value);
}

static void
a_row_that_names_another_leaf_is_told(void **state)
{
	struct office *office = *state;

	expect_flipped(office, "rmpt", 15, 1, "row.leaf");
	expect_flipped(office, "hhhs", 8, 0x80, "row.leaf");
	assert_non_null(strstr(buf_text(&wheres), "dossier/hs"));
	expect_flipped(office, "hhhs", 7, 4, "record.identity");
	expect(office, "");
}

static void
a_reference_to_nothing_is_named(void **state)
{
	struct office *office = *state;

	expect_edited(office, "rmpt", "\"launched_by\":\"tinh\"",
	    "\"launched_by\":\"tinx\"", "reference.dangling revision.changed");
	expect_edited(office, "rff", "\"document\":\"bc\"",
	    "\"document\":\"bd\"", "reference.dangling revision.changed");
}

static void
a_lost_record_is_told_by_its_leaf_and_its_rows(void **state)
{
	struct office *office = *state;
	struct stored figure = first(office, "rff");
	struct stored movement = first(office, "rmpt");

	take(office, figure.key);
	expect(office, "revision.missing row.extra");
	put(office, figure.key, figure.value);
	/* Its dossier points at it, and its history is there. */
	take(office, movement.key);
	check(office, false);
	assert_non_null(strstr(buf_text(&codes), "reference.dangling"));
	assert_non_null(strstr(buf_text(&codes), "record.missing"));
	assert_non_null(strstr(buf_text(&codes), "revision.missing"));
	put(office, movement.key, movement.value);
	expect(office, "");
}

static void
a_record_that_no_command_made_is_named(void **state)
{
	struct office *office = *state;
	struct writes *writes = writes_new(office->core.store, NULL);
	struct key key;

	record_key(&key, RECORD_MOVEMENT, "untergeschoben");
	writes_put_record(writes, key_bytes(&key), 1,
	    bytes_of_text("{\"at\":1,\"by\":\"x\",\"id\":\"untergeschoben\","
	                  "\"rev\":1}"));
	commit(office, writes);
	expect(office, "revision.unlogged");
	take(office, key_bytes(&key));
}

/* --- accounts and housekeeping ------------------------------------------------------ */

static void
what_belongs_to_an_account_is_checked(void **state)
{
	static const uint8_t sum[33] = { 'b', 1 };
	struct office *office = *state;
	struct stored secret = first(office, "s");
	struct stored session = first(office, "a");
	struct stored token = first(office, "b");

	take(office, secret.key);
	expect(office, "secret.missing");
	put(office, secret.key, secret.value);
	put(office, bytes_of("snobody", 8), secret.value);
	expect(office, "secret.orphan");
	take(office, bytes_of("snobody", 8));
	put(office, session.key,
	    spoilt(office, session.value, session.value.len - 1));
	expect(office, "session.orphan");
	put(office, session.key, session.value);
	take(office, token.key);
	expect(office, "token.missing");
	put(office, token.key, token.value);
	put(office, bytes_of(sum, 33), bytes_of_text("nobody"));
	expect(office, "token.orphan");
	take(office, bytes_of(sum, 33));
	expect(office, "");
}

static void
rows_that_nobody_knows_are_named(void **state)
{
	struct office *office = *state;
	struct stored guard = first(office, "Munits");

	put(office, bytes_of("Mwhat", 6), bytes_of_text("?"));
	expect(office, "row.unknown");
	take(office, bytes_of("Mwhat", 6));
	put(office, bytes_of_text("Zwhat"), bytes_of_text("?"));
	expect(office, "row.unknown");
	take(office, bytes_of_text("Zwhat"));
	take(office, guard.key);
	expect(office, "row.missing");
	put(office, guard.key, guard.value);
	expect(office, "");
}

/* --- the log ------------------------------------------------------------------------- */

static void
stored_roots_of_tiles_are_compared_with_the_log(void **state)
{
	struct office *office = *state;
	struct stored tile = first(office, "T");
	struct key beyond;

	assert_int_equal(tile.value.len, 32);
	take(office, tile.key);
	expect(office, "tile.missing");
	put(office, tile.key, spoilt(office, tile.value, 7));
	expect(office, "tile.different");
	put(office, tile.key, tile.value);
	key_start(&beyond, TABLE_TILE);
	key_add_u8(&beyond, 1);
	key_add_u64(&beyond, 2);
	put(office, key_bytes(&beyond), tile.value);
	expect(office, "tile.extra");
	take(office, key_bytes(&beyond));
	expect(office, "");
}

static void
keys_that_do_not_belong_together_are_named(void **state)
{
	static const uint8_t mine[32] = "a key that signs tests alone";
	static const uint8_t other[32] = "another key";
	struct office *office = *state;
	struct fsck_options options = { .deep = false };
	struct buf secret, vkey;

	for (int i = 0; i < 2; i++) {
		buf_init(&secret, 4096);
		buf_init(&vkey, 4096);
		note_key_make_of(&secret, "test/audit", i == 0 ? mine : other,
		    &office->fault);
		buf_add_text(&vkey, audit_vkey(office->core.audit));
		buf_add_byte(&vkey, '\n');
		options.log_key = buf_bytes(&secret);
		options.log_vkey = buf_bytes(&vkey);
		check_with(office, &options);
		assert_text(buf_text(&codes), i == 0 ? "" : "checkpoint.key");
		buf_fini(&secret);
		buf_fini(&vkey);
	}
}

/* {"checkpoint":...} of the log's first `size` entries, with this root. */
static struct bytes
cosigned_row(struct office *office, uint64_t size, const struct sha256 *root)
{
	struct checkpoint checkpoint = { .origin = "test/audit",
		.size = size,
		.root = *root };
	struct bytes row;
	struct buf note;

	buf_init(&note, CHECKPOINT_MAX);
	checkpoint_format(&note, &checkpoint);
	buf_add_text(&note, "\n\xE2\x80\x94 test/audit AAAAAAAA\n");
	row = json_bytes(office->arena,
	    json_own(office->arena, json_pack("{s:s, s:[]}", "checkpoint",
	                                buf_text(&note), "for")));
	buf_fini(&note);
	return row;
}

static void
what_witnesses_signed_is_compared_with_the_log(void **state)
{
	struct office *office = *state;
	struct checkpoint newest;
	struct bytes note, text;
	struct sha256 root;
	struct key key, beyond;
	uint64_t size;

	note = audit_checkpoint(office->core.audit, office->arena, &size);
	assert_int_equal(note_text(&text, note, &office->fault), 0);
	assert_int_equal(checkpoint_parse(&newest, text, &office->fault), 0);
	root = newest.root;
	key_start(&key, TABLE_COSIGNED);
	key_add_u64(&key, size);
	put(office, key_bytes(&key), cosigned_row(office, size, &root));
	expect(office, "");
	root.bytes[0] ^= 1; /* the log was rewritten */
	put(office, key_bytes(&key), cosigned_row(office, size, &root));
	expect(office, "cosigned.tree");
	put(office, key_bytes(&key), cosigned_row(office, size - 1, &root));
	expect(office, "cosigned.form");
	put(office, key_bytes(&key), bytes_of_text("{}"));
	expect(office, "cosigned.form");
	take(office, key_bytes(&key));
	key_start(&beyond, TABLE_COSIGNED); /* entries were lost */
	key_add_u64(&beyond, size + 1);
	put(office, key_bytes(&beyond), cosigned_row(office, size + 1, &root));
	expect(office, "cosigned.tree");
	take(office, key_bytes(&beyond));
	expect(office, "");
}

/* Leaves cannot be taken back, so each of these has an archive of its own. */
static void
leaves_that_name_nothing_are_named(void **state)
{
	static const struct {
		const char *leaf;
		const char *wanted;
	} cases[] = {
		{ "{\"object\":\"unit/nobody\",\"rev\":1,\"sha256\":\"00000000"
		  "00000000000000000000000000000000000000000000000000000000"
		  "\"}",
		    "revision.missing" },
		{ "{\"object\":\"unit/tinh\",\"rev\":1,\"sha256\":\"00000000"
		  "00000000000000000000000000000000000000000000000000000000"
		  "\"}",
		    "leaf.twice" },
		{ "{\"object\":\"unit/tinh\"}", "leaf.form" },
		{ "no leaf", "leaf.unreadable" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct office *office = office_open(true);
		struct writes *writes;

		office_make(office, unit_new,
		    "{'id':'tinh','kind':'province','names':[{'name':'A'}]}");
		writes = writes_new(office->core.store, NULL);
		writes_log(writes, bytes_of_text(cases[i].leaf));
		commit(office, writes);
		expect(office, cases[i].wanted);
		office_close(office);
	}
}

/* --- files ----------------------------------------------------------------------------- */

static void
a_file_that_is_not_whole_is_named(void **state)
{
	struct office *office = *state;
	struct stored row = large_file(office);
	struct bytes copy = arena_copy(office->arena, row.value);
	uint8_t *names = (uint8_t *)(uintptr_t)copy.data + 10;

	take(office, row.key);
	expect(office, "blob.missing record.damaged");
	put(office, row.key, spoilt(office, row.value, 9));
	expect(office, "blob.size");
	put(office, row.key, spoilt(office, row.value, 20));
	expect(office, "chunk.missing record.damaged");
	put(office, row.key, bytes_of(row.value.data, row.value.len - 32));
	expect(office, "blob.form record.damaged");
	/* The first chunk in the place of both: only reading tells. */
	memcpy(names + 32, names, 32);
	put(office, row.key, copy);
	expect(office, "");
	assert_text(check(office, true), "chunk.changed record.damaged");
	put(office, row.key, row.value);
	assert_text(check(office, true), "");
}

static void
a_chunk_that_is_gone_is_named(void **state)
{
	struct office *office = *state;
	struct stored row = large_file(office);
	struct collect_counts counts;

	take(office, row.key);
	for (int i = 0; i < 2; i++) {
		if (collect_run(office->core.store, 0, NULL, &counts,
		        &office->fault) < 0) {
			fail_msg("%s", office->fault.text);
		}
	}
	assert_int_equal(counts.deleted, 2);
	put(office, row.key, row.value);
	expect(office, "chunk.missing chunk.missing record.damaged");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(a_sound_archive_has_no_findings),
		unit(a_derived_row_that_is_gone_is_named),
		unit(a_derived_row_that_says_something_else_is_named),
		unit(a_derived_row_that_nobody_asks_for_is_named),
		unit(a_lost_old_revision_is_a_gap),
		unit(a_changed_record_is_told_by_its_leaf),
		unit(a_reference_to_nothing_is_named),
		unit(a_lost_record_is_told_by_its_leaf_and_its_rows),
		unit(a_row_that_names_another_leaf_is_told),
		unit(a_record_that_no_command_made_is_named),
		unit(what_belongs_to_an_account_is_checked),
		unit(rows_that_nobody_knows_are_named),
		unit(stored_roots_of_tiles_are_compared_with_the_log),
		unit(keys_that_do_not_belong_together_are_named),
		unit(what_witnesses_signed_is_compared_with_the_log),
		unit(leaves_that_name_nothing_are_named),
		unit(a_file_that_is_not_whole_is_named),
		unit(a_chunk_that_is_gone_is_named),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
