/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/tile.h"

#include "base/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void
tile_path_format(char text[TILE_PATH_MAX], const struct tile *tile)
{
	uint64_t group = 1;
	int len = tile->is_entries
	              ? snprintf(text, TILE_PATH_MAX, "tile/entries/")
	              : snprintf(text, TILE_PATH_MAX, "tile/%u/", tile->level);

	/* Groups of three digits; all but the last begin with an x. */
	while (tile->index / group >= 1000) {
		group *= 1000;
	}
	for (; group > 0; group /= 1000) {
		len += snprintf(text + len, TILE_PATH_MAX - (size_t)len,
		    "%s%03" PRIu64 "%s", group > 1 ? "x" : "",
		    tile->index / group % 1000, group > 1 ? "/" : "");
	}
	if (tile->width < TILE_WIDTH) {
		snprintf(text + len, TILE_PATH_MAX - (size_t)len, ".p/%u",
		    tile->width);
	}
}

static bool
take_digits(const char **text, int count, uint64_t *value)
{
	for (int i = 0; i < count; i++) {
		if (**text < '0' || **text > '9') {
			return false;
		}
		*value = *value * 10 + (uint64_t)(*(*text)++ - '0');
	}
	return true;
}

static bool
take_index(const char **text, uint64_t *index)
{
	*index = 0;
	for (int groups = 0; **text == 'x'; groups++) {
		(*text)++;
		if (groups >= 5 || !take_digits(text, 3, index) ||
		    *(*text)++ != '/') {
			return false;
		}
	}
	return take_digits(text, 3, index);
}

bool
tile_path_parse(struct tile *tile_out, const char *text)
{
	static const char entries[] = "tile/entries/";
	char again[TILE_PATH_MAX];
	struct tile tile = { .width = TILE_WIDTH };
	const char *rest = text;
	char *end;

	if (strncmp(rest, entries, sizeof(entries) - 1) == 0) {
		tile.is_entries = true;
		rest += sizeof(entries) - 1;
	} else if (strncmp(rest, "tile/", 5) == 0 && rest[5] >= '0' &&
	           rest[5] <= '0' + (int)TILE_LEVEL_MAX && rest[6] == '/') {
		tile.level = (unsigned)(rest[5] - '0');
		rest += 7;
	} else {
		return false;
	}
	if (!take_index(&rest, &tile.index)) {
		return false;
	}
	if (strncmp(rest, ".p/", 3) == 0 && rest[3] >= '1' && rest[3] <= '9') {
		unsigned long width = strtoul(rest + 3, &end, 10);

		if (width >= TILE_WIDTH) {
			return false;
		}
		tile.width = (unsigned)width;
		rest = end;
	}
	/* One spelling a tile: what we would write is what was read. */
	tile_path_format(again, &tile);
	if (*rest != '\0' || strcmp(again, text) != 0) {
		return false;
	}
	*tile_out = tile;
	return true;
}

unsigned
tile_width(const struct tile *tile, uint64_t size)
{
	uint64_t hashes = size >> (8 * tile->level);
	uint64_t start = tile->index * TILE_WIDTH;

	if (tile->index > hashes / TILE_WIDTH || hashes <= start) {
		return 0;
	}
	return hashes - start < TILE_WIDTH ? (unsigned)(hashes - start)
	                                   : TILE_WIDTH;
}

int
tile_entry_encode(struct buf *out, struct bytes entry, struct fault *fault)
{
	uint8_t len[2];

	if (entry.len > TILE_ENTRY_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a log entry of %zu bytes; at most %u fit", entry.len,
		    TILE_ENTRY_MAX);
	}
	wire_put_u16be(len, (uint16_t)entry.len);
	buf_add(out, len, sizeof(len));
	buf_add_bytes(out, entry);
	return buf_check(out, fault);
}

int
tile_entry_decode(struct bytes *rest, struct bytes *entry_out,
    struct fault *fault)
{
	size_t len;

	if (rest->len == 0) {
		return 0;
	}
	len = rest->len >= 2 ? wire_get_u16be(rest->data) : 0;
	if (rest->len < 2 + len) {
		return fault_set(fault, FAULT_INVALID,
		    "the entries tile ends inside an entry");
	}
	*entry_out = bytes_of(rest->data + 2, len);
	rest->data += 2 + len;
	rest->len -= 2 + len;
	return 1;
}
