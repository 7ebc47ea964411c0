/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLUGINS_DOCX_TEXT_H
#define PLUGINS_DOCX_TEXT_H

#include "hoso/plugin.h"

/*
 * Bytes that grow: one part of the document while it is written.  Where
 * memory ends the call fails and later additions do nothing.
 */
struct text {
	struct hoso_call *call;
	unsigned char *data;
	size_t len;
	size_t room;
};

void text_init(struct text *text, struct hoso_call *call);
void text_fini(struct text *text);
void text_add_bytes(struct text *text, const void *data, size_t len);
/* XML as it is. */
void text_add(struct text *text, const char *xml);
void text_add_format(struct text *text, const char *format, ...)
    HOSO_PRINTF(2, 3);
/* Characters, escaped for XML. */
void text_add_escaped(struct text *text, const char *characters);

#endif
