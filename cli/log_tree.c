/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Proofs are asked for and checked here: what the server says of itself
 * counts for nothing beyond its signature.
 */

#include "cli/log_tree.h"

#include "archive/merkle.h"
#include "archive/tile.h"
#include "base/base64.h"

#include <inttypes.h>
#include <stdio.h>

#define TILE_BITS 8u /* log2 of TILE_WIDTH */
#define TILE_MAX  (TILE_WIDTH * SHA256_BYTES)

static int
get(struct cli *cli, const char *path, size_t max, struct bytes *bytes_out)
{
	struct buf out;
	int rc;

	buf_init(&out, max);
	rc = client_bytes(cli->client, path, &out, &cli->fault);
	if (rc == 0) {
		*bytes_out = arena_copy(cli->arena, buf_bytes(&out));
	}
	buf_fini(&out);
	return rc;
}

int
log_tree_newest(struct cli *cli, struct bytes *note_out)
{
	return get(cli, "/api/v1/audit/checkpoint", CHECKPOINT_MAX, note_out);
}

int
log_tree_cosigned(struct cli *cli, struct bytes *note_out)
{
	return get(cli, "/api/v1/audit/cosigned", NOTE_TEXT_MAX, note_out);
}

int
log_tree_key(struct cli *cli, struct bytes *vkey_out)
{
	return get(cli, "/api/v1/audit/key", CHECKPOINT_MAX, vkey_out);
}

/* --- roots from tiles ------------------------------------------------------- */

struct tiles {
	struct cli *cli;
	uint64_t size; /* of the newest tree */
};

/*
 * A subtree of level 8 L + r lies in one tile of level L: 2^r hashes of it,
 * which are hashed together here.
 */
static int
find_subtree(void *arg, unsigned level, uint64_t index, struct sha256 *hash_out,
    struct fault *fault)
{
	struct tiles *tiles = arg;
	unsigned inner = level % TILE_BITS;
	uint64_t first = index << inner;
	struct tile tile = { .level = level / TILE_BITS,
		.index = first / TILE_WIDTH };
	struct sha256 hashes[TILE_WIDTH];
	char path[TILE_PATH_MAX];
	struct bytes bytes;
	unsigned count = 1u << inner;
	unsigned from = (unsigned)(first % TILE_WIDTH);

	tile.width = tile_width(&tile, tiles->size);
	if (from + count > tile.width) {
		return fault_set(fault, FAULT_INVALID,
		    "the log is not that long yet");
	}
	tile_path_format(path, &tile);
	if (get(tiles->cli,
	        arena_format(tiles->cli->arena, "/api/v1/audit/%s", path),
	        TILE_MAX, &bytes) < 0) {
		*fault = tiles->cli->fault;
		return -1;
	}
	if (bytes.len != (size_t)tile.width * SHA256_BYTES) {
		return fault_set(fault, FAULT_CORRUPT,
		    "%s does not hold exactly %u hashes", path, tile.width);
	}
	memcpy(hashes, bytes.data + (size_t)from * SHA256_BYTES,
	    (size_t)count * SHA256_BYTES);
	for (; count > 1; count /= 2) {
		for (unsigned i = 0; i < count / 2; i++) {
			hashes[i] =
			    merkle_node(&hashes[2 * i], &hashes[2 * i + 1]);
		}
	}
	*hash_out = hashes[0];
	return 0;
}

int
log_tree_root(struct cli *cli, const struct checkpoint *newest, uint64_t size,
    struct sha256 *root_out)
{
	struct tiles tiles = { cli, newest->size };
	const struct merkle_subtrees subtrees = { find_subtree, &tiles };
	struct merkle_frontier frontier;

	if (size > newest->size) {
		return fault_set(&cli->fault, FAULT_INVALID,
		    "the log has %" PRIu64 " entries as yet, not %" PRIu64,
		    newest->size, size);
	}
	if (merkle_frontier_load(&frontier, size, &subtrees, &cli->fault) < 0) {
		return -1;
	}
	*root_out = merkle_frontier_root(&frontier);
	return 0;
}

/* --- consistency ------------------------------------------------------------- */

static bool
read_proof(struct merkle_proof *proof, const json_t *list)
{
	struct fault ignored;
	struct buf raw;
	json_t *text;
	size_t i;
	bool good =
	    json_is_array(list) && json_array_size(list) <= MERKLE_PROOF_MAX;

	proof->count = 0;
	buf_init(&raw, SHA256_BYTES);
	json_array_foreach(list, i, text)
	{
		buf_reset(&raw);
		good =
		    good && json_is_string(text) &&
		    base64_decode(&raw, bytes_of_text(json_string_value(text)),
		        &ignored) == 0 &&
		    raw.len == SHA256_BYTES;
		if (good) {
			memcpy(proof->hashes[proof->count++].bytes, raw.data,
			    SHA256_BYTES);
		}
	}
	buf_fini(&raw);
	return good;
}

int
log_tree_compare(struct cli *cli, const struct checkpoint *older,
    const struct checkpoint *newer)
{
	struct merkle_proof proof;
	json_t *answer;

	if (older->size > newer->size) {
		return 0;
	}
	if (older->size == newer->size || older->size == 0) {
		return older->size == 0 ||
		       memcmp(older->root.bytes, newer->root.bytes,
		           SHA256_BYTES) == 0;
	}
	if (client_json(cli->client, cli->arena, "GET",
	        arena_format(cli->arena,
	            "/api/v1/audit/consistency?from=%" PRIu64 "&to=%" PRIu64,
	            older->size, newer->size),
	        NULL, &answer, &cli->fault) < 0) {
		return -1;
	}
	return read_proof(&proof, json_object_get(answer, "proof")) &&
	       merkle_consistency_is_valid(&proof, older->size, newer->size,
	           &older->root, &newer->root);
}
