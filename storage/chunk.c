/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Chunks over their environment (chunk_env.c) and its writer (chunk_queue.c).
 * A put goes through the writer also where the chunk is there already: only
 * there it cannot cross a deletion.  It takes the collector's mark away and
 * then finds the chunk, or writes it; a deletion asks for the mark in the same
 * order of things.
 */

#include "storage/chunk.h"

#include "base/memory.h"
#include "storage/chunk_env.h"
#include "storage/chunk_queue.h"
#include "storage/hold.h"

#include <assert.h>
#include <stdlib.h>

int
chunks_open(struct chunks **chunks_out, const struct chunks_options *options,
    struct fault *fault)
{
	struct chunks *chunks = xzalloc(sizeof(*chunks));

	chunks->holds = holds_new();
	if (chunk_env_open(chunks, options, fault) < 0) {
		goto out;
	}
	if (!options->read_only &&
	    chunk_queue_open(&chunks->queue, chunks->lmdb, fault) < 0) {
		goto out;
	}
	*chunks_out = chunks;
	return 0;
out:
	chunks_close(chunks);
	return -1;
}

void
chunks_close(struct chunks *chunks)
{
	if (chunks == NULL) {
		return;
	}
	chunk_queue_close(chunks->queue);
	chunk_env_close(chunks);
	holds_free(chunks->holds);
	free(chunks);
}

struct holds *
chunks_holds(struct chunks *chunks)
{
	return chunks->holds;
}

/* mdb_put() and mdb_get() do not write to a key. */
static MDB_val
key_of(const struct sha256 *name)
{
	return (MDB_val){ .mv_size = sizeof(name->bytes),
		.mv_data = (void *)(uintptr_t)name->bytes };
}

/* --- writing ---------------------------------------------------------- */

struct put {
	struct chunk_op op;
	struct chunks *chunks;
	const struct sha256 *name;
	struct bytes data;
	chunk_done_fn done;
	void *arg;
};

static int
put_apply(struct chunk_op *op, MDB_txn *txn)
{
	struct put *put = (struct put *)op;
	MDB_val key = key_of(put->name);
	int code;

	holds_unmark(put->chunks->holds, put->name);
	code = chunk_env_put(txn, put->chunks->chunk, &key, put->data,
	    MDB_NOOVERWRITE);
	return code == MDB_KEYEXIST ? 0 : code;
}

static void
put_done(struct chunk_op *op)
{
	struct put *put = (struct put *)op;

	put->done(put->arg, op->failed ? &op->fault : NULL);
	free(put);
}

static void
put_init(struct put *put, struct chunks *chunks, const struct sha256 *name,
    struct bytes data)
{
	assert(chunks->queue != NULL);
	assert(data.len > 0 && data.len <= CHUNK_BYTES);
	put->op.apply = put_apply;
	put->op.bytes = chunk_env_padded(data.len);
	put->chunks = chunks;
	put->name = name;
	put->data = data;
}

void
chunk_put(struct chunks *chunks, const struct sha256 *name, struct bytes data,
    struct loop *loop, chunk_done_fn done, void *arg)
{
	struct put *put = xzalloc(sizeof(*put));

	put_init(put, chunks, name, data);
	put->op.loop = loop;
	put->op.done = put_done;
	put->done = done;
	put->arg = arg;
	chunk_queue_add(chunks->queue, &put->op);
}

int
chunk_put_wait(struct chunks *chunks, const struct sha256 *name,
    struct bytes data, struct fault *fault)
{
	struct put put = { 0 };

	put_init(&put, chunks, name, data);
	return chunk_queue_wait(chunks->queue, &put.op, fault);
}

struct deletion {
	struct chunk_op op;
	struct chunks *chunks;
	const struct sha256 *names;
	size_t count;
	size_t deleted;
};

static int
deletion_apply(struct chunk_op *op, MDB_txn *txn)
{
	struct deletion *deletion = (struct deletion *)op;
	struct chunks *chunks = deletion->chunks;

	deletion->deleted = 0;
	for (size_t i = 0; i < deletion->count; i++) {
		MDB_val key = key_of(&deletion->names[i]);
		int code;

		if (!holds_is_marked(chunks->holds, &deletion->names[i],
		        NULL)) {
			continue;
		}
		code = mdb_del(txn, chunks->chunk, &key, NULL);
		if (code == 0) {
			deletion->deleted++;
		} else if (code != MDB_NOTFOUND) {
			return code;
		}
	}
	return 0;
}

int
chunk_delete_marked(struct chunks *chunks, const struct sha256 *names,
    size_t count, size_t *deleted_out, struct fault *fault)
{
	struct deletion deletion = { .op.apply = deletion_apply,
		.op.bytes = count * 4096, /* about a leaf page for each */
		.chunks = chunks,
		.names = names,
		.count = count };

	assert(chunks->queue != NULL && count <= CHUNK_DELETE_MAX);
	if (chunk_queue_wait(chunks->queue, &deletion.op, fault) < 0) {
		return -1;
	}
	*deleted_out = deletion.deleted;
	return 0;
}

/* --- reading ---------------------------------------------------------- */

int
chunk_map(struct chunks *chunks, const struct sha256 *name,
    struct bytes *bytes_out, struct fault *fault)
{
	MDB_val key = key_of(name);
	MDB_val value;
	MDB_txn *txn;
	int code;

	if (chunk_env_begin(chunks, &txn, fault) < 0) {
		return -1;
	}
	code = mdb_get(txn, chunks->chunk, &key, &value);
	/* The value stays where it is after the transaction: chunk_env.c. */
	mdb_txn_abort(txn);
	if (code == MDB_NOTFOUND) {
		return 0;
	}
	if (code != 0) {
		return chunk_env_fault(fault, code, "reading a chunk");
	}
	*bytes_out = bytes_of(value.mv_data, value.mv_size);
	chunk_env_find_map(chunks, value.mv_data);
	return 1;
}

int
chunk_file(const struct chunks *chunks, const uint8_t *data, uint64_t *at_out)
{
	uintptr_t map =
	    atomic_load_explicit(&chunks->map, memory_order_relaxed);

	*at_out = (uintptr_t)data - map;
	return map != 0 ? chunks->file : -1;
}

int
chunk_has(struct chunks *chunks, const struct sha256 *name, struct fault *fault)
{
	struct bytes bytes;

	return chunk_map(chunks, name, &bytes, fault);
}

int
chunk_get(struct chunks *chunks, const struct sha256 *name, size_t offset,
    void *buffer, size_t len, struct fault *fault)
{
	MDB_val key = key_of(name);
	MDB_val value;
	MDB_txn *txn;
	int code;
	int rc = 1;

	if (chunk_env_begin(chunks, &txn, fault) < 0) {
		return -1;
	}
	code = mdb_get(txn, chunks->chunk, &key, &value);
	if (code == MDB_NOTFOUND) {
		rc = 0;
	} else if (code != 0) {
		rc = chunk_env_fault(fault, code, "reading a chunk");
	} else if (offset > value.mv_size || len > value.mv_size - offset) {
		rc = fault_set(fault, FAULT_CORRUPT,
		    "a chunk is %zu bytes long, not %zu", value.mv_size,
		    offset + len);
	} else if (len > 0) {
		memcpy(buffer, (const uint8_t *)value.mv_data + offset, len);
	}
	mdb_txn_abort(txn);
	return rc;
}

/* Names from the cursor on, as chunk_list() promises.  An LMDB code. */
static int
list(MDB_cursor *cursor, uint8_t first, const struct sha256 *after,
    struct sha256 *names, size_t max, size_t *count_out)
{
	struct sha256 from = { { first } };
	MDB_val key = key_of(after != NULL ? after : &from);
	int code;

	*count_out = 0;
	code = mdb_cursor_get(cursor, &key, NULL, MDB_SET_RANGE);
	if (code == 0 && after != NULL &&
	    memcmp(key.mv_data, after->bytes, SHA256_BYTES) == 0) {
		code = mdb_cursor_get(cursor, &key, NULL, MDB_NEXT);
	}
	while (code == 0 && *count_out < max &&
	       *(const uint8_t *)key.mv_data == first) {
		memcpy(names[(*count_out)++].bytes, key.mv_data, SHA256_BYTES);
		code = mdb_cursor_get(cursor, &key, NULL, MDB_NEXT);
	}
	return code == MDB_NOTFOUND ? 0 : code;
}

int
chunk_list(struct chunks *chunks, uint8_t first, const struct sha256 *after,
    struct sha256 *names, size_t max, size_t *count_out, struct fault *fault)
{
	MDB_cursor *cursor;
	MDB_txn *txn;
	int code;

	if (chunk_env_begin(chunks, &txn, fault) < 0) {
		return -1;
	}
	code = mdb_cursor_open(txn, chunks->chunk, &cursor);
	if (code == 0) {
		code = list(cursor, first, after, names, max, count_out);
		mdb_cursor_close(cursor);
	}
	mdb_txn_abort(txn);
	return code == 0 ? 0 : chunk_env_fault(fault, code, "listing chunks");
}

int
chunks_stat(struct chunks *chunks, struct chunks_stat *stat_out,
    struct fault *fault)
{
	MDB_envinfo info;
	MDB_stat chunk;
	MDB_stat tail;
	MDB_txn *txn;

	if (chunk_env_begin(chunks, &txn, fault) < 0) {
		return -1;
	}
	mdb_stat(txn, chunks->chunk, &chunk);
	mdb_stat(txn, chunks->tail, &tail);
	mdb_env_info(chunks->lmdb, &info);
	mdb_txn_abort(txn);
	*stat_out = (struct chunks_stat){
		.count = chunk.ms_entries,
		.tails = tail.ms_entries,
		.used_bytes =
		    (info.me_last_pgno + 1) * (uint64_t)chunk.ms_psize,
		.map_bytes = info.me_mapsize,
		.waiting_bytes = chunks->queue != NULL
		                     ? chunk_queue_waiting(chunks->queue)
		                     : 0,
	};
	return 0;
}

int
chunks_damage(const struct chunks *chunks)
{
	return chunks->queue != NULL ? chunk_queue_damage(chunks->queue) : 0;
}

int
chunks_copy(struct chunks *chunks, int descriptor, struct fault *fault)
{
	int code = mdb_env_copyfd2(chunks->lmdb, descriptor, 0);

	return code == 0 ? 0 : chunk_env_fault(fault, code, "copying chunks");
}
