/* SPDX-License-Identifier: Apache-2.0 */

#include "api/chunked.h"

#include "base/buf.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

static struct buf body;

/*
 * Decode `text`, given in parts of `step` bytes that each end with their
 * memory.  *rest_out is what was not used.
 */
static enum chunked_step
decode(const char *text, size_t len, size_t step, size_t *rest_out)
{
	enum chunked_step result = CHUNKED_MORE;
	struct chunked chunked;

	chunked_init(&chunked);
	buf_init(&body, 1 << 20);
	*rest_out = len;
	for (size_t at = 0; at < len && result == CHUNKED_MORE; at += step) {
		size_t part = len - at < step ? len - at : step;
		uint8_t *copy = malloc(part);
		struct bytes input = bytes_of(copy, part);
		struct bytes piece;

		memcpy(copy, text + at, part);
		while ((result = chunked_next(&chunked, &input, &piece)) ==
		       CHUNKED_PIECE) {
			assert_true(piece.len > 0);
			buf_add_bytes(&body, piece);
		}
		*rest_out = len - at - part + input.len;
		free(copy);
	}
	return result;
}

static void
check(const char *text, enum chunked_step wanted, const char *wanted_body)
{
	size_t len = strlen(text);

	for (size_t step = 1; step <= len; step++) {
		size_t rest;
		enum chunked_step got = decode(text, len, step, &rest);

		if (got != wanted) {
			print_error("%s in steps of %zu: got %d, wanted %d\n",
			    text, step, got, wanted);
		}
		assert_int_equal(got, wanted);
		if (wanted_body != NULL) {
			assert_text(buf_text(&body), wanted_body);
		}
		buf_fini(&body);
	}
}

static void
chunks_are_joined_however_they_arrive(void **state)
{
	(void)state;
	check("5\r\nhello\r\n0\r\n\r\n", CHUNKED_END, "hello");
	check("1\r\na\r\n2\r\nbc\r\n0000\r\n\r\n", CHUNKED_END, "abc");
	check("A\r\n0123456789\r\n00000001\r\nx\r\n0\r\n\r\n", CHUNKED_END,
	    "0123456789x");
	check("0\r\n\r\n", CHUNKED_END, "");
	check("2\r\n\r\n\r\n0\r\n\r\n", CHUNKED_END, "\r\n");
}

static void
extensions_and_trailers_are_thrown_away(void **state)
{
	(void)state;
	check("5;a=b\r\nhello\r\n0;c=\"d\"\r\n\r\n", CHUNKED_END, "hello");
	check("1\r\na\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n", CHUNKED_END, "a");
}

static void
every_prefix_of_a_good_body_says_more(void **state)
{
	const char *text = "5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n";

	(void)state;
	for (size_t len = 1; len < strlen(text); len++) {
		size_t rest;

		assert_int_equal(decode(text, len, 1, &rest), CHUNKED_MORE);
		assert_int_equal(rest, 0);
		buf_fini(&body);
	}
}

static void
what_follows_the_body_is_left(void **state)
{
	const char *text = "1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n";
	size_t rest;

	(void)state;
	assert_int_equal(decode(text, strlen(text), strlen(text), &rest),
	    CHUNKED_END);
	assert_int_equal(rest, strlen("GET / HTTP/1.1\r\n"));
	buf_fini(&body);
}

static void
an_ended_body_stays_ended(void **state)
{
	struct chunked chunked;
	struct bytes input = bytes_of_text("0\r\n\r\nrest");
	struct bytes piece;

	(void)state;
	chunked_init(&chunked);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(chunked_next(&chunked, &input, &piece),
		    CHUNKED_END);
		assert_int_equal(input.len, 4);
	}
}

static void
broken_framing_is_found(void **state)
{
	static const char *const bad[] = {
		"\r\n",
		"0x5\r\nhello\r\n",
		"+5\r\nhello\r\n",
		"-1\r\n",
		" 5\r\nhello\r\n",
		"5 \r\nhello\r\n",
		"5\nhello\r\n",
		"5\r\nhello0\r\n\r\n",
		"5\r\nhello\n0\r\n\r\n",
		"5\r\nhello\rX",
		"5\r\nhelloo\r\n0\r\n\r\n",
		"5\r\rhello\r\n",
		"g\r\n",
		"5,5\r\nhello\r\n",
		"000000005\r\nhello\r\n",
		"5;a\x01\r\nhello\r\n",
		"5;a\nhello\r\n",
		"5;a\x7f\r\nhello\r\n",
		"0\r\nX: y\n\r\n",
		"0\r\n folded\r\n\r\n",
		"0\r\nno colon\r\n\r\n",
		"0\r\n: y\r\n\r\n",
		"0\r\nX: \x01\r\n\r\n",
		"0\r\n\rX",
		"0\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		check(bad[i], CHUNKED_BAD, NULL);
	}
}

static enum chunked_step
decode_with(const char *before, size_t count, const char *after)
{
	enum chunked_step step;
	struct buf text;
	size_t rest;

	buf_init(&text, 1 << 20);
	buf_add_text(&text, before);
	for (size_t i = 0; i < count; i++) {
		buf_add_byte(&text, 'x');
	}
	buf_add_text(&text, after);
	step = decode((const char *)text.data, text.len, text.len, &rest);
	buf_fini(&body);
	buf_fini(&text);
	return step;
}

static void
extensions_and_trailers_have_limits(void **state)
{
	(void)state;
	assert_int_equal(
	    decode_with("1;", CHUNKED_EXTRA_MAX, "\r\na\r\n0\r\n\r\n"),
	    CHUNKED_END);
	assert_int_equal(
	    decode_with("1;", CHUNKED_EXTRA_MAX + 1, "\r\na\r\n0\r\n\r\n"),
	    CHUNKED_BAD);
	/* "X:", CR LF and the last CR are of the section too. */
	assert_int_equal(
	    decode_with("0\r\nX:", CHUNKED_TRAILER_MAX - 5, "\r\n\r\n"),
	    CHUNKED_END);
	assert_int_equal(
	    decode_with("0\r\nX:", CHUNKED_TRAILER_MAX - 4, "\r\n\r\n"),
	    CHUNKED_BAD);
}

UNIT_MAIN(unit(chunks_are_joined_however_they_arrive),
    unit(extensions_and_trailers_are_thrown_away),
    unit(every_prefix_of_a_good_body_says_more),
    unit(what_follows_the_body_is_left), unit(an_ended_body_stays_ended),
    unit(broken_framing_is_found), unit(extensions_and_trailers_have_limits))
