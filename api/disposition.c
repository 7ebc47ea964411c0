/* SPDX-License-Identifier: Apache-2.0 */

/* A file name in a header field: once in ASCII, once whole. */

#include "api/disposition.h"

#include "api/octet.h"

static const char *
last_part(const char *name)
{
	const char *part = name;

	for (; *name != '\0'; name++) {
		if (*name == '/' || *name == '\\') {
			part = name + 1;
		}
	}
	return part;
}

/* One "_" a character: continuation bytes of UTF-8 are left out. */
static void
add_plain(struct buf *out, const char *name)
{
	for (; *name != '\0'; name++) {
		uint8_t octet = (uint8_t)*name;

		if ((octet & 0xC0) == 0x80) {
			continue;
		}
		/* "%" is decoded by some clients although it must not be. */
		if (octet < 0x20 || octet > 0x7e || octet == '"' ||
		    octet == '\\' || octet == '%') {
			octet = '_';
		}
		buf_add_byte(out, octet);
	}
}

static void
add_extended(struct buf *out, const char *name)
{
	for (; *name != '\0'; name++) {
		uint8_t octet = (uint8_t)*name;

		if (octet_is(octet, OCTET_ATTR)) {
			buf_add_byte(out, octet);
		} else {
			buf_add_format(out, "%%%02X", octet);
		}
	}
}

static bool
is_plain(const char *name)
{
	for (; *name != '\0'; name++) {
		uint8_t octet = (uint8_t)*name;

		if (octet < 0x20 || octet > 0x7e || octet == '"' ||
		    octet == '\\' || octet == '%') {
			return false;
		}
	}
	return true;
}

void
disposition_format(struct buf *out, bool attachment, const char *name)
{
	name = last_part(name);
	if (name[0] == '\0') {
		name = "file";
	}
	buf_add_text(out, attachment ? "attachment" : "inline");
	buf_add_text(out, "; filename=\"");
	add_plain(out, name);
	buf_add_byte(out, '"');
	if (!is_plain(name)) {
		buf_add_text(out, "; filename*=UTF-8''");
		add_extended(out, name);
	}
}
