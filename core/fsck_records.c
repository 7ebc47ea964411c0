/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Records and history lie in the same order of kind and id, so one walk over
 * both sees each record behind its older revisions.
 */

#include "core/fsck_records.h"

#include "base/digest.h"
#include "base/hex.h"
#include "base/say.h"
#include "base/wire.h"
#include "core/fsck_leaf.h"
#include "core/fsck_refer.h"

#include <inttypes.h>

#define REV_BYTES 8u

/* --- one revision -------------------------------------------------------------- */

/* A revision that was read, and how people call it. */
struct revision {
	struct record record;
	struct bytes key; /* kind, id and its NUL */
	const char *where;
	bool is_present; /* no older one */
};

static void
note_revision(struct fsck *fsck, const struct revision *revision)
{
	struct sha256 sum = sha256_of(revision->record.bytes);
	uint8_t value[FSCK_LEAF_BYTES];
	struct key key;

	key_start(&key, revision->key.data[0]);
	key_add_raw(&key,
	    bytes_of(revision->key.data + 1, revision->key.len - 1));
	key_add_u64(&key, revision->record.rev);
	memcpy(value, sum.bytes, SHA256_BYTES);
	wire_put_u64be(value + SHA256_BYTES, revision->record.log_index);
	sorter_add(fsck->revisions, key_bytes(&key),
	    bytes_of(value, sizeof(value)));
}

/* Its form, and that it says of itself what its key says. */
static void
check_form(struct fsck *fsck, struct revision *revision)
{
	struct record *record = &revision->record;
	const char *id = json_text_at(record->value, "id");
	int64_t rev = json_integer_at(record->value, "rev");
	struct bytes canonical = json_bytes(fsck->scratch, record->value);

	if (!bytes_equal(canonical, record->bytes)) {
		fsck_find_tell(&fsck->find, "record.form", revision->where,
		    "its bytes are not canonical JSON");
		record->bytes = canonical; /* what its rows come of */
	}
	if (id == NULL || strcmp(id, record->id) != 0 || rev < 0 ||
	    (uint64_t)rev != record->rev) {
		fsck_find_tell(&fsck->find, "record.identity", revision->where,
		    "it says to be %s revision %" PRId64,
		    id != NULL ? id : say_text("nobody"), rev);
	}
	if (json_integer_at(record->value, "at") == 0 ||
	    json_text_at(record->value, "by") == NULL) {
		fsck_find_tell(&fsck->find, "record.identity", revision->where,
		    "it does not say when and by whom it was written");
	}
}

/* A file that it names must be there. */
static void
note_file(struct fsck *fsck, const struct revision *revision,
    const json_t *file)
{
	const char *hex = json_text_at(file, "sha256");
	struct sha256 sum;
	struct buf value;
	uint8_t size[8];

	if (hex == NULL || strlen(hex) != 2 * SHA256_BYTES ||
	    !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		fsck_find_tell(&fsck->find, "record.file", revision->where,
		    "it has a file without a SHA-256");
		return;
	}
	buf_init(&value, 4096);
	wire_put_u64be(size, (uint64_t)json_integer_at(file, "size"));
	buf_add(&value, size, sizeof(size));
	buf_add_text(&value, revision->where);
	sorter_add(fsck->files, bytes_of(sum.bytes, SHA256_BYTES),
	    buf_bytes(&value));
	buf_fini(&value);
}

/* One that waits for its time-stamp is there until the other one is. */
static void
note_container(struct fsck *fsck, const struct revision *revision,
    const json_t *seal)
{
	const json_t *pending = json_object_get(seal, "pending");

	if (pending == NULL && seal != NULL) {
		note_file(fsck, revision, seal);
	} else if (pending != NULL && revision->is_present) {
		note_file(fsck, revision, pending);
	}
}

static void
note_files(struct fsck *fsck, const struct revision *revision)
{
	const json_t *value = revision->record.value;
	json_t *item;
	size_t i;

	if (revision->record.kind == RECORD_DOCUMENT) {
		json_array_foreach(json_object_get(value, "attachments"), i,
		    item)
		{
			note_file(fsck, revision, item);
		}
	}
	if (revision->record.kind == RECORD_DOSSIER) {
		json_array_foreach(json_object_get(value, "components"), i,
		    item)
		{
			note_file(fsck, revision,
			    json_object_get(item, "attachment"));
		}
		note_container(fsck, revision, json_object_get(value, "seal"));
	}
	if (revision->record.kind == RECORD_EXAMINATION &&
	    json_text_at(json_object_get(value, "validation"), "sha256") !=
	        NULL) {
		note_file(fsck, revision, json_object_get(value, "validation"));
	}
}

/* Revision, leaf and bytes out of a row's value. */
static int
read_value(struct revision *revision, struct bytes value, struct fault *fault)
{
	struct record *record = &revision->record;

	if (!record_log_index(value, &record->log_index)) {
		record->log_index = LOG_OWN; /* compared with the log's */
	}
	return record_split(value, &record->rev, &record->bytes, fault);
}

/* 1 it can be read, 0 told that it cannot. */
static int
check_revision(struct fsck *fsck, struct revision *revision)
{
	struct fault fault;

	fsck->counts->revisions++;
	revision->where = arena_format(fsck->scratch, "%s/%s rev %" PRIu64,
	    record_kind_name(revision->record.kind), revision->record.id,
	    revision->record.rev);
	note_revision(fsck, revision);
	revision->record.value =
	    json_read(fsck->scratch, revision->record.bytes, &fault);
	if (!json_is_object(revision->record.value)) {
		fsck_find_tell(&fsck->find, "record.unreadable",
		    revision->where, "it is no JSON object: %s",
		    revision->record.value == NULL ? say_fault(&fault)
		                                   : say_text("a list"));
		return 0;
	}
	check_form(fsck, revision);
	note_files(fsck, revision);
	if (!revision->is_present &&
	    fsck_expect_older(&fsck->expect, &revision->record, &fault) < 0) {
		fsck_find_tell(&fsck->find, "record.member", revision->where,
		    "%s", say_fault(&fault));
		return 0;
	}
	return 1;
}

/* --- history -------------------------------------------------------------------- */

struct history {
	struct scan *scan;
	bool is_there; /* the next row */
	struct bytes key;
	struct bytes value;
};

static int
next_older(struct history *history, struct fault *fault)
{
	int rc = scan_next_sound(history->scan, &history->key, &history->value,
	    fault);

	history->is_there = rc == 1;
	return rc < 0 ? -1 : 0;
}

/* Kind and id of the next row; nothing where it has no such form. */
static struct bytes
owner_of(const struct history *history)
{
	return history->key.len > 1 + REV_BYTES
	           ? bytes_of(history->key.data + 1,
	                 history->key.len - 1 - REV_BYTES)
	           : NO_BYTES;
}

/* "kind, id, NUL" as a record without its bytes. */
static bool
read_owner(struct fsck *fsck, struct bytes owner, struct record *record)
{
	if (owner.len < 3 || owner.data[owner.len - 1] != 0 ||
	    memchr(owner.data + 1, 0, owner.len - 2) != NULL ||
	    !record_is_kind(owner.data[0])) {
		return false;
	}
	record->kind = (enum record_kind)owner.data[0];
	record->id = arena_text_of(fsck->scratch,
	    bytes_of(owner.data + 1, owner.len - 2));
	return true;
}

/* The next row of an owner that was read; a value that lies is told. */
static void
read_older(struct fsck *fsck, const struct history *history,
    struct revision *revision)
{
	struct fault fault;
	uint64_t rev =
	    wire_get_u64be(history->key.data + history->key.len - REV_BYTES);

	if (read_value(revision, history->value, &fault) < 0) {
		fsck_find_tell(&fsck->find, "record.unreadable",
		    fsck_find_key(fsck->scratch, history->key), "%s",
		    fault.text);
		revision->record.bytes = NO_BYTES;
	} else if (revision->record.rev != rev) {
		fsck_find_tell(&fsck->find, "record.identity",
		    fsck_find_key(fsck->scratch, history->key),
		    "its value is of revision %" PRIu64, revision->record.rev);
	}
	revision->record.rev = rev;
}

/* Tell of older revisions whose record is gone. */
static int
check_orphan(struct fsck *fsck, struct history *history, struct fault *fault)
{
	struct revision revision = { .key = owner_of(history) };

	arena_reset(fsck->scratch);
	if (!read_owner(fsck, revision.key, &revision.record)) {
		fsck_find_tell(&fsck->find, "row.unknown",
		    fsck_find_key(fsck->scratch, history->key),
		    "it is no key of an older revision");
	} else {
		read_older(fsck, history, &revision);
		check_revision(fsck, &revision);
		fsck_find_tell(&fsck->find, "record.missing", revision.where,
		    "this older revision is here, its record is not");
	}
	return next_older(history, fault);
}

/* The older revisions of a record, from 1 on; `owner` is kind, id, NUL. */
static int
check_older(struct fsck *fsck, struct history *history, struct bytes owner,
    const struct record *record, struct fault *fault)
{
	uint64_t wanted = 1;

	while (history->is_there && bytes_equal(owner_of(history), owner)) {
		struct revision revision = { .key = owner, .record = *record };

		read_older(fsck, history, &revision);
		check_revision(fsck, &revision);
		if (revision.record.rev >= record->rev) {
			fsck_find_tell(&fsck->find, "history.extra",
			    revision.where, "the present revision is %" PRIu64,
			    record->rev);
		}
		for (; wanted < revision.record.rev && wanted < record->rev;
		     wanted++) {
			fsck_find_tell(&fsck->find, "history.gap",
			    revision.where, "revision %" PRIu64 " is missing",
			    wanted);
		}
		wanted = revision.record.rev + 1;
		if (next_older(history, fault) < 0) {
			return -1;
		}
	}
	for (; wanted < record->rev; wanted++) {
		fsck_find_tell(&fsck->find, "history.gap",
		    arena_format(fsck->scratch, "%s/%s rev %" PRIu64,
		        record_kind_name(record->kind), record->id,
		        record->rev),
		    "revision %" PRIu64 " is missing", wanted);
	}
	return 0;
}

/* --- the walk ---------------------------------------------------------------------- */

static int
check_present(struct fsck *fsck, struct revision *revision, struct fault *fault)
{
	struct fault cause = { .code = FAULT_NONE };

	fsck->counts->records++;
	revision->is_present = true;
	if (check_revision(fsck, revision) == 0) {
		return 0;
	}
	if (fsck_expect_record(&fsck->expect, &revision->record, &cause) < 0) {
		if (cause.code != FAULT_CORRUPT) {
			*fault = cause;
			return -1;
		}
		fsck_find_tell(&fsck->find, "record.member", revision->where,
		    "%s", say_fault(&cause));
	}
	return fsck_refer_check(fsck, &revision->record, revision->where,
	    fault);
}

static int
check_record(struct fsck *fsck, struct history *history, struct bytes key,
    struct bytes value, struct fault *fault)
{
	struct revision revision = { .key =
		                         bytes_of(key.data + 1, key.len - 1) };
	struct fault cause;

	while (history->is_there &&
	       bytes_compare(owner_of(history), revision.key) < 0) {
		if (check_orphan(fsck, history, fault) < 0) {
			return -1;
		}
	}
	arena_reset(fsck->scratch);
	if (!read_owner(fsck, revision.key, &revision.record)) {
		fsck_find_tell(&fsck->find, "row.unknown",
		    fsck_find_key(fsck->scratch, key),
		    "it is no key of a record");
		return 0;
	}
	if (read_value(&revision, value, &cause) < 0) {
		fsck_find_tell(&fsck->find, "record.unreadable",
		    fsck_find_key(fsck->scratch, key), "%s", say_fault(&cause));
		return 0;
	}
	if (check_older(fsck, history, revision.key, &revision.record, fault) <
	    0) {
		return -1;
	}
	return check_present(fsck, &revision, fault);
}

static int
walk(struct fsck *fsck, struct scan *records, struct history *history,
    struct fault *fault)
{
	struct bytes key, value;
	int rc;

	if (next_older(history, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next_sound(records, &key, &value, fault)) == 1) {
		if (check_record(fsck, history, key, value, fault) < 0) {
			return -1;
		}
	}
	while (rc == 0 && history->is_there) {
		rc = check_orphan(fsck, history, fault);
	}
	return rc;
}

int
fsck_records_check(struct fsck *fsck, struct fault *fault)
{
	struct history history = { .scan = NULL };
	struct scan *records = NULL;
	int rc = -1;

	if (scan_open_table(&records, fsck->snapshot, TABLE_RECORD, fault) ==
	        0 &&
	    scan_open_table(&history.scan, fsck->snapshot, TABLE_HISTORY,
	        fault) == 0) {
		rc = walk(fsck, records, &history, fault);
	}
	scan_close(history.scan);
	scan_close(records);
	return rc;
}
