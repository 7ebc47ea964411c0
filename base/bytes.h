/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Some bytes of somebody else; whose, and until when, the user says. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

#define NO_BYTES ((struct bytes){ NULL, 0 })

static inline struct bytes
bytes_of(const void *data, size_t len)
{
	return (struct bytes){ (const uint8_t *)data, len };
}

static inline struct bytes
bytes_of_text(const char *text)
{
	return bytes_of(text, strlen(text));
}

/* memcmp order, the shorter first where one begins the other. */
static inline int
bytes_compare(struct bytes a, struct bytes b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.data, b.data, len) : 0;

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static inline int
bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && bytes_compare(a, b) == 0;
}

#endif
