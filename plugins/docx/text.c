/* SPDX-License-Identifier: Apache-2.0 */

#include "plugins/docx/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
text_init(struct text *text, struct hoso_call *call)
{
	*text = (struct text){ .call = call };
}

void
text_fini(struct text *text)
{
	free(text->data);
	*text = (struct text){ .call = text->call };
}

/* Room for len more bytes and a NUL; false after the call has failed. */
static bool
reserve(struct text *text, size_t len)
{
	size_t room = text->room > 0 ? text->room : 4096;
	unsigned char *data;

	if (text->len + len < text->room) {
		return true;
	}
	while (room <= text->len + len) {
		room *= 2;
	}
	data = realloc(text->data, room);
	if (data == NULL) {
		text->call->host->fail(text->call,
		    "the document is too large (%zu bytes)", room);
		return false;
	}
	text->data = data;
	text->room = room;
	return true;
}

void
text_add_bytes(struct text *text, const void *data, size_t len)
{
	if (len > 0 && reserve(text, len)) {
		memcpy(text->data + text->len, data, len);
		text->len += len;
	}
}

void
text_add(struct text *text, const char *xml)
{
	text_add_bytes(text, xml, strlen(xml));
}

void
text_add_format(struct text *text, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len > 0 && reserve(text, (size_t)len)) {
		va_start(args, format);
		vsnprintf((char *)text->data + text->len, (size_t)len + 1,
		    format, args);
		va_end(args);
		text->len += (size_t)len;
	}
}

void
text_add_escaped(struct text *text, const char *characters)
{
	for (const char *at = characters; *at != '\0'; at++) {
		switch (*at) {
		case '&':
			text_add(text, "&amp;");
			break;
		case '<':
			text_add(text, "&lt;");
			break;
		case '>':
			text_add(text, "&gt;");
			break;
		case '"':
			text_add(text, "&quot;");
			break;
		default:
			text_add_bytes(text, at, 1);
			break;
		}
	}
}
