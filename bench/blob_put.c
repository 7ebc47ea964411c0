/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Blobs in and out: MiB a second of one large blob, from bytes in memory to
 * durable chunks (hashed twice), and read again from the map with both hashes;
 * durable blobs of 16 KiB a second, each with its rows, one after the other.
 * The plain SHA-256 of the same bytes stands beside.
 *
 *     blob_put [FOLDER [MIB]]
 *
 * FOLDER says which disk is measured (default: a new one in the working
 * folder).
 */

#include "base/clock.h"
#include "base/memory.h"
#include "storage/blob_writer.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE (1u << 20)
#define SMALL 16384u
#define MANY  500

static struct fault fault;

static void
must(int rc)
{
	if (rc < 0) {
		fprintf(stderr, "%s\n", fault.text);
		exit(1);
	}
}

static double
per_second(double count, int64_t since)
{
	return count * 1e6 / (double)(clock_ticks() - since);
}

static void
commit(struct writes *writes)
{
	struct arena *arena = arena_new();
	struct writes_result result;

	must(writes_commit_wait(writes, &result, arena, &fault));
	arena_free(arena);
}

static void
hash_alone(const uint8_t *piece, int mib)
{
	struct sha256_stream *stream = sha256_stream_new();
	int64_t since = clock_ticks();

	for (int i = 0; i < mib; i++) {
		sha256_stream_add(stream, bytes_of(piece, PIECE));
	}
	printf("SHA-256 alone      %8.0f MiB/s\n", per_second(mib, since));
	sha256_stream_free(stream);
}

static struct blob_ref
put_large(struct store *store, uint8_t *piece, int mib)
{
	struct blob_writer *writer = blob_writer_new(store);
	struct writes *writes = writes_new(store, NULL);
	int64_t since = clock_ticks();
	struct blob_ref ref;

	for (int i = 0; i < mib; i++) {
		memcpy(piece, &i, sizeof(i)); /* no two chunks alike */
		must(blob_writer_add(writer, bytes_of(piece, PIECE), &fault));
	}
	must(blob_writer_end(writer, &ref, &fault));
	blob_put_rows(writer, writes);
	commit(writes);
	printf("a large blob in    %8.0f MiB/s\n", per_second(mib, since));
	blob_writer_free(writer);
	return ref;
}

static void
verify_large(struct store *store, const struct blob_ref *ref, int mib)
{
	struct arena *arena = arena_new();
	struct snapshot *snapshot;
	struct blob *blob;
	int64_t since = clock_ticks();

	must(snapshot_open(&snapshot, store, &fault));
	must(blob_find(snapshot, &ref->sum, arena, &blob, &fault));
	snapshot_close(snapshot);
	must(blob_verify(blob, &fault));
	printf("and verified       %8.0f MiB/s\n", per_second(mib, since));
	arena_free(arena);
}

static void
put_small(struct store *store, uint8_t *piece)
{
	int64_t since = clock_ticks();

	for (int i = 0; i < MANY; i++) {
		struct writes *writes = writes_new(store, NULL);
		struct blob_ref ref;

		memcpy(piece + 8, &i, sizeof(i));
		must(blob_put(store, bytes_of(piece, SMALL), writes, &ref,
		    &fault));
		commit(writes);
	}
	printf("blobs of 16 KiB    %8.0f a second\n", per_second(MANY, since));
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
	char own[] = "blob-put-XXXXXX";
	const char *path = argc > 1 ? argv[1] : mkdtemp(own);
	int mib = argc > 2 ? atoi(argv[2]) : 256;
	struct store_options options = store_presets;
	uint8_t *piece = xzalloc(PIECE);
	struct store *store;
	struct blob_ref ref;

	if (path == NULL || mib <= 0) {
		fprintf(stderr, "usage: blob_put [FOLDER [MIB]]\n");
		return 2;
	}
	digest_init();
	options.path = path;
	options.create = true;
	must(store_open(&store, &options, &fault));
	for (uint32_t i = 0; i < PIECE; i++) {
		piece[i] = (uint8_t)(i * 2654435761u >> 13);
	}
	hash_alone(piece, mib);
	ref = put_large(store, piece, mib);
	verify_large(store, &ref, mib);
	put_small(store, piece);
	store_close(store);
	free(piece);
	if (path == own) {
		nftw(own, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	return 0;
}
