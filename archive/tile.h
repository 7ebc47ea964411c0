/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_TILE_H
#define ARCHIVE_TILE_H

#include "base/buf.h"

#include <stdbool.h>

/*
 * Tiles, the form in which a log is served: 256 hashes (or entries) a file.
 * A hash at level l is the root of a full tile of level l - 1, that is of a
 * complete subtree of 256^l leaves.
 *
 * Source:  c2sp.org/tlog-tiles.
 */

#define TILE_WIDTH     256u
#define TILE_LEVEL_MAX 7u /* 256^8 leaves are more than 2^63 */
#define TILE_PATH_MAX  64u
#define TILE_ENTRY_MAX 65535u

struct tile {
	bool is_entries; /* entries instead of hashes; level is 0 */
	unsigned level;
	uint64_t index;
	unsigned width; /* 1 to 256; 256 is a full tile */
};

/* "tile/0/x001/x234/067", "tile/entries/000.p/5"; no slash in front. */
void tile_path_format(char text[TILE_PATH_MAX], const struct tile *tile);
/* Exactly such a path: one spelling a tile. */
bool tile_path_parse(struct tile *tile_out, const char *text);

/* How many hashes (entries) this tile has in a log of `size` leaves. */
unsigned tile_width(const struct tile *tile, uint64_t size);

/* Append one entry of an entries tile.  Errors: FAULT_LIMIT. */
int tile_entry_encode(struct buf *out, struct bytes entry, struct fault *fault);
/* Cut the next entry off.  1 found, 0 at the end, -1 malformed. */
int tile_entry_decode(struct bytes *rest, struct bytes *entry_out,
    struct fault *fault);

#endif
