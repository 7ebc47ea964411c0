/* SPDX-License-Identifier: Apache-2.0 */

/* A glance finds what a parser finds, and survives what is no JSON. */

#include "base/glance.h"

#include "base/json.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

static const char *
found(const char *object, const char *key)
{
	static char text[256];
	struct bytes value;

	if (!glance_member(bytes_of_text(object), key, &value)) {
		return NULL;
	}
	snprintf(text, sizeof(text), "%.*s", (int)value.len,
	    (const char *)value.data);
	return text;
}

static void
members_are_found_at_the_top_alone(void **state)
{
	static const char object[] =
	    "{\"a\":1,\"b\":{\"c\":[1,{\"d\":2}]},\"e\":[[],{}],\"f\":\"x\","
	    "\"g\":true,\"h\":\"\"}";

	(void)state;
	assert_text(found(object, "a"), "1");
	assert_text(found(object, "b"), "{\"c\":[1,{\"d\":2}]}");
	assert_text(found(object, "e"), "[[],{}]");
	assert_text(found(object, "f"), "\"x\"");
	assert_text(found(object, "g"), "true");
	assert_text(found(object, "h"), "\"\"");
	assert_null(found(object, "c"));
	assert_null(found(object, "d"));
	assert_null(found(object, ""));
	assert_null(found(object, "z"));
	assert_null(found("{}", "a"));
	assert_null(found("[\"a\",1]", "a"));
}

static void
quotes_within_texts_end_nothing(void **state)
{
	static const char object[] = "{\"a\":\"\\\"b\\\":1,\",\"b\":\"\\\\\","
	                             "\"c\":\"\\\\\\\"}\",\"d\":3}";

	(void)state;
	assert_text(found(object, "a"), "\"\\\"b\\\":1,\"");
	assert_text(found(object, "b"), "\"\\\\\"");
	assert_text(found(object, "d"), "3");
}

static void
texts_with_escapes_are_left_to_a_parser(void **state)
{
	struct arena *arena = arena_new();
	struct bytes first;

	(void)state;
	assert_text(glance_text_at(arena, bytes_of_text("{\"a\":\"xã\"}"), "a"),
	    "xã");
	assert_null(
	    glance_text_at(arena, bytes_of_text("{\"a\":\"x\\n\"}"), "a"));
	assert_null(glance_text_at(arena, bytes_of_text("{\"a\":1}"), "a"));
	assert_true(glance_first(bytes_of_text("[{\"a\":[1]},2]"), &first));
	assert_int_equal(first.len, strlen("{\"a\":[1]}"));
	assert_false(glance_first(bytes_of_text("[]"), &first));
	assert_false(glance_first(bytes_of_text("{}"), &first));
	arena_free(arena);
}

/* --- beside the parser -------------------------------------------------- */

static json_t *draw_object(unsigned depth);

static json_t *
draw_value(unsigned depth)
{
	static const char *const texts[] = { "", "a", "\"", "\\", "\\\"", "}",
		"{\"k0\":1", ",", "[", "Đắk Glei", "\n" };
	json_t *value;

	switch (unit_draw() % (depth > 3 ? 3 : 5)) {
	case 0:
		return json_integer((json_int_t)(unit_draw() % 1000));
	case 1:
		return json_string(texts[unit_draw() % 11]);
	case 2:
		return json_boolean(unit_draw() % 2);
	case 3:
		value = json_array();
		for (uint64_t i = unit_draw() % 4; i > 0; i--) {
			json_array_append_new(value, draw_value(depth + 1));
		}
		return value;
	default:
		return draw_object(depth);
	}
}

static json_t *
draw_object(unsigned depth)
{
	json_t *value = json_object();

	for (uint64_t i = unit_draw() % 5; i > 0; i--) {
		char key[8];

		snprintf(key, sizeof(key), "k%d", (int)(unit_draw() % 12));
		json_object_set_new(value, key, draw_value(depth + 1));
	}
	return value;
}

static void
what_a_parser_finds_is_found_and_nothing_else(void **state)
{
	static const char *const keys[] = { "k0", "k1", "k10", "k11", "k2",
		"k3", "k9" };
	struct arena *arena = arena_new();
	unsigned there = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		json_t *object = draw_object(0);
		struct bytes bytes = json_bytes(arena, object);
		struct bytes values[7];

		glance_members(bytes, keys, 7, values);
		for (size_t i = 0; i < 7; i++) {
			json_t *wanted = json_object_get(object, keys[i]);
			struct bytes text = wanted != NULL
			                        ? json_bytes(arena, wanted)
			                        : NO_BYTES;

			there += wanted != NULL;
			if (!bytes_equal(values[i], text)) {
				fail_msg("%s in %.*s: got %.*s, wanted %.*s",
				    keys[i], (int)bytes.len,
				    (const char *)bytes.data,
				    (int)values[i].len,
				    (const char *)values[i].data, (int)text.len,
				    (const char *)text.data);
			}
		}
		json_decref(object);
		arena_reset(arena);
	}
	assert_true(there > 5000);
	arena_free(arena);
}

/* Every beginning of an object, in memory that ends with it. */
static void
bytes_that_end_too_soon_are_not_read_past(void **state)
{
	static const char object[] =
	    "{\"a\":{\"b\":[1,\"\\\\\\\"\"]},\"c\":\"x\",\"d\":[{}]}";

	(void)state;
	for (size_t len = 0; len < sizeof(object); len++) {
		char *copy = malloc(len > 0 ? len : 1);
		struct bytes value;

		memcpy(copy, object, len);
		glance_member(bytes_of(copy, len), "d", &value);
		glance_first(bytes_of(copy, len), &value);
		free(copy);
	}
}

static void
the_elements_of_an_array_come_one_after_the_other(void **state)
{
	static const char array[] = "[1,\"a,]\",[2,[3]],{\"b\":[4,5]},-6]";
	static const char *const wanted[] = { "1", "\"a,]\"", "[2,[3]]",
		"{\"b\":[4,5]}", "-6" };
	struct bytes value;
	size_t count = 0;

	(void)state;
	for (size_t at = 0; glance_next(bytes_of_text(array), &at, &value);
	     count++) {
		assert_true(count < 5);
		assert_true(bytes_equal(value, bytes_of_text(wanted[count])));
	}
	assert_int_equal(count, 5);
	for (size_t len = 0; len < sizeof(array) - 1; len++) {
		size_t at = 0;

		for (count = 0; glance_next(bytes_of(array, len), &at, &value);
		     count++) {
			assert_true(
			    bytes_equal(value, bytes_of_text(wanted[count])));
		}
		assert_true(count < 5);
	}
	for (size_t at = 0; glance_next(bytes_of_text("[]"), &at, &value);) {
		fail_msg("%s", "an empty list has an element");
	}
}

static void
texts_are_found_at_any_depth(void **state)
{
	static const char value[] =
	    "{\"a\":[\"x\",1,{\"b\\\"\":\"\"}],\"c\":\"\\\\\"}";
	static const char *const wanted[] = { "a", "x", "b\\\"", "", "c",
		"\\\\" };
	size_t count = 0;
	struct bytes text;

	(void)state;
	for (size_t at = 0; glance_next_text(bytes_of_text(value), &at, &text);
	     count++) {
		assert_true(count < 6);
		assert_true(bytes_equal(text, bytes_of_text(wanted[count])));
		assert_int_equal(value[at - 1], '"');
	}
	assert_int_equal(count, 6);
	for (size_t len = 0; len < sizeof(value) - 2; len++) {
		size_t at = 0;

		for (count = 0;
		     glance_next_text(bytes_of(value, len), &at, &text);
		     count++) {
			assert_true(
			    bytes_equal(text, bytes_of_text(wanted[count])));
		}
		assert_true(count < 6);
	}
	assert_false(glance_next_text(NO_BYTES, &(size_t){ 0 }, &text));
}

static void
whole_numbers_are_read_and_nothing_else(void **state)
{
	static const char *const none[] = { "", "-", "1.5", "1e3", "true",
		"\"1\"" };
	int64_t number;

	(void)state;
	assert_true(glance_integer(bytes_of_text("9007199254740991"), &number));
	assert_int_equal(number, 9007199254740991);
	assert_true(
	    glance_integer(bytes_of_text("-9007199254740991"), &number));
	assert_int_equal(number, -9007199254740991);
	assert_true(glance_integer(bytes_of_text("0"), &number));
	assert_int_equal(number, 0);
	for (size_t i = 0; i < 6; i++) {
		assert_false(glance_integer(bytes_of_text(none[i]), &number));
	}
	assert_false(
	    glance_integer(bytes_of_text("10000000000000000000"), &number));
}

UNIT_MAIN(unit(members_are_found_at_the_top_alone),
    unit(quotes_within_texts_end_nothing),
    unit(texts_with_escapes_are_left_to_a_parser),
    unit(what_a_parser_finds_is_found_and_nothing_else),
    unit(bytes_that_end_too_soon_are_not_read_past),
    unit(the_elements_of_an_array_come_one_after_the_other),
    unit(texts_are_found_at_any_depth),
    unit(whole_numbers_are_read_and_nothing_else))
