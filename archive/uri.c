/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/uri.h"

#include "base/hex.h"
#include "base/text.h"

static bool
stays(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~/", c) != NULL);
}

void
uri_encode(struct buf *out, const char *name)
{
	for (const char *c = name; *c != '\0'; c++) {
		if (stays(*c)) {
			buf_add_byte(out, (uint8_t)*c);
		} else {
			buf_add_format(out, "%%%02X", (unsigned char)*c);
		}
	}
}

static bool
leads_elsewhere(const char *name)
{
	const char *segment = name;

	for (;;) {
		size_t len = strcspn(segment, "/");

		if (len == 2 && segment[0] == '.' && segment[1] == '.') {
			return true;
		}
		if (segment[len] == '\0') {
			return false;
		}
		segment += len + 1;
	}
}

int
uri_decode(struct arena *arena, const char **name_out, const char *uri,
    struct fault *fault)
{
	char *name = arena_alloc(arena, strlen(uri) + 1);
	size_t first = strcspn(uri, ":/?#");
	size_t len = 0;

	if (uri[0] == '\0' || uri[0] == '/' || uri[first] == ':' ||
	    strpbrk(uri, "?#") != NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "the reference \"%s\" does not name a file inside",
		    text_clipped(uri));
	}
	for (const char *c = uri; *c != '\0'; c++) {
		uint8_t byte = (uint8_t)*c;

		if (byte == '%') {
			char digits[3] = { c[1], c[1] != '\0' ? c[2] : '\0',
				'\0' };

			if (!hex_decode(&byte, 1, digits)) {
				byte = '%'; /* escapes nothing */
			} else if (byte < 0x20) {
				return fault_set(fault, FAULT_INVALID,
				    "the reference \"%s\" escapes a "
				    "control character",
				    text_clipped(uri));
			} else {
				c += 2;
			}
		}
		name[len++] = (char)byte;
	}
	name[len] = '\0';
	if (name[0] == '/' || leads_elsewhere(name) ||
	    !text_is_utf8(bytes_of(name, len))) {
		return fault_set(fault, FAULT_INVALID,
		    "the reference \"%s\" does not name a file inside",
		    text_clipped(uri));
	}
	*name_out = name;
	return 0;
}
