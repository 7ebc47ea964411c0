/* SPDX-License-Identifier: Apache-2.0 */

#include "base/hex.h"
#include "tests/unit/zip_sample.h"

#include <locale.h>

static void
the_first_entry_is_as_the_standard_wants_it(void **state)
{
	static const char want[] =
	    "504b03040a00000000000000215c8a21f9451f0000001f"
	    "0000000800"
	    "00006d696d6574797065";
	static const char want_central[] =
	    "504b010214030a00000000000000215c8a21f9451f0000001f000000"
	    "080000000000000000000000a481000000006d696d6574797065";
	char got[2 * 64 + 1];
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	write_sample(&out);
	hex_encode(got, bytes_of(out.data, 38));
	assert_string_equal(got, want);
	assert_memory_equal(out.data + 38, "application/vnd.etsi.asic-e+zip",
	    31);
	for (size_t i = 0; i + 54 < out.len; i++) {
		if (wire_get_u32le(out.data + i) == ZIP_CENTRAL) {
			hex_encode(got, bytes_of(out.data + i, 54));
			assert_string_equal(got, want_central);
			break;
		}
	}
	buf_fini(&out);
}

static void
what_was_written_is_read_again(void **state)
{
	struct fault fault = { 0 };
	const struct zip_entry *entry;
	struct zip_in *zip = NULL;
	struct source source;
	struct bytes bytes;
	struct buf out;
	struct buf text;

	(void)state;
	buf_init(&out, 1 << 20);
	buf_init(&text, 1 << 20);
	write_sample(&out);
	bytes = buf_bytes(&out);
	source = source_of_bytes(&bytes);
	if (zip_in_open(&zip, &source, &zip_in_presets, NULL, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(zip_in_count(zip), 3);
	entry = zip_in_find(zip, "hồ sơ/biên bản số 1.txt");
	assert_non_null(entry);
	assert_int_equal(entry->flags, ZIP_FLAG_UTF8);
	assert_int_equal(zip_in_read(zip, entry, &text, &fault), 0);
	assert_string_equal(buf_text(&text), "Biên bản\n");
	assert_int_equal(zip_in_find(zip, "mimetype")->flags, 0);
	assert_int_equal(zip_in_find(zip, "empty")->size, 0);
	assert_null(zip_in_find(zip, "Empty"));
	zip_in_free(zip);
	buf_fini(&out);
	buf_fini(&text);
}

static void
the_size_is_known_beforehand(void **state)
{
	static const struct zip_out_entry entries[] = {
		{ .name = "mimetype", .size = 31 },
		{ .name = "hồ sơ/biên bản số 1.txt",
		    .size = sizeof("Biên bản\n") - 1 },
		{ .name = "empty", .size = 0 },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	write_sample(&out);
	assert_int_equal(zip_out_size_of(entries, 3), out.len);
	buf_fini(&out);
}

static void
a_writer_refuses_what_was_not_announced(void **state)
{
	struct zip_out_entry entry = { .name = "a", .size = 3, .crc32 = 0 };
	struct fault fault = { 0 };
	struct zip_out *zip;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	zip = zip_out_new(stream_to_buf, &out, JANUARY_2026);
	assert_int_equal(zip_out_begin(zip, &entry, &fault), 0);
	assert_int_equal(zip_out_data(zip, bytes_of_text("abcd"), &fault), -1);
	assert_int_equal(zip_out_data(zip, bytes_of_text("abc"), &fault), 0);
	assert_int_equal(zip_out_end(zip, &fault), -1); /* the CRC */
	zip_out_free(zip);
	zip = zip_out_new(stream_to_buf, &out, JANUARY_2026);
	assert_int_equal(zip_out_begin(zip, &entry, &fault), 0);
	assert_int_equal(zip_out_end(zip, &fault), -1); /* the length */
	zip_out_free(zip);
	zip = zip_out_new(stream_to_buf, &out, JANUARY_2026);
	add(zip, "a", "1");
	add(zip, "a", "1");
	assert_int_equal(zip_out_finish(zip, &fault), -1);
	zip_out_free(zip);
	buf_fini(&out);
}

static void
names_that_are_not_safe_are_neither_written_nor_read(void **state)
{
	static const char *const names[] = { "", "/a", "a/", "a//b", "./a",
		"a/..", "../a", "a\\b", "C:a", "a\nb", "a\x7f", "\xff",
		"e\xCC\x81t\xC3\xA9" /* not NFC */ };
	static char longest[1026];
	struct fault fault = { 0 };
	struct zip_out *zip;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	zip = zip_out_new(stream_to_buf, &out, JANUARY_2026);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct zip_out_entry entry = { .name = names[i] };

		if (zip_out_begin(zip, &entry, &fault) == 0) {
			fail_msg("%s was accepted", names[i]);
		}
	}
	memset(longest, 'x', sizeof(longest) - 1);
	assert_int_equal(zip_out_begin(zip,
	                     &(struct zip_out_entry){ .name = longest },
	                     &fault),
	    -1);
	for (size_t i = 255; i < 1024; i += 256) {
		longest[i] = '/';
	}
	longest[1024] = '\0';
	assert_int_equal(zip_out_begin(zip,
	                     &(struct zip_out_entry){ .name = longest },
	                     &fault),
	    -1);
	longest[1023] = '\0';
	assert_int_equal(zip_out_begin(zip,
	                     &(struct zip_out_entry){ .name = longest },
	                     &fault),
	    0);
	zip_out_free(zip);
	buf_fini(&out);
}

static void
a_flipped_bit_of_the_data_is_found_by_its_crc(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	write_sample(&out);
	out.data[40] ^= 1;
	assert_refused(buf_bytes(&out),
	    "entry mimetype: its bytes have another CRC than its header says");
	buf_fini(&out);
}

static void
no_flipped_bit_makes_the_reader_fall_over(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	write_sample(&out);
	for (size_t bit = 0; bit < 8 * out.len; bit++) {
		struct fault fault = { 0 };

		out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		try_read(buf_bytes(&out), &fault);
		out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t len = 0; len < out.len; len++) {
		struct fault fault = { 0 };

		assert_int_equal(try_open(bytes_of(out.data, len), &fault), -1);
	}
	buf_fini(&out);
}

static void
bytes_before_between_and_behind_are_refused(void **state)
{
	struct buf out;
	struct buf bad;

	(void)state;
	buf_init(&out, 1 << 20);
	buf_init(&bad, 1 << 20);
	write_sample(&out);
	buf_add_text(&bad, "x");
	buf_add_bytes(&bad, buf_bytes(&out));
	assert_refused(buf_bytes(&bad), "the directory does not end where");
	buf_reset(&bad);
	buf_add_bytes(&bad, buf_bytes(&out));
	buf_add_text(&bad, "x");
	assert_refused(buf_bytes(&bad), "no end record");
	/* Two archives one behind the other. */
	buf_reset(&bad);
	buf_add_bytes(&bad, buf_bytes(&out));
	buf_add_bytes(&bad, buf_bytes(&out));
	assert_refused(buf_bytes(&bad), "the directory does not end where");
	buf_fini(&out);
	buf_fini(&bad);
}

/* Change bytes of the sample at an offset from a record's signature. */
static void
assert_change_refused(uint32_t signature, unsigned nth, size_t offset,
    const char *bytes, size_t len, const char *words)
{
	struct buf out;
	size_t i;

	buf_init(&out, 1 << 20);
	write_sample(&out);
	for (i = 0; i + 4 <= out.len; i++) {
		if (wire_get_u32le(out.data + i) == signature && nth-- == 0) {
			break;
		}
	}
	assert_true(i + offset + len <= out.len);
	memcpy(out.data + i + offset, bytes, len);
	assert_refused(buf_bytes(&out), words);
	buf_fini(&out);
}

static void
headers_that_contradict_each_other_are_refused(void **state)
{
	(void)state;
	assert_change_refused(ZIP_LOCAL, 0, 30, "M", 1,
	    "entry mimetype: its local header names it otherwise");
	assert_change_refused(ZIP_LOCAL, 0, 14, "x", 1,
	    "entry mimetype: local header and directory give other sizes");
	assert_change_refused(ZIP_LOCAL, 0, 22, "\x20", 1,
	    "entry mimetype: local header and directory give other sizes");
	assert_change_refused(ZIP_LOCAL, 0, 8, "\x08", 1,
	    "entry mimetype: local header and directory give other flags");
	assert_change_refused(ZIP_CENTRAL, 0, 8, "\x01", 1, "it is encrypted");
	assert_change_refused(ZIP_CENTRAL, 0, 10, "\x0e", 1,
	    "compressed by method 14");
	assert_change_refused(ZIP_CENTRAL, 0, 40, "\xff\xa1", 2,
	    "symbolic link");
	assert_change_refused(ZIP_CENTRAL, 0, 40, "\xff\x61", 2,
	    "no regular file");
	assert_change_refused(ZIP_CENTRAL, 0, 38, "\x10", 1,
	    "it says that it is a folder");
	assert_change_refused(ZIP_CENTRAL, 0, 42, "\x01", 1,
	    "no local header in its place");
	assert_change_refused(ZIP_END, 0, 4, "\x01", 1, "part of several");
	assert_change_refused(ZIP_END, 0, 8, "\x02\0\x02", 3,
	    "belong to no record");
	assert_change_refused(ZIP_END, 0, 8, "\x04\0\x04", 3,
	    "record 4 of the directory");
}

static void
two_names_that_fold_to_one_are_refused(void **state)
{
	static const char *const pairs[][2] = {
		{ "Quyet-dinh.pdf", "quyet-dinh.PDF" },
		{ "HỒ SƠ.txt", "hồ sơ.txt" },
		{ "stra\xC3\x9F"
		  "e",
		    "STRASSE" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct fault fault = { 0 };
		struct zip_out *zip;
		struct buf out;

		buf_init(&out, 1 << 20);
		zip = zip_out_new(stream_to_buf, &out, JANUARY_2026);
		add(zip, pairs[i][0], "1");
		add(zip, pairs[i][1], "2");
		assert_int_equal(zip_out_finish(zip, &fault), 0);
		assert_refused(buf_bytes(&out), "hold its name for that of");
		zip_out_free(zip);
		buf_fini(&out);
	}
}

/* A deflated entry, optionally with its sizes behind the data. */

/* A source that tells where it was read, or refuses. */
struct watched {
	struct bytes bytes;
	uint64_t first; /* lowest byte that was read */
	bool fails;
};

static int
watched_read(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	struct watched *watched = arg;

	if (watched->fails) {
		return fault_set(fault, FAULT_SYSTEM, "the disk is gone");
	}
	if (offset < watched->first) {
		watched->first = offset;
	}
	assert_true(offset + len <= watched->bytes.len);
	memcpy(data, watched->bytes.data + offset, len);
	return 0;
}

static void
an_entry_is_read_without_the_entries_before_it(void **state)
{
	struct watched watched = { .fails = false };
	struct source source = { watched_read, &watched, 0 };
	struct fault fault = { 0 };
	struct zip_in *zip = NULL;
	struct buf text;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	buf_init(&text, 1 << 10);
	write_sample(&out);
	watched.bytes = buf_bytes(&out);
	source.size = out.len;
	assert_int_equal(
	    zip_in_open(&zip, &source, &zip_in_presets, NULL, &fault), 0);
	for (size_t i = zip_in_count(zip) - 1; i > 0; i--) {
		const struct zip_entry *entry = zip_in_entry(zip, i);

		watched.first = UINT64_MAX;
		assert_int_equal(zip_in_read(zip, entry, &text, &fault), 0);
		assert_true(watched.first >= entry->data_offset);
	}
	assert_string_equal(buf_text(&text), "Biên bản\n");

	/* A source that fails is told of in its own words. */
	watched.fails = true;
	assert_int_equal(zip_in_read(zip, zip_in_entry(zip, 0), &text, &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_SYSTEM);
	assert_string_equal(fault.text, "entry mimetype: the disk is gone");
	zip_in_free(zip);
	buf_fini(&text);
	buf_fini(&out);
}

static void
an_entry_without_bytes_must_be_one(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	write_sample(&out);
	/* "empty" has a CRC, in both of its headers. */
	for (size_t i = 0; i + 46 < out.len; i++) {
		uint32_t signature = wire_get_u32le(out.data + i);

		if (signature == ZIP_LOCAL &&
		    memcmp(out.data + i + 30, "empty", 5) == 0) {
			out.data[i + 14] = 1;
		}
		if (signature == ZIP_CENTRAL &&
		    memcmp(out.data + i + 46, "empty", 5) == 0) {
			out.data[i + 16] = 1;
		}
	}
	assert_refused(buf_bytes(&out),
	    "entry empty: its bytes have another CRC");
	buf_fini(&out);
}

static void
limits_hold_before_anything_is_allocated(void **state)
{
	struct zip_limits few = { .entries_max = 2,
		.total_max_bytes = 1 << 20,
		.ratio_max = 200 };
	struct zip_limits small = { .entries_max = 10,
		.total_max_bytes = 31,
		.ratio_max = 200 };
	struct fault fault = { 0 };
	struct zip_in *zip = NULL;
	struct source source;
	struct bytes bytes;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	write_sample(&out);
	bytes = buf_bytes(&out);
	source = source_of_bytes(&bytes);
	assert_int_equal(zip_in_open(&zip, &source, &few, NULL, &fault), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	assert_int_equal(zip_in_open(&zip, &source, &small, NULL, &fault), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_entry_is_as_the_standard_wants_it),
		cmocka_unit_test(what_was_written_is_read_again),
		cmocka_unit_test(the_size_is_known_beforehand),
		cmocka_unit_test(a_writer_refuses_what_was_not_announced),
		cmocka_unit_test(
		    names_that_are_not_safe_are_neither_written_nor_read),
		cmocka_unit_test(a_flipped_bit_of_the_data_is_found_by_its_crc),
		cmocka_unit_test(no_flipped_bit_makes_the_reader_fall_over),
		cmocka_unit_test(bytes_before_between_and_behind_are_refused),
		cmocka_unit_test(
		    headers_that_contradict_each_other_are_refused),
		cmocka_unit_test(two_names_that_fold_to_one_are_refused),
		cmocka_unit_test(
		    an_entry_is_read_without_the_entries_before_it),
		cmocka_unit_test(an_entry_without_bytes_must_be_one),
		cmocka_unit_test(limits_hold_before_anything_is_allocated),
	};

	setlocale(LC_CTYPE, "C.UTF-8"); /* as every main does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
