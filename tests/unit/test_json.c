/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The vectors of RFC 8785 that lie in our subset (no fractions, keys in
 * ASCII, text in NFC) must come out as printed there; those that do not must
 * be refused with their place.
 */

#include "base/json.h"

#include "base/text.h"

#include "tests/unit/unit.h"

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

static const char *
canonical(const char *text)
{
	struct fault fault;
	json_t *value = json_read(arena, bytes_of_text(text), &fault);

	if (value == NULL) {
		print_error("%s: %s %s\n", text, fault.field, fault.text);
		return NULL;
	}
	return arena_text_of(arena, json_bytes(arena, value));
}

static void
the_vectors_of_rfc_8785_come_out_as_printed(void **state)
{
	static const char *const vectors[][2] = {
		/* 3.2.2 and 3.2.3, without the fractions. */
		{ "{\n"
		  "  \"numbers\": [333333333, 4, 2, 0],\n"
		  "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c"
		  "\\\\\\\"\\/\",\n"
		  "  \"literals\": [null, true, false]\n"
		  "}",
		    "{\"literals\":[null,true,false],"
		    "\"numbers\":[333333333,4,2,0],"
		    "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}" },
		/* 3.2.2.2: the seven short escapes, the others in lower case */
		{ "[\"\\u0008\\u0009\\u000A\\u000C\\u000D\\u001B\\u007f\"]",
		    "[\"\\b\\t\\n\\f\\r\\u001b\x7f\"]" },
		/* Appendix B: minus zero and the largest safe integers. */
		{ "[-0]", "[0]" },
		{ "[9007199254740991]", "[9007199254740991]" },
		{ "[-9007199254740991]", "[-9007199254740991]" },
		/* The author's test data: arrays.json. */
		{ "[\n  56,\n  {\n    \"d\": true,\n    \"10\": null,\n"
		  "    \"1\": [ ]\n  }\n]",
		    "[56,{\"1\":[],\"10\":null,\"d\":true}]" },
		/* structures.json, without a line feed for a key. */
		{ "{\"1\": {\"f\": {\"f\": \"hi\",\"F\": 5}, \" \": 56}, "
		  "\"10\": { }, \"\": \"empty\", \"a\": { }, "
		  "\"111\": [ {\"e\": \"yes\",\"E\": \"no\" } ], \"A\": { }}",
		    "{\"\":\"empty\",\"1\":{\" \":56,\"f\":{\"F\":5,"
		    "\"f\":\"hi\"}},\"10\":{},\"111\":[{\"E\":\"no\","
		    "\"e\":\"yes\"}],\"A\":{},\"a\":{}}" },
		{ "[\"\\ud83d\\ude02\"]", "[\"\U0001F602\"]" },
		{ "[\"Quyết định\"]", "[\"Quyết định\"]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		assert_text(canonical(vectors[i][0]), vectors[i][1]);
	}
}

/* The string of RFC 8785, byte for byte. */
static void
escape(char *out, const uint8_t *text, size_t len)
{
	static const char *const short_ones[][2] = { { "\b", "\\b" },
		{ "\t", "\\t" }, { "\n", "\\n" }, { "\f", "\\f" },
		{ "\r", "\\r" }, { "\"", "\\\"" }, { "\\", "\\\\" } };

	*out++ = '"';
	for (size_t i = 0; i < len; i++) {
		const char *found = NULL;

		for (size_t j = 0; j < sizeof(short_ones) / sizeof(*short_ones);
		     j++) {
			if ((uint8_t)short_ones[j][0][0] == text[i]) {
				found = short_ones[j][1];
			}
		}
		if (found != NULL) {
			out += sprintf(out, "%s", found);
		} else if (text[i] < 0x20) {
			out += sprintf(out, "\\u%04x", text[i]);
		} else {
			*out++ = (char)text[i];
		}
	}
	*out++ = '"';
	*out = '\0';
}

/* Each byte at each place of texts of each length, among others. */
static void
every_byte_is_escaped_wherever_it_stands(void **state)
{
	static const uint8_t others[] = { 'a', 0x7F, 0xE1, '"', '!', ' ' };
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	for (unsigned byte = 0; byte < 256; byte++) {
		for (size_t len = 1; len <= 18; len++) {
			for (size_t at = 0; at < len; at++) {
				uint8_t text[18];
				char wanted[130];

				for (size_t i = 0; i < len; i++) {
					text[i] = others[unit_draw() %
					                 sizeof(others)];
				}
				text[at] = (uint8_t)byte;
				escape(wanted, text, len);
				buf_reset(&out);
				json_write_bytes(&out, bytes_of(text, len));
				assert_string_equal(buf_text(&out), wanted);
			}
		}
	}
	buf_fini(&out);
}

struct refusal {
	const char *text;
	const char *field;
	const char *words;
};

static void
check_refusals(const struct refusal *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct fault fault = { .text = "(taken)" };
		json_t *value =
		    json_read(arena, bytes_of_text(cases[i].text), &fault);

		if (value != NULL || strcmp(fault.field, cases[i].field) != 0 ||
		    strstr(fault.text, cases[i].words) == NULL) {
			print_error("%s: got %s \"%s\", wanted %s \"%s\"\n",
			    cases[i].text, fault.field, fault.text,
			    cases[i].field, cases[i].words);
			fail();
		}
		assert_int_equal(fault.code, FAULT_INVALID);
	}
}

static void
what_lies_outside_our_subset_is_refused_by_its_place(void **state)
{
	static const struct refusal cases[] = {
		{ "[57.5]", "/0", "numbers are integers" },
		{ "{\"score\": 1e3}", "/score", "numbers are integers" },
		{ "{\"a\": [0, {\"b\": 56.0}]}", "/a/1/b",
		    "numbers are integers" },
		{ "[9007199254740992]", "/0", "numbers lie within" },
		{ "[0,-9007199254740992]", "/1", "numbers lie within" },
		{ "{\"a/b\": {\"c~d\": 0.5}}", "/a~1b/c~0d",
		    "numbers are integers" },
		{ "{\"x\": {\"\u20ac\": 1}}", "/x", "keys are printable" },
		{ "{\"\\n\": 1}", "", "keys are printable" },
		{ "{\"peach\": 1, \"p\u00eache\": 2}", "",
		    "keys are printable" },
		{ "{\"Unnormalized Unicode\": \"A\\u030a\"}",
		    "/Unnormalized Unicode", "normal form C" },
		{ "[\"a\u0301\"]", "/0", "normal form C" },
	};

	(void)state;
	check_refusals(cases, sizeof(cases) / sizeof(cases[0]));
}

static void
what_is_no_json_is_refused(void **state)
{
	static const struct refusal cases[] = {
		{ "", "", "JSON" },
		{ "{", "", "JSON, line 1" },
		{ "{\"a\":1}\n{\"a\":2}", "", "line 2" },
		{ "{\"a\":1,\"a\":2}", "", "duplicate" },
		{ "[1,]", "", "JSON" },
		{ "[01]", "", "JSON" },
		{ "[+1]", "", "JSON" },
		{ "[NaN]", "", "JSON" },
		{ "['a']", "", "JSON" },
		{ "// x\n[1]", "", "JSON" },
		{ "57", "", "JSON" },
		{ "null", "", "JSON" },
		{ "[\"\\ud800\"]", "", "JSON" },
		{ "[\"\\u0000\"]", "", "JSON" },
		{ "[\"a\tb\"]", "", "JSON" },
		{ "\xEF\xBB\xBF{}", "", "JSON" },
		{ "[\"\xC4\"]", "", "not valid UTF-8" },
		{ "[\"\xED\xA0\x80\"]", "", "not valid UTF-8" },
		{ "[99999999999999999999]", "", "JSON" },
	};
	struct fault fault;

	(void)state;
	check_refusals(cases, sizeof(cases) / sizeof(cases[0]));
	assert_null(json_read(arena, bytes_of("[]\0", 3), &fault));
	assert_text(fault.text, "JSON is not valid UTF-8");
}

static void
a_refusal_holds_nothing_of_the_content(void **state)
{
	static const char *const texts[] = { "[\"\\u00đ\"]", "[secret]",
		"[1 \"secret\"]", "{\"secret\":1,\"secret\":2}" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct fault fault;

		assert_null(json_read(arena, bytes_of_text(texts[i]), &fault));
		assert_true(text_is_utf8(bytes_of_text(fault.text)));
		assert_null(strstr(fault.text, "secret"));
		assert_non_null(strstr(fault.text, "JSON, line 1 column"));
	}
}

static char *
nested(size_t depth)
{
	char *text = arena_alloc(arena, 2 * depth + 1);

	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	return text;
}

static void
nesting_has_a_limit(void **state)
{
	struct fault fault;

	(void)state;
	assert_text(canonical(nested(33)), nested(33));
	assert_null(json_read(arena, bytes_of_text(nested(34)), &fault));
	assert_text(fault.text, "nested too deep");
	assert_null(json_read(arena, bytes_of_text(nested(500000)), &fault));
	assert_int_equal(fault.code, FAULT_INVALID);
}

static void
a_place_too_long_is_cut(void **state)
{
	struct fault fault;
	char *text = arena_alloc(arena, 512);

	(void)state;
	strcpy(text, "{\"");
	memset(text + 2, '/', 300);
	strcpy(text + 302, "\": 0.5}");
	assert_null(json_read(arena, bytes_of_text(text), &fault));
	assert_true(strlen(fault.field) < sizeof(fault.field));
	assert_true(strlen(fault.field) > sizeof(fault.field) - 4);
}

static json_t *
draw_value(int depth)
{
	static const char *const texts[] = { "", "a", "Đắk Hà", "\n\"\\\x01",
		"\U0001F602", "~/" };
	static const char *const keys[] = { "", "a", "A", "aa", "10", "1", "~",
		"/", "\"", "\\" };
	uint64_t kind = depth == 4 ? 5 + unit_draw() % 2
	                           : unit_draw() % (depth > 0 ? 7 : 5);
	json_t *value;

	switch (kind) {
	case 0:
		return json_null();
	case 1:
		return json_boolean(unit_draw() % 2);
	case 2:
		return json_integer((json_int_t)(unit_draw() % 2000) - 1000);
	case 3:
		return json_integer(
		    unit_draw() % 2 ? JSON_INTEGER_MAX : -JSON_INTEGER_MAX);
	case 4:
		return json_string(texts[unit_draw() % 6]);
	case 5:
		value = json_array();
		for (uint64_t n = unit_draw() % 4; n > 0; n--) {
			json_array_append_new(value, draw_value(depth - 1));
		}
		return value;
	default:
		value = json_object();
		for (uint64_t n = unit_draw() % 6; n > 0; n--) {
			json_object_set_new(value, keys[unit_draw() % 10],
			    draw_value(depth - 1));
		}
		return value;
	}
}

static void
what_is_written_reads_back_equal_and_is_stable(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		json_t *value = json_own(arena, draw_value(4));
		struct bytes once = json_bytes(arena, value);
		struct fault fault = { .text = "" };
		json_t *again = json_read(arena, once, &fault);

		if (again == NULL || !json_equal(value, again) ||
		    !bytes_equal(once, json_bytes(arena, again))) {
			print_error("%.*s: %s\n", (int)once.len,
			    (const char *)once.data, fault.text);
			fail();
		}
		arena_reset(arena);
	}
}

static void
an_object_of_many_keys_is_sorted(void **state)
{
	json_t *object = json_own(arena, json_object());
	const char *before = "";
	json_t *again;
	const char *key;
	json_t *value;
	struct fault fault;
	unsigned count = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		json_object_set_new(object,
		    arena_format(arena, "%u", i * 7919 % 1000),
		    json_integer(i));
	}
	again = json_read(arena, json_bytes(arena, object), &fault);
	json_object_foreach(again, key, value)
	{
		assert_true(strcmp(before, key) < 0); /* in order of text */
		before = key;
		count++;
	}
	assert_int_equal(count, 1000);
}

static void
a_buf_that_is_full_refuses_the_rest(void **state)
{
	json_t *value = json_own(arena, json_string("0123456789"));
	struct fault fault;
	struct buf out;

	(void)state;
	buf_init(&out, 12);
	json_write(&out, value);
	assert_int_equal(buf_check(&out, &fault), 0);
	buf_fini(&out);
	buf_init(&out, 11);
	json_write(&out, value);
	assert_int_equal(buf_check(&out, &fault), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	buf_fini(&out);
}

static json_t *
read_object(const char *text)
{
	struct fault fault;
	json_t *value = json_read(arena, bytes_of_text(text), &fault);

	assert_non_null(value);
	return value;
}

static void
a_reader_gives_every_field_it_is_asked_for(void **state)
{
	json_t *value = read_object("{\"t\":\"x\",\"n\":-5,\"b\":true,"
	                            "\"o\":{},\"l\":[1],\"any\":null}");
	struct json_reader reader;
	struct fault fault;

	(void)state;
	json_reader_init(&reader, value, "", &fault);
	assert_text(json_reader_text(&reader, "t", true), "x");
	assert_int_equal(json_reader_integer(&reader, "n", 7, -5, 5), -5);
	assert_int_equal(json_reader_integer(&reader, "none", 7, 0, 5), 7);
	assert_true(json_reader_bool(&reader, "b"));
	assert_false(json_reader_bool(&reader, "none"));
	assert_non_null(json_reader_object(&reader, "o", true));
	assert_int_equal(json_array_size(json_reader_array(&reader, "l", true)),
	    1);
	assert_null(json_reader_text(&reader, "none", false));
	assert_null(json_reader_array(&reader, "none", false));
	assert_true(json_is_null(json_reader_any(&reader, "any")));
	assert_int_equal(json_reader_end(&reader), 0);
}

struct misread {
	const char *text;
	const char *field;
	const char *words;
};

static void
read_record(const json_t *value, struct fault *fault)
{
	struct json_reader reader;

	json_reader_init(&reader, value, "/grants/3", fault);
	json_reader_text(&reader, "name", true);
	json_reader_integer(&reader, "count", 1, 1, 100);
	json_reader_bool(&reader, "revoked");
	json_reader_object(&reader, "subject", false);
	json_reader_array(&reader, "notes", false);
	if (json_reader_end(&reader) == 0) {
		fault_set(fault, FAULT_NONE, "taken");
	}
}

static void
a_reader_tells_the_first_fault_by_its_place(void **state)
{
	static const struct misread cases[] = {
		{ "[]", "/grants/3", "must be an object" },
		{ "{}", "/grants/3/name", "is required" },
		{ "{\"name\":\"\"}", "/grants/3/name", "must not be empty" },
		{ "{\"name\":5}", "/grants/3/name", "must be a text" },
		{ "{\"name\":\"a\",\"count\":0}", "/grants/3/count",
		    "must lie from 1 to 100" },
		{ "{\"name\":\"a\",\"count\":101}", "/grants/3/count",
		    "must lie from 1 to 100" },
		{ "{\"name\":\"a\",\"count\":\"1\"}", "/grants/3/count",
		    "must be an integer" },
		{ "{\"name\":\"a\",\"revoked\":1}", "/grants/3/revoked",
		    "must be true or false" },
		{ "{\"name\":\"a\",\"subject\":[]}", "/grants/3/subject",
		    "must be an object" },
		{ "{\"name\":\"a\",\"notes\":{}}", "/grants/3/notes",
		    "must be a list" },
		{ "{\"name\":\"a\",\"x/y\":{}}", "/grants/3/x~1y",
		    "is no field of this record" },
		{ "{\"count\":0,\"x\":0}", "/grants/3/name", "is required" },
		{ "{\"name\":\"a\"}", "", "taken" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fault fault;

		read_record(read_object(cases[i].text), &fault);
		if (strcmp(fault.field, cases[i].field) != 0 ||
		    strcmp(fault.text, cases[i].words) != 0) {
			print_error("%s: got %s \"%s\", wanted %s \"%s\"\n",
			    cases[i].text, fault.field, fault.text,
			    cases[i].field, cases[i].words);
			fail();
		}
	}
}

static void
a_callers_refusal_is_kept_as_the_first_fault(void **state)
{
	struct json_reader reader;
	struct fault fault;

	(void)state;
	json_reader_init(&reader, read_object("{\"day\":\"x\"}"), "", &fault);
	json_reader_text(&reader, "day", true);
	json_reader_refuse(&reader, "day", "must be a date, %s", "YYYY-MM-DD");
	json_reader_text(&reader, "none", true);
	assert_int_equal(json_reader_end(&reader), -1);
	assert_text(fault.field, "/day");
	assert_text(fault.text, "must be a date, YYYY-MM-DD");
	assert_int_equal(fault.code, FAULT_INVALID);
}

static void
absent_members_read_as_nothing(void **state)
{
	json_t *value = read_object("{\"t\":\"x\",\"n\":3}");

	(void)state;
	assert_text(json_text_at(value, "t"), "x");
	assert_text(json_text_at(value, "n"), NULL);
	assert_text(json_text_at(value, "none"), NULL);
	assert_int_equal(json_integer_at(value, "n"), 3);
	assert_int_equal(json_integer_at(value, "t"), 0);
}

#define json_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(json_test(the_vectors_of_rfc_8785_come_out_as_printed),
    json_test(every_byte_is_escaped_wherever_it_stands),
    json_test(what_lies_outside_our_subset_is_refused_by_its_place),
    json_test(what_is_no_json_is_refused),
    json_test(a_refusal_holds_nothing_of_the_content),
    json_test(nesting_has_a_limit), json_test(a_place_too_long_is_cut),
    json_test(what_is_written_reads_back_equal_and_is_stable),
    json_test(an_object_of_many_keys_is_sorted),
    json_test(a_buf_that_is_full_refuses_the_rest),
    json_test(a_reader_gives_every_field_it_is_asked_for),
    json_test(a_reader_tells_the_first_fault_by_its_place),
    json_test(a_callers_refusal_is_kept_as_the_first_fault),
    json_test(absent_members_read_as_nothing))
