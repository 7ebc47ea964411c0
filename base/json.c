/* SPDX-License-Identifier: Apache-2.0 */

/*
 * jansson parses; the canonical form is written here, because RFC 8785 wants
 * keys in order, \u escapes in lower case and no other escape than the seven
 * it names.  Keys are ASCII (our rule), so the order of bytes is the order of
 * UTF-16 units.
 */

#include "base/json.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/wire.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MAX 32 /* our deepest record has 5 */

/* Where a value stands; on the stack, written out only for a fault. */
struct place {
	const struct place *outer; /* NULL: the whole text */
	const char *key;           /* NULL: an element of a list */
	size_t index;
};

/* Append a step of a JSON pointer (RFC 6901, section 3). */
static void
add_step(char *field, size_t size, const char *key)
{
	size_t used = strlen(field);
	const char *rest = key;

	if (used + 1 < size) {
		field[used++] = '/';
	}
	for (; *rest != '\0' && used + 2 < size; rest++) {
		if (*rest == '~' || *rest == '/') {
			field[used++] = '~';
			field[used++] = *rest == '~' ? '0' : '1';
		} else {
			field[used++] = *rest;
		}
	}
	field[used] = '\0';
}

static void
write_place(char *field, size_t size, const struct place *place)
{
	char number[24];

	if (place->outer == NULL) {
		field[0] = '\0';
		return;
	}
	write_place(field, size, place->outer);
	snprintf(number, sizeof(number), "%zu", place->index);
	add_step(field, size, place->key != NULL ? place->key : number);
}

static int __attribute__((format(printf, 3, 4)))
refuse(struct fault *fault, const struct place *place, const char *format, ...)
{
	char field[sizeof(fault->field)];
	va_list args;

	write_place(field, sizeof(field), place);
	va_start(args, format);
	fault_field_list(fault, field, format, args);
	va_end(args);
	return -1;
}

static int
check_text(const json_t *value, const struct place *place, struct fault *fault)
{
	struct bytes text =
	    bytes_of(json_string_value(value), json_string_length(value));

	if (!text_is_nfc(text)) {
		return refuse(fault, place,
		    "text must be in Unicode normal form C (NFC)");
	}
	return 0;
}

static int
check_integer(const json_t *value, const struct place *place,
    struct fault *fault)
{
	json_int_t integer = json_integer_value(value);

	if (integer > JSON_INTEGER_MAX || integer < -JSON_INTEGER_MAX) {
		return refuse(fault, place,
		    "numbers lie within +-9007199254740991");
	}
	return 0;
}

static int
check_key(const char *key, const struct place *place, struct fault *fault)
{
	for (const char *c = key; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7E) {
			return refuse(fault, place, "keys are printable ASCII");
		}
	}
	return 0;
}

static int
check_value(const json_t *value, const struct place *place, int depth,
    struct fault *fault)
{
	json_t *iterable = (json_t *)(uintptr_t)value; /* jansson's wish */
	json_t *member;
	size_t i;

	if (depth > DEPTH_MAX) {
		return refuse(fault, place, "nested too deep");
	}
	switch (json_typeof(value)) {
	case JSON_REAL:
		return refuse(fault, place,
		    "numbers are integers (57,5 is 5750 hundredths)");
	case JSON_INTEGER:
		return check_integer(value, place, fault);
	case JSON_STRING:
		return check_text(value, place, fault);
	case JSON_ARRAY:
		json_array_foreach(value, i, member)
		{
			struct place inner = { place, NULL, i };

			if (check_value(member, &inner, depth + 1, fault) < 0) {
				return -1;
			}
		}
		return 0;
	case JSON_OBJECT:
		for (void *at = json_object_iter(iterable); at != NULL;
		     at = json_object_iter_next(iterable, at)) {
			struct place inner = { place, json_object_iter_key(at),
				0 };

			if (check_key(inner.key, place, fault) < 0 ||
			    check_value(json_object_iter_value(at), &inner,
			        depth + 1, fault) < 0) {
				return -1;
			}
		}
		return 0;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		break;
	}
	return 0;
}

static void
release(void *value)
{
	json_decref(value);
}

json_t *
json_own(struct arena *arena, json_t *value)
{
	assert(value != NULL); /* jansson finds no memory: see memory.h */
	arena_defer(arena, release, value);
	return value;
}

json_t *
json_read(struct arena *arena, struct bytes text, struct fault *fault)
{
	const struct place whole = { NULL, NULL, 0 };
	json_error_t error;
	json_t *value;

	if (!text_is_utf8(text)) {
		fault_set(fault, FAULT_INVALID, "JSON is not valid UTF-8");
		return NULL;
	}
	value = json_loadb((const char *)text.data, text.len,
	    JSON_REJECT_DUPLICATES, &error);
	if (value == NULL) {
		/* A fault holds no content; this may be half a character. */
		char *content = strstr(error.text, " near ");

		if (content != NULL) {
			*content = '\0';
		}
		fault_set(fault, FAULT_INVALID, "JSON, line %d column %d: %s",
		    error.line, error.column, error.text);
		return NULL;
	}
	json_own(arena, value);
	return check_value(value, &whole, 0, fault) < 0 ? NULL : value;
}

/*
 * How many bytes from the first on stand for themselves.  Of eight at a time
 * the lowest that is marked is marked rightly: a borrow goes upwards only.
 */
static size_t
plain_length(const char *text, size_t len)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t tops = UINT64_C(0x8080808080808080);
	size_t i = 0;

	for (; len - i >= 8; i += 8) {
		uint64_t eight = wire_get_u64le((const uint8_t *)text + i);
		uint64_t quotes = eight ^ (ones * '"');
		uint64_t slashes = eight ^ (ones * '\\');
		uint64_t marks = (((eight - ones * 0x20) & ~eight) |
		                     ((quotes - ones) & ~quotes) |
		                     ((slashes - ones) & ~slashes)) &
		                 tops;

		if (marks != 0) {
			return i + (size_t)__builtin_ctzll(marks) / 8;
		}
	}
	while (i < len && (unsigned char)text[i] >= 0x20 && text[i] != '"' &&
	       text[i] != '\\') {
		i++;
	}
	return i;
}

static void
write_escape(struct buf *out, unsigned char c)
{
	static const char short_escapes[] = {
		['\b'] = 'b',
		['\t'] = 't',
		['\n'] = 'n',
		['\f'] = 'f',
		['\r'] = 'r',
	};
	char name = c < sizeof(short_escapes) ? short_escapes[c] : 0;

	if (c == '"' || c == '\\') {
		name = (char)c;
	}
	if (name != 0) {
		buf_add_byte(out, '\\');
		buf_add_byte(out, (uint8_t)name);
	} else {
		buf_add_format(out, "\\u%04x", c);
	}
}

static void
write_string(struct buf *out, const char *text, size_t len)
{
	size_t at = 0;

	buf_add_byte(out, '"');
	for (;;) {
		size_t plain = plain_length(text + at, len - at);

		buf_add(out, text + at, plain);
		at += plain;
		if (at == len) {
			break;
		}
		write_escape(out, (unsigned char)text[at++]);
	}
	buf_add_byte(out, '"');
}

void
json_write_text(struct buf *out, const char *text)
{
	write_string(out, text, strlen(text));
}

void
json_write_bytes(struct buf *out, struct bytes text)
{
	write_string(out, (const char *)text.data, text.len);
}

void
json_write_integer(struct buf *out, int64_t number)
{
	char digits[21]; /* of 2^63, and the sign */
	size_t at = sizeof(digits);
	uint64_t left =
	    number < 0 ? UINT64_C(0) - (uint64_t)number : (uint64_t)number;

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0) {
		digits[--at] = '-';
	}
	buf_add(out, digits + at, sizeof(digits) - at);
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
write_object(struct buf *out, const json_t *object)
{
	const char *few[24];
	size_t count = json_object_size(object);
	const char **keys = count <= 24 ? few : xzalloc(count * sizeof(*keys));
	json_t *iterable = (json_t *)(uintptr_t)object;
	size_t n = 0;

	for (void *at = json_object_iter(iterable); at != NULL;
	     at = json_object_iter_next(iterable, at)) {
		keys[n++] = json_object_iter_key(at);
	}
	qsort(keys, n, sizeof(*keys), compare_keys);
	buf_add_byte(out, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0) {
			buf_add_byte(out, ',');
		}
		write_string(out, keys[i], strlen(keys[i]));
		buf_add_byte(out, ':');
		json_write(out, json_object_get(object, keys[i]));
	}
	buf_add_byte(out, '}');
	if (keys != few) {
		free(keys);
	}
}

void
json_write(struct buf *out, const json_t *value)
{
	size_t i;
	json_t *member;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		write_object(out, value);
		return;
	case JSON_ARRAY:
		buf_add_byte(out, '[');
		json_array_foreach(value, i, member)
		{
			if (i > 0) {
				buf_add_byte(out, ',');
			}
			json_write(out, member);
		}
		buf_add_byte(out, ']');
		return;
	case JSON_STRING:
		write_string(out, json_string_value(value),
		    json_string_length(value));
		return;
	case JSON_INTEGER:
		json_write_integer(out, json_integer_value(value));
		return;
	case JSON_TRUE:
		buf_add_text(out, "true");
		return;
	case JSON_FALSE:
		buf_add_text(out, "false");
		return;
	case JSON_NULL:
		buf_add_text(out, "null");
		return;
	case JSON_REAL:
		break;
	}
	assert(false && "a fraction got past json_read()");
}

struct bytes
json_bytes(struct arena *arena, const json_t *value)
{
	struct buf out;
	struct bytes bytes;

	buf_init(&out, SIZE_MAX / 2);
	json_write(&out, value);
	if (out.refused) {
		memory_over(out.len); /* half a record is worse than none */
	}
	bytes = arena_copy(arena, buf_bytes(&out));
	buf_fini(&out);
	return bytes;
}

void
json_reader_init(struct json_reader *reader, const json_t *value,
    const char *place, struct fault *fault)
{
	*reader = (struct json_reader){ .object = value,
		.fault = fault,
		.place = place };
	if (!json_is_object(value)) {
		reader->failed = true;
		fault_field(fault, place, "must be an object");
	}
}

void
json_reader_refuse(struct json_reader *reader, const char *key,
    const char *format, ...)
{
	char field[sizeof(reader->fault->field)];
	va_list args;

	if (reader->failed) {
		return;
	}
	reader->failed = true;
	snprintf(field, sizeof(field), "%s", reader->place);
	add_step(field, sizeof(field), key);
	va_start(args, format);
	fault_field_list(reader->fault, field, format, args);
	va_end(args);
}

const json_t *
json_reader_any(struct json_reader *reader, const char *key)
{
	const json_t *value;

	if (reader->failed) {
		return NULL;
	}
	value = json_object_get(reader->object, key);
	if (value != NULL) {
		assert(reader->count < JSON_READER_FIELDS);
		reader->known[reader->count++] = key;
	}
	return value;
}

/* The value when it has this type; a fault when it has another or is missed. */
static const json_t *
typed(struct json_reader *reader, const char *key, json_type type,
    bool required, const char *words)
{
	const json_t *value = json_reader_any(reader, key);

	if (reader->failed) {
		return NULL;
	}
	if (value == NULL) {
		if (required) {
			json_reader_refuse(reader, key, "is required");
		}
		return NULL;
	}
	if (json_typeof(value) != type) {
		json_reader_refuse(reader, key, "must be %s", words);
		return NULL;
	}
	return value;
}

const char *
json_reader_text(struct json_reader *reader, const char *key, bool required)
{
	const json_t *value =
	    typed(reader, key, JSON_STRING, required, "a text");

	if (value != NULL && required && json_string_length(value) == 0) {
		json_reader_refuse(reader, key, "must not be empty");
		return NULL;
	}
	return value != NULL ? json_string_value(value) : NULL;
}

int64_t
json_reader_integer(struct json_reader *reader, const char *key,
    int64_t fallback, int64_t min, int64_t max)
{
	const json_t *value =
	    typed(reader, key, JSON_INTEGER, false, "an integer");

	if (value == NULL) {
		return fallback;
	}
	if (json_integer_value(value) < min ||
	    json_integer_value(value) > max) {
		json_reader_refuse(reader, key, "must lie from %lld to %lld",
		    (long long)min, (long long)max);
		return fallback;
	}
	return json_integer_value(value);
}

bool
json_reader_bool(struct json_reader *reader, const char *key)
{
	const json_t *value = json_reader_any(reader, key);

	if (value != NULL && !json_is_boolean(value)) {
		json_reader_refuse(reader, key, "must be true or false");
	}
	return json_is_true(value);
}

const json_t *
json_reader_object(struct json_reader *reader, const char *key, bool required)
{
	return typed(reader, key, JSON_OBJECT, required, "an object");
}

const json_t *
json_reader_array(struct json_reader *reader, const char *key, bool required)
{
	return typed(reader, key, JSON_ARRAY, required, "a list");
}

static bool
is_known(const struct json_reader *reader, const char *key)
{
	for (unsigned i = 0; i < reader->count; i++) {
		if (strcmp(reader->known[i], key) == 0) {
			return true;
		}
	}
	return false;
}

int
json_reader_end(struct json_reader *reader)
{
	json_t *object = (json_t *)(uintptr_t)reader->object;

	if (reader->failed) {
		return -1;
	}
	for (void *at = json_object_iter(object); at != NULL;
	     at = json_object_iter_next(object, at)) {
		const char *key = json_object_iter_key(at);

		if (!is_known(reader, key)) {
			json_reader_refuse(reader, key,
			    "is no field of this record");
			return -1;
		}
	}
	return 0;
}

const char *
json_text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t
json_integer_at(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}
