/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Canonical bytes have no blanks and their members in order of the keys, so a
 * member that has not come by its place is not there.  Depth is counted, not
 * followed: brackets outside of texts.
 */

#include "base/glance.h"

#include <string.h>

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
glance_first(struct bytes array, struct bytes *value_out)
{
	const uint8_t *end = array.data + array.len;
	const uint8_t *at;

	if (array.len < 3 || array.data[0] != '[') {
		return false;
	}
	at = skip_value(array.data + 1, end);
	if (at == NULL) {
		return false;
	}
	*value_out = bytes_of(array.data + 1, (size_t)(at - array.data - 1));
	return value_out->len > 0;
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
