/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/xml_out.h"

void
xml_out_text(struct buf *out, const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		switch (*c) {
		case '&':
			buf_add_text(out, "&amp;");
			break;
		case '<':
			buf_add_text(out, "&lt;");
			break;
		case '>':
			buf_add_text(out, "&gt;");
			break;
		case '"':
			buf_add_text(out, "&quot;");
			break;
		case '\t':
		case '\n':
		case '\r':
			buf_add_format(out, "&#%d;", *c);
			break;
		default:
			if ((unsigned char)*c < 0x20) {
				buf_add_text(out, "\xEF\xBF\xBD");
			} else {
				buf_add_byte(out, (uint8_t)*c);
			}
		}
	}
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
