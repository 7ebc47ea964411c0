/* SPDX-License-Identifier: Apache-2.0 */

#include "base/buf.h"

#include "tests/unit/unit.h"

#include <stdlib.h>

static void
an_empty_buf_is_empty_text(void **state)
{
	struct buf buf;
	struct fault fault;

	(void)state;
	buf_init(&buf, 10);
	assert_text(buf_text(&buf), "");
	assert_int_equal(buf_bytes(&buf).len, 0);
	assert_int_equal(buf_check(&buf, &fault), 0);
	buf_add(&buf, NULL, 0);
	assert_text(buf_text(&buf), "");
	buf_fini(&buf);
	buf_fini(&buf);
}

/* The model is a plain array; text always ends with NUL behind it. */
static void
pieces_of_any_size_come_out_in_one_run(void **state)
{
	static uint8_t model[65536];
	struct buf buf;
	size_t len = 0;

	(void)state;
	buf_init(&buf, sizeof(model));
	for (;;) {
		size_t piece = unit_draw() % 700;

		if (piece > sizeof(model) - len) {
			break;
		}
		for (size_t i = 0; i < piece; i++) {
			model[len + i] = (uint8_t)unit_draw();
		}
		switch (unit_draw() % 3) {
		case 0:
			buf_add(&buf, model + len, piece);
			break;
		case 1:
			buf_add_bytes(&buf, bytes_of(model + len, piece));
			break;
		default:
			if (piece > 0) {
				memcpy(buf_reserve(&buf, piece + 1),
				    model + len, piece);
			}
			if (buf.data != NULL) {
				buf_grow(&buf, piece);
			}
			break;
		}
		len += piece;
		assert_true(bytes_equal(buf_bytes(&buf), bytes_of(model, len)));
		assert_int_equal(buf_text(&buf)[len], '\0');
	}
	buf_fini(&buf);
}

static void
formatted_text_has_its_whole_length(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 100000);
	for (int width = 250; width < 262; width++) {
		buf_reset(&buf);
		buf_add_format(&buf, "%0*d", width, 7);
		assert_int_equal(buf.len, width);
		assert_int_equal(strlen(buf_text(&buf)), width);
		assert_int_equal(buf_text(&buf)[width - 1], '7');
	}
	buf_fini(&buf);
}

static void
every_kind_of_append_stops_at_the_limit(void **state)
{
	(void)state;
	for (size_t max = 0; max < 8; max++) {
		struct buf bufs[5];
		struct fault fault;

		for (unsigned i = 0; i < 5; i++) {
			buf_init(&bufs[i], max);
		}
		buf_add(&bufs[0], "abcde", 5);
		buf_add_text(&bufs[1], "abcde");
		buf_add_format(&bufs[2], "%s%c", "abcd", 'e');
		buf_add_bytes(&bufs[3], bytes_of_text("abcde"));
		for (const char *c = "abcde"; *c != '\0'; c++) {
			buf_add_byte(&bufs[4], (uint8_t)*c);
		}
		for (unsigned i = 0; i < 5; i++) {
			assert_int_equal(buf_check(&bufs[i], &fault),
			    max < 5 ? -1 : 0);
			if (i < 4) {
				assert_text(buf_text(&bufs[i]),
				    max < 5 ? "" : "abcde");
			}
			assert_true(bufs[i].len <= max);
			buf_fini(&bufs[i]);
		}
	}
}

static void
a_refusal_is_remembered_until_the_reset(void **state)
{
	struct buf buf;
	struct fault fault;

	(void)state;
	buf_init(&buf, 4);
	buf_add_text(&buf, "abc");
	buf_add_text(&buf, "de");
	buf_add_text(&buf, "f"); /* would fit, but is no longer in order */
	assert_text(buf_text(&buf), "abc");
	assert_int_equal(buf_check(&buf, &fault), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	assert_text(fault.text, "more than 4 bytes would be needed");
	buf_reset(&buf);
	assert_text(buf_text(&buf), "");
	buf_add_text(&buf, "xyzw");
	assert_int_equal(buf_check(&buf, &fault), 0);
	assert_text(buf_text(&buf), "xyzw");
	buf_fini(&buf);
}

static void
no_length_overflows(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 1000);
	buf_add_text(&buf, "abc");
	assert_null(buf_reserve(&buf, SIZE_MAX));
	assert_null(buf_reserve(&buf, 1));
	buf_reset(&buf);
	assert_non_null(buf_reserve(&buf, 1000));
	buf_fini(&buf);
}

static void
there_is_always_room_for_the_nul(void **state)
{
	static const uint8_t bytes[2050];

	(void)state;
	for (size_t len = 1; len < sizeof(bytes); len++) {
		struct buf buf;

		buf_init(&buf, sizeof(bytes));
		buf_add(&buf, bytes, len);
		assert_true(buf.room > buf.len);
		buf_add_byte(&buf, 'x');
		assert_true(buf.room > buf.len);
		assert_int_equal(buf_text(&buf)[len], 'x');
		buf_fini(&buf);
	}
}

static void
taken_memory_is_the_callers(void **state)
{
	struct buf buf;
	size_t len;
	uint8_t *data;

	(void)state;
	buf_init(&buf, 100);
	buf_add_text(&buf, "abc");
	data = buf_take(&buf, &len);
	assert_int_equal(len, 3);
	assert_text((char *)data, "abc");
	free(data);
	buf_add_text(&buf, "d");
	assert_text(buf_text(&buf), "d");
	buf_fini(&buf);
	assert_null(buf_take(&buf, &len));
}

UNIT_MAIN(unit(an_empty_buf_is_empty_text),
    unit(pieces_of_any_size_come_out_in_one_run),
    unit(formatted_text_has_its_whole_length),
    unit(every_kind_of_append_stops_at_the_limit),
    unit(a_refusal_is_remembered_until_the_reset), unit(no_length_overflows),
    unit(there_is_always_room_for_the_nul), unit(taken_memory_is_the_callers))
