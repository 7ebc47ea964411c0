/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A blob that was found is the list of its chunks' names, copied from its rows
 * (blob_row.c), and is read chunk by chunk.  Pinned, it holds these names.  A
 * small one is its bytes, copied likewise, and has no chunks.
 */

#include "storage/blob.h"

#include "base/clock.h"
#include "base/memory.h"
#include "storage/blob_row.h"
#include "storage/chunk.h"
#include "storage/hold.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux 6.5, <linux/mman.h> and <asm/unistd.h>; the same number everywhere. */
#define SYS_CACHESTAT 451
#define PAGE_BYTES    4096u
#define WARM_BYTES    (1u << 20)
#define WARM_US       100000

struct cachestat_range {
	uint64_t at;
	uint64_t len;
};

struct cachestat_counts {
	uint64_t cached; /* pages, those that are being read included */
	uint64_t dirty;
	uint64_t written;
	uint64_t evicted;
	uint64_t recently_evicted;
};

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* Linux 5.14, <linux/mman.h> */
#endif

struct blob {
	struct chunks *chunks;
	struct blob_ref ref;
	const struct sha256 *names; /* in the arena */
	size_t count;
	bool is_small;
	struct bytes small; /* in the arena */
	struct hold *hold;  /* while pinned */
	unsigned pins;
	const uint8_t *warm; /* WARM_BYTES from here were in memory */
	int64_t warm_until;  /* clock_ticks(): believe it no longer */
};

/* Copy the names of row `row` behind the others. */
static int
read_row(struct snapshot *snapshot, const struct blob *blob, uint32_t row,
    struct sha256 *names, struct arena *arena, struct fault *fault)
{
	size_t at = (size_t)row * BLOB_ROW_NAMES;
	size_t some = blob->count - at < BLOB_ROW_NAMES ? blob->count - at
	                                                : BLOB_ROW_NAMES;
	struct bytes value;
	struct key key;
	int found;

	blob_row_key(&key, &blob->ref.sum, row);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	if (found < 0) {
		return -1;
	}
	if (found == 0 || value.len != some * SHA256_BYTES) {
		return fault_set(fault, FAULT_CORRUPT, "row %u of a blob is %s",
		    (unsigned)row,
		    found == 0 ? "missing" : "of another length");
	}
	memcpy(&names[at], value.data, value.len);
	return 0;
}

static int
read_rows(struct snapshot *snapshot, struct blob *blob, struct bytes first,
    struct arena *arena, struct fault *fault)
{
	struct sha256 *names =
	    arena_alloc(arena, blob->count * sizeof(*names) + 1);
	struct arena *scratch = NULL;
	int rc = 0;

	if (first.len > 0) {
		memcpy(names, first.data, first.len);
	}
	blob->names = names;
	if (blob->count <= BLOB_ROW_NAMES) {
		return 0;
	}
	scratch = arena_new();
	for (uint32_t row = 1; rc == 0 && row * BLOB_ROW_NAMES < blob->count;
	     row++) {
		rc = read_row(snapshot, blob, row, names, scratch, fault);
		arena_reset(scratch);
	}
	arena_free(scratch);
	return rc;
}

static int
read_small(struct snapshot *snapshot, struct blob *blob, struct arena *arena,
    struct fault *fault)
{
	struct key key;
	int found;

	blob_row_key(&key, &blob->ref.sum, 1);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &blob->small,
	    fault);
	if (found < 0) {
		return -1;
	}
	if (found == 0 || blob->small.len != blob->ref.size) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the bytes of a small blob are %s",
		    found == 0 ? "missing" : "of another length");
	}
	return 0;
}

static void
unpin_all(void *arg)
{
	struct blob *blob = arg;

	hold_free(blob->hold);
	blob->hold = NULL;
	blob->pins = 0;
}

int
blob_find(struct snapshot *snapshot, const struct sha256 *sum,
    struct arena *arena, struct blob **blob_out, struct fault *fault)
{
	struct blob *blob;
	struct blob_head head;
	struct bytes row;
	struct key key;
	char text[SHA256_TEXT];
	int found;

	blob_row_key(&key, sum, 0);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &row, fault);
	if (found != 1) {
		return found;
	}
	blob = arena_alloc(arena, sizeof(*blob));
	blob->chunks = store_chunks(snapshot_store(snapshot));
	blob->ref.sum = *sum;
	if (blob_row_parse(&head, row, fault) < 0) {
		goto refuse;
	}
	blob->ref.size = head.size;
	blob->is_small = head.is_small;
	blob->count = head.is_small ? 0 : blob_row_chunks(head.size);
	if (head.is_small
	        ? read_small(snapshot, blob, arena, fault) < 0
	        : read_rows(snapshot, blob, head.names, arena, fault) < 0) {
		goto refuse;
	}
	arena_defer(arena, unpin_all, blob);
	*blob_out = blob;
	return 1;
refuse:
	sha256_format(text, sum);
	fault_prefix(fault, "blob %s", text);
	return -1;
}

void
blob_put_small(struct writes *writes, const struct sha256 *sum,
    struct bytes bytes)
{
	const struct blob_ref ref = { *sum, bytes.len };

	assert(bytes.len > 0 && bytes.len <= BLOB_SMALL_BYTES);
	blob_row_put_bytes(writes, &ref, bytes);
}

struct blob *
blob_of_names(struct chunks *chunks, const struct blob_ref *ref,
    const struct sha256 *names, struct arena *arena)
{
	struct blob *blob = arena_alloc(arena, sizeof(*blob));

	*blob = (struct blob){ .chunks = chunks,
		.ref = *ref,
		.names = names,
		.count = blob_row_chunks(ref->size) };
	return blob;
}

uint64_t
blob_size(const struct blob *blob)
{
	return blob->ref.size;
}

const struct sha256 *
blob_sum(const struct blob *blob)
{
	return &blob->ref.sum;
}

/* A chunk that a row names and that is not there; always -1. */
static int
missing(const struct blob *blob, size_t index, struct fault *fault)
{
	char sum[SHA256_TEXT];
	char name[SHA256_TEXT];

	sha256_format(sum, &blob->ref.sum);
	sha256_format(name, &blob->names[index]);
	return fault_set(fault, FAULT_CORRUPT,
	    "blob %s: chunk %zu (%s) is missing", sum, index, name);
}

/* The bytes of a chunk where they are stored. */
static int
find_chunk(struct blob *blob, size_t index, struct bytes *bytes_out,
    struct fault *fault)
{
	size_t len = blob_row_chunk_bytes(blob->ref.size, index);
	struct bytes stored;
	int found =
	    chunk_map(blob->chunks, &blob->names[index], &stored, fault);

	if (found < 0) {
		return -1;
	}
	if (found == 0 || stored.len < len) {
		return missing(blob, index, fault);
	}
	*bytes_out = bytes_of(stored.data, len);
	return 0;
}

static int
find_proven(struct blob *blob, size_t index, struct bytes *bytes_out,
    struct fault *fault)
{
	if (find_chunk(blob, index, bytes_out, fault) < 0) {
		return -1;
	}
	return chunk_prove(blob->chunks, &blob->names[index], *bytes_out,
	    bytes_out->len, fault);
}

int
blob_read(struct blob *blob, uint64_t offset, void *buffer, size_t len,
    struct fault *fault)
{
	uint8_t *out = buffer;

	if (offset > blob->ref.size || len > blob->ref.size - offset) {
		return fault_set(fault, FAULT_INVALID,
		    "bytes %llu to %llu of a blob of %llu",
		    (unsigned long long)offset,
		    (unsigned long long)(offset + len),
		    (unsigned long long)blob->ref.size);
	}
	if (blob->is_small && len > 0) {
		memcpy(out, blob->small.data + offset, len);
		return 0;
	}
	while (len > 0) {
		size_t index = (size_t)(offset / CHUNK_BYTES);
		size_t from = (size_t)(offset % CHUNK_BYTES);
		size_t some =
		    len < CHUNK_BYTES - from ? len : CHUNK_BYTES - from;
		struct bytes chunk;
		int found;

		if (find_proven(blob, index, &chunk, fault) < 0) {
			return -1;
		}
		/* Nothing but a transaction holds its place without a pin. */
		found = chunk_get(blob->chunks, &blob->names[index], from, out,
		    some, fault);
		if (found != 1) {
			return found < 0 ? -1 : missing(blob, index, fault);
		}
		offset += some;
		out += some;
		len -= some;
	}
	return 0;
}

void
blob_pin(struct blob *blob)
{
	if (blob->pins++ == 0) {
		blob->hold = hold_of(chunks_holds(blob->chunks), blob->names,
		    blob->count);
	}
}

void
blob_unpin(struct blob *blob)
{
	assert(blob->pins > 0);
	if (--blob->pins == 0) {
		unpin_all(blob);
	}
}

/* What lies in no chunk: the end, and small bytes. */
static bool
is_elsewhere(const struct blob *blob, uint64_t offset, struct bytes *bytes_out)
{
	assert(blob->pins > 0);
	if (offset >= blob->ref.size) {
		*bytes_out = NO_BYTES;
		return true;
	}
	if (blob->is_small) {
		*bytes_out = bytes_of(blob->small.data + offset,
		    blob->small.len - offset);
		return true;
	}
	return false;
}

/* Of a chunk, from the blob's offset on. */
static struct bytes
run_of(struct bytes chunk, uint64_t offset)
{
	size_t from = (size_t)(offset % CHUNK_BYTES);

	return bytes_of(chunk.data + from, chunk.len - from);
}

int
blob_map(struct blob *blob, uint64_t offset, struct bytes *bytes_out,
    struct fault *fault)
{
	size_t index = (size_t)(offset / CHUNK_BYTES);
	struct bytes chunk;

	if (is_elsewhere(blob, offset, bytes_out)) {
		return 0;
	}
	if (find_proven(blob, index, &chunk, fault) < 0) {
		return -1;
	}
	*bytes_out = run_of(chunk, offset);
	return 0;
}

int
blob_file(const struct blob *blob, struct bytes run, uint64_t *at_out)
{
	return blob->is_small ? -1 : chunk_file(blob->chunks, run.data, at_out);
}

/* The pages that hold the run. */
static uint8_t *
pages_of(struct bytes run, size_t *len_out)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = (uintptr_t)run.data & ~(page - 1);

	*len_out = (uintptr_t)run.data + run.len - from;
	return (uint8_t *)from;
}

/* What mincore() says of so many pages. */
static bool
are_in_memory(uint8_t *pages, size_t count)
{
	unsigned char in_memory[CHUNK_BYTES / PAGE_BYTES + 2];

	assert(count <= sizeof(in_memory));
	if (mincore(pages, count * PAGE_BYTES, in_memory) != 0) {
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		if ((in_memory[i] & 1) == 0) {
			return false;
		}
	}
	return true;
}

/*
 * Whether all of `len` bytes from the page at `at` on are cached: 1 they are,
 * 0 not, -1 the kernel cannot tell.  What is cached may still be on its way
 * from the disk, the last page longest.
 */
static int
is_cached(const struct blob *blob, uint8_t *pages, size_t len)
{
	size_t count = (len + PAGE_BYTES - 1) / PAGE_BYTES;
	struct cachestat_range range = { .len = count * PAGE_BYTES };
	struct cachestat_counts counts;
	int file = blob_file(blob, bytes_of(pages, len), &range.at);

	if (file < 0 || syscall(SYS_CACHESTAT, file, &range, &counts, 0) != 0) {
		return -1;
	}
	return counts.cached >= count &&
	       are_in_memory(pages + (count - 1) * PAGE_BYTES, 1);
}

/*
 * mincore() looks up every page that this process has not touched, and what
 * the kernel sends is never touched: 13 us a MiB, against 2 where it counts
 * what is cached.  Chunks of a blob mostly follow each other in the file, so
 * one question is asked for several.
 */
static bool
is_warm(struct blob *blob, struct bytes run)
{
	int64_t now = clock_ticks();
	size_t len;
	uint8_t *pages = pages_of(run, &len);
	int cached = 0;

	if (pages >= blob->warm && pages + len <= blob->warm + WARM_BYTES &&
	    now < blob->warm_until) {
		return true;
	}
	if (len <= WARM_BYTES) {
		cached = is_cached(blob, pages, WARM_BYTES);
	}
	if (cached == 1) {
		blob->warm = pages;
		blob->warm_until = now + WARM_US;
	} else if (cached == 0) {
		cached = is_cached(blob, pages, len);
	}
	return cached >= 0
	           ? cached == 1
	           : are_in_memory(pages, (len + PAGE_BYTES - 1) / PAGE_BYTES);
}

void
blob_warm(struct bytes run)
{
	size_t len;
	uint8_t *pages = pages_of(run, &len);

	if (run.len > 0 && madvise(pages, len, MADV_POPULATE_READ) != 0) {
		/* Before Linux 5.14: the kernel reads in its own time. */
		madvise(pages, len, MADV_WILLNEED);
	}
}

int
blob_peek(struct blob *blob, uint64_t offset, struct bytes *bytes_out,
    struct fault *fault)
{
	size_t index = (size_t)(offset / CHUNK_BYTES);
	struct bytes chunk;

	if (is_elsewhere(blob, offset, bytes_out)) {
		return 1;
	}
	if (find_chunk(blob, index, &chunk, fault) < 0) {
		return -1;
	}
	*bytes_out = run_of(chunk, offset);
	return chunk_is_proven(blob->chunks, &blob->names[index], chunk) &&
	       is_warm(blob, *bytes_out);
}

static int
compare_chunk(struct blob *blob, size_t index, struct bytes wanted,
    struct fault *fault)
{
	struct bytes stored;
	char name[SHA256_TEXT];

	if (find_chunk(blob, index, &stored, fault) < 0) {
		return -1;
	}
	if (!bytes_equal(stored, wanted)) {
		sha256_format(name, &blob->names[index]);
		return fault_set(fault, FAULT_CORRUPT,
		    "chunk %zu (%s) has other bytes", index, name);
	}
	return 0;
}

int
blob_compare(struct blob *blob, struct bytes bytes, struct fault *fault)
{
	assert(!blob->is_small && bytes.len == blob->ref.size);
	for (size_t i = 0; i < blob->count; i++) {
		struct bytes wanted = bytes_of(bytes.data + i * CHUNK_BYTES,
		    blob_row_chunk_bytes(blob->ref.size, i));

		if (compare_chunk(blob, i, wanted, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Hash one chunk, alone and as part of the whole. */
static int
verify_chunk(struct blob *blob, size_t index, struct sha256_stream *whole,
    struct fault *fault)
{
	struct sha256 sum;
	struct bytes bytes;
	char name[SHA256_TEXT];

	if (find_chunk(blob, index, &bytes, fault) < 0) {
		return -1;
	}
	sum = sha256_of(bytes);
	if (memcmp(&sum, &blob->names[index], sizeof(sum)) != 0) {
		sha256_format(name, &blob->names[index]);
		return fault_set(fault, FAULT_CORRUPT,
		    "chunk %zu (%s) has other bytes", index, name);
	}
	sha256_stream_add(whole, bytes);
	return 0;
}

int
blob_verify(struct blob *blob, struct fault *fault)
{
	struct sha256_stream *whole = sha256_stream_new();
	struct sha256 sum;
	char text[SHA256_TEXT];
	int rc = 0;

	blob_pin(blob);
	if (blob->is_small) {
		sha256_stream_add(whole, blob->small);
	}
	for (size_t i = 0; rc == 0 && i < blob->count; i++) {
		rc = verify_chunk(blob, i, whole, fault);
	}
	blob_unpin(blob);
	sum = sha256_stream_end(whole);
	sha256_stream_free(whole);
	if (rc == 0 && memcmp(&sum, &blob->ref.sum, sizeof(sum)) != 0) {
		rc = fault_set(fault, FAULT_CORRUPT,
		    "the whole has another sum");
	}
	if (rc < 0) {
		sha256_format(text, &blob->ref.sum);
		fault_prefix(fault, "blob %s", text);
	}
	return rc;
}
