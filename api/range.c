/* SPDX-License-Identifier: Apache-2.0 */

/* "bytes=0-499", "bytes=500-", "bytes=-500". */

#include "api/range.h"

#include "api/header.h"

/* The last `len` bytes; more than there are means all. */
static enum range_answer
suffix(uint64_t len, uint64_t size, struct range *range_out)
{
	if (len == 0 || size == 0) {
		return RANGE_OUTSIDE;
	}
	len = len < size ? len : size;
	*range_out = (struct range){ .from = size - len, .len = len };
	return RANGE_PART;
}

static enum range_answer
between(uint64_t first, uint64_t last, uint64_t size, struct range *range_out)
{
	if (last < first) {
		return RANGE_WHOLE;
	}
	if (first >= size) {
		return RANGE_OUTSIDE;
	}
	last = last < size ? last : size - 1;
	*range_out = (struct range){ .from = first, .len = last - first + 1 };
	return RANGE_PART;
}

enum range_answer
range_parse(struct bytes value, uint64_t size, struct range *range_out)
{
	const struct bytes unit = bytes_of_text("bytes=");
	struct bytes first_text;
	struct bytes last_text;
	const uint8_t *dash;
	uint64_t first = 0;
	uint64_t last = UINT64_MAX;

	*range_out = (struct range){ 0, size };
	if (value.len <= unit.len ||
	    !header_is(bytes_of(value.data, unit.len), "bytes=")) {
		return RANGE_WHOLE;
	}
	value = bytes_of(value.data + unit.len, value.len - unit.len);
	dash = memchr(value.data, '-', value.len);
	if (dash == NULL) {
		return RANGE_WHOLE;
	}
	first_text = bytes_of(value.data, (size_t)(dash - value.data));
	last_text = bytes_of(dash + 1, value.len - first_text.len - 1);
	if (first_text.len == 0) {
		return header_number(last_text, &last)
		           ? suffix(last, size, range_out)
		           : RANGE_WHOLE;
	}
	if (!header_number(first_text, &first) ||
	    (last_text.len > 0 && !header_number(last_text, &last))) {
		return RANGE_WHOLE;
	}
	return between(first, last, size, range_out);
}
