/* SPDX-License-Identifier: Apache-2.0 */

#include "base/base64.h"

#include <stdbool.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(struct buf *out, struct bytes bytes)
{
	size_t len = (bytes.len + 2) / 3 * 4;
	uint8_t *text = buf_reserve(out, len);

	if (text == NULL) {
		return;
	}
	for (size_t i = 0; i < bytes.len; i += 3, text += 4) {
		size_t left = bytes.len - i;
		uint32_t group = (uint32_t)bytes.data[i] << 16;

		group |= left > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0;
		group |= left > 2 ? (uint32_t)bytes.data[i + 2] : 0;
		text[0] = (uint8_t)alphabet[group >> 18];
		text[1] = (uint8_t)alphabet[group >> 12 & 63];
		text[2] = left > 1 ? (uint8_t)alphabet[group >> 6 & 63] : '=';
		text[3] = left > 2 ? (uint8_t)alphabet[group & 63] : '=';
	}
	buf_grow(out, len);
}

static int
value_of(uint8_t c)
{
	const char *place = c != '\0' ? strchr(alphabet, c) : NULL;

	return place != NULL ? (int)(place - alphabet) : -1;
}

int
base64_decode(struct buf *out, struct bytes text, struct fault *fault)
{
	if (text.len % 4 != 0) {
		return fault_set(fault, FAULT_INVALID,
		    "base64 has %zu characters, not a multiple of four",
		    text.len);
	}
	for (size_t i = 0; i < text.len; i += 4) {
		bool last = i + 4 == text.len;
		size_t pad = last && text.data[i + 3] == '='
		                 ? 1u + (text.data[i + 2] == '=')
		                 : 0u;
		uint32_t group = 0;

		for (size_t j = 0; j < 4; j++) {
			int value =
			    j + pad >= 4 ? 0 : value_of(text.data[i + j]);

			if (value < 0) {
				return fault_set(fault, FAULT_INVALID,
				    "base64 has a foreign character at %zu",
				    i + j);
			}
			group = group << 6 | (uint32_t)value;
		}
		if ((pad == 1 && (group & 0xFF) != 0) ||
		    (pad == 2 && (group & 0xFFFF) != 0)) {
			return fault_set(fault, FAULT_INVALID,
			    "base64 ends in bits that stand for nothing");
		}
		uint8_t data[3] = { (uint8_t)(group >> 16),
			(uint8_t)(group >> 8), (uint8_t)group };
		buf_add(out, data, 3 - pad);
	}
	return buf_check(out, fault);
}
