/* SPDX-License-Identifier: Apache-2.0 */

#include "base/base64.h"

#include "tests/unit/unit.h"

static struct buf out;

static int
set_up(void **state)
{
	(void)state;
	buf_init(&out, 4096);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	buf_fini(&out);
	return 0;
}

static void
the_vectors_of_rfc_4648_go_both_ways(void **state)
{
	static const char *const vectors[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xbf", "+/+/" },
	};
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		buf_reset(&out);
		base64_encode(&out, bytes_of_text(vectors[i][0]));
		assert_text(buf_text(&out), vectors[i][1]);
		buf_reset(&out);
		assert_int_equal(
		    base64_decode(&out, bytes_of_text(vectors[i][1]), &fault),
		    0);
		assert_text(buf_text(&out), vectors[i][0]);
	}
}

static void
any_bytes_come_back(void **state)
{
	uint8_t bytes[100];
	struct fault fault;

	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		size_t len = unit_draw() % sizeof(bytes);
		struct buf text;

		for (size_t i = 0; i < len; i++) {
			bytes[i] = (uint8_t)unit_draw();
		}
		buf_init(&text, 1000);
		base64_encode(&text, bytes_of(bytes, len));
		buf_reset(&out);
		assert_int_equal(base64_decode(&out, buf_bytes(&text), &fault),
		    0);
		assert_true(bytes_equal(buf_bytes(&out), bytes_of(bytes, len)));
		buf_fini(&text);
	}
}

/*
 * One text for one run of bytes: of all groups that differ from a good one in
 * one character, those that decode must encode to themselves.
 */
static void
only_canonical_text_is_taken(void **state)
{
	static const char *const good[] = { "Zg==", "Zm8=", "Zm9v",
		"Zm9vZg==" };
	unsigned taken = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		for (size_t at = 0; at < strlen(good[i]); at++) {
			for (unsigned c = 0; c < 256; c++) {
				char text[9];
				struct fault fault;
				struct bytes bytes;
				struct buf again;

				strcpy(text, good[i]);
				text[at] = (char)c;
				bytes = bytes_of(text, strlen(good[i]));
				buf_reset(&out);
				if (base64_decode(&out, bytes, &fault) < 0) {
					assert_int_equal(fault.code,
					    FAULT_INVALID);
					continue;
				}
				taken++;
				buf_init(&again, 100);
				base64_encode(&again, buf_bytes(&out));
				assert_text(buf_text(&again), text);
				buf_fini(&again);
			}
		}
	}
	/* 64 or 4 or 16 for each place, and by "=" and back: counted once. */
	assert_in_range(taken, 64 * 9, 64 * 16);
}

static void
malformed_text_is_refused(void **state)
{
	static const char *const texts[] = { "Z", "Zg",
		"Zg=", "====", "Z===", "Zg==Zg==", "Zm9v\n", "Zm 9", "Zm9-",
		"Zm9_", "Zh==", "Zm9=", "Z=g=", "\xC4\x91\xC4\x91" };
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_reset(&out);
		if (base64_decode(&out, bytes_of_text(texts[i]), &fault) == 0) {
			print_error("\"%s\" was taken\n", texts[i]);
			fail();
		}
	}
}

static void
a_full_buf_is_a_limit(void **state)
{
	struct fault fault;
	struct buf small;

	(void)state;
	buf_init(&small, 2);
	assert_int_equal(base64_decode(&small, bytes_of_text("Zm9v"), &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	buf_fini(&small);
}

#define base64_test(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(base64_test(the_vectors_of_rfc_4648_go_both_ways),
    base64_test(any_bytes_come_back), base64_test(only_canonical_text_is_taken),
    base64_test(malformed_text_is_refused), base64_test(a_full_buf_is_a_limit))
