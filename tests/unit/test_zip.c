/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/zip_format.h"
#include "archive/zip_in.h"
#include "archive/zip_out.h"
#include "base/buf.h"
#include "base/hex.h"
#include "base/wire.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include <cmocka.h>

#define JANUARY_2026 INT64_C(1767225600000000)

static void
add(struct zip_out *zip, const char *name, const char *text)
{
	struct fault fault = { 0 };

	if (zip_out_add(zip, name, bytes_of_text(text), &fault) < 0) {
		fail_msg("%s: %s", name, fault.text);
	}
}

/* Three small entries; the middle one has a Vietnamese name. */
static void
write_sample(struct buf *out)
{
	struct fault fault = { 0 };
	struct zip_out *zip = zip_out_new(stream_to_buf, out, JANUARY_2026);

	add(zip, "mimetype", "application/vnd.etsi.asic-e+zip");
	add(zip, "hồ sơ/biên bản số 1.txt", "Biên bản\n");
	add(zip, "empty", "");
	assert_int_equal(zip_out_finish(zip, &fault), 0);
	assert_int_equal(zip_out_size(zip), out->len);
	zip_out_free(zip);
}

/* 0, or -1 with the words in `fault`. */
static int
try_open(struct bytes bytes, struct fault *fault)
{
	struct source source = source_of_bytes(&bytes);
	struct zip_in *zip = NULL;
	int rc = zip_in_open(&zip, &source, &zip_in_presets, NULL, fault);

	zip_in_free(zip);
	return rc;
}

/* Open and read every entry. */
static int
try_read(struct bytes bytes, struct fault *fault)
{
	struct source source = source_of_bytes(&bytes);
	struct zip_in *zip = NULL;
	struct buf out;
	int rc = zip_in_open(&zip, &source, &zip_in_presets, NULL, fault);

	buf_init(&out, 1 << 24);
	for (size_t i = 0; rc == 0 && i < zip_in_count(zip); i++) {
		buf_reset(&out);
		rc = zip_in_read(zip, zip_in_entry(zip, i), &out, fault);
	}
	buf_fini(&out);
	zip_in_free(zip);
	return rc;
}

static void
assert_refused(struct bytes bytes, const char *words)
{
	struct fault fault = { 0 };

	if (try_read(bytes, &fault) == 0) {
		fail_msg("accepted; wanted: %s", words);
	}
	if (strstr(fault.text, words) == NULL) {
		fail_msg("wanted: %s\ngot: %s", words, fault.text);
	}
}

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
static void
write_deflated(struct buf *out, const void *data, size_t len, bool is_described)
{
	uint8_t local[31] = { 0 };
	uint8_t central[47] = { 0 };
	uint8_t end[22] = { 0 };
	uint8_t descriptor[16];
	uLong room = compressBound(len) + 64;
	uint8_t *packed = malloc(room);
	z_stream stream = { 0 };
	uint32_t crc = (uint32_t)crc32(0, data, (uInt)len);
	uint32_t offset;

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, 0), Z_OK);
	stream.next_in = (Bytef *)(uintptr_t)data;
	stream.avail_in = (uInt)len;
	stream.next_out = packed;
	stream.avail_out = (uInt)room;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);

	wire_put_u32le(central, ZIP_CENTRAL);
	wire_put_u16le(central + 8, is_described ? 8 : 0);
	wire_put_u16le(central + 10, 8);
	wire_put_u32le(central + 16, crc);
	wire_put_u32le(central + 20, (uint32_t)stream.total_out);
	wire_put_u32le(central + 24, (uint32_t)len);
	wire_put_u16le(central + 28, 1);
	central[46] = 'd';
	wire_put_u32le(local, ZIP_LOCAL);
	memcpy(local + 4, central + 6, is_described ? 10 : 22);
	wire_put_u16le(local + 26, 1);
	local[30] = 'd';
	wire_put_u32le(descriptor, ZIP_DESCRIPTOR);
	memcpy(descriptor + 4, central + 16, 12);
	buf_add(out, local, sizeof(local));
	buf_add(out, packed, stream.total_out);
	buf_add(out, descriptor, is_described ? 16 : 0);
	offset = (uint32_t)out->len;
	buf_add(out, central, sizeof(central));
	wire_put_u32le(end, ZIP_END);
	wire_put_u16le(end + 8, 1);
	wire_put_u16le(end + 10, 1);
	wire_put_u32le(end + 12, sizeof(central));
	wire_put_u32le(end + 16, offset);
	buf_add(out, end, sizeof(end));
	free(packed);
}

static void
deflated_entries_are_read_with_and_without_a_descriptor(void **state)
{
	static uint8_t text[700000];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] = (uint8_t)(i * i >> 7 ^ i);
	}
	for (int is_described = 0; is_described < 2; is_described++) {
		struct fault fault = { 0 };
		struct buf out;

		buf_init(&out, 1 << 21);
		write_deflated(&out, text, sizeof(text), is_described);
		if (try_read(buf_bytes(&out), &fault) < 0) {
			fail_msg("%s", fault.text);
		}
		/* Any one bit of the packed bytes: found or the same text. */
		for (size_t bit = 31 * 8; bit < 31 * 8 + 4000; bit += 7) {
			out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(try_read(buf_bytes(&out), &fault), -1);
			out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		buf_fini(&out);
	}
}

static void
a_bomb_is_refused_before_it_is_inflated(void **state)
{
	size_t len = 8u << 20;
	uint8_t *zeros = calloc(1, len);
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 21);
	write_deflated(&out, zeros, len, false);
	assert_refused(buf_bytes(&out), "inflates more than 200 times");
	free(zeros);
	buf_fini(&out);
}

static void
a_bomb_that_lies_about_its_size_stops_at_the_lie(void **state)
{
	size_t len = 8u << 20;
	uint8_t *zeros = calloc(1, len);
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 21);
	write_deflated(&out, zeros, len, false);
	for (size_t i = 0; i + 46 < out.len; i++) {
		if (wire_get_u32le(out.data + i) == ZIP_CENTRAL) {
			wire_put_u32le(out.data + i + 24, 10);
		}
	}
	wire_put_u32le(out.data + 22, 10);
	assert_refused(buf_bytes(&out), "entry d: more bytes than the 10");
	free(zeros);
	buf_fini(&out);
}

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
bytes_behind_the_packed_end_are_refused(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	write_deflated(&out, "text text text", 14, false);
	/* A stream that ends before its last byte: the last block is empty. */
	memcpy(out.data + 31, "\x03\0", 2);
	assert_refused(buf_bytes(&out),
	    "entry d: libarchive: ZIP compressed data is wrong size");
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

/* --- more than 4 GiB, more than 65,535 entries --------------------------- */

/*
 * A container of which only the bytes are kept that are not zero: the data
 * of the large entry is all zeros.
 */
#define HEAD_BYTES (1u << 16)

struct sparse {
	uint64_t size;
	uint64_t tail_from;
	struct buf head;
	struct buf tail;
};

static const uint8_t zeros[1 << 20];

static int
sparse_sink(void *arg, struct bytes bytes, struct fault *fault)
{
	struct sparse *sparse = arg;

	(void)fault;
	sparse->size += bytes.len;
	if (bytes.data >= zeros && bytes.data < zeros + sizeof(zeros)) {
		sparse->tail_from = sparse->size;
	} else if (sparse->tail_from == 0) {
		buf_add_bytes(&sparse->head, bytes);
	} else {
		buf_add_bytes(&sparse->tail, bytes);
	}
	return 0;
}

static int
sparse_read(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	struct sparse *sparse = arg;

	(void)fault;
	for (size_t i = 0; i < len; i++) {
		uint64_t at = offset + i;

		((uint8_t *)data)[i] =
		    at < sparse->head.len ? sparse->head.data[at]
		    : at >= sparse->tail_from
		        ? sparse->tail.data[at - sparse->tail_from]
		        : 0;
	}
	return 0;
}

static uint32_t
crc_of_zeros(uint64_t len)
{
	uLong one = crc32(0, zeros, 1);
	uLong all = 0;

	/* Double and add. */
	for (int bit = 40; bit >= 0; bit--) {
		uint64_t have = len >> (bit + 1);

		all = crc32_combine(all, all, (z_off_t)have);
		if ((len >> bit & 1) != 0) {
			all = crc32_combine(all, one, 1);
		}
	}
	return (uint32_t)all;
}

/* Takes one piece and has enough. */
static int
take_one(void *arg, struct bytes bytes, struct fault *fault)
{
	*(size_t *)arg = bytes.len;
	return fault_set(fault, FAULT_DENIED, "enough");
}

static void
entries_beyond_4_gib_use_zip64_and_are_read_again(void **state)
{
	size_t taken = 0;
	uint64_t big = (UINT64_C(1) << 32) + 7;
	struct zip_out_entry entries[] = {
		{ .name = "mimetype", .size = 2 },
		{ .name = "big", .size = big, .crc32 = crc_of_zeros(big) },
		{ .name = "small", .size = 5 },
	};
	struct zip_limits limits = zip_in_presets;
	struct sparse sparse = { 0 };
	struct fault fault = { 0 };
	struct source source;
	struct zip_in *in = NULL;
	struct zip_out *out;
	struct buf text;

	(void)state;
	buf_init(&sparse.head, HEAD_BYTES);
	buf_init(&sparse.tail, HEAD_BYTES);
	buf_init(&text, 16);
	out = zip_out_new(sparse_sink, &sparse, JANUARY_2026);
	add(out, "mimetype", "ok");
	assert_int_equal(zip_out_begin(out, &entries[1], &fault), 0);
	for (uint64_t left = big; left > 0;) {
		size_t len =
		    left < sizeof(zeros) ? (size_t)left : sizeof(zeros);

		assert_int_equal(
		    zip_out_data(out, bytes_of(zeros, len), &fault), 0);
		left -= len;
	}
	if (zip_out_end(out, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	add(out, "small", "12345");
	assert_int_equal(zip_out_finish(out, &fault), 0);
	assert_int_equal(zip_out_size_of(entries, 3), sparse.size);
	zip_out_free(out);

	source = (struct source){ sparse_read, &sparse, sparse.size };
	assert_int_equal(zip_in_open(&in, &source, &limits, NULL, &fault), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	limits.total_max_bytes = UINT64_C(8) << 30;
	if (zip_in_open(&in, &source, &limits, NULL, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(zip_in_find(in, "big")->size, big);
	assert_true(zip_in_find(in, "small")->offset > big);
	assert_int_equal(
	    zip_in_read(in, zip_in_find(in, "small"), &text, &fault), 0);
	assert_string_equal(buf_text(&text), "12345");
	assert_int_equal(
	    zip_in_pour(in, zip_in_find(in, "big"), take_one, &taken, &fault),
	    -1);
	assert_string_equal(fault.text, "entry big: enough");
	assert_true(taken > 0);
	zip_in_free(in);
	buf_fini(&sparse.head);
	buf_fini(&sparse.tail);
	buf_fini(&text);
}

static void
more_than_65535_entries_use_zip64(void **state)
{
	struct zip_limits limits = { .entries_max = 70000,
		.total_max_bytes = 1 << 20,
		.ratio_max = 200 };
	struct fault fault = { 0 };
	struct source source;
	struct zip_in *in = NULL;
	struct zip_out *zip;
	struct bytes bytes;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 24);
	zip = zip_out_new(stream_to_buf, &out, JANUARY_2026);
	for (unsigned i = 0; i < 66001; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%u", i);
		add(zip, name, "");
	}
	assert_int_equal(zip_out_finish(zip, &fault), 0);
	zip_out_free(zip);
	bytes = buf_bytes(&out);
	source = source_of_bytes(&bytes);
	if (zip_in_open(&in, &source, &limits, NULL, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(zip_in_count(in), 66001);
	zip_in_free(in);
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
		    deflated_entries_are_read_with_and_without_a_descriptor),
		cmocka_unit_test(a_bomb_is_refused_before_it_is_inflated),
		cmocka_unit_test(
		    a_bomb_that_lies_about_its_size_stops_at_the_lie),
		cmocka_unit_test(
		    an_entry_is_read_without_the_entries_before_it),
		cmocka_unit_test(bytes_behind_the_packed_end_are_refused),
		cmocka_unit_test(an_entry_without_bytes_must_be_one),
		cmocka_unit_test(limits_hold_before_anything_is_allocated),
		cmocka_unit_test(
		    entries_beyond_4_gib_use_zip64_and_are_read_again),
		cmocka_unit_test(more_than_65535_entries_use_zip64),
	};

	setlocale(LC_CTYPE, "C.UTF-8"); /* as every main does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
