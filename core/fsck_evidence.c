/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rows as docs/store.md draws them, read here once more on purpose:
 *
 *     E  batch u64            JSON
 *     K  batch u64            token
 *     P  batch u64, sheet u32 u8 1 · way
 *     R  batch u64            u8 1 · u64 by · way
 *     L  dossier, chain u32   u8 1 · u64 batch · u32 sheet · 2 SHA-256 · way
 *     G  SHA-256              JSON
 *
 *     way: u8 digest · u8 steps · digest · steps digests
 *
 * A step is the hash of two digests, the lower one first.
 */

#include "core/fsck_evidence.h"

#include "archive/timestamp.h"
#include "base/hex.h"
#include "base/wire.h"

#include <inttypes.h>

struct way {
	struct digest_value from;
	struct digest_value root;
};

/* --- finding rows ---------------------------------------------------------------- */

/* 1 found, 0 not (that it is damaged was told), -1 checking must end. */
static int
find(struct fsck *fsck, enum table table, uint64_t batch, const uint32_t *sheet,
    struct bytes *value_out, struct fault *fault)
{
	struct key key;
	int found;

	key_start(&key, (uint8_t)table);
	key_add_u64(&key, batch);
	if (sheet != NULL) {
		key_add_u32(&key, *sheet);
	}
	found = snapshot_find(fsck->snapshot, key_bytes(&key), fsck->scratch,
	    value_out, fault);
	return found < 0 ? fsck_found(found, fault) : found;
}

/* --- ways --------------------------------------------------------------------------- */

static bool
digest_of_code(uint8_t code, enum digest_kind *kind_out)
{
	static const char *const names[] = { "SHA-256", "SHA-384", "SHA-512",
		"SHA3-256", "SHA3-384", "SHA3-512" };

	return code >= 1 && code <= sizeof(names) / sizeof(names[0]) &&
	       digest_kind_of_name(kind_out, names[code - 1]);
}

static struct digest_value
step(const struct digest_value *a, const struct digest_value *b)
{
	struct digest_set *set = digest_set_new();
	bool is_first = memcmp(a->bytes, b->bytes, DIGEST_MAX_BYTES) < 0;
	struct digest_value joined;

	digest_set_want(set, a->kind);
	digest_set_add(set, digest_value_bytes(is_first ? a : b));
	digest_set_add(set, digest_value_bytes(is_first ? b : a));
	digest_set_end(set);
	joined = digest_set_value(set, a->kind);
	digest_set_free(set);
	return joined;
}

/* Behind `head` bytes of a row; false where it has another form. */
static bool
follow(struct way *way, struct bytes row, size_t head)
{
	enum digest_kind kind;
	size_t len;

	if (row.len < head + 2 || row.data[0] != 1 ||
	    !digest_of_code(row.data[head], &kind)) {
		return false;
	}
	len = digest_kind_bytes(kind);
	if (row.len != head + 2 + (1u + row.data[head + 1]) * len) {
		return false;
	}
	way->from = (struct digest_value){ .kind = kind };
	memcpy(way->from.bytes, row.data + head + 2, len);
	way->root = way->from;
	for (size_t at = head + 2 + len; at < row.len; at += len) {
		struct digest_value beside = { .kind = kind };

		memcpy(beside.bytes, row.data + at, len);
		way->root = step(&way->root, &beside);
	}
	return true;
}

static bool
is_same(const struct digest_value *a, const struct digest_value *b)
{
	return a->kind == b->kind &&
	       memcmp(a->bytes, b->bytes, DIGEST_MAX_BYTES) == 0;
}

/* --- batches ------------------------------------------------------------------------ */

struct batch {
	bool is_open;
	int64_t sheets;
	struct digest_value root;
	const json_t *value;
};

static bool
read_batch(struct batch *batch, struct arena *arena, struct bytes row)
{
	struct fault ignored;
	const json_t *value = json_read(arena, row, &ignored);
	const char *digest = json_text_at(value, "digest");
	const char *state = json_text_at(value, "state");
	const char *root = json_text_at(value, "root");

	if (digest == NULL || state == NULL ||
	    !digest_kind_of_name(&batch->root.kind, digest)) {
		return false;
	}
	memset(batch->root.bytes, 0, DIGEST_MAX_BYTES);
	batch->value = value;
	batch->sheets = json_integer_at(value, "sheets");
	batch->is_open = strcmp(state, "open") == 0;
	if (batch->sheets < 0 || batch->sheets > UINT16_MAX) {
		return false;
	}
	return batch->is_open ||
	       (root != NULL && hex_decode(batch->root.bytes,
	                            digest_kind_bytes(batch->root.kind), root));
}

/* 1 found and read, 0 not, -1. */
static int
find_batch(struct fsck *fsck, uint64_t number, struct batch *batch,
    struct fault *fault)
{
	struct bytes row;
	int found = find(fsck, TABLE_EVIDENCE_BATCH, number, NULL, &row, fault);

	return found == 1 && !read_batch(batch, fsck->scratch, row) ? 0 : found;
}

static bool
says(const struct batch *batch, const char *member, const char *text)
{
	const char *got = json_text_at(batch->value, member);

	return got != NULL && strcmp(got, text) == 0;
}

static void
check_token(struct fsck *fsck, struct bytes key, const struct batch *batch,
    struct bytes token)
{
	struct timestamp_question question = { .token = token,
		.imprint = digest_value_bytes(&batch->root) };
	struct timestamp_report report;

	timestamp_check(&report, fsck->scratch, &question);
	if (!report.is_valid || report.digest != batch->root.kind) {
		fsck_tell_row(fsck, "evidence.changed", key,
		    "its time-stamp is not over its root");
	} else if (report.at != json_integer_at(batch->value, "at") ||
	           report.until < json_integer_at(batch->value, "until") ||
	           !says(batch, "authority", report.authority.subject) ||
	           !says(batch, "issuer", report.authority.issuer) ||
	           !says(batch, "key", report.authority.key)) {
		fsck_tell_row(fsck, "evidence.changed", key,
		    "it does not say what its time-stamp says");
	}
}

static int
check_batch(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct batch batch;
	struct bytes token;
	uint64_t number;
	int found;

	if (key.len != 9 || !read_batch(&batch, fsck->scratch, value)) {
		fsck_tell_row(fsck, "evidence.form", key,
		    "it has another form");
		return 0;
	}
	number = wire_get_u64be(key.data + 1);
	for (uint32_t i = 0; i < batch.sheets; i++) {
		struct bytes sheet;

		found =
		    find(fsck, TABLE_EVIDENCE_SHEET, number, &i, &sheet, fault);
		if (found < 0) {
			return -1;
		}
		if (found == 0) {
			fsck_tell_row(fsck, "evidence.missing", key,
			    "its sheet %" PRIu32 " is not there", i);
		}
	}
	if (batch.is_open) {
		return 0;
	}
	found = find(fsck, TABLE_EVIDENCE_TOKEN, number, NULL, &token, fault);
	if (found == 0) {
		fsck_tell_row(fsck, "evidence.missing", key,
		    "its time-stamp is not there");
	} else if (found == 1) {
		check_token(fsck, key, &batch, token);
	}
	return found < 0 ? -1 : 0;
}

/* The batch that the row's key names; where it is not there, that is told. */
static int
need_batch(struct fsck *fsck, struct bytes key, struct batch *batch,
    struct fault *fault)
{
	int found =
	    find_batch(fsck, wire_get_u64be(key.data + 1), batch, fault);

	if (found == 0) {
		fsck_tell_row(fsck, "evidence.missing", key,
		    "its batch is not there");
	}
	return found;
}

static int
check_token_row(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct batch batch;

	(void)value;
	if (key.len != 9) {
		fsck_tell_row(fsck, "evidence.form", key,
		    "it has another form");
		return 0;
	}
	return need_batch(fsck, key, &batch, fault) < 0 ? -1 : 0;
}

/* --- ways to roots ------------------------------------------------------------------- */

static int
check_sheet(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct batch batch;
	struct way way;
	int found;

	if (key.len != 13 || !follow(&way, value, 1)) {
		fsck_tell_row(fsck, "evidence.form", key,
		    "it has another form");
		return 0;
	}
	found = need_batch(fsck, key, &batch, fault);
	if (found == 1 && !batch.is_open && !is_same(&way.root, &batch.root)) {
		fsck_tell_row(fsck, "evidence.changed", key,
		    "it does not lead to the root of its batch");
	}
	return found < 0 ? -1 : 0;
}

static int
check_renewal(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct digest_value leaf;
	struct batch batch;
	struct bytes token;
	struct way way;
	int found;

	if (key.len != 9 || value.len < 9 || !follow(&way, value, 9)) {
		fsck_tell_row(fsck, "evidence.form", key,
		    "it has another form");
		return 0;
	}
	found = find_batch(fsck, wire_get_u64be(value.data + 1), &batch, fault);
	if (found == 1) {
		found = find(fsck, TABLE_EVIDENCE_TOKEN,
		    wire_get_u64be(key.data + 1), NULL, &token, fault);
	}
	if (found == 0) {
		fsck_tell_row(fsck, "evidence.missing", key,
		    "what it renews, or is renewed by, is not there");
	} else if (found == 1) {
		leaf = digest_value_of(way.from.kind, token);
		if (!is_same(&leaf, &way.from) ||
		    !is_same(&way.root, &batch.root)) {
			fsck_tell_row(fsck, "evidence.changed", key,
			    "it does not lead from one time-stamp to the "
			    "other");
		}
	}
	return found < 0 ? -1 : 0;
}

static int
check_dossier(struct fsck *fsck, struct bytes key, struct fault *fault)
{
	struct key_reader reader;
	const char *dossier;
	int found;

	key_read_start(&reader, key);
	dossier = key_read_text(&reader);
	found = fsck_has(fsck, RECORD_DOSSIER, dossier, fault);
	if (found == 0) {
		fsck_tell_row(fsck, "reference.dangling", key,
		    "there is no dossier %s", dossier);
	}
	return found < 0 ? -1 : 0;
}

static int
check_leaf(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct way leaf, sheet;
	struct bytes row;
	uint32_t number;
	int found;

	if (value.len < 77 || !follow(&leaf, value, 77)) {
		fsck_tell_row(fsck, "evidence.form", key,
		    "it has another form");
		return 0;
	}
	number = wire_get_u32be(value.data + 9);
	found = find(fsck, TABLE_EVIDENCE_SHEET, wire_get_u64be(value.data + 1),
	    &number, &row, fault);
	if (found == 0) {
		fsck_tell_row(fsck, "evidence.missing", key,
		    "its sheet is not there");
	} else if (found == 1 && (!follow(&sheet, row, 1) ||
	                             !is_same(&leaf.root, &sheet.from))) {
		fsck_tell_row(fsck, "evidence.changed", key,
		    "it does not lead to the root of its sheet");
	}
	return found < 0 ? -1 : check_dossier(fsck, key, fault);
}

static int
check_signer(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct fault ignored;

	(void)fault;
	if (key.len != 33 ||
	    json_read(fsck->scratch, value, &ignored) == NULL) {
		fsck_tell_row(fsck, "evidence.form", key,
		    "it has another form");
	}
	return 0;
}

int
fsck_evidence_check(struct fsck *fsck, struct fault *fault)
{
	static const struct {
		enum table table;
		fsck_row_fn row;
	} tables[] = {
		{ TABLE_EVIDENCE_BATCH, check_batch },
		{ TABLE_EVIDENCE_TOKEN, check_token_row },
		{ TABLE_EVIDENCE_SHEET, check_sheet },
		{ TABLE_EVIDENCE_RENEWAL, check_renewal },
		{ TABLE_EVIDENCE_LEAF, check_leaf },
		{ TABLE_EVIDENCE_SIGNER, check_signer },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct key prefix;

		key_start(&prefix, (uint8_t)tables[i].table);
		if (fsck_each(fsck, &prefix, tables[i].row, fault) < 0) {
			return -1;
		}
	}
	return 0;
}
