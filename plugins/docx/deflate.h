/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLUGINS_DOCX_DEFLATE_H
#define PLUGINS_DOCX_DEFLATE_H

#include "plugins/docx/text.h"

/*
 * Append the bytes compressed by RFC 1951: one block of fixed codes.  XML
 * becomes six to ten times smaller, and a plugin links with nothing.
 */
void deflate_add(struct text *out, const unsigned char *data, size_t len);

/* CRC-32 as ZIP wants it (ISO 3309, RFC 1952 section 8). */
uint32_t deflate_crc(const unsigned char *data, size_t len);

#endif
