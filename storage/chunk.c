/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Chunks over their environment (chunk_env.c) and its writer (chunk_queue.c).
 * A put goes through the writer also where the chunk is there already: only
 * there it cannot cross a deletion.  It takes the collector's mark away and
 * then finds the chunk and compares it, or writes it; a deletion asks for the
 * mark in the same order of things.
 */

#include "storage/chunk.h"

#include "base/log.h"
#include "base/memory.h"
#include "storage/chunk_env.h"
#include "storage/chunk_mend.h"
#include "storage/chunk_queue.h"
#include "storage/hold.h"
#include "storage/records.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#define NOT_AS_STORED "chunk %s is not what was stored"

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
	    chunk_queue_open(&chunks->queue, chunks->lmdb, chunks->probe,
	        fault) < 0) {
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

static struct bytes
key_of(const struct sha256 *name)
{
	return bytes_of(name->bytes, sizeof(name->bytes));
}

/* --- writing ---------------------------------------------------------- */

/*
 * EILSEQ where pages are damaged that LMDB would read.  The bytes are those
 * from before the transaction, none where it was not there.
 */
static int
probe_chunk(struct chunks *chunks, const struct sha256 *name,
    enum probe_act act, struct bytes *stored_out)
{
	int code;

	*stored_out = NO_BYTES;
	code = probe_row(chunks->probe, CHUNK_CHUNK, key_of(name), act,
	    CHUNK_BYTES, stored_out);
	return code == MDB_NOTFOUND ? 0 : code;
}

struct put {
	struct chunk_op op;
	struct chunks *chunks;
	const struct sha256 *name;
	struct bytes data;
	chunk_done_fn done;
	void *arg;
};

static bool
is_as_put(const struct put *put, struct bytes stored)
{
	return stored.len >= put->data.len &&
	       memcmp(stored.data, put->data.data, put->data.len) == 0;
}

/*
 * It is there.  Where its bytes have changed these come in their place, or who
 * put them is told that they would not be kept.
 */
static int
put_again(struct put *put, MDB_txn *txn, MDB_val *key, struct bytes stored)
{
	char text[SHA256_TEXT];

	if (stored.len == 0 || is_as_put(put, stored)) {
		return 0; /* put by one before it, or as it was */
	}
	sha256_format(text, put->name);
	if (chunk_may_be_mended(put->chunks, put->name, stored)) {
		log_info(NULL, "chunks.mending", "chunk=%s", text);
		return chunk_env_put(txn, put->chunks->chunk, key, put->data,
		    0);
	}
	put->op.failed = true;
	fault_set(&put->op.fault, FAULT_CORRUPT, NOT_AS_STORED, text);
	return 0;
}

static int
put_apply(struct chunk_op *op, MDB_txn *txn)
{
	struct put *put = (struct put *)op;
	MDB_val key = records_val(key_of(put->name));
	struct bytes stored;
	int code;

	holds_unmark(put->chunks->holds, put->name);
	op->failed = false;
	code = probe_chunk(put->chunks, put->name, PROBE_PUT, &stored);
	if (code == 0) {
		code = chunk_env_put(txn, put->chunks->chunk, &key, put->data,
		    MDB_NOOVERWRITE);
	}
	return code == MDB_KEYEXIST ? put_again(put, txn, &key, stored) : code;
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

/* What was proven of it must not be believed of what comes in its place. */
static void
forget(struct chunks *chunks, struct bytes stored)
{
	if (stored.len > 0) {
		chunk_doubt(chunks, stored.data);
	}
}

struct deletion {
	struct chunk_op op;
	struct chunks *chunks;
	const struct sha256 *names;
	const uint8_t **places; /* where their bytes are; NULL: not these */
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
		MDB_val key = records_val(key_of(&deletion->names[i]));
		struct bytes stored;
		int code;

		if (deletion->places[i] == NULL ||
		    !holds_is_marked(chunks->holds, &deletion->names[i],
		        NULL)) {
			continue;
		}
		code = probe_chunk(chunks, &deletion->names[i], PROBE_DELETE,
		    &stored);
		if (code == 0 && stored.data != deletion->places[i]) {
			continue; /* another bit has turned since */
		}
		if (code == 0) {
			code = mdb_del(txn, chunks->chunk, &key, NULL);
		}
		if (code == 0) {
			deletion->deleted++;
			forget(chunks, stored);
		} else if (code != MDB_NOTFOUND) {
			return code;
		}
	}
	return 0;
}

/*
 * How long a chunk is its row does not say: it ends somewhere in the zeros at
 * the end, mostly at their beginning.
 */
static bool
is_named(const struct sha256 *name, struct bytes stored)
{
	struct sha256_stream *stream = sha256_stream_new();
	struct bytes zero = bytes_of("", 1);
	size_t len = stored.len;
	bool is = false;

	while (len > 0 && stored.data[len - 1] == 0) {
		len--;
	}
	sha256_stream_add(stream, bytes_of(stored.data, len));
	for (; !is && len <= stored.len; len++) {
		struct sha256 sum = sha256_stream_peek(stream);

		is = memcmp(sum.bytes, name->bytes, sizeof(sum.bytes)) == 0;
		sha256_stream_add(stream, zero);
	}
	sha256_stream_free(stream);
	return is;
}

int
chunk_delete_marked(struct chunks *chunks, const struct sha256 *names,
    size_t count, size_t *deleted_out, struct fault *fault)
{
	const uint8_t *places[CHUNK_DELETE_MAX];
	struct deletion deletion = { .op.apply = deletion_apply,
		.op.bytes = count * 4096, /* about a leaf page for each */
		.chunks = chunks,
		.names = names,
		.places = places,
		.count = count };

	assert(chunks->queue != NULL && count <= CHUNK_DELETE_MAX);
	for (size_t i = 0; i < count; i++) {
		struct bytes stored;
		int found = chunk_map(chunks, &names[i], &stored, fault);

		if (found < 0) {
			return -1;
		}
		/* A damaged row may lead to what another row has: LMDB would
		 * free that. */
		places[i] = found == 1 && is_named(&names[i], stored)
		                ? stored.data
		                : NULL;
	}
	if (chunk_queue_wait(chunks->queue, &deletion.op, fault) < 0) {
		return -1;
	}
	*deleted_out = deletion.deleted;
	return 0;
}

/* --- reading ---------------------------------------------------------- */

static int
is_chunk(const void *arg, struct bytes key, struct bytes value)
{
	(void)arg;
	(void)value; /* its name proves it, when somebody reads it */
	return key.len == SHA256_BYTES ? 0 : EILSEQ;
}

/* The stored bytes; they stay where they are, also after the reader. */
static int
find(struct chunk_reader *reader, const struct sha256 *name,
    struct bytes *bytes_out, struct fault *fault)
{
	int code = tree_find_or_prove(&reader->chunk, key_of(name),
	    (struct tree_check){ is_chunk, NULL }, bytes_out);

	if (code == MDB_NOTFOUND) {
		return 0;
	}
	return code == 0 ? 1 : chunk_env_fault(fault, code, "reading a chunk");
}

int
chunk_map(struct chunks *chunks, const struct sha256 *name,
    struct bytes *bytes_out, struct fault *fault)
{
	struct chunk_reader reader;
	int found;

	if (chunk_env_begin(chunks, &reader, fault) < 0) {
		return -1;
	}
	/* The value stays where it is after the transaction: chunk_env.c. */
	found = find(&reader, name, bytes_out, fault);
	chunk_env_end(&reader);
	return found;
}

bool
chunk_is_proven(struct chunks *chunks, const struct sha256 *name,
    struct bytes stored)
{
	_Atomic(uint16_t) *proof = chunk_env_proof(chunks, stored.data);

	return proof != NULL && atomic_load(proof) == chunk_env_mark(name);
}

int
chunk_prove(struct chunks *chunks, const struct sha256 *name,
    struct bytes stored, size_t len, struct fault *fault)
{
	_Atomic(uint16_t) *proof = chunk_env_proof(chunks, stored.data);
	char text[SHA256_TEXT];
	struct sha256 sum;

	if (chunk_is_proven(chunks, name, stored)) {
		return 0;
	}
	sum = sha256_of(bytes_of(stored.data, len));
	if (memcmp(sum.bytes, name->bytes, sizeof(sum.bytes)) != 0) {
		sha256_format(text, name);
		return fault_set(fault, FAULT_CORRUPT, NOT_AS_STORED, text);
	}
	if (proof != NULL) {
		atomic_store(proof, chunk_env_mark(name));
	}
	return 0;
}

void
chunk_doubt(struct chunks *chunks, const uint8_t *data)
{
	_Atomic(uint16_t) *proof = chunk_env_proof(chunks, data);

	if (proof != NULL) {
		atomic_store(proof, 0);
	}
}

int
chunk_file(const struct chunks *chunks, const uint8_t *data, uint64_t *at_out)
{
	*at_out = (uint64_t)(data - chunks->file.data);
	return chunks->file.descriptor;
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
	struct chunk_reader reader;
	struct bytes bytes;
	int rc;

	if (chunk_env_begin(chunks, &reader, fault) < 0) {
		return -1;
	}
	rc = find(&reader, name, &bytes, fault);
	if (rc == 1 && (offset > bytes.len || len > bytes.len - offset)) {
		rc = fault_set(fault, FAULT_CORRUPT,
		    "a chunk is %zu bytes long, not %zu", bytes.len,
		    offset + len);
	} else if (rc == 1 && len > 0) {
		memcpy(buffer, bytes.data + offset, len);
	}
	chunk_env_end(&reader);
	return rc;
}

/* Names from the cursor on, as chunk_list() promises.  An LMDB code. */
static int
list(const struct tree *tree, uint8_t first, const struct sha256 *after,
    struct sha256 *names, size_t max, size_t *count_out)
{
	struct sha256 from = { { first } };
	struct tree_cursor cursor;
	int code =
	    tree_seek(&cursor, tree, key_of(after != NULL ? after : &from));

	*count_out = 0;
	if (code == 0 && after != NULL &&
	    bytes_equal(cursor.node.key, key_of(after))) {
		code = tree_next(&cursor);
	}
	while (
	    code == 0 && *count_out < max && cursor.node.key.data[0] == first) {
		if (cursor.node.key.len != SHA256_BYTES) {
			return EILSEQ;
		}
		memcpy(names[(*count_out)++].bytes, cursor.node.key.data,
		    SHA256_BYTES);
		code = tree_next(&cursor);
	}
	return code == MDB_NOTFOUND ? 0 : code;
}

int
chunk_list(struct chunks *chunks, uint8_t first, const struct sha256 *after,
    struct sha256 *names, size_t max, size_t *count_out, struct fault *fault)
{
	struct chunk_reader reader;
	int code;

	if (chunk_env_begin(chunks, &reader, fault) < 0) {
		return -1;
	}
	code = list(&reader.chunk, first, after, names, max, count_out);
	chunk_env_end(&reader);
	return code == 0 ? 0 : chunk_env_fault(fault, code, "listing chunks");
}

int
chunks_stat(struct chunks *chunks, struct chunks_stat *stat_out,
    struct fault *fault)
{
	struct chunk_reader reader;

	if (chunk_env_begin(chunks, &reader, fault) < 0) {
		return -1;
	}
	*stat_out = (struct chunks_stat){
		.count = reader.chunk.length,
		.tails = reader.tail.length,
		.used_bytes =
		    (reader.state.last + 1) * reader.state.pages.bytes,
		.map_bytes = chunks->file.len,
		.waiting_bytes = chunks->queue != NULL
		                     ? chunk_queue_waiting(chunks->queue)
		                     : 0,
	};
	chunk_env_end(&reader);
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
