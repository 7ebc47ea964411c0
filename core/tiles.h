/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_TILES_H
#define CORE_TILES_H

#include "archive/merkle.h"

/*
 * Tiles of the log's Merkle tree that were computed a short while ago: all
 * subtrees of 256 leaves that follow each other.  A proof asks for one
 * subtree of each level of a tile, and the proofs of one dossier mostly ask
 * for the same few tiles.
 *
 * Thread:  a tile is its maker's until it is added; all else any.
 */
#define TILES_LEVEL  8u
#define TILES_LEAVES (1u << TILES_LEVEL)

struct tiles;

struct tiles *tiles_new(void);
void tiles_free(struct tiles *tiles);

/* Whether the tile of a subtree below TILES_LEVEL is there. */
bool tiles_find(struct tiles *tiles, unsigned level, uint64_t index,
    struct sha256 *hash_out);

/* A tile on its way: leaves are added one by one, all of them. */
struct tile;

struct tile *tile_new(uint64_t number);
void tile_free(struct tile *tile);
void tile_add_leaf(struct tile *tile, const struct sha256 *leaf);
/* One of its subtrees, once all leaves are there.  Borrowed. */
const struct sha256 *tile_hash(const struct tile *tile, unsigned level,
    uint64_t index);
/* The tile that was not asked for longest goes.  Owner: tile is taken. */
void tiles_add(struct tiles *tiles, struct tile *tile);

#endif
