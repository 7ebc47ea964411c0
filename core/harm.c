/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Walks over all that can be read: the log, older revisions and lists name the
 * records of lost ranges; records and their history name their files, and
 * their entry of the log, and how many older revisions there are; dossiers
 * name the other records.  What cannot be read on the way is passed: it was
 * told as damage of its own.
 */

#include "core/harm.h"

#include "base/glance.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/memory.h"
#include "core/record.h"
#include "storage/blob_row.h"

#include <stdlib.h>

struct range {
	struct key from;
	struct key to; /* not in it; of no length: no bound */
};

struct log_range {
	uint64_t from;
	uint64_t to;
};

struct harm {
	struct range *ranges;
	size_t range_count;
	struct log_range *log_ranges;
	size_t log_count;
	json_t *files; /* hexadecimal SHA-256 -> true */
	json_t *names; /* "kind/id" -> true */
};

/* What a walk works on. */
struct walk {
	struct harm *harm;
	struct arena *scratch;
	json_t *ids; /* of harmed papers that dossiers name -> true */
};

struct harm *
harm_new(void)
{
	struct harm *harm = xzalloc(sizeof(*harm));

	harm->files = json_object();
	harm->names = json_object();
	return harm;
}

static void
forget(struct harm *harm)
{
	free(harm->ranges);
	free(harm->log_ranges);
	harm->ranges = NULL;
	harm->log_ranges = NULL;
	harm->range_count = 0;
	harm->log_count = 0;
	json_object_clear(harm->files);
	json_object_clear(harm->names);
}

void
harm_free(struct harm *harm)
{
	if (harm == NULL) {
		return;
	}
	forget(harm);
	json_decref(harm->files);
	json_decref(harm->names);
	free(harm);
}

bool
harm_is_empty(const struct harm *harm)
{
	return harm->range_count == 0 && harm->log_count == 0 &&
	       json_object_size(harm->files) == 0 &&
	       json_object_size(harm->names) == 0;
}

/* --- what is damaged ---------------------------------------------------------- */

static void
add_name(struct harm *harm, const char *name)
{
	json_object_set_new(harm->names, name, json_true());
}

/* Room for one more. */
static void *
grow(void *list, size_t count, size_t size)
{
	void *longer = xzalloc((count + 1) * size);

	if (count > 0) {
		memcpy(longer, list, count * size);
	}
	free(list);
	return longer;
}

static void
copy_key(struct key *key, struct bytes bytes)
{
	*key = (struct key){ .len = 0 };
	if (bytes.len > 0 && bytes.len <= sizeof(key->bytes)) {
		memcpy(key->bytes, bytes.data, bytes.len);
		key->len = bytes.len;
	}
}

/* The record that a row of records or older revisions belongs to. */
static void
add_owner(struct harm *harm, struct bytes row)
{
	char name[KEY_MAX_BYTES + 32];

	if (row.len < 3 || !record_is_kind(row.data[1])) {
		return;
	}
	snprintf(name, sizeof(name), "%s/%.*s",
	    record_kind_name((enum record_kind)row.data[1]),
	    (int)strnlen((const char *)row.data + 2, row.len - 2),
	    (const char *)row.data + 2);
	add_name(harm, name);
}

void
harm_add_range(struct harm *harm, struct bytes from, struct bytes to)
{
	struct range *range;

	harm->ranges =
	    grow(harm->ranges, harm->range_count, sizeof(*harm->ranges));
	range = &harm->ranges[harm->range_count++];
	copy_key(&range->from, from);
	copy_key(&range->to, to);
}

void
harm_add_log(struct harm *harm, uint64_t from, uint64_t to)
{
	harm->log_ranges =
	    grow(harm->log_ranges, harm->log_count, sizeof(*harm->log_ranges));
	harm->log_ranges[harm->log_count++] = (struct log_range){ from, to };
}

void
harm_add_file(struct harm *harm, const struct sha256 *sum)
{
	char hex[SHA256_TEXT];

	sha256_format(hex, sum);
	json_object_set_new(harm->files, hex, json_true());
}

/* --- who was in a lost range ------------------------------------------------------ */

/* Whether any key from the first to the last of these may be lost. */
static bool
is_any_lost(const struct harm *harm, const struct key *first,
    const struct key *last)
{
	for (size_t i = 0; i < harm->range_count; i++) {
		const struct range *range = &harm->ranges[i];

		if (bytes_compare(key_bytes(last), key_bytes(&range->from)) >=
		        0 &&
		    (range->to.len == 0 || bytes_compare(key_bytes(first),
		                               key_bytes(&range->to)) < 0)) {
			return true;
		}
	}
	return false;
}

static bool
is_lost(const struct harm *harm, const struct key *key)
{
	return is_any_lost(harm, key, key);
}

/* Somebody names this record: is its row lost? */
static void
look_for_record(struct harm *harm, enum record_kind kind, const char *id)
{
	struct key key;

	record_key(&key, kind, id);
	if (is_lost(harm, &key)) {
		add_owner(harm, key_bytes(&key));
	}
}

static void
look_at_event(struct walk *walk, struct bytes key, struct bytes entry)
{
	const char *object = glance_text_at(walk->scratch, entry, "object");
	const char *slash = object != NULL ? strchr(object, '/') : NULL;
	enum record_kind kind;

	(void)key;
	if (slash != NULL &&
	    record_kind_parse(&kind,
	        arena_text_of(walk->scratch,
	            bytes_of(object, (size_t)(slash - object))))) {
		look_for_record(walk->harm, kind, slash + 1);
	}
}

/* The last part of a row of these lists is a dossier. */
static void
look_at_listing(struct walk *walk, struct bytes key, struct bytes value)
{
	struct key_reader reader;
	bool has_day = key_read_start(&reader, key) != TABLE_MOVEMENT_DOSSIER;

	(void)value;
	key_read_text(&reader);
	if (has_day) {
		key_read_date(&reader);
	}
	look_for_record(walk->harm, RECORD_DOSSIER, key_read_text(&reader));
}

/* A record that can be read had an older revision for each number below. */
static bool
has_lost_past(const struct harm *harm, struct bytes row, uint64_t rev)
{
	struct key first;
	struct key last;

	if (harm->range_count == 0 || rev < 2) {
		return false;
	}
	key_start(&first, TABLE_HISTORY);
	key_add_raw(&first, bytes_of(row.data + 1, row.len - 1));
	last = first;
	key_add_u64(&first, 1);
	key_add_u64(&last, rev - 1);
	return is_any_lost(harm, &first, &last);
}

/* --- records: who names a file, or an entry of the log ---------------------------- */

/* Whether a row of this file may be lost; `behind` is what follows its name. */
static bool
is_lost_file(const struct harm *harm, const char *hex, struct bytes behind)
{
	static const char member[] = ",\"size\":";
	uint64_t size = 0;
	struct sha256 sum;
	struct key first;
	struct key last;

	if (harm->range_count == 0 ||
	    !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		return false;
	}
	if (behind.len > sizeof(member) &&
	    memcmp(behind.data, member, sizeof(member) - 1) == 0) {
		size = strtoull((const char *)behind.data + sizeof(member) - 1,
		    NULL, 10);
	}
	blob_row_key(&first, &sum, 0);
	blob_row_key(&last, &sum,
	    1 + (uint32_t)(blob_row_chunks(size) / BLOB_ROW_NAMES));
	return is_any_lost(harm, &first, &last);
}

static bool
is_wanted(const json_t *wanted, struct bytes text)
{
	char key[SHA256_TEXT];

	if (text.len >= sizeof(key)) {
		return false;
	}
	memcpy(key, text.data, text.len);
	key[text.len] = '\0';
	return json_object_get(wanted, key) != NULL;
}

/* Whether a text of the record is one of these. */
static bool
names_any(struct bytes record, const json_t *wanted)
{
	struct bytes text;

	for (size_t at = 0; glance_next_text(record, &at, &text);) {
		if (is_wanted(wanted, text)) {
			return true;
		}
	}
	return false;
}

static bool
names_lost_file(const struct harm *harm, struct bytes record)
{
	struct bytes text;

	for (size_t at = 0; glance_next_text(record, &at, &text);) {
		char hex[SHA256_TEXT];

		if (text.len != SHA256_TEXT - 1) {
			continue;
		}
		memcpy(hex, text.data, text.len);
		hex[text.len] = '\0';
		if (json_object_get(harm->files, hex) != NULL ||
		    is_lost_file(harm, hex,
		        bytes_of(record.data + at, record.len - at))) {
			return true;
		}
	}
	return false;
}

static bool
is_lost_entry(const struct harm *harm, struct bytes value)
{
	uint64_t index;

	if (!record_log_index(value, &index)) {
		return false;
	}
	for (size_t i = 0; i < harm->log_count; i++) {
		if (index >= harm->log_ranges[i].from &&
		    index < harm->log_ranges[i].to) {
			return true;
		}
	}
	return false;
}

static void
look_at_record(struct walk *walk, struct bytes key, struct bytes value)
{
	struct harm *harm = walk->harm;
	struct bytes record;
	struct fault ignored; /* fsck tells it */
	uint64_t rev;

	if (record_split(value, &rev, &record, &ignored) < 0) {
		return;
	}
	if (is_lost_entry(harm, value) || names_lost_file(harm, record) ||
	    (key.data[0] == TABLE_RECORD && has_lost_past(harm, key, rev))) {
		add_owner(harm, key);
	}
}

/* An older revision names its record, too. */
static void
look_at_older(struct walk *walk, struct bytes key, struct bytes value)
{
	if (key.len > 3 && record_is_kind(key.data[1])) {
		look_for_record(walk->harm, (enum record_kind)key.data[1],
		    arena_text_of(walk->scratch,
		        bytes_of(key.data + 2,
		            strnlen((const char *)key.data + 2, key.len - 2))));
	}
	look_at_record(walk, key, value);
}

static void
look_at_dossier(struct walk *walk, struct bytes key, struct bytes value)
{
	struct bytes record;
	struct fault ignored;
	uint64_t rev;

	if (key.len > 2 && key.data[1] == RECORD_DOSSIER &&
	    record_split(value, &rev, &record, &ignored) == 0 &&
	    names_any(record, walk->ids)) {
		add_owner(walk->harm, key);
	}
}

/* --- the walks -------------------------------------------------------------------- */

typedef void (
    *look_fn)(struct walk *walk, struct bytes key, struct bytes value);

static int
walk_over(struct walk *walk, struct scan *scan, look_fn look,
    struct fault *fault)
{
	struct bytes key;
	struct bytes value;
	int rc;

	while ((rc = scan_next_sound(scan, &key, &value, fault)) == 1) {
		arena_reset(walk->scratch);
		look(walk, key, value);
	}
	scan_close(scan);
	return rc < 0 && fault->code != FAULT_CORRUPT ? -1 : 0;
}

static int
walk_table(struct walk *walk, struct snapshot *snapshot, enum table table,
    look_fn look, struct fault *fault)
{
	struct scan *scan;

	return scan_open_table(&scan, snapshot, (uint8_t)table, fault) < 0
	           ? -1
	           : walk_over(walk, scan, look, fault);
}

/* What names the records of lost ranges, beside older revisions. */
static int
walk_namers(struct walk *walk, struct snapshot *snapshot, struct fault *fault)
{
	static const enum table lists[] = { TABLE_DOSSIER_OF_UNIT,
		TABLE_DOSSIER_UNDER, TABLE_MOVEMENT_DOSSIER };
	struct scan *scan;

	if (scan_open_log(&scan, snapshot, 0, fault) < 0 ||
	    walk_over(walk, scan, look_at_event, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (walk_table(walk, snapshot, lists[i], look_at_listing,
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
walk_all(struct walk *walk, struct snapshot *snapshot, struct fault *fault)
{
	struct harm *harm = walk->harm;
	const char *name;
	json_t *value;

	if (harm->range_count > 0 && walk_namers(walk, snapshot, fault) < 0) {
		return -1;
	}
	if (walk_table(walk, snapshot, TABLE_RECORD, look_at_record, fault) <
	        0 ||
	    walk_table(walk, snapshot, TABLE_HISTORY, look_at_older, fault) <
	        0) {
		return -1;
	}
	json_object_foreach(harm->names, name, value)
	{
		const char *slash = strchr(name, '/');

		if (strncmp(name, "document/", 9) == 0 ||
		    strncmp(name, "decision/", 9) == 0) {
			json_object_set_new(walk->ids, slash + 1, json_true());
		}
	}
	return json_object_size(walk->ids) == 0
	           ? 0
	           : walk_table(walk, snapshot, TABLE_RECORD, look_at_dossier,
	                 fault);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
tell_all(struct harm *harm, harm_named_fn named, void *arg)
{
	size_t count = json_object_size(harm->names);
	const char **names = xzalloc((count + 1) * sizeof(*names));
	const char *name;
	json_t *value;
	size_t at = 0;

	json_object_foreach(harm->names, name, value)
	{
		names[at++] = name;
	}
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count; i++) {
		named(arg, names[i]);
	}
	free(names);
}

int
harm_name(struct harm *harm, struct snapshot *snapshot, harm_named_fn named,
    void *arg, struct fault *fault)
{
	struct walk walk = { .harm = harm,
		.scratch = arena_new(),
		.ids = json_object() };
	int rc = walk_all(&walk, snapshot, fault);

	if (rc == 0) {
		tell_all(harm, named, arg);
	}
	forget(harm);
	json_decref(walk.ids);
	arena_free(walk.scratch);
	return rc;
}
