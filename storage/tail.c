/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Key: the upload's id (20 characters), NUL, number u32be: 25 bytes.  Value:
 * the bytes, padded like a chunk so that freed pages fit the next value; how
 * long they are stands in the upload's row.
 */

#include "storage/tail.h"

#include "base/wire.h"
#include "storage/chunk_env.h"
#include "storage/chunk_queue.h"
#include "storage/records.h"

#include <assert.h>
#include <errno.h>

#define KEY_BYTES (ID_TEXT + 4)

struct tail_change {
	struct chunk_op op;
	struct chunks *chunks;
	const char *upload;
	uint32_t number;
	struct bytes data; /* none: nothing is put */
	uint32_t keep_from;
	bool delete_all;
};

static MDB_val
make_key(uint8_t key[KEY_BYTES], const char *upload, uint32_t number)
{
	assert(strlen(upload) == ID_TEXT - 1);
	memcpy(key, upload, ID_TEXT);
	wire_put_u32be(key + ID_TEXT, number);
	return (MDB_val){ .mv_size = KEY_BYTES, .mv_data = key };
}

static bool
is_of(struct bytes key, const char *upload)
{
	return key.len == KEY_BYTES && memcmp(key.data, upload, ID_TEXT) == 0;
}

/* One tail, if its pages and those beside it are sound. */
static int
delete_tail(struct chunks *chunks, MDB_txn *txn, struct bytes name)
{
	MDB_val key = records_val(name);
	struct bytes ignored;
	int code = probe_row(chunks->probe, CHUNK_TAIL, name, PROBE_DELETE, 0,
	    &ignored);

	return code == 0 ? mdb_del(txn, chunks->tail, &key, NULL) : code;
}

/*
 * Those that were there before the transaction, by key: through a cursor has
 * its traps in 0.9.24.  An upload has one tail, after a crash two.
 */
static int
delete_before(const struct tail_change *change, MDB_txn *txn)
{
	struct chunks *chunks = change->chunks;
	uint8_t room[KEY_BYTES];
	MDB_val first = make_key(room, change->upload, 0);
	struct tree_cursor cursor;
	int code = tree_seek(&cursor, probe_tree(chunks->probe, CHUNK_TAIL),
	    records_bytes(first));

	while (code == 0 && is_of(cursor.node.key, change->upload) &&
	       (change->delete_all ||
	           wire_get_u32be(cursor.node.key.data + ID_TEXT) <
	               change->keep_from)) {
		code = delete_tail(chunks, txn, cursor.node.key);
		if (code == 0 || code == MDB_NOTFOUND) {
			code = tree_next(&cursor);
		}
	}
	return code == MDB_NOTFOUND ? 0 : code;
}

static int
put_tail(const struct tail_change *change, MDB_txn *txn)
{
	struct chunks *chunks = change->chunks;
	uint8_t room[KEY_BYTES];
	MDB_val key = make_key(room, change->upload, change->number);
	struct bytes ignored;
	int code = probe_row(chunks->probe, CHUNK_TAIL, records_bytes(key),
	    PROBE_PUT, CHUNK_BYTES, &ignored);

	return code == 0 || code == MDB_NOTFOUND
	           ? chunk_env_put(txn, chunks->tail, &key, change->data, 0)
	           : code;
}

static int
apply(struct chunk_op *op, MDB_txn *txn)
{
	struct tail_change *change = (struct tail_change *)op;
	int code = delete_before(change, txn);

	return code == 0 && change->data.len > 0 ? put_tail(change, txn) : code;
}

static int
change_wait(struct tail_change *change, struct fault *fault)
{
	assert(change->chunks->queue != NULL);
	assert(change->data.len <= CHUNK_BYTES);
	change->op.apply = apply;
	change->op.bytes = chunk_env_padded(change->data.len);
	return chunk_queue_wait(change->chunks->queue, &change->op, fault);
}

int
tail_put(struct chunks *chunks, const char *upload, uint32_t number,
    struct bytes data, uint32_t keep_from, struct fault *fault)
{
	struct tail_change change = { .chunks = chunks,
		.upload = upload,
		.number = number,
		.data = data,
		.keep_from = keep_from };

	return change_wait(&change, fault);
}

int
tail_delete(struct chunks *chunks, const char *upload, struct fault *fault)
{
	struct tail_change change = { .chunks = chunks,
		.upload = upload,
		.delete_all = true };

	return change_wait(&change, fault);
}

int
tail_find(struct chunks *chunks, const char *upload, uint32_t number,
    void *buffer, size_t len, struct fault *fault)
{
	uint8_t room[KEY_BYTES];
	MDB_val key = make_key(room, upload, number);
	struct chunk_reader reader;
	struct bytes value;
	int code;
	int rc = 1;

	if (chunk_env_begin(chunks, &reader, fault) < 0) {
		return -1;
	}
	code = tree_find(&reader.tail, records_bytes(key), &value);
	if (code == MDB_NOTFOUND) {
		rc = 0;
	} else if (code != 0) {
		rc = chunk_env_fault(fault, code, "reading a tail");
	} else if (len > value.len) {
		rc = fault_set(fault, FAULT_CORRUPT,
		    "tail of upload %s is %zu bytes long, not %zu", upload,
		    value.len, len);
	} else if (len > 0) {
		memcpy(buffer, value.data, len);
	}
	chunk_env_end(&reader);
	return rc;
}

int
tail_next(struct chunks *chunks, const char *after, char next[ID_TEXT],
    struct fault *fault)
{
	uint8_t from[ID_TEXT + 1] = { 0 };
	struct chunk_reader reader;
	struct tree_cursor cursor;
	int code;

	/* The id with an 0x01 instead of the NUL lies behind all its tails. */
	assert(strlen(after) < ID_TEXT);
	memcpy(from, after, strlen(after));
	from[strlen(after)] = 1;
	if (chunk_env_begin(chunks, &reader, fault) < 0) {
		return -1;
	}
	code =
	    tree_seek(&cursor, &reader.tail, bytes_of(from, strlen(after) + 1));
	if (code == 0 && cursor.node.key.len == KEY_BYTES) {
		memcpy(next, cursor.node.key.data, ID_TEXT);
		next[ID_TEXT - 1] = '\0';
	} else if (code == 0) {
		code = EILSEQ;
	}
	chunk_env_end(&reader);
	if (code == MDB_NOTFOUND) {
		return 0;
	}
	return code == 0 ? 1 : chunk_env_fault(fault, code, "listing tails");
}
