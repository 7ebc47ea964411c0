/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The request target.  The common path has no escape and no byte above 127,
 * so its segments are borrowed as they lie; the others are decoded into the
 * arena and brought into NFC.
 */

#include "api/target.h"

#include "api/octet.h"
#include "base/text.h"

/* One percent-encoded octet at `at`: 0-255, or -1. */
static int
escaped(const uint8_t *at, const uint8_t *end)
{
	int high = end - at >= 3 ? octet_hex(at[1]) : -1;
	int low = end - at >= 3 ? octet_hex(at[2]) : -1;

	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* In a path, an escape may not hide what the path's structure is made of. */
static bool
is_hiding(int octet, bool in_path)
{
	return octet == 0 ||
	       (in_path && (octet < 0x20 || octet == 0x7f || octet == '/'));
}

static int
decode(struct bytes raw, bool in_path, struct arena *arena,
    const char **text_out, struct fault *fault)
{
	const uint8_t *end = raw.data + raw.len;
	uint8_t *text = arena_alloc(arena, raw.len + 1);
	size_t len = 0;

	for (const uint8_t *at = raw.data; at < end; at++) {
		if (*at == '+' && !in_path) {
			text[len++] = ' ';
		} else if (*at != '%') {
			text[len++] = *at;
		} else {
			int octet = escaped(at, end);

			if (octet < 0 || is_hiding(octet, in_path)) {
				return fault_set(fault, FAULT_INVALID,
				    "the address holds an escape that is not "
				    "allowed: %.*s",
				    end - at < 3 ? (int)(end - at) : 3,
				    (const char *)at);
			}
			text[len++] = (uint8_t)octet;
			at += 2;
		}
	}
	if (text_nfc(arena, text_out, bytes_of(text, len), fault) < 0) {
		fault_prefix(fault, "the address");
		return -1;
	}
	return 0;
}

static bool
has(struct bytes bytes, char wanted)
{
	return bytes.len > 0 && memchr(bytes.data, wanted, bytes.len) != NULL;
}

static bool
is_dots(struct bytes segment)
{
	return bytes_equal(segment, bytes_of_text(".")) ||
	       bytes_equal(segment, bytes_of_text(".."));
}

static int
add_segment(struct target *target, struct bytes raw, struct arena *arena,
    struct fault *fault)
{
	struct bytes segment = raw;
	const char *text = NULL;

	if (target->segment_count == TARGET_SEGMENTS_MAX) {
		return fault_set(fault, FAULT_INVALID,
		    "the address has more than %u parts", TARGET_SEGMENTS_MAX);
	}
	if (has(raw, '%')) {
		if (decode(raw, true, arena, &text, fault) < 0) {
			return -1;
		}
		segment = bytes_of_text(text);
	}
	if (is_dots(segment)) {
		return fault_set(fault, FAULT_INVALID,
		    "the address holds a \".\" or \"..\" part");
	}
	target->segments[target->segment_count++] = segment;
	return 0;
}

/* The bytes up to the next `mark`, taken from the front with the mark. */
static struct bytes
cut(struct bytes *rest, char mark)
{
	const uint8_t *found =
	    rest->len > 0 ? memchr(rest->data, mark, rest->len) : NULL;
	size_t len = found != NULL ? (size_t)(found - rest->data) : rest->len;
	struct bytes part = bytes_of(rest->data, len);
	size_t used = found != NULL ? len + 1 : len;

	rest->data += used;
	rest->len -= used;
	return part;
}

static int
parse_path(struct target *target, struct arena *arena, struct fault *fault)
{
	/* Without the first slash; "/" alone is one empty segment. */
	struct bytes rest =
	    bytes_of(target->path.data + 1, target->path.len - 1);
	bool more = true;

	while (more) {
		more = has(rest, '/');
		if (add_segment(target, cut(&rest, '/'), arena, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static unsigned
count_pairs(struct bytes query)
{
	unsigned count = 1;

	for (size_t i = 0; i < query.len; i++) {
		count += query.data[i] == '&';
	}
	return count;
}

static int
parse_query(struct target *target, struct bytes query, struct arena *arena,
    struct fault *fault)
{
	unsigned room = count_pairs(query);
	struct target_pair *pairs;

	if (room > TARGET_PAIRS_MAX) {
		return fault_set(fault, FAULT_INVALID,
		    "the query has more than %u parts", TARGET_PAIRS_MAX);
	}
	pairs = arena_alloc(arena, room * sizeof(*pairs));
	target->pairs = pairs;
	while (query.len > 0) {
		struct bytes value = cut(&query, '&');
		struct bytes name = cut(&value, '=');

		if (name.len == 0 && value.len == 0) {
			continue; /* "a=1&&b=2", "?" */
		}
		if (decode(name, false, arena, &pairs->name, fault) < 0 ||
		    decode(value, false, arena, &pairs->value, fault) < 0) {
			return -1;
		}
		pairs++;
		target->pair_count++;
	}
	return 0;
}

int
target_parse(struct target *target, struct bytes raw, struct arena *arena,
    struct fault *fault)
{
	struct bytes query = raw;

	target->path = cut(&query, '?');
	target->segment_count = 0;
	target->pair_count = 0;
	target->pairs = NULL;
	if (target->path.len == 0 || target->path.data[0] != '/') {
		return 0; /* "*" has no segments */
	}
	if (parse_path(target, arena, fault) < 0) {
		return -1;
	}
	return query.len > 0 ? parse_query(target, query, arena, fault) : 0;
}

const char *
target_find(const struct target *target, const char *name)
{
	for (unsigned i = 0; i < target->pair_count; i++) {
		if (strcmp(target->pairs[i].name, name) == 0) {
			return target->pairs[i].value;
		}
	}
	return NULL;
}
