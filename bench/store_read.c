/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reads a second of one thread, from a store in memory's reach:
 *
 *     store_read [FOLDER [SECONDS]]
 *
 * Point reads of a record of 900 bytes, each with a snapshot of its own as
 * requests have and many in one snapshot; and rows of a scan.
 */

#include "base/clock.h"
#include "base/digest.h"
#include "storage/key.h"
#include "storage/store.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#define RECORDS 100000u
#define A_SET   1000u

static uint64_t reads;
static struct fault fault;

static void
must(int is_well)
{
	if (!is_well) {
		fprintf(stderr, "%s\n", fault.text);
		exit(1);
	}
}

static struct key
key_of(uint32_t number)
{
	struct key key;

	key_start(&key, 'r');
	key_add_u32(&key, number * 2654435761u);
	key_add_text(&key, "dossier");
	return key;
}

static void
fill(struct store *store)
{
	static const uint8_t record[900];
	struct arena *arena = arena_new();

	for (uint32_t number = 0; number < RECORDS;) {
		struct writes *writes = writes_new(store, NULL);
		struct writes_result result;

		for (unsigned i = 0; i < A_SET; i++, number++) {
			struct key key = key_of(number);

			writes_put_record(writes, key_bytes(&key), 1,
			    bytes_of(record, sizeof(record)));
		}
		must(writes_commit_wait(writes, &result, arena, &fault) == 0);
	}
	arena_free(arena);
}

static void
read_one(struct snapshot *snapshot, struct arena *arena)
{
	struct key key = key_of((uint32_t)(reads * 7919 % RECORDS));
	struct bytes record;
	uint64_t rev;

	must(snapshot_find_record(snapshot, key_bytes(&key), arena, &rev,
	         &record, &fault) == 1);
	arena_reset(arena);
	reads++;
}

static void
read_in_own_snapshots(struct store *store, struct arena *arena, int64_t until)
{
	while (clock_ticks() < until) {
		for (int i = 0; i < 100; i++) {
			struct snapshot *snapshot;

			must(snapshot_open(&snapshot, store, &fault) == 0);
			read_one(snapshot, arena);
			snapshot_close(snapshot);
		}
	}
}

static void
read_in_one_snapshot(struct store *store, struct arena *arena, int64_t until)
{
	struct snapshot *snapshot;

	must(snapshot_open(&snapshot, store, &fault) == 0);
	while (clock_ticks() < until) {
		for (int i = 0; i < 100; i++) {
			read_one(snapshot, arena);
		}
	}
	snapshot_close(snapshot);
}

static void
read_by_scans(struct store *store, struct arena *arena, int64_t until)
{
	struct snapshot *snapshot;

	(void)arena;
	must(snapshot_open(&snapshot, store, &fault) == 0);
	while (clock_ticks() < until) {
		struct bytes key, value;
		struct scan *scan;

		must(scan_open(&scan, snapshot, NO_BYTES, NO_BYTES, false,
		         &fault) == 0);
		while (scan_next(scan, &key, &value, &fault) == 1) {
			reads++;
		}
		scan_close(scan);
	}
	snapshot_close(snapshot);
}

static int
remove_one(const char *path, const struct stat *stat, int what,
    struct FTW *place)
{
	(void)stat;
	(void)what;
	(void)place;
	return remove(path);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*read)(struct store *store, struct arena *arena,
		    int64_t until);
	} ways[] = {
		{ "records, a snapshot each", read_in_own_snapshots },
		{ "records, one snapshot", read_in_one_snapshot },
		{ "rows of a scan", read_by_scans },
	};

	char own[] = "store-read-XXXXXX";
	const char *path = argc > 1 ? argv[1] : mkdtemp(own);
	int64_t us = (int64_t)((argc > 2 ? atof(argv[2]) : 1) * 1e6);
	struct store_options options = store_presets;
	struct arena *arena = arena_new();
	struct store *store;

	options.path = path;
	options.create = true;
	digest_init();
	must(path != NULL && store_open(&store, &options, &fault) == 0);
	fill(store);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		int64_t start = clock_ticks();

		reads = 0;
		ways[i].read(store, arena, start + us);
		printf("%-26s %9.0f /s\n", ways[i].name,
		    (double)reads * 1e6 / (double)(clock_ticks() - start));
	}
	store_close(store);
	arena_free(arena);
	if (path == own) {
		nftw(own, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	return 0;
}
