/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     E  batch u64            JSON
 *     K  batch u64            the token
 *     P  batch u64, sheet u32 u8 1 · way from the sheet's root
 *     R  batch u64            u8 1 · u64 by · way from the token's hash
 *     L  dossier, chain u32   u8 1 · u64 batch · u32 sheet ·
 *                             SHA-256 of container · of certificate · way
 *     G  SHA-256              JSON
 *
 *     way: u8 digest · u8 length of the path · digest it begins with · path
 */

#include "core/evidence_rows.h"

#include "base/hex.h"
#include "base/wire.h"

#include <assert.h>

#define FORMAT       1u
#define SHEET_HEAD   1u
#define RENEWAL_HEAD 9u
#define LEAF_HEAD    (1u + 8u + 4u + 2u * SHA256_BYTES)
#define WAY_HEAD     2u
#define WAY_BYTES    (WAY_HEAD + (1u + EVIDENCE_WAY_MAX) * DIGEST_MAX_BYTES)

/* The numbers are on disk. */
static const enum digest_kind digests[] = { DIGEST_KIND_COUNT, DIGEST_SHA256,
	DIGEST_SHA384, DIGEST_SHA512, DIGEST_SHA3_256, DIGEST_SHA3_384,
	DIGEST_SHA3_512 };

#define DIGESTS (sizeof(digests) / sizeof(digests[0]))

static const char *const kinds[] = {
	[EVIDENCE_FIRST] = "first",
	[EVIDENCE_HASHES] = "hashes",
	[EVIDENCE_STAMPS] = "stamps",
};

const char *
evidence_kind_name(enum evidence_kind kind)
{
	return kinds[kind];
}

/* --- ways -------------------------------------------------------------------- */

struct digest_value
evidence_way_root(const struct evidence_way *way)
{
	struct digest_value pair[2] = { way->from };

	for (size_t i = 0; i < way->count; i++) {
		pair[1] = way->path[i];
		pair[0] = hash_tree_join(pair, 2);
	}
	return pair[0];
}

/* Behind `at` bytes of a row; gives the row's length. */
static size_t
encode_way(uint8_t *row, size_t at, const struct evidence_way *way)
{
	size_t len = digest_kind_bytes(way->from.kind);
	uint8_t code = 0;

	while (++code < DIGESTS && digests[code] != way->from.kind) {
	}
	assert(code < DIGESTS && way->count <= EVIDENCE_WAY_MAX);
	row[at++] = code;
	row[at++] = (uint8_t)way->count;
	memcpy(row + at, way->from.bytes, len);
	at += len;
	for (size_t i = 0; i < way->count; i++) {
		memcpy(row + at, way->path[i].bytes, len);
		at += len;
	}
	return at;
}

static void
take_digest(struct digest_value *out, struct bytes *rest, enum digest_kind kind)
{
	size_t len = digest_kind_bytes(kind);

	*out = (struct digest_value){ .kind = kind };
	memcpy(out->bytes, rest->data, len);
	*rest = bytes_of(rest->data + len, rest->len - len);
}

static int
corrupt(struct fault *fault)
{
	return fault_set(fault, FAULT_CORRUPT,
	    "a row of evidence has another form");
}

static int
decode_way(struct evidence_way *way_out, struct bytes row, size_t at,
    struct fault *fault)
{
	struct bytes rest;
	enum digest_kind kind;

	if (row.len < at + WAY_HEAD || row.data[0] != FORMAT ||
	    row.data[at] == 0 || row.data[at] >= DIGESTS ||
	    row.data[at + 1] > EVIDENCE_WAY_MAX) {
		return corrupt(fault);
	}
	kind = digests[row.data[at]];
	way_out->count = row.data[at + 1];
	rest = bytes_of(row.data + at + WAY_HEAD, row.len - at - WAY_HEAD);
	if (rest.len != (1 + way_out->count) * digest_kind_bytes(kind)) {
		return corrupt(fault);
	}
	take_digest(&way_out->from, &rest, kind);
	for (size_t i = 0; i < way_out->count; i++) {
		take_digest(&way_out->path[i], &rest, kind);
	}
	return 0;
}

/* --- writing ----------------------------------------------------------------- */

static void
batch_key(struct key *key, enum table table, uint64_t batch)
{
	key_start(key, (uint8_t)table);
	key_add_u64(key, batch);
}

static void
sheet_key(struct key *key, uint64_t batch, uint32_t sheet)
{
	batch_key(key, TABLE_EVIDENCE_SHEET, batch);
	key_add_u32(key, sheet);
}

static void
put_json(struct writes *writes, const struct key *key, json_t *value)
{
	struct arena *arena = arena_new();

	writes_put(writes, key_bytes(key),
	    json_bytes(arena, json_own(arena, value)));
	arena_free(arena);
}

void
evidence_rows_put_batch(struct writes *writes,
    const struct evidence_batch *batch)
{
	char root[2 * DIGEST_MAX_BYTES + 1];
	struct key key;
	json_t *value = json_pack("{s:s, s:s, s:s, s:I, s:I}", "kind",
	    kinds[batch->kind], "state", batch->is_open ? "open" : "done",
	    "digest", digest_kind_name(batch->digest), "sheets",
	    (json_int_t)batch->sheets, "count", (json_int_t)batch->count);

	if (batch->is_open) {
		json_object_set_new(value, "log",
		    json_integer((json_int_t)batch->log));
		json_object_set_new(value, "after", json_string(batch->after));
	} else {
		hex_encode(root, digest_value_bytes(&batch->root));
		json_object_set_new(value, "root", json_string(root));
		json_object_set_new(value, "at", json_integer(batch->at));
		json_object_set_new(value, "until", json_integer(batch->until));
		json_object_set_new(value, "authority",
		    json_string(batch->authority));
		json_object_set_new(value, "issuer",
		    json_string(batch->issuer));
		json_object_set_new(value, "key", json_string(batch->key));
	}
	batch_key(&key, TABLE_EVIDENCE_BATCH, batch->number);
	put_json(writes, &key, value);
}

void
evidence_rows_put_token(struct writes *writes, uint64_t batch,
    struct bytes token)
{
	struct key key;

	batch_key(&key, TABLE_EVIDENCE_TOKEN, batch);
	writes_put(writes, key_bytes(&key), token);
}

void
evidence_rows_put_sheet(struct writes *writes, uint64_t batch, uint32_t sheet,
    const struct evidence_way *way)
{
	uint8_t row[SHEET_HEAD + WAY_BYTES] = { FORMAT };
	struct key key;

	sheet_key(&key, batch, sheet);
	writes_put(writes, key_bytes(&key),
	    bytes_of(row, encode_way(row, SHEET_HEAD, way)));
}

void
evidence_rows_put_renewal(struct writes *writes, uint64_t batch, uint64_t by,
    const struct evidence_way *way)
{
	uint8_t row[RENEWAL_HEAD + WAY_BYTES] = { FORMAT };
	struct key key;

	wire_put_u64be(row + 1, by);
	batch_key(&key, TABLE_EVIDENCE_RENEWAL, batch);
	writes_put(writes, key_bytes(&key),
	    bytes_of(row, encode_way(row, RENEWAL_HEAD, way)));
}

void
evidence_rows_leaves(struct key *key, const char *dossier)
{
	key_start(key, TABLE_EVIDENCE_LEAF);
	key_add_text(key, dossier);
}

void
evidence_rows_put_leaf(struct writes *writes, const struct evidence_leaf *leaf)
{
	uint8_t row[LEAF_HEAD + WAY_BYTES] = { FORMAT };
	struct key key;

	wire_put_u64be(row + 1, leaf->batch);
	wire_put_u32be(row + 9, leaf->sheet);
	memcpy(row + 13, leaf->sum.bytes, SHA256_BYTES);
	memcpy(row + 13 + SHA256_BYTES, leaf->signer.bytes, SHA256_BYTES);
	evidence_rows_leaves(&key, leaf->dossier);
	key_add_u32(&key, leaf->chain);
	writes_put(writes, key_bytes(&key),
	    bytes_of(row, encode_way(row, LEAF_HEAD, &leaf->way)));
}

void
evidence_rows_put_signer(struct writes *writes,
    const struct certificate *signer)
{
	struct key key;

	key_start(&key, TABLE_EVIDENCE_SIGNER);
	key_add_raw(&key, bytes_of(signer->fingerprint.bytes, SHA256_BYTES));
	put_json(writes, &key,
	    json_pack("{s:s, s:s, s:I, s:s}", "subject", signer->subject,
	        "issuer", signer->issuer, "until",
	        (json_int_t)signer->not_after, "key", signer->key));
}

/* --- reading ----------------------------------------------------------------- */

static bool
parse_kind(enum evidence_kind *kind_out, const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (name != NULL && strcmp(kinds[i], name) == 0) {
			*kind_out = (enum evidence_kind)i;
			return true;
		}
	}
	return false;
}

static int
read_done(struct evidence_batch *batch, struct arena *arena,
    const json_t *value, struct fault *fault)
{
	const char *root = json_text_at(value, "root");
	const char *authority = json_text_at(value, "authority");
	const char *issuer = json_text_at(value, "issuer");
	const char *key = json_text_at(value, "key");

	batch->root.kind = batch->digest;
	if (root == NULL || authority == NULL || issuer == NULL ||
	    key == NULL ||
	    !hex_decode(batch->root.bytes, digest_kind_bytes(batch->digest),
	        root)) {
		return corrupt(fault);
	}
	batch->at = json_integer_at(value, "at");
	batch->until = json_integer_at(value, "until");
	batch->authority = arena_text(arena, authority);
	batch->issuer = arena_text(arena, issuer);
	batch->key = arena_text(arena, key);
	return 0;
}

static int
read_open(struct evidence_batch *batch, struct arena *arena,
    const json_t *value, struct fault *fault)
{
	const char *after = json_text_at(value, "after");

	if (after == NULL) {
		return corrupt(fault);
	}
	batch->log = (uint64_t)json_integer_at(value, "log");
	batch->after = arena_text(arena, after);
	return 0;
}

static int
read_facts(struct evidence_batch *batch, struct arena *arena,
    struct bytes bytes, struct fault *fault)
{
	struct arena *scratch = arena_new();
	const json_t *value = json_read(scratch, bytes, fault);
	const char *digest = json_text_at(value, "digest");
	const char *state = json_text_at(value, "state");
	int rc = -1;

	if (value == NULL) {
		fault->code = FAULT_CORRUPT;
	} else if (digest == NULL || state == NULL ||
	           !parse_kind(&batch->kind, json_text_at(value, "kind")) ||
	           !digest_kind_of_name(&batch->digest, digest)) {
		corrupt(fault);
	} else {
		batch->is_open = strcmp(state, "open") == 0;
		batch->sheets = (uint32_t)json_integer_at(value, "sheets");
		batch->count = (uint64_t)json_integer_at(value, "count");
		rc = batch->is_open ? read_open(batch, arena, value, fault)
		                    : read_done(batch, arena, value, fault);
	}
	arena_free(scratch);
	return rc;
}

int
evidence_rows_read_batch(struct evidence_batch *batch_out, struct arena *arena,
    struct bytes key, struct bytes value, struct fault *fault)
{
	struct key_reader reader;

	*batch_out = (struct evidence_batch){ .number = 0 };
	key_read_start(&reader, key);
	batch_out->number = key_read_u64(&reader);
	return key_read_end(&reader, fault) < 0
	           ? -1
	           : read_facts(batch_out, arena, value, fault);
}

int
evidence_rows_read_sheet(uint64_t *batch_out, uint32_t *sheet_out,
    struct evidence_way *way_out, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct key_reader reader;

	key_read_start(&reader, key);
	*batch_out = key_read_u64(&reader);
	*sheet_out = key_read_u32(&reader);
	return key_read_end(&reader, fault) < 0
	           ? -1
	           : decode_way(way_out, value, SHEET_HEAD, fault);
}

int
evidence_rows_read_renewal(uint64_t *batch_out, uint64_t *by_out,
    struct evidence_way *way_out, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct key_reader reader;

	key_read_start(&reader, key);
	*batch_out = key_read_u64(&reader);
	if (key_read_end(&reader, fault) < 0 ||
	    decode_way(way_out, value, RENEWAL_HEAD, fault) < 0) {
		return -1;
	}
	*by_out = wire_get_u64be(value.data + 1);
	return 0;
}

int
evidence_rows_read_leaf(struct evidence_leaf *leaf_out, struct arena *arena,
    struct bytes key, struct bytes value, struct fault *fault)
{
	struct key_reader reader;

	key_read_start(&reader, key);
	leaf_out->dossier = arena_text(arena, key_read_text(&reader));
	leaf_out->chain = key_read_u32(&reader);
	if (key_read_end(&reader, fault) < 0 ||
	    decode_way(&leaf_out->way, value, LEAF_HEAD, fault) < 0) {
		return -1;
	}
	leaf_out->batch = wire_get_u64be(value.data + 1);
	leaf_out->sheet = wire_get_u32be(value.data + 9);
	memcpy(leaf_out->sum.bytes, value.data + 13, SHA256_BYTES);
	memcpy(leaf_out->signer.bytes, value.data + 13 + SHA256_BYTES,
	    SHA256_BYTES);
	return 0;
}

int
evidence_rows_find_batch(struct snapshot *snapshot, struct arena *arena,
    uint64_t number, struct evidence_batch *batch_out, struct fault *fault)
{
	struct bytes value;
	struct key key;
	int found;

	batch_key(&key, TABLE_EVIDENCE_BATCH, number);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	return found == 1 && evidence_rows_read_batch(batch_out, arena,
	                         key_bytes(&key), value, fault) < 0
	           ? -1
	           : found;
}

int
evidence_rows_find_token(struct snapshot *snapshot, struct arena *arena,
    uint64_t batch, struct bytes *token_out, struct fault *fault)
{
	struct key key;

	batch_key(&key, TABLE_EVIDENCE_TOKEN, batch);
	return snapshot_find(snapshot, key_bytes(&key), arena, token_out,
	    fault);
}

int
evidence_rows_find_sheet(struct snapshot *snapshot, struct arena *arena,
    uint64_t batch, uint32_t sheet, struct evidence_way *way_out,
    struct fault *fault)
{
	struct bytes value;
	struct key key;
	int found;

	sheet_key(&key, batch, sheet);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	return found == 1 && decode_way(way_out, value, SHEET_HEAD, fault) < 0
	           ? -1
	           : found;
}

int
evidence_rows_find_renewal(struct snapshot *snapshot, struct arena *arena,
    uint64_t batch, uint64_t *by_out, struct evidence_way *way_out,
    struct fault *fault)
{
	struct bytes value;
	struct key key;
	uint64_t same;
	int found;

	batch_key(&key, TABLE_EVIDENCE_RENEWAL, batch);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	return found == 1 && evidence_rows_read_renewal(&same, by_out, way_out,
	                         key_bytes(&key), value, fault) < 0
	           ? -1
	           : found;
}

int
evidence_rows_find_signer(struct snapshot *snapshot, struct arena *arena,
    const char *sha256, json_t **facts_out, struct fault *fault)
{
	uint8_t sum[SHA256_BYTES] = { 0 };
	struct bytes value;
	struct key key;
	int found;

	hex_decode(sum, SHA256_BYTES, sha256);
	key_start(&key, TABLE_EVIDENCE_SIGNER);
	key_add_raw(&key, bytes_of(sum, SHA256_BYTES));
	found = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	if (found == 1) {
		*facts_out = json_read(arena, value, fault);
		found = *facts_out != NULL ? 1 : -1;
	}
	return found;
}
