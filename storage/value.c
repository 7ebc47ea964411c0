/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     nothing                            an empty value
 *     0, the bytes                       up to 4,079 bytes
 *     1, u32 length, u64 first piece     longer ones, in table `pieces`:
 *                                        u64 number -> 4,080 bytes, the last
 *                                        one shorter; numbers follow on
 *
 * (Integers are big-endian.)  A value above 4,080 bytes would need several
 * free pages side by side, and LMDB 0.9 looks for them by reading its whole
 * list of free pages, in every transaction anew: measured at 145 ms a put
 * after half a million small deletions.  Cut to pages, it never looks.
 *
 * What is there already is not written again: an index row that stays the
 * same costs a look-up and dirties no page.
 */

#include "storage/value.h"

#include "base/wire.h"

#include <errno.h>

#define TAG_INLINE       0u
#define TAG_PIECES       1u
#define PIECE_BYTES      4080u /* with LMDB's header of 16 one page of 4,096 */
#define INLINE_MAX_BYTES (PIECE_BYTES - 1)
#define STUB_BYTES       13u

struct stub {
	size_t len;
	uint64_t first;
};

static bool
is_stub(MDB_val raw)
{
	return raw.mv_size > 0 && *(const uint8_t *)raw.mv_data == TAG_PIECES;
}

static int
read_stub(MDB_val raw, struct stub *stub_out)
{
	const uint8_t *data = raw.mv_data;

	if (raw.mv_size != STUB_BYTES) {
		return EILSEQ;
	}
	stub_out->len = wire_get_u32be(data + 1);
	stub_out->first = wire_get_u64be(data + 5);
	return stub_out->len > INLINE_MAX_BYTES &&
	               stub_out->len <= VALUE_MAX_BYTES
	           ? 0
	           : EILSEQ;
}

static int
delete_pieces(const struct place *place, MDB_val raw)
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
is_same(MDB_val raw, struct bytes head, struct bytes body)
{
	const uint8_t *data = raw.mv_data;
	size_t len = head.len + body.len;

	if (len == 0 || raw.mv_size == 0) {
		return len == raw.mv_size;
	}
	return data[0] == TAG_INLINE && raw.mv_size == len + 1 &&
	       (head.len == 0 || memcmp(data + 1, head.data, head.len) == 0) &&
	       (body.len == 0 ||
	           memcmp(data + 1 + head.len, body.data, body.len) == 0);
}

static int
put_inline(const struct place *place, struct bytes head, struct bytes body,
    unsigned flags)
{
	size_t len = head.len + body.len;
	MDB_val key = records_val(place->key);
	MDB_val value = { len > 0 ? len + 1 : 0, NULL };
	uint8_t *data;
	int code = mdb_put(place->txn, place->table, &key, &value,
	    flags | MDB_RESERVE);

	if (code != 0 || len == 0) {
		return code;
	}
	data = value.mv_data;
	data[0] = TAG_INLINE;
	if (head.len > 0) {
		memcpy(data + 1, head.data, head.len);
	}
	if (body.len > 0) {
		memcpy(data + 1 + head.len, body.data, body.len);
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
	wire_put_u32be(stub + 1, (uint32_t)len);
	wire_put_u64be(stub + 5, first);
	return mdb_put(place->txn, place->table, &row_key, &row, flags);
}

static int
put_new(const struct place *place, struct bytes head, struct bytes body,
    unsigned flags)
{
	return head.len + body.len <= INLINE_MAX_BYTES
	           ? put_inline(place, head, body, flags)
	           : put_pieces(place, head, body, flags);
}

int
value_put(const struct place *place, struct bytes head, struct bytes body)
{
	MDB_val key = records_val(place->key);
	MDB_val old;
	int code = mdb_get(place->txn, place->table, &key, &old);

	if (code == 0 && is_same(old, head, body)) {
		return 0;
	}
	if (code == 0 && is_stub(old)) {
		code = delete_pieces(place, old);
	}
	if (code != 0 && code != MDB_NOTFOUND) {
		return code;
	}
	return put_new(place, head, body, 0);
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
	if (is_stub(old)) {
		code = delete_pieces(place, old);
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
value_size(MDB_val raw, size_t *size_out)
{
	struct stub stub = { 0 };
	int code = 0;

	if (is_stub(raw)) {
		code = read_stub(raw, &stub);
		*size_out = stub.len;
	} else if (raw.mv_size == 0) {
		*size_out = 0;
	} else {
		*size_out = raw.mv_size - 1;
		code = *(const uint8_t *)raw.mv_data == TAG_INLINE ? 0 : EILSEQ;
	}
	return code;
}

static int
copy_pieces(const struct records *records, MDB_txn *txn, MDB_val raw,
    uint8_t *to, size_t len)
{
	struct stub stub;
	int code = read_stub(raw, &stub);

	for (size_t at = 0; code == 0 && at < len; at += PIECE_BYTES) {
		size_t whole =
		    stub.len - at < PIECE_BYTES ? stub.len - at : PIECE_BYTES;
		uint8_t number[8];
		MDB_val key = { sizeof(number), number };
		MDB_val piece;

		wire_put_u64be(number, stub.first + at / PIECE_BYTES);
		code = mdb_get(txn, records->pieces, &key, &piece);
		if (code == MDB_NOTFOUND ||
		    (code == 0 && piece.mv_size != whole)) {
			code = EILSEQ;
		}
		if (code == 0) {
			memcpy(to + at, piece.mv_data,
			    len - at < whole ? len - at : whole);
		}
	}
	return code;
}

int
value_copy(const struct records *records, MDB_txn *txn, MDB_val raw,
    uint8_t *to, size_t len)
{
	if (is_stub(raw)) {
		return copy_pieces(records, txn, raw, to, len);
	}
	if (len > 0) {
		memcpy(to, (const uint8_t *)raw.mv_data + 1, len);
	}
	return 0;
}
