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

/* Delete one by one: an upload has one tail, after a crash two. */
static int
delete_before(struct tail_change *change, MDB_txn *txn)
{
	uint8_t bytes[KEY_BYTES];
	MDB_cursor *cursor;
	int code = mdb_cursor_open(txn, change->chunks->tail, &cursor);

	if (code != 0) {
		return code;
	}
	while (code == 0) {
		MDB_val key = make_key(bytes, change->upload, 0);

		code = mdb_cursor_get(cursor, &key, NULL, MDB_SET_RANGE);
		if (code != 0 || key.mv_size != KEY_BYTES ||
		    memcmp(key.mv_data, change->upload, ID_TEXT) != 0) {
			break;
		}
		memcpy(bytes, key.mv_data, KEY_BYTES);
		if (!change->delete_all &&
		    wire_get_u32be(bytes + ID_TEXT) >= change->keep_from) {
			break;
		}
		code = mdb_cursor_del(cursor, 0);
	}
	mdb_cursor_close(cursor);
	return code == MDB_NOTFOUND ? 0 : code;
}

/* The pages of all tails of the upload, and of the next one's. */
static int
probe_tails(struct tail_change *change)
{
	struct probe *probe = change->chunks->probe;
	uint8_t bytes[KEY_BYTES];
	MDB_val key = make_key(bytes, change->upload, 0);
	struct bytes ignored;
	struct tree_cursor cursor;
	int code = probe_row(probe, CHUNK_TAIL, records_bytes(key),
	    PROBE_DELETE, 0, &ignored);

	if (code == 0 || code == MDB_NOTFOUND) {
		code = tree_seek(&cursor, probe_tree(probe, CHUNK_TAIL),
		    records_bytes(key));
	}
	while (code == 0 && cursor.node.key.len == KEY_BYTES &&
	       memcmp(cursor.node.key.data, change->upload, ID_TEXT) == 0) {
		code = probe_row(probe, CHUNK_TAIL, cursor.node.key,
		    PROBE_DELETE, 0, &ignored);
		if (code == 0) {
			code = tree_next(&cursor);
		}
	}
	if ((code == 0 || code == MDB_NOTFOUND) && change->data.len > 0) {
		key = make_key(bytes, change->upload, change->number);
		code = probe_row(probe, CHUNK_TAIL, records_bytes(key),
		    PROBE_PUT, CHUNK_BYTES, &ignored);
	}
	return code == MDB_NOTFOUND ? 0 : code;
}

static int
apply(struct chunk_op *op, MDB_txn *txn)
{
	struct tail_change *change = (struct tail_change *)op;
	uint8_t bytes[KEY_BYTES];
	MDB_val key;
	int code = probe_tails(change);

	if (code == 0) {
		code = delete_before(change, txn);
	}
	if (code == 0 && change->data.len > 0) {
		key = make_key(bytes, change->upload, change->number);
		code = chunk_env_put(txn, change->chunks->tail, &key,
		    change->data, 0);
	}
	return code;
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
