/* SPDX-License-Identifier: Apache-2.0 */

#include "api/header.h"

#include "tests/unit/unit.h"

#include <stdio.h>

static struct head head;
static char text[4096];

/* A request with these lines, each ended by CR LF. */
static void
with(const char *lines)
{
	snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: h\r\n%s\r\n",
	    lines);
	assert_true(head_parse(&head, bytes_of_text(text)) > 0);
}

static const char *
show(struct bytes bytes)
{
	static char shown[256];

	snprintf(shown, sizeof(shown), "%.*s", (int)bytes.len,
	    bytes.len > 0 ? (const char *)bytes.data : "");
	return shown;
}

static void
fields_are_found_whatever_their_case(void **state)
{
	struct bytes value;

	(void)state;
	with("X-One: a\r\nx-one: b\r\nEmpty:\r\n");
	assert_true(header_find(&head, "x-ONE", &value));
	assert_text(show(value), "a");
	assert_int_equal(header_count(&head, "X-One"), 2);
	assert_true(header_find(&head, "empty", &value));
	assert_int_equal(value.len, 0);
	assert_false(header_find(&head, "x-on", &value));
	assert_null(value.data);
}

static void
lists_are_split_at_commas_outside_of_quotes(void **state)
{
	struct bytes list =
	    bytes_of_text(" a , ,\"b,\\\"c\" ;x=\",\",, W/\"d\",");
	struct bytes item;

	(void)state;
	assert_true(header_next(&list, &item));
	assert_text(show(item), "a");
	assert_true(header_next(&list, &item));
	assert_text(show(item), "\"b,\\\"c\" ;x=\",\"");
	assert_text(show(header_main(item)), "\"b,\\\"c\"");
	assert_true(header_next(&list, &item));
	assert_text(show(item), "W/\"d\"");
	assert_false(header_next(&list, &item));
}

static void
a_quote_without_end_ends_with_the_field(void **state)
{
	struct bytes list = bytes_of_text("a,\"b,c\\");
	struct bytes item;

	(void)state;
	assert_true(header_next(&list, &item));
	assert_true(header_next(&list, &item));
	assert_text(show(item), "\"b,c\\");
	assert_false(header_next(&list, &item));
}

static void
cookies_are_found_by_their_whole_name(void **state)
{
	struct bytes value;

	(void)state;
	with("Cookie: xsession=1; session=abc=; b=\"q\"\r\nCookie: late=2\r\n");
	assert_true(header_cookie(&head, "session", &value));
	assert_text(show(value), "abc=");
	assert_true(header_cookie(&head, "b", &value));
	assert_text(show(value), "q");
	assert_true(header_cookie(&head, "late", &value));
	assert_text(show(value), "2");
	assert_false(header_cookie(&head, "ession", &value));
	assert_false(header_cookie(&head, "Session", &value));
}

static void
check_weight(const char *line, const char *name, unsigned wanted)
{
	with(line);
	assert_int_equal(header_weight(&head, "Accept-Language", name), wanted);
}

static void
weights_are_thousandths_of_the_best_match(void **state)
{
	(void)state;
	check_weight("", "en", 0);
	check_weight("Accept-Language: en\r\n", "en", 1000);
	check_weight("Accept-Language: en-GB;q=0.7\r\n", "en", 700);
	check_weight("Accept-Language: vi, EN ; q=0.85\r\n", "en", 850);
	check_weight("Accept-Language: en;q=0\r\n", "en", 0);
	check_weight("Accept-Language: en;q=0.001\r\n", "en", 1);
	check_weight("Accept-Language: en;q=1.000\r\n", "en", 1000);
	check_weight("Accept-Language: en;q=0.2,en-US;q=0.9\r\n", "en", 900);
	check_weight("Accept-Language: english\r\n", "en", 0);
	check_weight("Accept-Language: en;q=2\r\n", "en", 0);
	check_weight("Accept-Language: en;q=0.0001\r\n", "en", 0);
	check_weight("Accept-Language: en;q=,vi\r\n", "en", 0);
}

static void
numbers_are_plain_digits_below_two_to_the_53(void **state)
{
	uint64_t number = 1;

	(void)state;
	assert_true(header_number(bytes_of_text("0"), &number));
	assert_int_equal(number, 0);
	assert_true(header_number(bytes_of_text("9007199254740991"), &number));
	assert_true(number == 9007199254740991u);
	assert_false(header_number(bytes_of_text("9007199254740992"), &number));
	assert_false(
	    header_number(bytes_of_text("00000000000000001"), &number));
	assert_false(header_number(bytes_of_text(""), &number));
	assert_false(header_number(bytes_of_text("-1"), &number));
	assert_false(header_number(bytes_of_text("1 "), &number));
	assert_false(header_number(bytes_of_text("1e3"), &number));
}

UNIT_MAIN(unit(fields_are_found_whatever_their_case),
    unit(lists_are_split_at_commas_outside_of_quotes),
    unit(a_quote_without_end_ends_with_the_field),
    unit(cookies_are_found_by_their_whole_name),
    unit(weights_are_thousandths_of_the_best_match),
    unit(numbers_are_plain_digits_below_two_to_the_53))
