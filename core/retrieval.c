/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A query becomes parts (retrieval_parts.h).  The listings of all parts are
 * read as one (merge.h), rows that do not pass the filters are left by their
 * listing row alone, and of what is shown the card is looked for.
 */

#include "core/retrieval.h"

#include "base/clock.h"
#include "base/glance.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "core/cursor.h"
#include "core/heirs.h"
#include "core/listing.h"
#include "core/merge.h"
#include "core/permit.h"
#include "core/retrieval_parts.h"
#include "core/unit_rows.h"

#include <stdlib.h>

#define PAGE_DEFAULT   50u
#define LOOKED_AT_MAX  20000u
#define WORD_MAX_BYTES 100u /* of a filter */

/* A row of the page whose card is looked for with those of its neighbours. */
struct ahead {
	const char *id;
	date_t date;
	const char *unit;
	int decision_year;
	struct bytes card; /* NO_BYTES: its record is read */
};

struct retrieval {
	struct snapshot *snapshot;
	struct arena *arena;
	struct heirs heirs;
	const char *query_text;
	uint32_t facets[4];
	size_t facet_count;
	struct span days;
	int year;
	unsigned limit;
	unsigned shown;
	unsigned looked_at;
	bool has_last;
	struct place last; /* the last row looked at, here or a page before */
	struct merge *merge;
	struct ahead ahead[SNAPSHOT_FIND_MAX];
	size_t ahead_count;
	size_t ahead_next; /* the first that was not given yet */
};

bool
retrieval_mode_parse(enum retrieval_mode *mode_out, const char *name)
{
	static const char *const names[] = { "lineage", "exact", "territory" };

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(names[i], name) == 0) {
			*mode_out = (enum retrieval_mode)i;
			return true;
		}
	}
	return false;
}

/* --- opening -------------------------------------------------------------- */

/* Days on which dossiers decided in the year may have been opened. */
static int
days_of_year(struct retrieval *retrieval, struct span *days_out,
    struct fault *fault)
{
	int fewest;
	int most;
	int first;
	int last;

	*days_out = retrieval->days;
	if (retrieval->year == 0) {
		return 0;
	}
	if (listing_lags(retrieval->snapshot, &fewest, &most, fault) < 0) {
		return -1;
	}
	first = retrieval->year - most;
	last = retrieval->year - fewest;
	*days_out = span_of_both(*days_out,
	    (struct span){
	        first >= 1 ? date_of(first, 1, 1) : DATE_MIN,
	        last <= 9999 ? date_of(last, 12, 31) : DATE_MAX,
	    });
	return 0;
}

static int
open_merge(struct retrieval *retrieval, const struct retrieval_parts *parts,
    struct fault *fault)
{
	struct span days;

	if (days_of_year(retrieval, &days, fault) < 0) {
		return -1;
	}
	retrieval->merge = merge_new(retrieval->snapshot, parts->count,
	    retrieval->has_last ? &retrieval->last : NULL);
	for (size_t i = 0; i < parts->count; i++) {
		const struct lineage_part *part = &parts->list[i];
		struct span both = span_of_both(part->days, days);

		if (both.from <= both.to &&
		    merge_add(retrieval->merge, parts->table, part->unit, both,
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
add_filter(struct retrieval *retrieval, const char *field,
    enum listing_facet facet, const char *word, struct fault *fault)
{
	if (word == NULL) {
		return 0;
	}
	if (strlen(word) > WORD_MAX_BYTES) {
		return fault_field(fault, field, "has more than %u bytes",
		    WORD_MAX_BYTES);
	}
	retrieval->facets[retrieval->facet_count++] =
	    listing_facet(facet, word);
	return 0;
}

static int
read_query(struct retrieval *retrieval, const struct retrieval_query *query,
    struct fault *fault)
{
	if ((query->unit == NULL) == (query->name == NULL)) {
		return fault_field(fault, "unit",
		    "a unit or a name is asked for, and not both");
	}
	if (query->limit > RETRIEVAL_PAGE_MAX) {
		return fault_field(fault, "limit", "is at most %u",
		    RETRIEVAL_PAGE_MAX);
	}
	if (query->year < 0 || query->year > 9999) {
		return fault_field(fault, "year", "lies between 1 and 9999");
	}
	if (add_filter(retrieval, "award", LISTING_AWARD, query->award, fault) <
	        0 ||
	    add_filter(retrieval, "level", LISTING_LEVEL, query->level, fault) <
	        0 ||
	    add_filter(retrieval, "status", LISTING_STATUS, query->status,
	        fault) < 0 ||
	    add_filter(retrieval, "kind", LISTING_KIND, query->kind, fault) <
	        0) {
		return -1;
	}
	retrieval->days = query->days != NULL
	                      ? *query->days
	                      : (struct span){ DATE_MIN, DATE_MAX };
	retrieval->year = query->year;
	retrieval->limit = query->limit > 0 ? query->limit : PAGE_DEFAULT;
	return 0;
}

static const char *
or_none(const char *text)
{
	return text != NULL ? text : "\x01";
}

/* What makes two queries the same but for the page. */
static const char *
text_of(struct arena *arena, const struct retrieval_query *query)
{
	struct span days = query->days != NULL
	                       ? *query->days
	                       : (struct span){ DATE_MIN, DATE_MAX };

	return arena_format(arena,
	    "%d\x1f%s\x1f%s\x1f%d\x1f%d\x1f%d\x1f%d\x1f%d\x1f%s\x1f%s\x1f%s"
	    "\x1f%s",
	    (int)query->mode, or_none(query->unit), or_none(query->name),
	    query->exact_name,
	    query->mode == RETRIEVAL_TERRITORY ? (int)query->as_of : 0,
	    (int)days.from, (int)days.to, query->year, or_none(query->award),
	    or_none(query->level), or_none(query->status),
	    or_none(query->kind));
}

int
retrieval_open(struct retrieval **retrieval_out, const struct core *core,
    struct snapshot *snapshot, struct arena *arena,
    const struct retrieval_query *query, struct fault *fault)
{
	struct retrieval *retrieval = xzalloc(sizeof(*retrieval));
	struct retrieval_parts parts = { .list = NULL };
	int rc = -1;

	retrieval->snapshot = snapshot;
	retrieval->arena = arena;
	retrieval->query_text = text_of(arena, query);
	heirs_init(&retrieval->heirs, core, snapshot, arena,
	    clock_date(clock_now()));
	if (read_query(retrieval, query, fault) < 0) {
		goto out;
	}
	retrieval->has_last = query->cursor != NULL;
	if (query->cursor != NULL &&
	    !cursor_parse(&retrieval->last, query->cursor,
	        retrieval->query_text)) {
		fault_field(fault, "cursor", "is not one of this query");
		goto out;
	}
	if (retrieval_parts_find(&parts, core, snapshot, arena, query, fault) <
	        0 ||
	    open_merge(retrieval, &parts, fault) < 0) {
		goto out;
	}
	*retrieval_out = retrieval;
	retrieval = NULL;
	rc = 0;
out:
	retrieval_close(retrieval);
	return rc;
}

void
retrieval_close(struct retrieval *retrieval)
{
	if (retrieval != NULL) {
		merge_free(retrieval->merge);
		free(retrieval);
	}
}

/* --- rows ------------------------------------------------------------------ */

static bool
passes(const struct retrieval *retrieval, const struct listing *listing)
{
	if (retrieval->year != 0 && listing->decision_year != retrieval->year) {
		return false;
	}
	for (size_t i = 0; i < retrieval->facet_count; i++) {
		if (!listing_has(listing, retrieval->facets[i])) {
			return false;
		}
	}
	return true;
}

static int
leave_row(struct retrieval *retrieval, struct fault *fault)
{
	struct bytes value;

	retrieval->looked_at++;
	retrieval->last = *merge_top(retrieval->merge, &value);
	retrieval->has_last = true;
	return merge_pop(retrieval->merge, fault);
}

/*
 * Bring the next row that passes the filters to the top of the merge.  1 there
 * is one, 0 none or enough was looked at, -1 failed.
 */
static int
seek_row(struct retrieval *retrieval, struct listing *listing,
    struct fault *fault)
{
	struct bytes value;

	while (merge_top(retrieval->merge, &value) != NULL &&
	       retrieval->looked_at < LOOKED_AT_MAX) {
		if (listing_decode(listing, value, fault) < 0) {
			return -1;
		}
		if (passes(retrieval, listing)) {
			return 1;
		}
		if (leave_row(retrieval, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* A card that is not there or not whole is not missed: the record has it. */
static int
find_cards(struct retrieval *retrieval, struct fault *fault)
{
	struct bytes keys[SNAPSHOT_FIND_MAX];
	struct bytes values[SNAPSHOT_FIND_MAX];
	struct key key;

	for (size_t i = 0; i < retrieval->ahead_count; i++) {
		const struct ahead *ahead = &retrieval->ahead[i];

		listing_key(&key, TABLE_DOSSIER_OF_UNIT, ahead->unit,
		    ahead->date, ahead->id);
		keys[i] = arena_copy(retrieval->arena, key_bytes(&key));
	}
	if (snapshot_find_several(retrieval->snapshot, keys,
	        retrieval->ahead_count, retrieval->arena, values, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < retrieval->ahead_count; i++) {
		struct listing listing;
		struct fault unread;

		if (listing_decode(&listing, values[i], &unread) == 0) {
			retrieval->ahead[i].card = listing.card;
		}
	}
	return 0;
}

/*
 * The next rows, as many as the page still has room for, and their cards.
 * 1, 0 there are none, -1 failed.
 */
static int
look_ahead(struct retrieval *retrieval, struct fault *fault)
{
	const unsigned room = retrieval->limit - retrieval->shown;
	struct listing listing;
	struct bytes value;
	int rc = 1;

	retrieval->ahead_next = 0;
	retrieval->ahead_count = 0;
	while (retrieval->ahead_count < room &&
	       retrieval->ahead_count < SNAPSHOT_FIND_MAX &&
	       (rc = seek_row(retrieval, &listing, fault)) == 1) {
		const struct place *top = merge_top(retrieval->merge, &value);

		retrieval->ahead[retrieval->ahead_count++] = (struct ahead){
			.id = arena_text(retrieval->arena, top->id),
			.date = top->date,
			.unit = arena_text(retrieval->arena, listing.unit),
			.decision_year = listing.decision_year,
		};
		if (leave_row(retrieval, fault) < 0) {
			return -1;
		}
	}
	if (rc < 0 || retrieval->ahead_count == 0) {
		return rc;
	}
	return find_cards(retrieval, fault) < 0 ? -1 : 1;
}

/* False where a text has an escape, or the card lacks what each has. */
static bool
read_card(struct arena *arena, struct bytes card, struct retrieval_row *row)
{
	enum { CODE, KIND, REV, STATUS, TITLE, MEMBERS };

	static const char *const names[MEMBERS] = { "code", "kind", "rev",
		"status", "title" };
	struct bytes values[MEMBERS];
	int64_t rev;

	glance_members(card, names, MEMBERS, values);
	row->code = glance_text(arena, values[CODE]);
	row->kind = glance_text(arena, values[KIND]);
	row->status = glance_text(arena, values[STATUS]);
	row->title = glance_text(arena, values[TITLE]);
	if (!glance_integer(values[REV], &rev)) {
		return false;
	}
	row->rev = (uint64_t)rev;
	return row->kind != NULL && row->status != NULL && row->title != NULL &&
	       (row->code != NULL || values[CODE].len == 0);
}

/* 1, 0 absent, -1 failed. */
static int
read_record(struct retrieval *retrieval, struct retrieval_row *row,
    struct fault *fault)
{
	struct record record;
	int found = record_find(retrieval->snapshot, retrieval->arena,
	    RECORD_DOSSIER, row->id, &record, fault);

	if (found == 1) {
		row->rev = record.rev;
		row->code = json_text_at(record.value, "code");
		row->kind = json_text_at(record.value, "kind");
		row->status = json_text_at(record.value, "status");
		row->title = json_text_at(record.value, "title");
	}
	return found;
}

/* 1 filled, 0 the dossier is not there, -1 failed. */
static int
fill_row(struct retrieval *retrieval, size_t at, struct retrieval_row *row,
    struct fault *fault)
{
	const struct ahead *ahead = &retrieval->ahead[at];
	int found = 1;

	*row = (struct retrieval_row){
		.id = ahead->id,
		.date = ahead->date,
		.unit = ahead->unit,
		.decision_year = ahead->decision_year,
	};
	if (!read_card(retrieval->arena, ahead->card, row)) {
		found = read_record(retrieval, row, fault);
	}
	if (found == 0) {
		/* The rest keeps being served; fsck names it too. */
		log_error(NULL, "retrieval.no_dossier", "dossier=%s unit=%s",
		    row->id, row->unit);
	}
	if (found <= 0) {
		return found;
	}
	return heirs_describe(&retrieval->heirs, row, fault) < 0 ? -1 : 1;
}

int
retrieval_next(struct retrieval *retrieval, struct retrieval_row *row_out,
    struct fault *fault)
{
	int rc = 0;

	while (rc == 0 && retrieval->shown < retrieval->limit) {
		if (retrieval->ahead_next == retrieval->ahead_count &&
		    (rc = look_ahead(retrieval, fault)) <= 0) {
			return rc;
		}
		rc = fill_row(retrieval, retrieval->ahead_next++, row_out,
		    fault);
	}
	retrieval->shown += rc == 1;
	return rc;
}

int
retrieval_may(struct retrieval *retrieval, const struct actor *actor,
    const char *act, const struct retrieval_row *row, struct fault *fault)
{
	const struct core *core = retrieval->heirs.core;
	struct permit_object object = {
		.unit = row->unit,
		.status = row->status,
		.date = row->date,
	};
	struct bytes record;
	uint64_t rev;
	int rc =
	    permit_may(core, retrieval->snapshot, actor, act, &object, fault);

	if (rc != 0) {
		return rc;
	}
	rc = record_find_bytes(retrieval->snapshot, retrieval->arena,
	    RECORD_DOSSIER, row->id, &rev, &record, fault);
	if (rc != 1) {
		return rc;
	}
	object = permit_object_at(retrieval->arena, RECORD_DOSSIER, record);
	return permit_may(core, retrieval->snapshot, actor, act, &object,
	    fault);
}

int
retrieval_cursor(struct retrieval *retrieval, const char **cursor_out,
    struct fault *fault)
{
	struct listing listing;
	struct bytes value;

	*cursor_out = NULL;
	/* Is there another row?  A look that gives up leaves the question to
	 * the next page. */
	if (seek_row(retrieval, &listing, fault) < 0) {
		return -1;
	}
	if (merge_top(retrieval->merge, &value) != NULL &&
	    retrieval->has_last) {
		*cursor_out = cursor_format(retrieval->arena, &retrieval->last,
		    retrieval->query_text);
	}
	return 0;
}
