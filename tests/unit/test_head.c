/* SPDX-License-Identifier: Apache-2.0 */

#include "api/head.h"

#include "base/buf.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE "GET / HTTP/1.1\r\nHost: h\r\n"

static struct head head;

/* In memory that ends with the bytes, so that a byte too far is found. */
static int
parse_bytes(const void *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	int rc;

	memcpy(copy, data, len);
	rc = head_parse(&head, bytes_of(copy, len));
	free(copy);
	return rc;
}

static int
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static void
check(const char *text, int wanted)
{
	int got = parse(text);

	if (got != wanted) {
		print_error("%s\ngot %d, wanted %d\n", text, got, wanted);
	}
	assert_int_equal(got, wanted);
}

static void
check_good(const char *text)
{
	check(text, (int)strlen(text));
}

/* `line` as a further field of an otherwise good request. */
static void
check_field(const char *line, int wanted)
{
	char text[1024];

	snprintf(text, sizeof(text), "POST / HTTP/1.1\r\nHost: h\r\n%s\r\n\r\n",
	    line);
	check(text, wanted != 0 ? wanted : (int)strlen(text));
}

static const char *const good_heads[] = {
	LINE "\r\n",
	"GET / HTTP/1.0\r\n\r\n",
	"HEAD /a/b?c=d&e HTTP/1.1\r\nhost:h\r\n\r\n",
	"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
	"OPTIONS /a HTTP/1.1\r\nHost: h\r\n\r\n",
	"BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n",
	"DELETE /a HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\n\r\n",
	"POST /a HTTP/1.1\r\nHOST: [::1]:8480\r\nContent-Length: 5\r\n\r\n",
	"PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
	"PUT /a HTTP/1.1\r\nHost: h\r\ntransfer-encoding:\tCHUNKED \r\n\r\n",
	"PATCH /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
	"Content-Length: 999999999999999\r\n\r\n",
	LINE "Cookie: a=b; c=\"d\"\r\nX-Empty:\r\nX: \xe1\xbb\x87\t!\r\n\r\n",
};

static void
good_heads_are_taken_and_each_prefix_says_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good_heads) / sizeof(*good_heads); i++) {
		const char *text = good_heads[i];
		size_t len = strlen(text);

		check_good(text);
		for (size_t part = 0; part < len; part++) {
			int got = parse_bytes(text, part);

			if (got != 0) {
				print_error("%.*s: got %d\n", (int)part, text,
				    got);
			}
			assert_int_equal(got, 0);
		}
	}
}

static void
what_follows_the_head_is_not_looked_at(void **state)
{
	(void)state;
	check(LINE "\r\n\0garbage", (int)strlen(LINE "\r\n"));
	check(LINE "\r\n\r\nGET", (int)strlen(LINE "\r\n"));
}

static void
the_parts_are_found_without_blanks_around_them(void **state)
{
	const char *text = "PUT /u/1?x HTTP/1.1\r\nHost: a.vn:80 \r\n"
	                   "X-Y:\t two words\t \r\nContent-Length: 42\r\n\r\n";

	(void)state;
	assert_int_equal(head_parse(&head, bytes_of_text(text)), strlen(text));
	assert_int_equal(head.method, METHOD_PUT);
	assert_int_equal(head.minor, 1);
	assert_int_equal(head.count, 3);
	assert_true(bytes_equal(head.target, bytes_of_text("/u/1?x")));
	assert_true(bytes_equal(head.host, bytes_of_text("a.vn:80")));
	assert_true(bytes_equal(head.fields[1].name, bytes_of_text("X-Y")));
	assert_true(
	    bytes_equal(head.fields[1].value, bytes_of_text("two words")));
	assert_int_equal(head.framing, HEAD_BODY_LENGTH);
	assert_int_equal(head.length, 42);
	assert_false(head.closes);
	assert_false(head.expects);
}

static void
a_moved_head_points_into_its_copy(void **state)
{
	const char *text = LINE "A: b\r\n\r\n";
	char copy[64];

	(void)state;
	assert_true(head_parse(&head, bytes_of_text(text)) > 0);
	memcpy(copy, text, strlen(text) + 1);
	head_move(&head, (const uint8_t *)text, (const uint8_t *)copy);
	assert_ptr_equal(head.target.data, copy + 4);
	assert_ptr_equal(head.host.data, strchr(copy, 'h'));
	assert_ptr_equal(head.fields[1].value.data, strchr(copy, 'b'));
}

static void
request_lines_that_are_not_ours_are_refused(void **state)
{
	static const struct {
		const char *text;
		int status;
	} bad[] = {
		{ "\r\n" LINE "\r\n", -400 },
		{ " GET / HTTP/1.1\r\n\r\n", -400 },
		{ "GET  / HTTP/1.1\r\n\r\n", -400 },
		{ "GET\t/ HTTP/1.1\r\n\r\n", -400 },
		{ "GET /  HTTP/1.1\r\n\r\n", -400 },
		{ "GET / HTTP/1.1 \r\n\r\n", -400 },
		{ "GET / HTTP/1.1\n\n", -400 },
		{ "GET / HTTP/1.1\rX", -400 },
		{ "GET /\r\n\r\n", -400 },
		{ "G@T / HTTP/1.1\r\n\r\n", -400 },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1\r\n\r\n", -400 },
		{ "GET http://h/ HTTP/1.1\r\n\r\n", -400 },
		{ "CONNECT h:80 HTTP/1.1\r\n\r\n", -400 },
		{ "GET * HTTP/1.1\r\n\r\n", -400 },
		{ "OPTIONS *a HTTP/1.1\r\n\r\n", -400 },
		{ "GET /a b HTTP/1.1\r\n\r\n", -400 },
		{ "GET /\x01 HTTP/1.1\r\n\r\n", -400 },
		{ "GET /\x7f HTTP/1.1\r\n\r\n", -400 },
		{ "GET /\xc3\xa9 HTTP/1.1\r\n\r\n", -400 },
		{ "GET / HTTP/1.9\r\n\r\n", -505 },
		{ "GET / HTTP/2.0\r\n\r\n", -505 },
		{ "GET / HTTP/0.9\r\n\r\n", -505 },
		{ "GET / HTTP/11.1\r\n\r\n", -400 },
		{ "GET / HTTP/1.10\r\n\r\n", -400 },
		{ "GET / HTTP/1.\r\n\r\n", -400 },
		{ "GET / HTTP/a.1\r\n\r\n", -400 },
		{ "GET / http/1.1\r\n\r\n", -400 },
		{ "GET / HTTPS/1.1\r\n\r\n", -400 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		check(bad[i].text, bad[i].status);
	}
	for (const char *mark = "\"<>\\^{|}`"; *mark != '\0'; mark++) {
		char text[64];

		snprintf(text, sizeof(text), "GET /%c HTTP/1.1\r\n\r\n", *mark);
		check(text, -400);
	}
}

static void
fields_that_two_readers_might_read_differently_are_refused(void **state)
{
	(void)state;
	check_field("Content-Length : 5", -400);
	check_field(" Content-Length: 5", -400);
	check_field("X: a\r\n folded", -400);
	check_field("X: a\r\n\tfolded", -400);
	check_field(": empty name", -400);
	check_field("no colon", -400);
	check_field("X(1): a", -400);
	check_field("X: a\nY: b", -400);
	check_field("X: a\rY: b", -400);
	check_field("X: a\x01", -400);
	check_field("X: a\x7f", -400);
	check_field("X\xc3\xa9: a", -400);
	assert_int_equal(parse_bytes(LINE "X: a\0b\r\n\r\n",
	                     sizeof(LINE "X: a\0b\r\n\r\n") - 1),
	    -400);
	assert_int_equal(parse_bytes(LINE "X\0: a\r\n\r\n",
	                     sizeof(LINE "X\0: a\r\n\r\n") - 1),
	    -400);
	check("GET / HTTP/1.1\r\nHost: h\r\n\n", -400);
	check("GET / HTTP/1.1\r\nHost: h\n\r\n", -400);
}

static void
lengths_are_one_to_fifteen_digits_and_stand_once(void **state)
{
	(void)state;
	check_field("Content-Length: 0", 0);
	check_field("Content-Length: 007", 0);
	assert_int_equal(head.length, 7);
	check_field("Content-Length: 999999999999999", 0);
	assert_true(head.length == 999999999999999u);
	check_field("Content-Length: 1000000000000000", -400);
	check_field("Content-Length: +5", -400);
	check_field("Content-Length: -5", -400);
	check_field("Content-Length: 5 5", -400);
	check_field("Content-Length: 5,5", -400);
	check_field("Content-Length: 5, 5", -400);
	check_field("Content-Length: 0x5", -400);
	check_field("Content-Length: 5a", -400);
	check_field("Content-Length:", -400);
	check_field("Content-Length: 5\r\nContent-Length: 5", -400);
	check_field("Content-Length: 5\r\ncontent-length: 6", -400);
	check_field("Content-Length: 0\r\nContent-Length: 0", -400);
}

static void
the_only_coding_is_chunked_and_it_stands_once_and_alone(void **state)
{
	(void)state;
	check_field("Transfer-Encoding: chunked", 0);
	assert_int_equal(head.framing, HEAD_BODY_CHUNKED);
	check_field("Transfer-Encoding: xchunked", -501);
	check_field("Transfer-Encoding: gzip", -501);
	check_field("Transfer-Encoding: identity", -501);
	check_field("Transfer-Encoding: gzip, chunked", -400);
	check_field("Transfer-Encoding: chunked, chunked", -400);
	check_field("Transfer-Encoding: chunked;q=1", -400);
	check_field("Transfer-Encoding: \"chunked\"", -400);
	check_field("Transfer-Encoding: \x0b"
	            "chunked",
	    -400);
	check_field("Transfer-Encoding:", -400);
	check_field("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
	    -400);
	check_field("Transfer-Encoding: chunked\r\nContent-Length: 5", -400);
	check_field("Content-Length: 5\r\nTransfer-Encoding: chunked", -400);
	check("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", -400);
}

static void
get_head_and_delete_have_no_body(void **state)
{
	static const char *const methods[] = { "GET", "HEAD", "DELETE" };
	char text[128];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(text, sizeof(text),
		    "%s / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n",
		    methods[i]);
		check(text, -400);
		snprintf(text, sizeof(text),
		    "%s / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked"
		    "\r\n\r\n",
		    methods[i]);
		check(text, -400);
	}
}

static void
there_is_exactly_one_host(void **state)
{
	(void)state;
	check("GET / HTTP/1.1\r\n\r\n", -400);
	check("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", -400);
	check("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", -400);
	check("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", -400);
	check("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", -400);
	check("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", -400);
	check("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", -400);
	check_good("GET / HTTP/1.1\r\nHost: a-b.vn:80\r\n\r\n");
}

static void
connections_close_when_they_say_so_or_are_of_1_0(void **state)
{
	(void)state;
	check_field("Connection: close", 0);
	assert_true(head.closes);
	check_field("Connection: keep-alive, Close", 0);
	assert_true(head.closes);
	check_field("Connection: closed, xclose", 0);
	assert_false(head.closes);
	check_field("Connection: keep-alive", 0);
	assert_false(head.closes);
	check_good("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	assert_true(head.closes);
}

static void
nothing_can_be_expected_but_100_continue(void **state)
{
	(void)state;
	check_field("Expect: 100-Continue", 0);
	assert_true(head.expects);
	check_field("Expect: 200-ok", -417);
	check_field("Expect: 100-continue, x", -417);
	check_good("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n");
	assert_false(head.expects);
}

static void
add_fields(struct buf *text, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		buf_add_text(text, "A: b\r\n");
	}
}

static void
sixty_four_fields_are_taken_and_one_more_is_not(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 65536);
	buf_add_text(&text, LINE);
	add_fields(&text, HEAD_FIELDS_MAX - 1);
	buf_add_text(&text, "\r\n");
	check_good(buf_text(&text));
	buf_reset(&text);
	buf_add_text(&text, LINE);
	add_fields(&text, HEAD_FIELDS_MAX);
	buf_add_text(&text, "\r\n");
	check(buf_text(&text), -431);
	buf_fini(&text);
}

static void
add_line(struct buf *text, size_t target_len)
{
	buf_add_text(text, "GET /");
	for (size_t i = 1; i < target_len; i++) {
		buf_add_byte(text, 'a');
	}
	buf_add_text(text, " HTTP/1.1\r\nHost: h\r\n");
}

static void
a_target_of_8000_bytes_is_taken_and_a_longer_one_is_not(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 65536);
	add_line(&text, HEAD_TARGET_MAX);
	buf_add_text(&text, "\r\n");
	check_good(buf_text(&text));
	buf_reset(&text);
	add_line(&text, HEAD_TARGET_MAX + 1);
	/* Known before the line has ended. */
	assert_int_equal(parse_bytes(text.data, HEAD_TARGET_MAX + 5), -414);
	check(buf_text(&text), -414);
	buf_fini(&text);
}

/* A head of exactly `len` bytes. */
static void
make_head(struct buf *text, size_t len)
{
	buf_reset(text);
	buf_add_text(text, LINE "X: ");
	while (text->len < len - 4) {
		buf_add_byte(text, 'a');
	}
	buf_add_text(text, "\r\n\r\n");
}

static void
a_head_of_16_kib_is_taken_and_a_longer_one_is_not(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 65536);
	make_head(&text, HEAD_BYTES_MAX);
	check_good(buf_text(&text));
	make_head(&text, HEAD_BYTES_MAX + 1);
	assert_int_equal(parse_bytes(text.data, HEAD_BYTES_MAX - 1), 0);
	assert_int_equal(parse_bytes(text.data, HEAD_BYTES_MAX), -431);
	check(buf_text(&text), -431);
	buf_fini(&text);
}

UNIT_MAIN(unit(good_heads_are_taken_and_each_prefix_says_more),
    unit(what_follows_the_head_is_not_looked_at),
    unit(the_parts_are_found_without_blanks_around_them),
    unit(a_moved_head_points_into_its_copy),
    unit(request_lines_that_are_not_ours_are_refused),
    unit(fields_that_two_readers_might_read_differently_are_refused),
    unit(lengths_are_one_to_fifteen_digits_and_stand_once),
    unit(the_only_coding_is_chunked_and_it_stands_once_and_alone),
    unit(get_head_and_delete_have_no_body), unit(there_is_exactly_one_host),
    unit(connections_close_when_they_say_so_or_are_of_1_0),
    unit(nothing_can_be_expected_but_100_continue),
    unit(sixty_four_fields_are_taken_and_one_more_is_not),
    unit(a_target_of_8000_bytes_is_taken_and_a_longer_one_is_not),
    unit(a_head_of_16_kib_is_taken_and_a_longer_one_is_not))
