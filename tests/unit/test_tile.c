/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/tile.h"

#include "archive/merkle.h"
#include "base/file.h"
#include "tests/unit/audit_example.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void
a_path_is_written_in_groups_of_three_digits(void **state)
{
	static const struct {
		struct tile tile;
		const char *path;
	} cases[] = {
		{ { .level = 0, .index = 0, .width = 256 }, "tile/0/000" },
		{ { .level = 0, .index = 0, .width = 5 }, "tile/0/000.p/5" },
		{ { .level = 1, .index = 999, .width = 256 }, "tile/1/999" },
		{ { .level = 0, .index = 1000, .width = 256 },
		    "tile/0/x001/000" },
		{ { .level = 2, .index = 1234067, .width = 256 },
		    "tile/2/x001/x234/067" },
		{ { .is_entries = true, .index = 273, .width = 112 },
		    "tile/entries/273.p/112" },
		{ { .level = 7,
		      .index = UINT64_C(36028797018963967),
		      .width = 255 },
		    "tile/7/x036/x028/x797/x018/x963/967.p/255" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[TILE_PATH_MAX];
		struct tile tile;

		tile_path_format(text, &cases[i].tile);
		assert_string_equal(text, cases[i].path);
		assert_true(tile_path_parse(&tile, text));
		assert_int_equal(tile.is_entries, cases[i].tile.is_entries);
		assert_int_equal(tile.level, cases[i].tile.level);
		assert_int_equal(tile.index, cases[i].tile.index);
		assert_int_equal(tile.width, cases[i].tile.width);
	}
}

static void
other_spellings_of_a_path_are_refused(void **state)
{
	static const char *const paths[] = { "", "tile", "tile/", "tile/0",
		"tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000",
		"tile/0/x000/000", "tile/0/x001", "tile/0/001/000",
		"tile/8/000", "tile/00/000", "tile/-1/000", "tile/0/000.p/",
		"tile/0/000.p/0", "tile/0/000.p/05", "tile/0/000.p/256",
		"tile/0/000.p/99999999999999999999", "tile/0/000.p/1/",
		"tile/0/000/", "/tile/0/000", "tile/entries", "tile/entries/x",
		"tile/0/x001/x001/x001/x001/x001/x001/001", "tile/0/00a",
		"tile/0/000 " };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct tile tile;

		if (tile_path_parse(&tile, paths[i])) {
			fail_msg("%s was accepted", paths[i]);
		}
	}
}

static void
a_log_of_70000_entries_has_the_tiles_of_the_specification(void **state)
{
	static const struct {
		unsigned level;
		uint64_t index;
		unsigned width;
	} cases[] = {
		{ 0, 0, 256 },
		{ 0, 272, 256 },
		{ 0, 273, 112 },
		{ 0, 274, 0 },
		{ 1, 0, 256 },
		{ 1, 1, 17 },
		{ 1, 2, 0 },
		{ 2, 0, 1 },
		{ 3, 0, 0 },
		{ 0, UINT64_MAX, 0 },
		{ 7, UINT64_MAX / 256, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tile tile = { .level = cases[i].level,
			.index = cases[i].index };

		assert_int_equal(tile_width(&tile, 70000), cases[i].width);
	}
}

static void
the_worked_example_s_tiles_come_out(void **state)
{
	struct fault fault = { 0 };
	struct buf hashes;
	struct buf entries;
	struct bytes rest;
	struct bytes entry;
	struct sha256 sum;
	char text[SHA256_TEXT];
	unsigned count = 0;

	(void)state;
	buf_init(&hashes, 65536);
	buf_init(&entries, 65536);
	for (unsigned i = 0; i < EXAMPLE_SIZE; i++) {
		char one[64];
		struct sha256 leaf;

		snprintf(one, sizeof(one), EXAMPLE_ENTRY_FORMAT, i, i + 1);
		leaf = merkle_leaf(bytes_of_text(one));
		sha256_format(text, &leaf);
		assert_string_equal(text, example_leaves[i]);
		buf_add(&hashes, leaf.bytes, SHA256_BYTES);
		assert_int_equal(
		    tile_entry_encode(&entries, bytes_of_text(one), &fault), 0);
	}
	assert_int_equal(hashes.len, 160);
	sum = sha256_of(buf_bytes(&hashes));
	sha256_format(text, &sum);
	assert_string_equal(text,
	    "6d2670d6f237d125460d83e80e0512d76b78b537a96b84b5a729c68087e2b0dd");
	assert_int_equal(entries.len, 195);
	sum = sha256_of(buf_bytes(&entries));
	sha256_format(text, &sum);
	assert_string_equal(text,
	    "fbff143c8040e12c6f3bd086c5ce1d3d2255263da599d9bc2cac6d71bb792658");
	rest = buf_bytes(&entries);
	while (tile_entry_decode(&rest, &entry, &fault) == 1) {
		assert_int_equal(entry.len, 37);
		count++;
	}
	assert_int_equal(count, EXAMPLE_SIZE);
	buf_fini(&hashes);
	buf_fini(&entries);
}

static void
entries_that_are_too_long_or_cut_are_refused(void **state)
{
	static const uint8_t cut[] = { 0, 3, 'a', 'b' };
	struct bytes rest = bytes_of(cut, sizeof(cut));
	struct fault fault = { 0 };
	static uint8_t big[65536];
	struct bytes entry;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	assert_int_equal(tile_entry_decode(&rest, &entry, &fault), -1);
	rest = bytes_of(cut, 1);
	assert_int_equal(tile_entry_decode(&rest, &entry, &fault), -1);
	assert_int_equal(tile_entry_encode(&out, bytes_of(big, 65536), &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	assert_int_equal(tile_entry_encode(&out, bytes_of(big, 65535), &fault),
	    0);
	buf_fini(&out);
}

static void
the_public_log_s_entries_hash_to_its_tiles(void **state)
{
	const char *corpus = getenv("HOSO_CORPUS");
	struct fault fault = { 0 };
	struct buf hashes;
	struct buf entries;
	struct bytes rest;
	struct bytes entry;
	char path[4096];

	(void)state;
	if (corpus == NULL) {
		skip();
	}
	buf_init(&hashes, 65536);
	buf_init(&entries, 1 << 20);
	snprintf(path, sizeof(path), "%s/tlog/tessera-log/tile/0/000.p/15",
	    corpus);
	assert_int_equal(file_read(&hashes, path, &fault), 0);
	snprintf(path, sizeof(path),
	    "%s/tlog/tessera-log/tile/entries/000.p/15", corpus);
	assert_int_equal(file_read(&entries, path, &fault), 0);
	rest = buf_bytes(&entries);
	for (unsigned i = 0; i < 15; i++) {
		struct sha256 leaf;

		assert_int_equal(tile_entry_decode(&rest, &entry, &fault), 1);
		leaf = merkle_leaf(entry);
		assert_memory_equal(leaf.bytes, hashes.data + i * 32, 32);
	}
	assert_int_equal(tile_entry_decode(&rest, &entry, &fault), 0);
	buf_fini(&hashes);
	buf_fini(&entries);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_written_in_groups_of_three_digits),
		cmocka_unit_test(other_spellings_of_a_path_are_refused),
		cmocka_unit_test(
		    a_log_of_70000_entries_has_the_tiles_of_the_specification),
		cmocka_unit_test(the_worked_example_s_tiles_come_out),
		cmocka_unit_test(entries_that_are_too_long_or_cut_are_refused),
		cmocka_unit_test(the_public_log_s_entries_hash_to_its_tiles),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
