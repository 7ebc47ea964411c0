/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/zip_name.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdlib.h>
#include <utf8proc.h>

static int
check_segment(struct bytes segment, struct fault *fault)
{
	if (segment.len == 0) {
		return fault_set(fault, FAULT_INVALID,
		    "the name has an empty part");
	}
	if (segment.len > ZIP_SEGMENT_MAX) {
		return fault_set(fault, FAULT_INVALID,
		    "a part of the name has %zu bytes; at most %u", segment.len,
		    ZIP_SEGMENT_MAX);
	}
	if (bytes_equal(segment, bytes_of_text(".")) ||
	    bytes_equal(segment, bytes_of_text(".."))) {
		return fault_set(fault, FAULT_INVALID,
		    "the name leads elsewhere (. or ..)");
	}
	return 0;
}

static int
check_characters(struct bytes name, struct fault *fault)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] < 0x20 || name.data[i] == 0x7F) {
			return fault_set(fault, FAULT_INVALID,
			    "the name holds a control character");
		}
		if (name.data[i] == '\\') {
			return fault_set(fault, FAULT_INVALID,
			    "the name holds a backslash");
		}
	}
	if (!text_is_utf8(name)) {
		return fault_set(fault, FAULT_INVALID, "the name is not UTF-8");
	}
	if (!text_is_nfc(name)) {
		return fault_set(fault, FAULT_INVALID,
		    "the name is not in Unicode normal form C (NFC)");
	}
	return 0;
}

int
zip_name_check(struct bytes name, struct fault *fault)
{
	size_t start = 0;

	if (name.len == 0 || name.len > ZIP_NAME_MAX) {
		return fault_set(fault, FAULT_INVALID,
		    "the name has %zu bytes; 1 to %u are allowed", name.len,
		    ZIP_NAME_MAX);
	}
	if (check_characters(name, fault) < 0) {
		return -1;
	}
	if (name.len >= 2 && name.data[1] == ':') {
		return fault_set(fault, FAULT_INVALID,
		    "the name begins with a drive letter");
	}
	for (size_t i = 0; i <= name.len; i++) {
		if (i < name.len && name.data[i] != '/') {
			continue;
		}
		if (check_segment(bytes_of(name.data + start, i - start),
		        fault) < 0) {
			return -1;
		}
		start = i + 1;
	}
	return 0;
}

/* Lower case where all of it is ASCII, which most names are; else NULL. */
static char *
fold_ascii(struct arena *arena, const char *name)
{
	char *folded = arena_text(arena, name);

	for (char *c = folded; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x80) {
			return NULL;
		}
		if (*c >= 'A' && *c <= 'Z') {
			*c = (char)(*c - 'A' + 'a');
		}
	}
	return folded;
}

char *
zip_name_fold(struct arena *arena, const char *name)
{
	utf8proc_uint8_t *folded = NULL;
	char *copy = fold_ascii(arena, name);

	if (copy != NULL) {
		return copy;
	}

	if (utf8proc_map((const utf8proc_uint8_t *)name, 0, &folded,
	        UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE |
	            UTF8PROC_CASEFOLD) < 0) {
		return arena_text(arena, name); /* no memory: as it stands */
	}
	copy = arena_text(arena, (const char *)folded);
	free(folded);
	return copy;
}

char *
zip_name_show(struct arena *arena, struct bytes name)
{
	bool is_text = text_is_utf8(name);
	struct buf shown;
	char *copy;

	buf_init(&shown, 4 * ZIP_NAME_MAX);
	for (size_t i = 0; i < name.len && i < ZIP_NAME_MAX; i++) {
		uint8_t c = name.data[i];

		if (c < 0x20 || c == 0x7F || (c >= 0x80 && !is_text)) {
			buf_add_format(&shown, "\\x%02x", c);
		} else {
			buf_add_byte(&shown, c);
		}
	}
	copy = arena_text(arena, buf_text(&shown));
	buf_fini(&shown);
	return copy;
}
