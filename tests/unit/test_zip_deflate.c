/* SPDX-License-Identifier: Apache-2.0 */

/* Entries that are packed: read whatever wrote them, and no bomb goes off. */

#include "tests/unit/zip_sample.h"

#include <locale.h>
#include <stdlib.h>
#include <zlib.h>

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

/* 8 MiB of zeros, packed into some 8 KiB. */
static void
build_bomb(struct buf *out)
{
	size_t len = 8u << 20;
	uint8_t *zeros = calloc(1, len);

	buf_init(out, 1 << 21);
	write_deflated(out, zeros, len, false);
	free(zeros);
}

static void
a_bomb_is_refused_before_it_is_inflated(void **state)
{
	struct buf out;

	(void)state;
	build_bomb(&out);
	assert_refused(buf_bytes(&out), "inflates more than 200 times");
	buf_fini(&out);
}

static void
a_bomb_that_lies_about_its_size_stops_at_the_lie(void **state)
{
	struct buf out;

	(void)state;
	build_bomb(&out);
	for (size_t i = 0; i + 46 < out.len; i++) {
		if (wire_get_u32le(out.data + i) == ZIP_CENTRAL) {
			wire_put_u32le(out.data + i + 24, 10);
		}
	}
	wire_put_u32le(out.data + 22, 10);
	assert_refused(buf_bytes(&out), "entry d: more bytes than the 10");
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    deflated_entries_are_read_with_and_without_a_descriptor),
		cmocka_unit_test(a_bomb_is_refused_before_it_is_inflated),
		cmocka_unit_test(
		    a_bomb_that_lies_about_its_size_stops_at_the_lie),
		cmocka_unit_test(bytes_behind_the_packed_end_are_refused),
	};

	setlocale(LC_CTYPE, "C.UTF-8"); /* as every main does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
