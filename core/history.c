/* SPDX-License-Identifier: Apache-2.0 */

#include "core/history.h"

#include "core/permit.h"

#include <inttypes.h>

#define OTHERS_MAX 32u /* records beside, whose readers are asked for */

/* --- one revision ------------------------------------------------------------ */

/* The revision as it is stored; 1, 0 absent, -1. */
static int
find_row(const struct history *history, struct arena *arena, uint64_t rev,
    struct record *record_out, struct fault *fault)
{
	const struct record *present = history->record;
	struct bytes value;
	struct key key;
	int found;

	if (rev == present->rev) {
		*record_out = *present;
		return 1;
	}
	key_start(&key, TABLE_HISTORY);
	key_add_u8(&key, (uint8_t)present->kind);
	key_add_text(&key, present->id);
	key_add_u64(&key, rev);
	found = snapshot_find(history->snapshot, key_bytes(&key), arena, &value,
	    fault);
	if (found <= 0) {
		return found;
	}
	*record_out =
	    (struct record){ .kind = present->kind, .id = present->id };
	return record_read(record_out, value, fault) < 0 ? -1 : 1;
}

/* The same with its bytes read as JSON. */
static int
find_revision(const struct history *history, struct arena *arena, uint64_t rev,
    struct record *record_out, struct fault *fault)
{
	int found = find_row(history, arena, rev, record_out, fault);

	if (found == 1 && record_out->value == NULL) {
		record_out->value = json_read(arena, record_out->bytes, fault);
	}
	return found == 1 && record_out->value == NULL ? -1 : found;
}

static int
refuse_row(const struct record *record, struct fault *fault)
{
	return fault_set(fault, FAULT_CORRUPT,
	    "the row of %s %s, revision %" PRIu64
	    ", does not say which entry of the log tells of it; hosod reindex "
	    "mends that",
	    record_kind_name(record->kind), record->id, record->rev);
}

const char *
history_object(struct arena *arena, const struct record *record)
{
	return arena_format(arena, "%s/%s", record_kind_name(record->kind),
	    record->id);
}

static bool
names(const json_t *told, const char *object, uint64_t rev)
{
	const char *text = json_text_at(told, "object");

	return text != NULL && strcmp(text, object) == 0 &&
	       (uint64_t)json_integer_at(told, "rev") == rev;
}

/* Does the event tell of this very revision? */
static bool
tells_of(struct arena *arena, const json_t *event, const struct record *record)
{
	const char *object = history_object(arena, record);
	json_t *other;
	size_t i;

	if (names(event, object, record->rev)) {
		return true;
	}
	json_array_foreach(json_object_get(event, "also"), i, other)
	{
		if (names(other, object, record->rev)) {
			return true;
		}
	}
	return false;
}

static int
find_entry(const struct history *history, struct arena *arena,
    const struct record *record, struct history_row *row, struct fault *fault)
{
	struct fault why;
	int found = 0;

	if (record->log_index != LOG_OWN) {
		found = snapshot_log_find(history->snapshot, record->log_index,
		    arena, &row->leaf, fault);
	}
	if (found < 0) {
		return -1;
	}
	row->event = found == 1 ? json_read(arena, row->leaf, &why) : NULL;
	if (row->event == NULL || !tells_of(arena, row->event, record)) {
		return refuse_row(record, fault);
	}
	row->entry = record->log_index;
	return 0;
}

/* --- who may read the entry -------------------------------------------------- */

/* 1 he may read the record that `told` names, 0 not, -1. */
static int
may_read(const struct history *history, struct arena *arena, const json_t *told,
    struct fault *fault)
{
	const char *object = json_text_at(told, "object");
	const char *slash = object != NULL ? strchr(object, '/') : NULL;
	struct permit_object whose;
	enum record_kind kind;
	struct record record;
	const char *word;
	int found;

	if (slash == NULL) {
		return 0;
	}
	word = arena_text_of(arena, bytes_of(object, (size_t)(slash - object)));
	if (!record_kind_parse(&kind, word) || kind == RECORD_USER ||
	    kind == RECORD_TOKEN || kind == RECORD_EXAMINATION) {
		return 0;
	}
	found = record_find(history->snapshot, arena, kind, slash + 1, &record,
	    fault);
	if (found <= 0) {
		return found;
	}
	whose = permit_object_of(kind, record.value);
	return permit_may(history->core, history->snapshot, history->actor,
	    arena_format(arena, "%s.read", word), &whose, fault);
}

/* May he read everything that the entry tells of? 1, 0, -1. */
static int
may_read_entry(const struct history *history, struct arena *arena,
    const json_t *event, struct fault *fault)
{
	const json_t *also = json_object_get(event, "also");
	json_t *other;
	size_t i;
	int may;

	if (also == NULL ||
	    permit_ever(history->core, history->actor, "audit.read")) {
		return 1;
	}
	if (json_array_size(also) > OTHERS_MAX) {
		return 0;
	}
	may = may_read(history, arena, event, fault);
	json_array_foreach(also, i, other)
	{
		if (may <= 0) {
			break;
		}
		may = may_read(history, arena, other, fault);
	}
	return may;
}

int
history_find(const struct history *history, struct arena *arena, uint64_t rev,
    struct history_row *row_out, struct fault *fault)
{
	struct history_row row = { .rev = rev };
	struct record record;
	int found = find_revision(history, arena, rev, &record, fault);
	int may;

	if (found <= 0) {
		return found;
	}
	row.value = record.value;
	if (find_entry(history, arena, &record, &row, fault) < 0) {
		return -1;
	}
	may = may_read_entry(history, arena, row.event, fault);
	if (may < 0) {
		return -1;
	}
	if (may == 0) {
		row.leaf = NO_BYTES;
	}
	*row_out = row;
	return 1;
}

int
history_entry(const struct history *history, struct arena *arena, uint64_t rev,
    uint64_t *entry_out, struct fault *fault)
{
	struct record record;
	int found = find_row(history, arena, rev, &record, fault);

	if (found <= 0) {
		return found;
	}
	if (record.log_index == LOG_OWN) {
		return refuse_row(&record, fault);
	}
	*entry_out = record.log_index;
	return 1;
}

static int
refuse_gap(const struct history *history, uint64_t rev, struct fault *fault)
{
	return fault_set(fault, FAULT_CORRUPT,
	    "%s %s lacks its revision %" PRIu64,
	    record_kind_name(history->record->kind), history->record->id, rev);
}

int
history_at(const struct history *history, struct arena *arena, uint64_t entry,
    uint64_t *rev_out, struct fault *fault)
{
	uint64_t low = 0; /* told of by then */
	uint64_t high = history->record->rev;

	/* Most are: the present one is looked at first. */
	for (uint64_t rev = high; low < high; rev = high - (high - low) / 2) {
		uint64_t at = 0;
		int found = history_entry(history, arena, rev, &at, fault);

		if (found != 1) {
			return found < 0 ? -1 : refuse_gap(history, rev, fault);
		}
		if (at <= entry) {
			low = rev;
		} else {
			high = rev - 1;
		}
	}
	*rev_out = low;
	return 0;
}

/* --- a line of the trail ------------------------------------------------------- */

/* What the server writes itself into each revision. */
static bool
is_ours(const char *member)
{
	return strcmp(member, "id") == 0 || strcmp(member, "rev") == 0 ||
	       strcmp(member, "at") == 0 || strcmp(member, "by") == 0;
}

/* Members that are there in `one` and not, or not so, in `other`. */
static void
add_changed(json_t *changed, const json_t *one, const json_t *other,
    bool is_back)
{
	const char *member;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)one, member, value)
	{
		json_t *before = json_object_get(other, member);

		if (!is_ours(member) &&
		    (is_back ? before == NULL
		             : before == NULL || !json_equal(value, before))) {
			json_array_append_new(changed, json_string(member));
		}
	}
}

/* One line of the list; `before` NULL: it is the first revision. */
static json_t *
line_of(const struct history_row *row, const json_t *before)
{
	const char *status = json_text_at(row->value, "status");
	const char *was = json_text_at(before, "status");
	json_t *changed = json_array();
	json_t *line = json_object();

	if (before != NULL) {
		add_changed(changed, row->value, before, false);
		add_changed(changed, before, row->value, true);
	}
	json_object_set_new(line, "act",
	    json_string(json_text_at(row->event, "act")));
	json_object_set_new(line, "at",
	    json_integer(json_integer_at(row->value, "at")));
	json_object_set_new(line, "by",
	    json_string(json_text_at(row->value, "by")));
	json_object_set_new(line, "changed", changed);
	json_object_set_new(line, "entry",
	    json_integer((json_int_t)row->entry));
	if (row->leaf.len > 0) {
		json_object_set_new(line, "leaf",
		    json_stringn((const char *)row->leaf.data, row->leaf.len));
	}
	json_object_set_new(line, "rev", json_integer((json_int_t)row->rev));
	if (status != NULL && (was == NULL || strcmp(status, was) != 0)) {
		json_object_set_new(line, "status", json_string(status));
	}
	return line;
}

int
history_line(const struct history *history, struct arena *arena, uint64_t rev,
    json_t **line_out, struct fault *fault)
{
	struct record before = { .value = NULL };
	struct history_row row;
	int found = history_find(history, arena, rev, &row, fault);

	if (found != 1) {
		return found < 0 ? -1 : refuse_gap(history, rev, fault);
	}
	if (rev > 1 &&
	    find_revision(history, arena, rev - 1, &before, fault) < 0) {
		return -1;
	}
	*line_out = line_of(&row, before.value);
	json_object_set_new(*line_out, "object",
	    json_string(history_object(arena, history->record)));
	return 0;
}
