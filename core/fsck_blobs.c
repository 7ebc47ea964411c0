/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rows of blobs and of uploads as docs/store.md draws them:
 *
 *     B  SHA-256, row u32 -> row 0: u8 1, u8 1, u64 size, up to 60 names;
 *                            others: up to 60 names
 *                         or row 0: u8 1, u8 2, u64 size; row 1: the bytes
 *     U  id, row u32      -> row 0: state; others: up to 60 names
 *
 * A chunk has 262,128 bytes, the last one what is left.
 */

#include "core/fsck_blobs.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/say.h"
#include "base/wire.h"
#include "core/canary.h"
#include "storage/chunk.h"

#include <inttypes.h>
#include <stdlib.h>

#define ROW_NAMES    60u
#define HEAD_BYTES   10u
#define ROW_BYTES    4u
#define STATE_OPEN   1u
#define STATE_LENGTH 2u
#define STATE_OFFSET 10u
#define STATE_BYTES  66u

/* The blob or upload that the walk is in. */
struct sheet {
	struct fsck *fsck;
	const char *what; /* "blob", "upload": of the code */
	const char *where;
	struct bytes owner; /* its key without the row */
	uint64_t size;      /* of which the chunks are checked */
	uint64_t at;        /* bytes that the chunks so far hold */
	uint32_t rows;      /* seen */
	bool is_small;      /* its bytes are in row 1 */
	bool is_canary;
	bool is_bad;                  /* told already that it is not whole */
	struct sha256_stream *stream; /* NULL: not read */
	uint8_t *chunk;
};

static void __attribute__((format(printf, 3, 4)))
tell(struct sheet *sheet, const char *code, const char *format, ...)
{
	struct sha256 sum;
	va_list args;

	if (sheet->is_canary) {
		return; /* it is wrong on purpose: core/canary.h */
	}
	if (sheet->what[0] == 'b') {
		memcpy(sum.bytes, sheet->owner.data + 1, SHA256_BYTES);
		harm_add_file(sheet->fsck->harm, &sum);
	}

	va_start(args, format);
	fsck_find_tell_list(&sheet->fsck->find, code, sheet->where, format,
	    args);
	va_end(args);
	sheet->is_bad = true;
}

/* --- chunks ------------------------------------------------------------------- */

static const char *
code_of(const struct sheet *sheet, const char *blob, const char *upload)
{
	return sheet->what[0] == 'b' ? blob : upload;
}

/* Read a chunk whole and hash it; the whole's hash goes on. */
static void
read_chunk(struct sheet *sheet, const struct sha256 *name, size_t len)
{
	struct chunks *chunks = store_chunks(sheet->fsck->store);
	struct sha256 sum;
	struct fault fault;

	if (chunk_get(chunks, name, 0, sheet->chunk, len, &fault) < 0) {
		tell(sheet, "chunk.unreadable", "%s", say_fault(&fault));
		return;
	}
	sum = sha256_of(bytes_of(sheet->chunk, len));
	if (memcmp(sum.bytes, name->bytes, SHA256_BYTES) != 0) {
		tell(sheet, "chunk.changed",
		    "the bytes from %" PRIu64 " on are not what was stored",
		    sheet->at);
	}
	sha256_stream_add(sheet->stream, bytes_of(sheet->chunk, len));
}

/* It is there and as long as it must be. */
static void
look_at_chunk(struct sheet *sheet, const struct sha256 *name, size_t len)
{
	struct chunks *chunks = store_chunks(sheet->fsck->store);
	struct fault fault;
	uint8_t last;
	int found = chunk_has(chunks, name, &fault);

	sheet->fsck->counts->chunks++;
	if (found == 1 && sheet->stream != NULL) {
		read_chunk(sheet, name, len);
		return;
	}
	if (found == 1) {
		found = chunk_get(chunks, name, len - 1, &last, 1, &fault) == 1
		            ? 1
		            : -1;
	}
	if (found == 0) {
		tell(sheet, code_of(sheet, "chunk.missing", "upload.chunk"),
		    "the chunk with its bytes from %" PRIu64 " on is not there",
		    sheet->at);
	} else if (found < 0) {
		tell(sheet, code_of(sheet, "chunk.unreadable", "upload.chunk"),
		    "%s", say_fault(&fault));
	}
}

/* The names of one row, as far as the size reaches. */
static void
take_names(struct sheet *sheet, struct bytes names)
{
	size_t count = names.len / SHA256_BYTES;

	if (names.len % SHA256_BYTES != 0 || count > ROW_NAMES) {
		tell(sheet, code_of(sheet, "blob.form", "upload.form"),
		    "a row of its chunks' names has another form");
		return;
	}
	for (size_t i = 0; i < count && sheet->at < sheet->size; i++) {
		uint64_t left = sheet->size - sheet->at;
		size_t len = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;
		struct sha256 name;

		memcpy(name.bytes, names.data + i * SHA256_BYTES, SHA256_BYTES);
		look_at_chunk(sheet, &name, len);
		sheet->at += len;
	}
}

/* The bytes of a small blob, in its one row behind the head. */
static void
take_bytes(struct sheet *sheet, struct bytes bytes)
{
	if (sheet->at > 0 || bytes.len != sheet->size) {
		tell(sheet, "blob.form", "its bytes have another length");
		return;
	}
	sheet->at = bytes.len;
	if (sheet->stream != NULL) {
		sha256_stream_add(sheet->stream, bytes);
	}
}

/* --- the files that records name ------------------------------------------------- */

struct named {
	bool is_there;
	struct bytes sum;
	struct bytes value; /* size i64, record */
};

static int
next_named(struct fsck *fsck, struct named *named, struct fault *fault)
{
	int rc = sorter_next(fsck->files, &named->sum, &named->value, fault);

	named->is_there = rc == 1;
	return rc < 0 ? -1 : 0;
}

static const char *
namer_of(struct fsck *fsck, const struct named *named)
{
	return arena_text_of(fsck->scratch,
	    bytes_of(named->value.data + 8, named->value.len - 8));
}

/* Files that sort before this blob (NULL: all that are left) are missing. */
static int
tell_missing(struct fsck *fsck, struct named *named, const struct bytes *sum,
    struct fault *fault)
{
	while (named->is_there &&
	       (sum == NULL || bytes_compare(named->sum, *sum) < 0)) {
		struct sha256 name;
		char hex[SHA256_TEXT];

		memcpy(name.bytes, named->sum.data, SHA256_BYTES);
		sha256_format(hex, &name);
		harm_add_file(fsck->harm, &name);
		fsck_find_tell(&fsck->find, "blob.missing",
		    namer_of(fsck, named), "its file %s is not stored", hex);
		if (next_named(fsck, named, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Those who name this blob say how long it is. */
static int
compare_sizes(struct sheet *sheet, struct named *named, struct bytes sum,
    struct fault *fault)
{
	struct fsck *fsck = sheet->fsck;

	while (named->is_there && bytes_equal(named->sum, sum)) {
		uint64_t size = wire_get_u64be(named->value.data);

		if (size != sheet->size) {
			fsck_find_tell(&fsck->find, "blob.size",
			    namer_of(fsck, named),
			    "it says that its file has %" PRIu64
			    " bytes, which has %" PRIu64,
			    size, sheet->size);
		}
		if (next_named(fsck, named, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- blobs ------------------------------------------------------------------------ */

/* The last row was seen: is it all? */
static void
end_sheet(struct sheet *sheet)
{
	struct sha256 sum;

	if (sheet->where == NULL) {
		return;
	}
	if (!sheet->is_bad && sheet->at < sheet->size) {
		tell(sheet, code_of(sheet, "blob.form", "upload.form"),
		    sheet->is_small ? "its bytes are missing"
		                    : "names of its chunks are missing");
	}
	if (sheet->stream != NULL) {
		sum = sha256_stream_end(sheet->stream);
		if (!sheet->is_bad && memcmp(sum.bytes, sheet->owner.data + 1,
		                          SHA256_BYTES) != 0) {
			tell(sheet, "blob.changed",
			    "its bytes have another SHA-256 than its name");
		}
	}
	sheet->where = NULL;
}

/* Does the key begin another blob or upload? */
static bool
is_next(const struct sheet *sheet, struct bytes owner)
{
	return sheet->where == NULL || !bytes_equal(sheet->owner, owner);
}

static void
begin_sheet(struct sheet *sheet, struct bytes key, struct bytes owner)
{
	end_sheet(sheet);
	arena_reset(sheet->fsck->scratch);
	sheet->owner = arena_copy(sheet->fsck->scratch, owner);
	sheet->where = fsck_find_key(sheet->fsck->scratch, key);
	sheet->size = 0;
	sheet->at = 0;
	sheet->rows = 0;
	sheet->is_small = false;
	sheet->is_bad = false;
	sheet->is_canary =
	    sheet->what[0] == 'b' &&
	    canary_is(bytes_of(sheet->owner.data + 1, SHA256_BYTES));
}

/* Rows are numbered without a gap. */
static bool
is_in_order(struct sheet *sheet, struct bytes key)
{
	uint32_t row = wire_get_u32be(key.data + key.len - ROW_BYTES);

	if (row != sheet->rows) {
		if (!sheet->is_bad) {
			tell(sheet, code_of(sheet, "blob.form", "upload.form"),
			    "row %" PRIu32 " is missing", sheet->rows);
		}
		return false;
	}
	sheet->rows++;
	return true;
}

static int
take_blob_row(struct sheet *sheet, struct named *named, struct bytes key,
    struct bytes value, struct fault *fault)
{
	struct bytes owner = bytes_of(key.data, key.len - ROW_BYTES);
	struct bytes sum = bytes_of(key.data + 1, SHA256_BYTES);

	if (is_next(sheet, owner)) {
		begin_sheet(sheet, key, owner);
		sheet->fsck->counts->blobs++;
		if (tell_missing(sheet->fsck, named, &sum, fault) < 0) {
			return -1;
		}
	}
	if (!is_in_order(sheet, key)) {
		return 0;
	}
	if (sheet->rows > 1) {
		if (sheet->is_small) {
			take_bytes(sheet, value);
		} else {
			take_names(sheet, value);
		}
		return 0;
	}
	if (value.len < HEAD_BYTES || value.data[0] != 1 ||
	    (value.data[1] != 1 && value.data[1] != 2) ||
	    (value.data[1] == 2 && value.len != HEAD_BYTES)) {
		tell(sheet, "blob.form", "its first row has another form");
		return 0;
	}
	sheet->is_small = value.data[1] == 2;
	sheet->size = wire_get_u64be(value.data + 2);
	take_names(sheet,
	    bytes_of(value.data + HEAD_BYTES, value.len - HEAD_BYTES));
	return compare_sizes(sheet, named, sum, fault);
}

static void
tell_row(struct fsck *fsck, struct bytes key)
{
	struct arena *arena = arena_new();

	fsck_find_tell(&fsck->find, "row.unknown", fsck_find_key(arena, key),
	    "its key has another form");
	arena_free(arena);
}

static int
check_blobs(struct fsck *fsck, struct sheet *sheet, struct fault *fault)
{
	struct named named = { .is_there = false };
	struct bytes key, value;
	struct scan *scan;
	int rc;

	if (sorter_sort(fsck->files, fault) < 0 ||
	    next_named(fsck, &named, fault) < 0 ||
	    scan_open_table(&scan, fsck->snapshot, 'B', fault) < 0) {
		return -1;
	}
	while ((rc = scan_next_sound(scan, &key, &value, fault)) == 1) {
		if (key.len != 1 + SHA256_BYTES + ROW_BYTES) {
			tell_row(fsck, key);
		} else if (take_blob_row(sheet, &named, key, value, fault) <
		           0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	end_sheet(sheet);
	return rc < 0 ? -1 : tell_missing(fsck, &named, NULL, fault);
}

/* --- uploads ------------------------------------------------------------------------ */

static void
take_upload_row(struct sheet *sheet, struct bytes key, struct bytes value)
{
	struct bytes owner = bytes_of(key.data, key.len - ROW_BYTES);
	uint64_t received;

	if (is_next(sheet, owner)) {
		begin_sheet(sheet, key, owner);
	}
	if (!is_in_order(sheet, key)) {
		return;
	}
	if (sheet->rows > 1) {
		take_names(sheet, value);
		return;
	}
	if (value.len < STATE_BYTES || value.data[0] != 1) {
		tell(sheet, "upload.form", "its state has another form");
		return;
	}
	received = wire_get_u64be(value.data + STATE_OFFSET);
	/* The tail of an open one is no chunk yet. */
	sheet->size = value.data[1] == STATE_OPEN
	                  ? received - received % CHUNK_BYTES
	                  : wire_get_u64be(value.data + STATE_LENGTH);
}

static int
check_uploads(struct fsck *fsck, struct sheet *sheet, struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc;

	if (scan_open_table(&scan, fsck->snapshot, 'U', fault) < 0) {
		return -1;
	}
	while ((rc = scan_next_sound(scan, &key, &value, fault)) == 1) {
		if (key.len <= 1 + ROW_BYTES) {
			tell_row(fsck, key);
		} else {
			take_upload_row(sheet, key, value);
		}
	}
	scan_close(scan);
	end_sheet(sheet);
	return rc;
}

int
fsck_blobs_check(struct fsck *fsck, struct fault *fault)
{
	struct sheet blob = { .fsck = fsck, .what = "blob" };
	struct sheet upload = { .fsck = fsck, .what = "upload" };
	int rc;

	if (fsck->options->deep) {
		blob.stream = sha256_stream_new();
		blob.chunk = xzalloc(CHUNK_BYTES);
	}
	rc = check_blobs(fsck, &blob, fault);
	if (rc == 0) {
		rc = check_uploads(fsck, &upload, fault);
	}
	free(blob.chunk);
	sha256_stream_free(blob.stream);
	return rc;
}
