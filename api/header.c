/* SPDX-License-Identifier: Apache-2.0 */

/* Fields are few, so a look-up walks them; length decides nearly always. */

#include "api/header.h"

#include "api/octet.h"

bool
header_is(struct bytes value, const char *text)
{
	size_t len = strlen(text);

	if (value.len != len) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		if (octet_lower(value.data[i]) !=
		    octet_lower((uint8_t)text[i])) {
			return false;
		}
	}
	return true;
}

bool
header_find(const struct head *head, const char *name, struct bytes *value_out)
{
	for (unsigned i = 0; i < head->count; i++) {
		if (header_is(head->fields[i].name, name)) {
			*value_out = head->fields[i].value;
			return true;
		}
	}
	*value_out = NO_BYTES;
	return false;
}

unsigned
header_count(const struct head *head, const char *name)
{
	unsigned count = 0;

	for (unsigned i = 0; i < head->count; i++) {
		count += header_is(head->fields[i].name, name);
	}
	return count;
}

static bool
is_blank(uint8_t octet)
{
	return octet == ' ' || octet == '\t';
}

static struct bytes
trim(struct bytes bytes)
{
	while (bytes.len > 0 && is_blank(bytes.data[0])) {
		bytes.data++;
		bytes.len--;
	}
	while (bytes.len > 0 && is_blank(bytes.data[bytes.len - 1])) {
		bytes.len--;
	}
	return bytes;
}

/* How far it is to the next `mark` outside of a quoted string. */
static size_t
reach(struct bytes bytes, char mark)
{
	bool quoted = false;
	size_t i = 0;

	for (; i < bytes.len; i++) {
		if (bytes.data[i] == '"') {
			quoted = !quoted;
		} else if (quoted && bytes.data[i] == '\\') {
			i++;
		} else if (!quoted && bytes.data[i] == (uint8_t)mark) {
			break;
		}
	}
	return i < bytes.len ? i : bytes.len;
}

static struct bytes
cut(struct bytes *rest, char mark)
{
	size_t len = reach(*rest, mark);
	struct bytes part = bytes_of(rest->data, len);
	size_t used = len < rest->len ? len + 1 : len;

	rest->data += used;
	rest->len -= used;
	return trim(part);
}

bool
header_next(struct bytes *list, struct bytes *item_out)
{
	while (list->len > 0) {
		*item_out = cut(list, ',');
		if (item_out->len > 0) {
			return true;
		}
	}
	return false;
}

struct bytes
header_main(struct bytes item)
{
	return cut(&item, ';');
}

bool
header_parameter(struct bytes item, const char *name, struct bytes *value_out)
{
	unsigned found = 0;

	cut(&item, ';');
	while (item.len > 0) {
		struct bytes value = cut(&item, ';');
		struct bytes key = cut(&value, '=');

		if (!header_is(key, name)) {
			continue;
		}
		if (value.len >= 2 && value.data[0] == '"' &&
		    value.data[value.len - 1] == '"') {
			value = bytes_of(value.data + 1, value.len - 2);
		}
		*value_out = value;
		found++;
	}
	return found == 1;
}

static struct bytes
unquote(struct bytes value)
{
	if (value.len >= 2 && value.data[0] == '"' &&
	    value.data[value.len - 1] == '"') {
		return bytes_of(value.data + 1, value.len - 2);
	}
	return value;
}

/* Up to the next mark, or all that is left. */
static struct bytes
take(struct bytes *rest, char mark)
{
	const uint8_t *found = memchr(rest->data, mark, rest->len);
	size_t len = found != NULL ? (size_t)(found - rest->data) : rest->len;
	struct bytes part = bytes_of(rest->data, len);
	size_t used = len < rest->len ? len + 1 : len;

	rest->data += used;
	rest->len -= used;
	return trim(part);
}

/*
 * Pairs end at ";" whatever stands in them (RFC 6265, 5.2): a quote that some
 * other cookie leaves open hides none behind it.
 */
bool
header_cookie(const struct head *head, const char *name,
    struct bytes *value_out)
{
	*value_out = NO_BYTES;
	for (unsigned i = 0; i < head->count; i++) {
		struct bytes rest = head->fields[i].value;

		if (!header_is(head->fields[i].name, "cookie")) {
			continue;
		}
		while (rest.len > 0) {
			struct bytes value = take(&rest, ';');
			struct bytes key = take(&value, '=');

			if (bytes_equal(key, bytes_of_text(name))) {
				*value_out = unquote(value);
				return true;
			}
		}
	}
	return false;
}

/* "0.8" in thousandths (RFC 9110, 12.4.2); what is malformed counts as 0. */
static unsigned
read_weight(struct bytes text)
{
	unsigned weight = 0;
	unsigned unit = 1000;

	if (text.len == 0 || text.len > 5 || text.data[0] > '1' ||
	    text.data[0] < '0' || (text.len > 1 && text.data[1] != '.')) {
		return 0;
	}
	for (size_t i = 0; i < text.len; i++) {
		if (i == 1) {
			continue;
		}
		if (text.data[i] < '0' || text.data[i] > '9') {
			return 0;
		}
		weight += (unsigned)(text.data[i] - '0') * unit;
		unit /= 10;
	}
	return weight < 1000 ? weight : 1000;
}

static unsigned
weight_of(struct bytes item)
{
	struct bytes name = cut(&item, ';');

	(void)name;
	while (item.len > 0) {
		struct bytes value = cut(&item, ';');
		struct bytes key = cut(&value, '=');

		if (header_is(key, "q")) {
			return read_weight(value);
		}
	}
	return 1000;
}

/* The same, or the same up to a "-": a language range's prefix. */
static bool
is_kind_of(struct bytes item, const char *name)
{
	size_t len = strlen(name);

	return header_is(item, name) ||
	       (item.len > len && item.data[len] == '-' &&
	           header_is(bytes_of(item.data, len), name));
}

unsigned
header_weight(const struct head *head, const char *field, const char *name)
{
	unsigned best = 0;
	struct bytes list;
	struct bytes item;

	header_find(head, field, &list);
	while (header_next(&list, &item)) {
		unsigned weight = weight_of(item);

		if (is_kind_of(header_main(item), name) && weight > best) {
			best = weight;
		}
	}
	return best;
}

bool
header_number(struct bytes value, uint64_t *number_out)
{
	uint64_t number = 0;

	if (value.len < 1 || value.len > 16) {
		return false;
	}
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9') {
			return false;
		}
		number = number * 10 + (uint64_t)(value.data[i] - '0');
	}
	if (number >= 1ull << 53) {
		return false;
	}
	*number_out = number;
	return true;
}
