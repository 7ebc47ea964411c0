/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Entries come in bundles of 256 (C2SP tlog-tiles), each in memory of its
 * own: there are many.
 */

#include "cli/log_entries.h"

#include "archive/tile.h"

#define BUNDLE_MAX (TILE_WIDTH * (TILE_ENTRY_MAX + 2u))

/* Part of the walk that lies in one bundle. */
struct bundle {
	struct tile tile;
	uint64_t from;
	uint64_t to;
	log_entry_fn *emit;
	void *arg;
};

static int
read_bundle(struct cli *cli, const struct bundle *bundle, struct arena *arena,
    struct buf *bytes)
{
	uint64_t index = bundle->tile.index * TILE_WIDTH;
	char path[TILE_PATH_MAX];
	struct bytes entry;
	struct bytes rest;
	int found;

	tile_path_format(path, &bundle->tile);
	if (client_bytes(cli->client,
	        arena_format(arena, "/api/v1/audit/%s", path), bytes,
	        &cli->fault) < 0) {
		return -1;
	}
	rest = buf_bytes(bytes);
	while ((found = tile_entry_decode(&rest, &entry, &cli->fault)) == 1) {
		struct fault unread;
		int rc = 0;

		if (index >= bundle->from && index < bundle->to) {
			rc = bundle->emit(bundle->arg, index,
			    json_read(arena, entry, &unread));
		}
		if (rc != 0) {
			return rc;
		}
		index++;
	}
	return found;
}

int
log_entries_each(struct cli *cli, uint64_t from, uint64_t to, uint64_t size,
    log_entry_fn *emit, void *arg)
{
	struct bundle bundle = { .tile = { .is_entries = true,
		                     .index = from / TILE_WIDTH },
		.from = from,
		.to = to < size ? to : size,
		.emit = emit,
		.arg = arg };
	int rc = 0;

	for (; rc == 0 && bundle.tile.index * TILE_WIDTH < bundle.to;
	     bundle.tile.index++) {
		struct arena *arena = arena_new();
		struct buf bytes;

		bundle.tile.width = tile_width(&bundle.tile, size);
		buf_init(&bytes, BUNDLE_MAX);
		rc = read_bundle(cli, &bundle, arena, &bytes);
		buf_fini(&bytes);
		arena_free(arena);
	}
	return rc;
}
