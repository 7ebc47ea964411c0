/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/xml_out.h"

/* What stands for a character; NULL where it stands for itself. */
static const char *
escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	default:
		return (unsigned char)c < 0x20 ? "\xEF\xBF\xBD" : NULL;
	}
}

void
xml_out_text(struct buf *out, const char *text)
{
	const char *plain = text; /* what was not added yet */

	for (const char *c = text; *c != '\0'; c++) {
		const char *escape = escape_of(*c);

		if (escape != NULL) {
			buf_add(out, plain, (size_t)(c - plain));
			buf_add_text(out, escape);
			plain = c + 1;
		}
	}
	buf_add_text(out, plain);
}

void
xml_out_attribute(struct buf *out, const char *name, const char *value)
{
	if (value != NULL) {
		buf_add_format(out, " %s=\"", name);
		xml_out_text(out, value);
		buf_add_byte(out, '"');
	}
}

void
xml_out_element(struct buf *out, const char *name, const char *text)
{
	if (text != NULL) {
		buf_add_format(out, "<%s>", name);
		xml_out_text(out, text);
		buf_add_format(out, "</%s>\n", name);
	}
}
