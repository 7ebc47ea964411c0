/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/xml_text.h"

#include <stdlib.h>

#define REFERENCE_MAX 12u /* "#x10FFFF" and some zeros */

bool
xml_text_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_character(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' ||
	       (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
	       (c >= 0x10000 && c <= 0x10FFFF);
}

static size_t
put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 63));
		out[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 63));
	out[2] = (char)(0x80 | (c >> 6 & 63));
	out[3] = (char)(0x80 | (c & 63));
	return 4;
}

/* "#65" or "#x41": the character, 0 when it is none. */
static uint32_t
character_reference(const char *name)
{
	bool is_hex = name[1] == 'x';
	const char *digits = name + (is_hex ? 2 : 1);
	unsigned long c;

	if (strspn(digits, is_hex ? "0123456789abcdefABCDEF" : "0123456789") !=
	        strlen(digits) ||
	    *digits == '\0' || strlen(digits) > 8) {
		return 0;
	}
	c = strtoul(digits, NULL, is_hex ? 16 : 10);
	return is_character((uint32_t)c) ? (uint32_t)c : 0;
}

static uint32_t
reference(const char *name)
{
	static const struct {
		const char *name;
		char c;
	} known[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' },
		{ "quot", '"' }, { "apos", '\'' } };

	if (name[0] == '#') {
		return character_reference(name);
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].name) == 0) {
			return (uint32_t)known[i].c;
		}
	}
	return 0;
}

/*
 * The reference behind the ampersand at raw[at]: the character it means and
 * how many bytes stand between ampersand and semicolon.
 */
static bool
take_reference(struct bytes raw, size_t at, uint32_t *meant_out,
    size_t *len_out, const char **words_out)
{
	const uint8_t *end = memchr(raw.data + at, ';', raw.len - at);
	size_t len = end != NULL ? (size_t)(end - raw.data) - at - 1 : 0;
	char name[REFERENCE_MAX];

	if (len == 0 || len >= sizeof(name)) {
		*words_out = "a reference is malformed";
		return false;
	}
	memcpy(name, raw.data + at + 1, len);
	name[len] = '\0';
	*meant_out = reference(name);
	*len_out = len;
	*words_out = "an entity is not known";
	return *meant_out != 0;
}

const char *
xml_text_resolve(struct arena *arena, struct bytes raw, bool is_attribute,
    const char **words_out)
{
	/* References are never shorter than what they stand for. */
	char *text = arena_alloc(arena, raw.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < raw.len; i++) {
		uint8_t c = raw.data[i];
		size_t reference_len;
		uint32_t meant;

		if (c == '\r') {
			c = '\n';
			i += i + 1 < raw.len && raw.data[i + 1] == '\n';
		}
		if (c != '&') {
			text[len++] = is_attribute && xml_text_is_blank(c)
			                  ? ' '
			                  : (char)c;
			continue;
		}
		if (!take_reference(raw, i, &meant, &reference_len,
		        words_out)) {
			return NULL;
		}
		len += put_utf8(text + len, meant);
		i += reference_len + 1;
	}
	text[len] = '\0';
	return text;
}
