/* SPDX-License-Identifier: Apache-2.0 */

/* More than 4 GiB, more than 65,535 entries. */

#include "tests/unit/zip_sample.h"

#include <locale.h>
#include <stdio.h>
#include <zlib.h>

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
		cmocka_unit_test(
		    entries_beyond_4_gib_use_zip64_and_are_read_again),
		cmocka_unit_test(more_than_65535_entries_use_zip64),
	};

	setlocale(LC_CTYPE, "C.UTF-8"); /* as every main does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
