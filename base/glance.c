/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Canonical bytes have no blanks and their members in order of the keys, so a
 * member that has not come by its place is not there.  Depth is counted, not
 * followed: brackets outside of texts.
 */

#include "base/glance.h"

#include <string.h>

#define INTEGER_DIGITS 16u /* of 2^53 */

/* Behind the text that begins at `at`; NULL where it does not end. */
static const uint8_t *
skip_text(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *quote;

	for (at++; at < end; at = quote + 1) {
		const uint8_t *back;

		quote = memchr(at, '"', (size_t)(end - at));
		if (quote == NULL) {
			return NULL;
		}
		back = quote;
		while (back > at && back[-1] == '\\') {
			back--;
		}
		if ((quote - back) % 2 == 0) {
			return quote + 1;
		}
	}
	return NULL;
}

/* Behind the value that begins at `at`: at the next "," or bracket. */
static const uint8_t *
skip_value(const uint8_t *at, const uint8_t *end)
{
	unsigned depth = 0;

	while (at < end) {
		switch (*at) {
		case '"':
			at = skip_text(at, end);
			if (at == NULL) {
				return NULL;
			}
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			if (depth == 0) {
				return at;
			}
			depth--;
			break;
		case ',':
			if (depth == 0) {
				return at;
			}
			break;
		default:
			break;
		}
		at++;
	}
	return NULL;
}

/*
 * One member at `at`: behind its value, or NULL at the end and for what is
 * not canonical.
 */
static const uint8_t *
read_member(const uint8_t *at, const uint8_t *end, struct bytes *name,
    struct bytes *value)
{
	const uint8_t *start = at + 1;

	if (at >= end || *at != '"') {
		return NULL;
	}
	at = skip_text(at, end);
	if (at == NULL || at >= end || *at != ':') {
		return NULL;
	}
	*name = bytes_of(start, (size_t)(at - 1 - start));
	start = at + 1;
	at = skip_value(start, end);
	if (at != NULL) {
		*value = bytes_of(start, (size_t)(at - start));
	}
	return at;
}

void
glance_members(struct bytes object, const char *const *keys, size_t count,
    struct bytes *values_out)
{
	const uint8_t *at = object.data;
	const uint8_t *end = at + object.len;
	size_t next = 0;
	struct bytes name;
	struct bytes value;

	for (size_t i = 0; i < count; i++) {
		values_out[i] = NO_BYTES;
	}
	if (object.len < 2 || *at != '{') {
		return;
	}
	while (next < count &&
	       (at = read_member(at + 1, end, &name, &value)) != NULL) {
		int order = -1;

		while (next < count &&
		       (order = bytes_compare(bytes_of_text(keys[next]),
		            name)) < 0) {
			next++; /* it would have come before */
		}
		if (order == 0) {
			values_out[next++] = value;
		}
		if (*at != ',') {
			return;
		}
	}
}

bool
glance_member(struct bytes object, const char *key, struct bytes *value_out)
{
	glance_members(object, &key, 1, value_out);
	return value_out->len > 0;
}

bool
glance_next(struct bytes array, size_t *at, struct bytes *value_out)
{
	const uint8_t *end = array.data + array.len;
	const uint8_t *start;
	const uint8_t *behind;

	/* At the bracket that begins it, or the comma before the element. */
	if (*at + 2 >= array.len || array.data[0] != '[' ||
	    (*at > 0 && array.data[*at] != ',')) {
		return false;
	}
	start = array.data + *at + 1;
	behind = skip_value(start, end);
	if (behind == NULL || behind == start) {
		return false;
	}
	*value_out = bytes_of(start, (size_t)(behind - start));
	*at = (size_t)(behind - array.data);
	return true;
}

bool
glance_first(struct bytes array, struct bytes *value_out)
{
	size_t at = 0;

	return glance_next(array, &at, value_out);
}

bool
glance_next_text(struct bytes value, size_t *at, struct bytes *text_out)
{
	const uint8_t *start = NULL;
	const uint8_t *behind = NULL;

	if (*at < value.len) {
		start = memchr(value.data + *at, '"', value.len - *at);
	}
	if (start != NULL) {
		behind = skip_text(start, value.data + value.len);
	}
	if (behind == NULL) {
		return false;
	}
	*text_out = bytes_of(start + 1, (size_t)(behind - start) - 2);
	*at = (size_t)(behind - value.data);
	return true;
}

bool
glance_integer(struct bytes value, int64_t *number_out)
{
	bool is_less = value.len > 0 && value.data[0] == '-';
	int64_t number = 0;

	if (value.len == is_less || value.len > INTEGER_DIGITS + is_less) {
		return false;
	}
	for (size_t i = is_less; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9') {
			return false;
		}
		number = 10 * number + (value.data[i] - '0');
	}
	*number_out = is_less ? -number : number;
	return true;
}

const char *
glance_text(struct arena *arena, struct bytes value)
{
	if (value.len < 2 || value.data[0] != '"' ||
	    memchr(value.data, '\\', value.len) != NULL) {
		return NULL;
	}
	return arena_text_of(arena, bytes_of(value.data + 1, value.len - 2));
}

const char *
glance_text_at(struct arena *arena, struct bytes object, const char *key)
{
	struct bytes value;

	return glance_member(object, key, &value) ? glance_text(arena, value)
	                                          : NULL;
}
