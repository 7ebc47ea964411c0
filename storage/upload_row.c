/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Row 0 of an upload:
 *
 *      0  u8     format, 1
 *      1  u8     kind: 1 open, 2 complete
 *      2  u64be  length in bytes; all ones: not said yet
 *     10  u64be  offset: bytes received and durable
 *     18  i64be  begun at, UTC microseconds
 *     26  i64be  expires at
 *     34  32     SHA-256: open, of the tail; complete, of the whole
 *     66  u8     length of the owner's id, then the id
 *      .  u16be  length of `about`, then that
 *
 * Row r > 0: names of chunks 60 (r - 1) to at most 60 r - 1, 32 bytes each.
 * An open upload has names of offset / 262,128 whole chunks; the rest of the
 * offset is the length of its tail.
 */

#include "storage/upload_row.h"

#include "base/wire.h"

#include <assert.h>

#define FORMAT     1u
#define OPEN       1u
#define COMPLETE   2u
#define HEAD_BYTES 66u

void
upload_row_key(struct key *key, const char *id, uint32_t row)
{
	key_start(key, TABLE_UPLOAD);
	key_add_text(key, id);
	key_add_u32(key, row);
}

struct bytes
upload_row_format(uint8_t row[UPLOAD_ROW_BYTES],
    const struct upload_state *state)
{
	size_t owner = strlen(state->owner);
	uint8_t *p = row + HEAD_BYTES;

	assert(owner <= UPLOAD_OWNER_MAX);
	assert(state->about.len <= UPLOAD_ABOUT_MAX);
	row[0] = FORMAT;
	row[1] = state->complete ? COMPLETE : OPEN;
	wire_put_u64be(row + 2, state->length);
	wire_put_u64be(row + 10, state->offset);
	wire_put_u64be(row + 18, (uint64_t)state->begun_at);
	wire_put_u64be(row + 26, (uint64_t)state->expires_at);
	memcpy(row + 34, state->sum.bytes, SHA256_BYTES);
	*p++ = (uint8_t)owner;
	memcpy(p, state->owner, owner);
	p += owner;
	wire_put_u16be(p, (uint16_t)state->about.len);
	p += 2;
	if (state->about.len > 0) {
		memcpy(p, state->about.data, state->about.len);
	}
	return bytes_of(row, (size_t)(p - row) + state->about.len);
}

/* Owner and about, behind the head. */
static bool
parse_words(struct upload_state *state, struct bytes rest, struct arena *arena)
{
	size_t owner = rest.len > 0 ? rest.data[0] : 0;

	if (owner > UPLOAD_OWNER_MAX || rest.len < 1 + owner + 2 ||
	    memchr(rest.data + 1, '\0', owner) != NULL) {
		return false;
	}
	state->owner = arena_text_of(arena, bytes_of(rest.data + 1, owner));
	rest = bytes_of(rest.data + 1 + owner, rest.len - 1 - owner);
	if (wire_get_u16be(rest.data) != rest.len - 2) {
		return false;
	}
	state->about = bytes_of(rest.data + 2, rest.len - 2);
	return true;
}

int
upload_row_parse(struct upload_state *state_out, struct bytes row,
    struct arena *arena, struct fault *fault)
{
	if (row.len < HEAD_BYTES || row.data[0] != FORMAT ||
	    (row.data[1] != OPEN && row.data[1] != COMPLETE)) {
		goto refuse;
	}
	state_out->complete = row.data[1] == COMPLETE;
	state_out->length = wire_get_u64be(row.data + 2);
	state_out->offset = wire_get_u64be(row.data + 10);
	state_out->begun_at = (int64_t)wire_get_u64be(row.data + 18);
	state_out->expires_at = (int64_t)wire_get_u64be(row.data + 26);
	memcpy(state_out->sum.bytes, row.data + 34, SHA256_BYTES);
	if (state_out->offset > state_out->length ||
	    state_out->offset > BLOB_MAX_BYTES ||
	    state_out->complete != (state_out->offset == state_out->length)) {
		goto refuse;
	}
	if (parse_words(state_out,
	        bytes_of(row.data + HEAD_BYTES, row.len - HEAD_BYTES), arena)) {
		return 0;
	}
refuse:
	return fault_set(fault, FAULT_CORRUPT,
	    "a row of %zu bytes is no upload", row.len);
}

size_t
upload_row_chunks(const struct upload_state *state)
{
	return state->complete ? blob_row_chunks(state->offset)
	                       : (size_t)(state->offset / CHUNK_BYTES);
}

void
upload_row_put_names(struct writes *writes, const char *id,
    const struct sha256 *names, size_t from, size_t count)
{
	struct key key;

	for (size_t at = from - from % BLOB_ROW_NAMES; at < count;
	     at += BLOB_ROW_NAMES) {
		size_t some =
		    count - at < BLOB_ROW_NAMES ? count - at : BLOB_ROW_NAMES;

		upload_row_key(&key, id, (uint32_t)(at / BLOB_ROW_NAMES) + 1);
		writes_put(writes, key_bytes(&key),
		    bytes_of(&names[at], some * SHA256_BYTES));
	}
}

int
upload_row_read_names(struct snapshot *snapshot, const char *id,
    const struct upload_state *state, struct arena *arena,
    const struct sha256 **names_out, struct fault *fault)
{
	size_t count = upload_row_chunks(state);
	struct sha256 *names = arena_alloc(arena, count * sizeof(*names) + 1);
	struct arena *scratch = arena_new();
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < count; at += BLOB_ROW_NAMES) {
		uint32_t row = (uint32_t)(at / BLOB_ROW_NAMES) + 1;
		size_t some =
		    count - at < BLOB_ROW_NAMES ? count - at : BLOB_ROW_NAMES;
		struct bytes value;
		struct key key;
		int found;

		arena_reset(scratch);
		upload_row_key(&key, id, row);
		found = snapshot_find(snapshot, key_bytes(&key), scratch,
		    &value, fault);
		if (found == 1 && value.len == some * SHA256_BYTES) {
			memcpy(&names[at], value.data, value.len);
		} else if (found >= 0) {
			rc = fault_set(fault, FAULT_CORRUPT,
			    "upload %s: row %u is %s", id, (unsigned)row,
			    found == 0 ? "missing" : "of another length");
		} else {
			rc = -1;
		}
	}
	arena_free(scratch);
	*names_out = names;
	return rc;
}

void
upload_row_delete_all(struct writes *writes, const char *id,
    const struct upload_state *state)
{
	size_t rows =
	    (upload_row_chunks(state) + BLOB_ROW_NAMES - 1) / BLOB_ROW_NAMES;
	struct key key;

	for (size_t row = 0; row <= rows; row++) {
		upload_row_key(&key, id, (uint32_t)row);
		writes_delete(writes, key_bytes(&key));
	}
}
