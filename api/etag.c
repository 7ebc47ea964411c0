/* SPDX-License-Identifier: Apache-2.0 */

/* Entity tags: quoted, opaque, compared byte by byte. */

#include "api/etag.h"

#include "api/header.h"

#include <inttypes.h>
#include <stdio.h>

void
etag_of_rev(char text[ETAG_TEXT], uint64_t rev)
{
	snprintf(text, ETAG_TEXT, "\"%" PRIu64 "\"", rev);
}

/* Only as etag_of_rev() writes it: "0" and "017" are no record's. */
bool
etag_rev(struct bytes tag, uint64_t *rev_out)
{
	return tag.len > 2 && tag.data[0] == '"' && tag.data[1] != '0' &&
	       tag.data[tag.len - 1] == '"' &&
	       header_number(bytes_of(tag.data + 1, tag.len - 2), rev_out);
}

static bool
is_weak(struct bytes tag)
{
	return tag.len > 2 && tag.data[0] == 'W' && tag.data[1] == '/';
}

bool
etag_is_in(struct bytes list, const char *tag, bool weak)
{
	struct bytes item;

	while (header_next(&list, &item)) {
		if (header_is(item, "*")) {
			return true;
		}
		if (weak && is_weak(item)) {
			item = bytes_of(item.data + 2, item.len - 2);
		}
		if (bytes_equal(item, bytes_of_text(tag))) {
			return true;
		}
	}
	return false;
}
