/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     0, u32 sum, the bytes                   up to 4,075 bytes
 *     1, u32 sum, u32 length, u64 first piece
 *                                             longer ones, in table `pieces`:
 *                                             u64 number -> 4,080 bytes, the
 *                                             last one shorter; numbers
 *                                             follow on
 *
 * (Integers are big-endian.)  The sum is a CRC-32C of the row's key and all
 * its bytes, begun with the length of both, so that neither a damaged byte nor
 * a row that came under another key is taken for what was written.
 *
 * A value above 4,080 bytes would need several
 * free pages side by side, and LMDB 0.9 looks for them by reading its whole
 * list of free pages, in every transaction anew: measured at 145 ms a put
 * after half a million small deletions.  Cut to pages, it never looks.
 *
 * What is there already is not written again: an index row that stays the
 * same costs a look-up and dirties no page.
 */

#include "storage/value.h"

#include "base/crc32c.h"
#include "base/wire.h"

#include <errno.h>

#define TAG_INLINE       0u
#define TAG_PIECES       1u
#define PIECE_BYTES      4080u /* with LMDB's header of 16 one page of 4,096 */
#define HEAD_BYTES       5u    /* tag and sum */
#define INLINE_MAX_BYTES (PIECE_BYTES - HEAD_BYTES)
#define STUB_BYTES       (HEAD_BYTES + 12u)

struct stub {
	size_t len;
	uint64_t first;
};

/* The sum of nothing yet, for a key and a value of these lengths. */
static uint32_t
begin_sum(struct bytes key, size_t len)
{
	return crc32c_add((uint32_t)(key.len << 22) ^ (uint32_t)len, key);
}

static uint32_t
sum_of(struct bytes key, struct bytes head, struct bytes body)
{
	return crc32c_add(crc32c_add(begin_sum(key, head.len + body.len), head),
	    body);
}

static uint32_t
sum_in(struct bytes raw)
{
	return wire_get_u32be(raw.data + 1);
}

static bool
is_stub(struct bytes raw)
{
	return raw.len > 0 && raw.data[0] == TAG_PIECES;
}

static int
read_stub(struct bytes raw, struct stub *stub_out)
{
	if (raw.len != STUB_BYTES) {
		return EILSEQ;
	}
	stub_out->len = wire_get_u32be(raw.data + HEAD_BYTES);
	stub_out->first = wire_get_u64be(raw.data + HEAD_BYTES + 4);
	return stub_out->len > INLINE_MAX_BYTES &&
	               stub_out->len <= VALUE_MAX_BYTES
	           ? 0
	           : EILSEQ;
}

static int
delete_pieces(const struct place *place, struct bytes raw)
{
	struct stub stub;
	uint8_t number[8];
	MDB_val key = { sizeof(number), number };
	int code = read_stub(raw, &stub);

	for (size_t at = 0; code == 0 && at < stub.len; at += PIECE_BYTES) {
		wire_put_u64be(number, stub.first + at / PIECE_BYTES);
		code = mdb_del(place->txn, place->records->pieces, &key, NULL);
	}
	return code == MDB_NOTFOUND ? EILSEQ : code;
}

/* Whether the row holds exactly these bytes (short values alone). */
static bool
is_same(const struct place *place, struct bytes raw, struct bytes head,
    struct bytes body)
{
	const uint8_t *data = raw.data + HEAD_BYTES;

	return raw.len == HEAD_BYTES + head.len + body.len &&
	       raw.data[0] == TAG_INLINE &&
	       (head.len == 0 || memcmp(data, head.data, head.len) == 0) &&
	       (body.len == 0 ||
	           memcmp(data + head.len, body.data, body.len) == 0) &&
	       sum_in(raw) == sum_of(place->key, head, body);
}

/* With MDB_NOOVERWRITE, *old_out is what was found: MDB_KEYEXIST. */
static int
put_inline(const struct place *place, struct bytes head, struct bytes body,
    unsigned flags, MDB_val *old_out)
{
	MDB_val key = records_val(place->key);
	MDB_val value = { HEAD_BYTES + head.len + body.len, NULL };
	uint8_t *data;
	int code = mdb_put(place->txn, place->table, &key, &value,
	    flags | MDB_RESERVE);

	*old_out = value;
	if (code != 0) {
		return code;
	}
	data = value.mv_data;
	data[0] = TAG_INLINE;
	wire_put_u32be(data + 1, sum_of(place->key, head, body));
	if (head.len > 0) {
		memcpy(data + HEAD_BYTES, head.data, head.len);
	}
	if (body.len > 0) {
		memcpy(data + HEAD_BYTES + head.len, body.data, body.len);
	}
	return 0;
}

/* The number behind the last piece. */
static int
next_piece(const struct place *place, uint64_t *number_out)
{
	MDB_cursor *cursor;
	MDB_val key;
	MDB_val value;
	int code = mdb_cursor_open(place->txn, place->records->pieces, &cursor);

	if (code != 0) {
		return code;
	}
	code = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
	*number_out =
	    code == 0 && key.mv_size == 8 ? wire_get_u64be(key.mv_data) + 1 : 0;
	mdb_cursor_close(cursor);
	return code == MDB_NOTFOUND ? 0 : code;
}

/* Copy [at, at + len) of head and body, one after the other. */
static void
copy_range(uint8_t *to, struct bytes head, struct bytes body, size_t at,
    size_t len)
{
	if (at < head.len) {
		size_t part = head.len - at < len ? head.len - at : len;

		memcpy(to, head.data + at, part);
		to += part;
		at += part;
		len -= part;
	}
	if (len > 0) {
		memcpy(to, body.data + (at - head.len), len);
	}
}

static int
put_pieces(const struct place *place, struct bytes head, struct bytes body,
    unsigned flags)
{
	size_t len = head.len + body.len;
	uint8_t stub[STUB_BYTES] = { TAG_PIECES };
	MDB_val row_key = records_val(place->key);
	MDB_val row = { sizeof(stub), stub };
	uint64_t first;
	int code = next_piece(place, &first);

	for (size_t at = 0; code == 0 && at < len; at += PIECE_BYTES) {
		size_t part = len - at < PIECE_BYTES ? len - at : PIECE_BYTES;
		uint8_t number[8];
		MDB_val key = { sizeof(number), number };
		MDB_val value = { part, NULL };

		wire_put_u64be(number, first + at / PIECE_BYTES);
		code = mdb_put(place->txn, place->records->pieces, &key, &value,
		    MDB_APPEND | MDB_RESERVE);
		if (code == 0) {
			copy_range(value.mv_data, head, body, at, part);
		}
	}
	if (code != 0) {
		return code;
	}
	wire_put_u32be(stub + 1, sum_of(place->key, head, body));
	wire_put_u32be(stub + HEAD_BYTES, (uint32_t)len);
	wire_put_u64be(stub + HEAD_BYTES + 4, first);
	return mdb_put(place->txn, place->table, &row_key, &row, flags);
}

static int
put_new(const struct place *place, struct bytes head, struct bytes body,
    unsigned flags)
{
	MDB_val ignored;

	return head.len + body.len <= INLINE_MAX_BYTES
	           ? put_inline(place, head, body, flags, &ignored)
	           : put_pieces(place, head, body, flags);
}

/*
 * Find what is there; a short value whose row is new is put on the way there,
 * since most are and the way down the tree is half of what a put costs.
 * MDB_NOTFOUND: it is for the caller to put.
 */
static int
find_or_put(const struct place *place, struct bytes head, struct bytes body,
    bool *done_out, MDB_val *old_out)
{
	MDB_val key = records_val(place->key);
	int code;

	*done_out = false;
	if (head.len + body.len > INLINE_MAX_BYTES) {
		return mdb_get(place->txn, place->table, &key, old_out);
	}
	code = put_inline(place, head, body, MDB_NOOVERWRITE, old_out);
	*done_out = code == 0;
	return code == MDB_KEYEXIST ? 0 : code;
}

int
value_put(const struct place *place, struct bytes head, struct bytes body)
{
	MDB_val old;
	bool done;
	int code = find_or_put(place, head, body, &done, &old);

	if (done ||
	    (code == 0 && is_same(place, records_bytes(old), head, body))) {
		return 0;
	}
	if (code == 0 && is_stub(records_bytes(old))) {
		code = delete_pieces(place, records_bytes(old));
	}
	if (code != 0 && code != MDB_NOTFOUND) {
		return code;
	}
	return put_new(place, head, body, 0);
}

int
value_add(const struct place *place, struct bytes body)
{
	MDB_val old;

	/* Pieces are there before it is known whether the row was. */
	return body.len <= INLINE_MAX_BYTES
	           ? put_inline(place, NO_BYTES, body, MDB_NOOVERWRITE, &old)
	           : value_put(place, NO_BYTES, body);
}

int
value_append(const struct place *place, struct bytes body)
{
	return put_new(place, NO_BYTES, body, MDB_APPEND);
}

int
value_delete(const struct place *place)
{
	MDB_val key = records_val(place->key);
	MDB_val old;
	int code = mdb_get(place->txn, place->table, &key, &old);

	if (code != 0) {
		return code == MDB_NOTFOUND ? 0 : code;
	}
	if (is_stub(records_bytes(old))) {
		code = delete_pieces(place, records_bytes(old));
	}
	return code != 0 ? code : mdb_del(place->txn, place->table, &key, NULL);
}

size_t
value_pieces(size_t size)
{
	return size <= INLINE_MAX_BYTES
	           ? 0
	           : (size + PIECE_BYTES - 1) / PIECE_BYTES;
}

int
value_size(struct bytes raw, size_t *size_out)
{
	struct stub stub = { 0 };
	int code;

	if (is_stub(raw)) {
		code = read_stub(raw, &stub);
		*size_out = stub.len;
		return code;
	}
	if (raw.len < HEAD_BYTES || raw.len > HEAD_BYTES + INLINE_MAX_BYTES ||
	    raw.data[0] != TAG_INLINE) {
		return EILSEQ;
	}
	*size_out = raw.len - HEAD_BYTES;
	return 0;
}

uint64_t
value_first_piece(struct bytes raw)
{
	struct stub stub;

	return is_stub(raw) && read_stub(raw, &stub) == 0 ? stub.first : 0;
}

static int
find_piece(const struct source *source, uint64_t number,
    struct bytes *piece_out)
{
	uint8_t name[8];
	MDB_val key = { sizeof(name), name };
	MDB_val piece;
	int code;

	wire_put_u64be(name, number);
	if (source->pieces != NULL) {
		code = tree_find(source->pieces, bytes_of(name, sizeof(name)),
		    piece_out);
	} else {
		code =
		    mdb_get(source->txn, source->records->pieces, &key, &piece);
		if (code == 0) {
			*piece_out = records_bytes(piece);
		}
	}
	return code == MDB_NOTFOUND ? EILSEQ : code;
}

/* The piece of a long value that begins at `at` of its bytes. */
static int
read_piece(const struct source *source, const struct stub *stub, size_t at,
    struct bytes *piece_out)
{
	size_t left = stub->len - at;
	int code =
	    find_piece(source, stub->first + at / PIECE_BYTES, piece_out);

	return code == 0 && piece_out->len !=
	                        (left < PIECE_BYTES ? left : PIECE_BYTES)
	           ? EILSEQ
	           : code;
}

static int
copy_pieces(const struct source *source, struct bytes key, struct bytes raw,
    uint8_t *to, size_t len)
{
	struct stub stub;
	int code = read_stub(raw, &stub);

	for (size_t at = 0; code == 0 && at < len; at += PIECE_BYTES) {
		struct bytes piece;

		code = read_piece(source, &stub, at, &piece);
		if (code == 0) {
			memcpy(to + at, piece.data,
			    len - at < piece.len ? len - at : piece.len);
		}
	}
	if (code == 0 && len == stub.len &&
	    sum_of(key, bytes_of(to, len), NO_BYTES) != sum_in(raw)) {
		code = EILSEQ;
	}
	return code;
}

static int
prove_pieces(const struct source *source, struct bytes key, struct bytes raw)
{
	struct stub stub;
	uint32_t sum = 0;
	int code = read_stub(raw, &stub);

	if (code == 0) {
		sum = begin_sum(key, stub.len);
	}
	for (size_t at = 0; code == 0 && at < stub.len; at += PIECE_BYTES) {
		struct bytes piece;

		code = read_piece(source, &stub, at, &piece);
		if (code == 0) {
			sum = crc32c_add(sum, piece);
		}
	}
	return code == 0 && sum != sum_in(raw) ? EILSEQ : code;
}

int
value_inside(struct bytes raw, struct bytes *value_out)
{
	size_t size;
	int code = value_size(raw, &size);

	if (code == 0 && is_stub(raw)) {
		code = EILSEQ;
	}
	if (code == 0) {
		*value_out = bytes_of(raw.data + HEAD_BYTES, size);
	}
	return code;
}

int
value_check(struct bytes key, struct bytes raw)
{
	size_t size;
	int code = value_size(raw, &size);

	if (code == 0 && !is_stub(raw) &&
	    sum_of(key, bytes_of(raw.data + HEAD_BYTES, size), NO_BYTES) !=
	        sum_in(raw)) {
		code = EILSEQ;
	}
	return code;
}

int
value_prove(const void *source, struct bytes key, struct bytes raw)
{
	return source != NULL && is_stub(raw) ? prove_pieces(source, key, raw)
	                                      : value_check(key, raw);
}

int
value_copy(const struct source *source, struct bytes key, struct bytes raw,
    uint8_t *to, size_t len)
{
	int code;

	if (is_stub(raw)) {
		return copy_pieces(source, key, raw, to, len);
	}
	code = value_check(key, raw);
	if (code == 0 && len > 0) {
		memcpy(to, raw.data + HEAD_BYTES, len);
	}
	return code;
}
