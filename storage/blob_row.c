/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Row 0 of a blob:
 *
 *      0  u8     format, 1
 *      1  u8     kind, 1: in chunks, 2: in row 1
 *      2  u64be  size of the blob in bytes
 *     10  32 n   names of chunks 0 to n - 1; n is at most 60; 0 for kind 2
 *
 * Row r > 0: names of chunks 60 r to at most 60 r + 59, 32 bytes each; or, of
 * kind 2, row 1 alone: the bytes.  They are not in row 0, so that whoever
 * walks the rows for the names of chunks can step over them.
 *
 * With its key of 37 bytes a full row takes less than half a page of LMDB.
 */

#include "storage/blob_row.h"

#include "base/wire.h"
#include "storage/writes.h"

#define FORMAT     1u
#define IN_CHUNKS  1u
#define IN_ROWS    2u
#define HEAD_BYTES 10u
#define ROW_BYTES  (BLOB_ROW_NAMES * SHA256_BYTES)

_Static_assert(sizeof(struct sha256) == SHA256_BYTES,
    "a list of names is its bytes");
_Static_assert(HEAD_BYTES + ROW_BYTES + 37 + 8 < 2030,
    "two rows fit a page (pages: 4096 less 16, node head 8)");
_Static_assert(BLOB_MAX_BYTES / CHUNK_BYTES * SHA256_BYTES * 3 / 2 <
                   SET_MAX_BYTES,
    "the rows of a blob, with their keys, fit a set");

size_t
blob_row_chunks(uint64_t size)
{
	return (size_t)((size + CHUNK_BYTES - 1) / CHUNK_BYTES);
}

size_t
blob_row_chunk_bytes(uint64_t size, size_t index)
{
	uint64_t rest = size - (uint64_t)index * CHUNK_BYTES;

	return rest < CHUNK_BYTES ? (size_t)rest : CHUNK_BYTES;
}

void
blob_row_key(struct key *key, const struct sha256 *sum, uint32_t row)
{
	key_start(key, TABLE_BLOB);
	key_add_raw(key, bytes_of(sum->bytes, SHA256_BYTES));
	key_add_u32(key, row);
}

void
blob_row_key_behind(struct key *key, struct bytes row)
{
	key_start(key, TABLE_BLOB);
	key_add_raw(key, bytes_of(row.data + 1, SHA256_BYTES));
	key_add_u32(key, 2);
}

/* What it has where it came as a small one. */
static void
delete_bytes(struct writes *writes, const struct blob_ref *ref)
{
	struct key key;

	if (ref->size <= BLOB_SMALL_BYTES) {
		blob_row_key(&key, &ref->sum, 1);
		writes_delete(writes, key_bytes(&key));
	}
}

static void
format_head(uint8_t head[HEAD_BYTES], uint8_t kind, uint64_t size)
{
	head[0] = FORMAT;
	head[1] = kind;
	wire_put_u64be(head + 2, size);
}

void
blob_row_put(struct writes *writes, const struct blob_ref *ref,
    const struct sha256 *names)
{
	size_t count = blob_row_chunks(ref->size);
	uint8_t value[HEAD_BYTES + ROW_BYTES];
	struct key key;

	format_head(value, IN_CHUNKS, ref->size);
	for (size_t at = 0; at == 0 || at < count; at += BLOB_ROW_NAMES) {
		size_t head = at == 0 ? HEAD_BYTES : 0;
		size_t some =
		    count - at < BLOB_ROW_NAMES ? count - at : BLOB_ROW_NAMES;

		if (some > 0) {
			memcpy(value + head, &names[at], some * SHA256_BYTES);
		}
		blob_row_key(&key, &ref->sum, (uint32_t)(at / BLOB_ROW_NAMES));
		writes_put(writes, key_bytes(&key),
		    bytes_of(value, head + some * SHA256_BYTES));
	}
	delete_bytes(writes, ref);
}

void
blob_row_put_bytes(struct writes *writes, const struct blob_ref *ref,
    struct bytes bytes)
{
	uint8_t head[HEAD_BYTES];
	struct key key;

	format_head(head, IN_ROWS, ref->size);
	blob_row_key(&key, &ref->sum, 0);
	writes_put(writes, key_bytes(&key), bytes_of(head, sizeof(head)));
	blob_row_key(&key, &ref->sum, 1);
	writes_put(writes, key_bytes(&key), bytes);
}

void
blob_delete_rows(struct writes *writes, const struct blob_ref *ref)
{
	size_t count = blob_row_chunks(ref->size);
	struct key key;

	for (size_t at = 0; at == 0 || at < count; at += BLOB_ROW_NAMES) {
		blob_row_key(&key, &ref->sum, (uint32_t)(at / BLOB_ROW_NAMES));
		writes_delete(writes, key_bytes(&key));
	}
	delete_bytes(writes, ref);
}

int
blob_row_parse(struct blob_head *head_out, struct bytes row,
    struct fault *fault)
{
	struct blob_head head = { 0 };
	size_t count;

	if (row.len < HEAD_BYTES || row.data[0] != FORMAT ||
	    (row.data[1] != IN_CHUNKS && row.data[1] != IN_ROWS)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a row of %zu bytes is no blob", row.len);
	}
	head.is_small = row.data[1] == IN_ROWS;
	head.size = wire_get_u64be(row.data + 2);
	if (head.size > (head.is_small ? BLOB_SMALL_BYTES : BLOB_MAX_BYTES)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a blob's size of %llu bytes is over its limit",
		    (unsigned long long)head.size);
	}
	count = head.is_small ? 0 : blob_row_chunks(head.size);
	count = count < BLOB_ROW_NAMES ? count : BLOB_ROW_NAMES;
	if (row.len != HEAD_BYTES + count * SHA256_BYTES) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a blob's first row has %zu bytes, not %zu", row.len,
		    HEAD_BYTES + count * SHA256_BYTES);
	}
	head.names = bytes_of(row.data + HEAD_BYTES, row.len - HEAD_BYTES);
	*head_out = head;
	return 0;
}
