/* SPDX-License-Identifier: Apache-2.0 */

#include "api/multipart.h"

#include "base/buf.h"
#include "tests/unit/unit.h"

#include <stdio.h>

#define TYPE "multipart/form-data; boundary=B"
#define PART(name) \
	"--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static struct multipart multipart;
static struct fault fault;
static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static int
parse(const char *type, const char *body)
{
	fault = (struct fault){ .code = FAULT_NONE };
	return multipart_parse(&multipart, bytes_of_text(type),
	    bytes_of_text(body), arena, &fault);
}

static const char *
text_of(struct bytes bytes)
{
	return arena_text_of(arena, bytes);
}

static void
what_curl_sends_is_taken_apart(void **state)
{
	static const char body[] =
	    "--------------------------d74496d66958873e\r\n"
	    "Content-Disposition: form-data; name=\"record\"\r\n"
	    "Content-Type: application/json\r\n"
	    "\r\n"
	    "{\"a\":1}\r\n"
	    "--------------------------d74496d66958873e\r\n"
	    "Content-Disposition: form-data; name=\"scan\"; "
	    "filename=\"T\xE1\xBB\x9D tr\xC3\xACnh.pdf\"\r\n"
	    "Content-Type: application/pdf\r\n"
	    "\r\n"
	    "%PDF\r\n--\r\n------\r\n"
	    "--------------------------d74496d66958873e--\r\n";

	(void)state;
	if (parse("multipart/form-data; "
	          "boundary=------------------------d74496d66958873e",
	        body) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(multipart.count, 2);
	assert_text(multipart.parts[0].name, "record");
	assert_null(multipart.parts[0].file_name);
	assert_text(text_of(multipart.parts[0].type), "application/json");
	assert_text(text_of(multipart.parts[0].bytes), "{\"a\":1}");
	assert_text(multipart.parts[1].name, "scan");
	assert_text(multipart.parts[1].file_name,
	    "T\xE1\xBB\x9D tr\xC3\xACnh.pdf");
	assert_text(text_of(multipart.parts[1].bytes), "%PDF\r\n--\r\n------");
}

static void
bytes_of_any_kind_come_through(void **state)
{
	static const uint8_t body[] = PART("a") "\0\r\n--b\r\n\r\n--\xFF"
	                                        "\r\n" PART("b") "\r\n--B--";

	(void)state;
	assert_int_equal(multipart_parse(&multipart, bytes_of_text(TYPE),
	                     bytes_of(body, sizeof(body) - 1), arena, &fault),
	    0);
	assert_int_equal(multipart.count, 2);
	assert_int_equal(multipart.parts[0].bytes.len, 13);
	assert_memory_equal(multipart.parts[0].bytes.data,
	    "\0\r\n--b\r\n\r\n--\xFF", 13);
	assert_int_equal(multipart.parts[1].bytes.len, 0);
}

static void
quotes_in_names_are_read_as_senders_write_them(void **state)
{
	static const struct {
		const char *written;
		const char *name;
	} names[] = {
		{ "a%22b.pdf", "a\"b.pdf" },
		{ "a\\\"b.pdf", "a\"b.pdf" },
		{ "a\\\\b.pdf", "a\\b.pdf" },
		{ "C:\\new.pdf", "C:\\new.pdf" },
		{ "100%.pdf", "100%.pdf" },
		{ "", "" },
		/* a decomposed letter is put together */
		{ "e\xCC\x81.pdf", "\xC3\xA9.pdf" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *body = arena_format(arena,
		    "--B\r\nContent-Disposition: form-data; name=\"a\"; "
		    "filename=\"%s\"\r\n\r\n\r\n--B--\r\n",
		    names[i].written);

		if (parse(TYPE, body) < 0) {
			fail_msg("%s: %s", names[i].written, fault.text);
		}
		assert_text(multipart.parts[0].file_name, names[i].name);
	}
}

static void
what_is_no_form_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"--",
		"--B",
		"--B\r\n",
		"--C--",
		"\r\n--B--",
		"preamble\r\n--B--",
		"--B--\r\nepilogue",
		"--Bx\r\n",
		"--B\n",
		"--B\r\n\r\nno name\r\n--B--",
		PART("a") "no end",
		PART("a") "x\n--B--",
		PART("a") "x\r\n--B",
		PART("") "x\r\n--B--",
		PART("a") "1\r\n" PART("a") "2\r\n--B--",
		"--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n"
		"\r\n--B--",
		"--B\r\nContent-Disposition: form-data\r\n\r\n\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a; name=b\r\n"
		"\r\n\r\n--B--",
		"--B\r\nContent-Disposition : form-data; name=a\r\n\r\n"
		"\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=\"a\x01\"\r\n"
		"\r\n\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=\"\xFF\"\r\n\r\n"
		"\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a\r\n"
		"Content-Disposition: form-data; name=b\r\n\r\n\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a\r\n"
		" folded: yes\r\n\r\n\r\n--B--",
	};
	static const char *const types[] = { "multipart/form-data",
		"multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=B; boundary=B",
		"multipart/form-data; boundary=\"B\x01\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (parse(TYPE, bad[i]) == 0 || fault.code != FAULT_INVALID) {
			fail_msg("taken: %s", bad[i]);
		}
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (parse(types[i], PART("a") "x\r\n--B--") == 0) {
			fail_msg("taken: %s", types[i]);
		}
	}
}

static void
no_beginning_of_a_form_is_a_form(void **state)
{
	static const char body[] = PART("a") "one\r\n" PART("b") "two\r\n--B--";

	(void)state;
	for (size_t len = 0; len < sizeof(body) - 1; len++) {
		if (multipart_parse(&multipart, bytes_of_text(TYPE),
		        bytes_of(body, len), arena, &fault) == 0) {
			fail_msg("the first %zu bytes are taken", len);
		}
	}
	assert_int_equal(parse(TYPE, body), 0);
}

static void
too_many_parts_are_refused(void **state)
{
	struct buf body;

	(void)state;
	buf_init(&body, 1 << 16);
	for (unsigned i = 0; i <= MULTIPART_PARTS_MAX; i++) {
		buf_add_format(&body, PART("p%u") "\r\n", i);
	}
	buf_add_text(&body, "--B--");
	assert_int_equal(parse(TYPE, buf_text(&body)), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	buf_fini(&body);
}

#define with_arena(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(with_arena(what_curl_sends_is_taken_apart),
    with_arena(bytes_of_any_kind_come_through),
    with_arena(quotes_in_names_are_read_as_senders_write_them),
    with_arena(what_is_no_form_is_refused),
    with_arena(no_beginning_of_a_form_is_a_form),
    with_arena(too_many_parts_are_refused))
