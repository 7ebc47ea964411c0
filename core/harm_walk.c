/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Records and their history name their files, and their entry of the log, and
 * how many older revisions there are; dossiers name the other records.  What
 * cannot be read on the way is passed: it was told as damage of its own.
 */

#include "core/harm_walk.h"

#include "base/glance.h"
#include "base/hex.h"
#include "base/memory.h"
#include "core/budget.h"
#include "core/record.h"
#include "storage/blob_row.h"

#include <stdlib.h>

struct harm_walk {
	struct harm *harm;
	struct arena *scratch;
	size_t step;      /* of steps[] */
	struct key place; /* in it; of no length: its beginning */
	json_t *papers; /* ids of harmed ones that dossiers name -> findings */
};

struct harm_walk *
harm_walk_new(struct harm *harm)
{
	struct harm_walk *walk = xzalloc(sizeof(*walk));

	walk->harm = harm;
	walk->scratch = arena_new();
	walk->papers = json_object();
	return walk;
}

void
harm_walk_free(struct harm_walk *walk)
{
	if (walk != NULL) {
		json_decref(walk->papers);
		arena_free(walk->scratch);
		free(walk);
	}
}

/* --- who was in a lost range ------------------------------------------------------ */

/* Somebody names this record: is its row lost? */
static void
look_for_record(struct harm_walk *walk, enum record_kind kind, const char *id)
{
	struct key key;

	record_key(&key, kind, id);
	harm_by_keys(walk->harm, &key, &key, key_bytes(&key));
}

static void
look_at_event(struct harm_walk *walk, struct bytes key, struct bytes entry)
{
	const char *object = glance_text_at(walk->scratch, entry, "object");
	const char *slash = object != NULL ? strchr(object, '/') : NULL;
	enum record_kind kind;

	(void)key;
	if (slash != NULL &&
	    record_kind_parse(&kind,
	        arena_text_of(walk->scratch,
	            bytes_of(object, (size_t)(slash - object))))) {
		look_for_record(walk, kind, slash + 1);
	}
}

/* The last part of a row of these lists is a dossier. */
static void
look_at_listing(struct harm_walk *walk, struct bytes key, struct bytes value)
{
	struct key_reader reader;
	bool has_day = key_read_start(&reader, key) != TABLE_MOVEMENT_DOSSIER;

	(void)value;
	key_read_text(&reader);
	if (has_day) {
		key_read_date(&reader);
	}
	look_for_record(walk, RECORD_DOSSIER, key_read_text(&reader));
}

/* A record that can be read had an older revision for each number below. */
static void
look_for_past(struct harm_walk *walk, struct bytes row, uint64_t rev)
{
	struct key first;
	struct key last;

	if (rev < 2 || !harm_has_ranges(walk->harm)) {
		return;
	}
	key_start(&first, TABLE_HISTORY);
	key_add_raw(&first, bytes_of(row.data + 1, row.len - 1));
	last = first;
	key_add_u64(&first, 1);
	key_add_u64(&last, rev - 1);
	harm_by_keys(walk->harm, &first, &last, row);
}

/* --- records: who names a file, or an entry of the log ---------------------------- */

/* Is a row of this file lost?  `behind` is what follows its name. */
static void
look_for_file_rows(struct harm_walk *walk, const char *hex, struct bytes behind,
    struct bytes row)
{
	static const char member[] = ",\"size\":";
	uint64_t size = 0;
	struct sha256 sum;
	struct key first;
	struct key last;

	if (!harm_has_ranges(walk->harm) ||
	    !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		return;
	}
	if (behind.len > sizeof(member) &&
	    memcmp(behind.data, member, sizeof(member) - 1) == 0) {
		size = strtoull((const char *)behind.data + sizeof(member) - 1,
		    NULL, 10);
	}
	blob_row_key(&first, &sum, 0);
	blob_row_key(&last, &sum,
	    1 + (uint32_t)(blob_row_chunks(size) / BLOB_ROW_NAMES));
	harm_by_keys(walk->harm, &first, &last, row);
}

static void
look_for_files(struct harm_walk *walk, struct bytes record, struct bytes row)
{
	struct bytes text;

	for (size_t at = 0; glance_next_text(record, &at, &text);) {
		char hex[SHA256_TEXT];

		if (text.len != SHA256_TEXT - 1) {
			continue;
		}
		memcpy(hex, text.data, text.len);
		hex[text.len] = '\0';
		harm_by_file(walk->harm, hex, row);
		look_for_file_rows(walk, hex,
		    bytes_of(record.data + at, record.len - at), row);
	}
}

static void
look_at_record(struct harm_walk *walk, struct bytes key, struct bytes value)
{
	struct bytes record;
	struct fault ignored; /* fsck tells it */
	uint64_t index;
	uint64_t rev;

	if (record_split(value, &rev, &record, &ignored) < 0) {
		return;
	}
	if (record_log_index(value, &index)) {
		harm_by_log(walk->harm, index, key);
	}
	look_for_files(walk, record, key);
	if (key.data[0] == TABLE_RECORD) {
		look_for_past(walk, key, rev);
	}
}

/* An older revision names its record, too. */
static void
look_at_older(struct harm_walk *walk, struct bytes key, struct bytes value)
{
	if (key.len > 3 && record_is_kind(key.data[1])) {
		look_for_record(walk, (enum record_kind)key.data[1],
		    arena_text_of(walk->scratch,
		        bytes_of(key.data + 2,
		            strnlen((const char *)key.data + 2, key.len - 2))));
	}
	look_at_record(walk, key, value);
}

/* --- dossiers: who names a harmed paper ------------------------------------------- */

static void
gather_papers(struct harm_walk *walk)
{
	const char *name;
	json_t *findings;

	json_object_foreach((json_t *)(uintptr_t)harm_names(walk->harm), name,
	    findings)
	{
		if (strncmp(name, "document/", 9) == 0 ||
		    strncmp(name, "decision/", 9) == 0) {
			json_object_set_new(walk->papers, name + 9,
			    json_deep_copy(findings));
		}
	}
}

/* The findings that harm a paper of this id. */
static const json_t *
findings_of(const struct harm_walk *walk, struct bytes text)
{
	char id[KEY_MAX_BYTES];

	if (text.len >= sizeof(id)) {
		return NULL;
	}
	memcpy(id, text.data, text.len);
	id[text.len] = '\0';
	return json_object_get(walk->papers, id);
}

static void
look_at_dossier(struct harm_walk *walk, struct bytes key, struct bytes value)
{
	struct bytes record;
	struct bytes text;
	struct fault ignored;
	uint64_t rev;

	if (key.len < 3 || key.data[1] != RECORD_DOSSIER ||
	    record_split(value, &rev, &record, &ignored) < 0) {
		return;
	}
	for (size_t at = 0; glance_next_text(record, &at, &text);) {
		harm_by(walk->harm, findings_of(walk, text), key);
	}
}

/* --- the walk --------------------------------------------------------------------- */

#define THE_LOG 0

/* What names the records of lost ranges, then records, then dossiers. */
static const struct step {
	uint8_t table;

	enum { ALWAYS, WITH_RANGES, WITH_PAPERS } when;

	void (*look)(struct harm_walk *walk, struct bytes key,
	    struct bytes value);
} steps[] = {
	{ THE_LOG, WITH_RANGES, look_at_event },
	{ TABLE_DOSSIER_OF_UNIT, WITH_RANGES, look_at_listing },
	{ TABLE_DOSSIER_UNDER, WITH_RANGES, look_at_listing },
	{ TABLE_MOVEMENT_DOSSIER, WITH_RANGES, look_at_listing },
	{ TABLE_RECORD, ALWAYS, look_at_record },
	{ TABLE_HISTORY, ALWAYS, look_at_older },
	{ TABLE_RECORD, WITH_PAPERS, look_at_dossier },
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

/* Before its first row. */
static bool
is_needed(struct harm_walk *walk, const struct step *step)
{
	switch (step->when) {
	case WITH_RANGES:
		return harm_has_ranges(walk->harm);
	case WITH_PAPERS:
		if (walk->place.len == 0) {
			gather_papers(walk);
		}
		return json_object_size(walk->papers) > 0;
	case ALWAYS:
	default:
		return true;
	}
}

static int
open_scan(struct scan **scan_out, const struct harm_walk *walk,
    struct snapshot *snapshot, uint8_t table, struct fault *fault)
{
	const uint8_t end = (uint8_t)(table + 1);

	if (table == THE_LOG) {
		return scan_open_log(scan_out, snapshot,
		    scan_log_index(key_bytes(&walk->place)), fault);
	}
	return scan_open(scan_out, snapshot,
	    walk->place.len > 0 ? key_bytes(&walk->place) : bytes_of(&table, 1),
	    bytes_of(&end, 1), false, fault);
}

/* 1 the budget is spent, 0 the step's end, -1. */
static int
read_step(struct harm_walk *walk, const struct step *step,
    struct snapshot *snapshot, uint64_t *budget, struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc = 1;

	if (open_scan(&scan, walk, snapshot, step->table, fault) < 0) {
		return -1;
	}
	while (rc == 1 && *budget > 0) {
		rc = scan_next_sound(scan, &key, &value, fault);
		if (rc == 1) {
			arena_reset(walk->scratch);
			step->look(walk, key, value);
			scan_behind(scan, key, &walk->place);
			budget_spend(budget, budget_row(key, value));
		}
	}
	scan_close(scan);
	return rc < 0 && fault->code == FAULT_CORRUPT ? 0 : rc;
}

int
harm_walk_on(struct harm_walk *walk, struct snapshot *snapshot,
    uint64_t *budget, struct fault *fault)
{
	while (walk->step < STEPS) {
		const struct step *step = &steps[walk->step];
		int rc = is_needed(walk, step)
		             ? read_step(walk, step, snapshot, budget, fault)
		             : 0;

		if (rc != 0) {
			return rc;
		}
		walk->step++;
		walk->place.len = 0;
	}
	return 0;
}
