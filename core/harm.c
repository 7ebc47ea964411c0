/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Three walks: the log names the records of lost ranges; records and their
 * history name their files, and their entry of the log; dossiers name the
 * other records.  What cannot be read on the way is passed: it was told as
 * damage of its own.
 */

#include "core/harm.h"

#include "base/hex.h"
#include "base/json.h"
#include "base/memory.h"
#include "core/record.h"

#include <stdlib.h>

struct range {
	struct key from;
	struct key to; /* of no length: no bound */
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

void
harm_add_row(struct harm *harm, struct bytes key)
{
	struct sha256 sum;
	char name[600];
	size_t id_len;

	if (key.len > 1 + SHA256_BYTES && key.data[0] == 'B') {
		memcpy(sum.bytes, key.data + 1, SHA256_BYTES);
		harm_add_file(harm, &sum);
	}
	if (key.len < 3 ||
	    (key.data[0] != TABLE_RECORD && key.data[0] != TABLE_HISTORY) ||
	    memchr("urmdhqgfsknt", key.data[1], 12) == NULL) {
		return;
	}
	id_len = strnlen((const char *)key.data + 2, key.len - 2);
	snprintf(name, sizeof(name), "%s/%.*s",
	    record_kind_name((enum record_kind)key.data[1]), (int)id_len,
	    (const char *)key.data + 2);
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

/* --- the log: who was in a lost range -------------------------------------------- */

static bool
is_lost(const struct harm *harm, const struct key *key)
{
	for (size_t i = 0; i < harm->range_count; i++) {
		const struct range *range = &harm->ranges[i];

		if (bytes_compare(key_bytes(key), key_bytes(&range->from)) >=
		        0 &&
		    (range->to.len == 0 || bytes_compare(key_bytes(key),
		                               key_bytes(&range->to)) < 0)) {
			return true;
		}
	}
	return false;
}

/* Whether a file's first rows would be there. */
static bool
is_lost_file(const struct harm *harm, const char *hex)
{
	struct sha256 sum;
	struct key key;

	if (harm->range_count == 0 || strlen(hex) != 2 * SHA256_BYTES ||
	    !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		return false;
	}
	key_start(&key, 'B');
	key_add_raw(&key, bytes_of(sum.bytes, SHA256_BYTES));
	key_add_u32(&key, 0);
	if (is_lost(harm, &key)) {
		return true;
	}
	key.bytes[key.len - 1] = 1;
	return is_lost(harm, &key);
}

static void
look_at_event(struct walk *walk, struct bytes entry)
{
	struct fault ignored; /* fsck tells it */
	json_t *event = json_read(walk->scratch, entry, &ignored);
	const char *object =
	    event != NULL ? json_text_at(event, "object") : NULL;
	const char *slash = object != NULL ? strchr(object, '/') : NULL;
	enum record_kind kind;
	struct key key;

	if (slash == NULL ||
	    !record_kind_parse(&kind,
	        arena_text_of(walk->scratch,
	            bytes_of(object, (size_t)(slash - object))))) {
		return;
	}
	record_key(&key, kind, slash + 1);
	if (is_lost(walk->harm, &key)) {
		add_name(walk->harm, object);
		return;
	}
	key_start(&key, TABLE_HISTORY);
	key_add_u8(&key, (uint8_t)kind);
	key_add_text(&key, slash + 1);
	key_add_u64(&key, (uint64_t)json_integer_at(event, "rev"));
	if (is_lost(walk->harm, &key)) {
		add_name(walk->harm, object);
	}
}

/* --- records: who names a file, or an entry of the log ---------------------------- */

static bool
names_any(const json_t *value, const json_t *wanted, const struct harm *harm)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(value)) {
		const char *text = json_string_value(value);

		return json_object_get(wanted, text) != NULL ||
		       (harm != NULL && is_lost_file(harm, text));
	}
	if (json_is_array(value)) {
		json_array_foreach(value, i, item)
		{
			if (names_any(item, wanted, harm)) {
				return true;
			}
		}
	}
	if (json_is_object(value)) {
		json_object_foreach((json_t *)(uintptr_t)value, key, item)
		{
			if (names_any(item, wanted, harm)) {
				return true;
			}
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

static json_t *
parse(struct walk *walk, struct bytes value)
{
	struct fault ignored;
	struct bytes record;
	uint64_t rev;

	return record_split(value, &rev, &record, &ignored) == 0
	           ? json_read(walk->scratch, record, &ignored)
	           : NULL;
}

static void
look_at_record(struct walk *walk, struct bytes key, struct bytes value)
{
	struct harm *harm = walk->harm;
	const json_t *record;

	if (is_lost_entry(harm, value)) {
		harm_add_row(harm, key);
		return;
	}
	if (json_object_size(harm->files) == 0 && harm->range_count == 0) {
		return;
	}
	record = parse(walk, value);
	if (record == NULL || names_any(record, harm->files, harm)) {
		harm_add_row(harm, key);
	}
}

static void
look_at_dossier(struct walk *walk, struct bytes key, struct bytes value)
{
	const json_t *record;

	if (key.len < 3 || key.data[1] != RECORD_DOSSIER) {
		return;
	}
	record = parse(walk, value);
	if (record != NULL && names_any(record, walk->ids, NULL)) {
		harm_add_row(walk->harm, key);
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

static void
look_at_entry(struct walk *walk, struct bytes key, struct bytes value)
{
	(void)key;
	look_at_event(walk, value);
}

static int
walk_all(struct walk *walk, struct snapshot *snapshot, struct fault *fault)
{
	struct harm *harm = walk->harm;
	struct scan *scan;
	const char *name;
	json_t *value;

	if (harm->range_count > 0 &&
	    (scan_open_log(&scan, snapshot, 0, fault) < 0 ||
	        walk_over(walk, scan, look_at_entry, fault) < 0)) {
		return -1;
	}
	if ((harm->range_count > 0 || harm->log_count > 0 ||
	        json_object_size(harm->files) > 0) &&
	    (walk_table(walk, snapshot, TABLE_RECORD, look_at_record, fault) <
	            0 ||
	        walk_table(walk, snapshot, TABLE_HISTORY, look_at_record,
	            fault) < 0)) {
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
