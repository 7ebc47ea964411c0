/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Row 0 of a blob:
 *
 *      0  u8     format, 1
 *      1  u8     kind, 1: in chunks (another kind may hold the bytes itself)
 *      2  u64be  size of the blob in bytes
 *     10  32 n   names of chunks 0 to n - 1; n is at most 60
 *
 * Row r > 0: names of chunks 60 r to at most 60 r + 59, 32 bytes each.
 *
 * With its key of 37 bytes a full row takes less than half a page of LMDB.
 */

#include "storage/blob_row.h"

#include "base/wire.h"
#include "storage/writes.h"

#define FORMAT     1u
#define IN_CHUNKS  1u
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
blob_row_put(struct writes *writes, const struct blob_ref *ref,
    const struct sha256 *names)
{
	size_t count = blob_row_chunks(ref->size);
	uint8_t value[HEAD_BYTES + ROW_BYTES];
	struct key key;

	value[0] = FORMAT;
	value[1] = IN_CHUNKS;
	wire_put_u64be(value + 2, ref->size);
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
}

int
blob_row_parse(struct bytes row, uint64_t *size_out, struct bytes *names_out,
    struct fault *fault)
{
	uint64_t size;
	size_t count;

	if (row.len < HEAD_BYTES || row.data[0] != FORMAT ||
	    row.data[1] != IN_CHUNKS) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a row of %zu bytes is no blob", row.len);
	}
	size = wire_get_u64be(row.data + 2);
	if (size > BLOB_MAX_BYTES) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a blob's size of %llu bytes is over %llu",
		    (unsigned long long)size, BLOB_MAX_BYTES);
	}
	count = blob_row_chunks(size);
	count = count < BLOB_ROW_NAMES ? count : BLOB_ROW_NAMES;
	if (row.len != HEAD_BYTES + count * SHA256_BYTES) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a blob's first row has %zu bytes, not %zu", row.len,
		    HEAD_BYTES + count * SHA256_BYTES);
	}
	*size_out = size;
	*names_out = bytes_of(row.data + HEAD_BYTES, row.len - HEAD_BYTES);
	return 0;
}
