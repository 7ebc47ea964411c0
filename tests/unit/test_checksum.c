/* SPDX-License-Identifier: Apache-2.0 */

#include "storage/checksum.h"

#include "base/hex.h"
#include "tests/unit/unit.h"

#define LONG_BYTES 5000u

static struct checksum
sum_of(uint64_t seed, const uint8_t *data, size_t len, size_t piece)
{
	struct checksum_stream *stream = checksum_stream_new(seed);
	struct checksum sum;

	for (size_t at = 0; at < len; at += piece) {
		checksum_stream_add(stream,
		    bytes_of(data + at, len - at < piece ? len - at : piece));
	}
	sum = checksum_stream_end(stream);
	checksum_stream_free(stream);
	return sum;
}

static void
is_sum(const struct checksum *got, const char *wanted)
{
	char text[2 * CHECKSUM_BYTES + 1];

	hex_encode(text, bytes_of(got->bytes, sizeof(got->bytes)));
	assert_string_equal(text, wanted);
}

/* As `xxhsum -H2` says them. */
static void
sums_are_those_of_xxh3(void **state)
{
	struct checksum sum = sum_of(0, (const uint8_t *)"", 0, 1);

	(void)state;
	is_sum(&sum, "99aa06d3014798d86001c324468d497f");
	sum = sum_of(0, (const uint8_t *)"abc", 3, 3);
	is_sum(&sum, "06b05ab6733a618578af5f94892f3950");
}

static void
pieces_make_no_difference(void **state)
{
	uint8_t data[LONG_BYTES];
	struct checksum whole;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(i * 7);
	}
	whole = sum_of(9, data, sizeof(data), sizeof(data));
	for (size_t piece = 1; piece < sizeof(data); piece = piece * 3 + 1) {
		struct checksum sum = sum_of(9, data, sizeof(data), piece);

		assert_memory_equal(sum.bytes, whole.bytes, CHECKSUM_BYTES);
	}
}

static void
every_bit_and_the_seed_count(void **state)
{
	uint8_t data[300] = { 0 };
	struct checksum whole = sum_of(1, data, sizeof(data), sizeof(data));
	struct checksum other = sum_of(2, data, sizeof(data), sizeof(data));

	(void)state;
	assert_memory_not_equal(whole.bytes, other.bytes, CHECKSUM_BYTES);
	for (size_t bit = 0; bit < 8 * sizeof(data); bit++) {
		data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		other = sum_of(1, data, sizeof(data), sizeof(data));
		assert_memory_not_equal(whole.bytes, other.bytes,
		    CHECKSUM_BYTES);
		data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void
a_stream_starts_anew_when_it_has_told(void **state)
{
	struct checksum_stream *stream = checksum_stream_new(5);
	struct checksum first;
	struct checksum second;

	(void)state;
	checksum_stream_add(stream, bytes_of_text("a group"));
	first = checksum_stream_end(stream);
	checksum_stream_add(stream, bytes_of_text("a group"));
	second = checksum_stream_end(stream);
	assert_memory_equal(first.bytes, second.bytes, CHECKSUM_BYTES);
	checksum_stream_free(stream);
	checksum_stream_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_those_of_xxh3),
		cmocka_unit_test(pieces_make_no_difference),
		cmocka_unit_test(every_bit_and_the_seed_count),
		cmocka_unit_test(a_stream_starts_anew_when_it_has_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
