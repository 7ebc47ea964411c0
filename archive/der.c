/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/der.h"

bool
der_take(struct bytes *rest, uint8_t *tag_out, struct bytes *content_out)
{
	size_t header = 2;
	size_t len;

	if (rest->len < 2 || (rest->data[0] & 0x1F) == 0x1F) {
		return false; /* tags of several bytes do not occur */
	}
	len = rest->data[1];
	if (len >= 0x80) {
		size_t count = len & 0x7F;

		if (count == 0 || count > 4 || rest->len < 2 + count) {
			return false;
		}
		len = 0;
		for (size_t i = 0; i < count; i++) {
			len = len << 8 | rest->data[2 + i];
		}
		header += count;
	}
	if (len > rest->len - header) {
		return false;
	}
	*tag_out = rest->data[0];
	*content_out = bytes_of(rest->data + header, len);
	rest->data += header + len;
	rest->len -= header + len;
	return true;
}

bool
der_take_tag(struct bytes *rest, uint8_t tag, struct bytes *content_out)
{
	struct bytes left = *rest;
	struct bytes content;
	uint8_t got;

	if (!der_take(&left, &got, &content) || got != tag) {
		return false;
	}
	*rest = left;
	*content_out = content;
	return true;
}

bool
der_take_whole(struct bytes *rest, struct bytes *element_out)
{
	const uint8_t *begin = rest->data;
	struct bytes content;
	uint8_t tag;

	if (!der_take(rest, &tag, &content)) {
		return false;
	}
	*element_out = bytes_of(begin, (size_t)(rest->data - begin));
	return true;
}

void
der_add(struct buf *out, uint8_t tag, struct bytes content)
{
	unsigned count = 0;

	buf_add_byte(out, tag);
	if (content.len < 0x80) {
		buf_add_byte(out, (uint8_t)content.len);
	} else {
		while (content.len >> (8 * count) != 0) {
			count++;
		}
		buf_add_byte(out, (uint8_t)(0x80 | count));
		while (count-- > 0) {
			buf_add_byte(out,
			    (uint8_t)(content.len >> (8 * count)));
		}
	}
	buf_add_bytes(out, content);
}
