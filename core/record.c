/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The present revision of a record lies under TABLE_RECORD, its older ones
 * under TABLE_HISTORY.  Bytes are read into the arena and parsed there; what
 * was stored was checked when it came in, so a parse that fails now means a
 * damaged store.
 */

#include "core/record.h"

#include "base/text.h"

#include <assert.h>

static const struct {
	enum record_kind kind;
	const char *name;
} kinds[] = {
	{ RECORD_UNIT, "unit" },
	{ RECORD_REORGANISATION, "reorganisation" },
	{ RECORD_MOVEMENT, "movement" },
	{ RECORD_DOCUMENT, "document" },
	{ RECORD_DOSSIER, "dossier" },
	{ RECORD_DECISION, "decision" },
	{ RECORD_GRANT, "grant" },
	{ RECORD_FIGURE, "figure" },
	{ RECORD_SCORE, "score" },
	{ RECORD_RANKING, "ranking" },
	{ RECORD_USER, "user" },
	{ RECORD_TOKEN, "token" },
	{ RECORD_EXAMINATION, "examination" },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

const char *
record_kind_name(enum record_kind kind)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].kind == kind) {
			return kinds[i].name;
		}
	}
	assert(!"a record kind without a name");
	return "";
}

bool
record_is_kind(uint8_t letter)
{
	for (size_t i = 0; i < KINDS; i++) {
		if ((uint8_t)kinds[i].kind == letter) {
			return true;
		}
	}
	return false;
}

bool
record_kind_parse(enum record_kind *kind_out, const char *name)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			*kind_out = kinds[i].kind;
			return true;
		}
	}
	return false;
}

void
record_key(struct key *key, enum record_kind kind, const char *id)
{
	key_start(key, TABLE_RECORD);
	key_add_u8(key, (uint8_t)kind);
	key_add_text(key, id);
}

int
record_find_bytes(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, uint64_t *rev_out,
    struct bytes *bytes_out, struct fault *fault)
{
	struct key key;

	record_key(&key, kind, id);
	return snapshot_find_record(snapshot, key_bytes(&key), arena, rev_out,
	    bytes_out, fault);
}

int
record_read(struct record *record, struct bytes value, struct fault *fault)
{
	if (!record_log_index(value, &record->log_index)) {
		record->log_index = LOG_OWN;
	}
	return record_split(value, &record->rev, &record->bytes, fault);
}

static int
parse(struct arena *arena, struct record *record, struct fault *fault)
{
	struct fault cause;

	record->value = json_read(arena, record->bytes, &cause);
	if (record->value == NULL) {
		return fault_set(fault, FAULT_CORRUPT, "stored %s %s: %s",
		    record_kind_name(record->kind), record->id, cause.text);
	}
	return 0;
}

int
record_find(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, struct record *record_out,
    struct fault *fault)
{
	struct record record = { .kind = kind };
	struct bytes value;
	struct key key;
	int found;

	if (!text_is_id(id)) {
		return 0; /* no record has such an id */
	}
	record.id = arena_text(arena, id);
	record_key(&key, kind, id);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	if (found <= 0) {
		return found;
	}
	if (record_read(&record, value, fault) < 0 ||
	    parse(arena, &record, fault) < 0) {
		return -1;
	}
	*record_out = record;
	return 1;
}

int
record_need(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, struct record *record_out,
    struct fault *fault)
{
	int found = record_find(snapshot, arena, kind, id, record_out, fault);

	if (found == 0) {
		return fault_set(fault, FAULT_ABSENT, "there is no %s %s",
		    record_kind_name(kind), id);
	}
	return found < 0 ? -1 : 0;
}

int
record_refer(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, const char *field,
    struct record *record_out, struct fault *fault)
{
	int found = record_find(snapshot, arena, kind, id, record_out, fault);

	if (found == 0) {
		return fault_field(fault, field, "there is no %s %s",
		    record_kind_name(kind), id);
	}
	return found < 0 ? -1 : 0;
}

int
record_find_revision(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, uint64_t rev,
    struct bytes *bytes_out, struct fault *fault)
{
	struct key key;
	uint64_t present;
	int found = record_find_bytes(snapshot, arena, kind, id, &present,
	    bytes_out, fault);

	if (found <= 0 || present == rev) {
		return found;
	}
	key_start(&key, TABLE_HISTORY);
	key_add_u8(&key, (uint8_t)kind);
	key_add_text(&key, id);
	key_add_u64(&key, rev);
	return snapshot_find_record(snapshot, key_bytes(&key), arena, &present,
	    bytes_out, fault);
}
