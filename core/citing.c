/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two stretches of TABLE_CITED_BY (core/document.c) tell of a document: under
 * its id, and under its number.  A row names the citing document and no more,
 * so each is read to see what it says.
 */

#include "core/citing.h"

#include "base/text.h"
#include "core/cursor.h"
#include "core/document.h"
#include "core/field.h"

#include <stdio.h>
#include <string.h>

#define READ_MAX 1000u /* documents, for one page */

enum stretch { BY_ID, BY_NUMBER, STRETCHES };

struct walk {
	struct snapshot *snapshot;
	citing_fn *emit;
	void *arg;
	struct arena *arena; /* for one citing document */

	const char *id;     /* of the cited one */
	const char *number; /* folded; NULL where it has none */
	struct span days;   /* in which it was issued */

	unsigned left; /* of the page */
	unsigned read;
	struct place last; /* all above it was looked at, ... */
	enum stretch of;   /* ... of this stretch */
	bool is_full;      /* there may be more */
};

/* Any day where it is not told. */
static struct span
days_of(const json_t *object)
{
	struct span days;

	return field_stored_when(object, &days)
	           ? days
	           : (struct span){ DATE_MIN, DATE_MAX };
}

static bool
names_id(const struct walk *walk, const json_t *citation)
{
	const char *document = json_text_at(citation, "document");

	return document != NULL && strcmp(document, walk->id) == 0;
}

static bool
names_number(const struct walk *walk, const json_t *citation)
{
	const char *reference = json_text_at(citation, "reference");

	return walk->number != NULL && reference != NULL &&
	       json_object_get(citation, "document") == NULL &&
	       strcmp(text_fold(walk->arena, reference), walk->number) == 0 &&
	       span_meets(days_of(citation), walk->days);
}

/* Those that mean the cited one; NULL where another stretch has it. */
static json_t *
citations_of(const struct walk *walk, const json_t *document,
    enum stretch stretch)
{
	json_t *list = json_own(walk->arena, json_array());
	bool is_named = false;
	json_t *citation;
	size_t i;

	json_array_foreach(json_object_get(document, "citations"), i, citation)
	{
		bool names = names_id(walk, citation);

		is_named = is_named || names;
		if (names || names_number(walk, citation)) {
			json_array_append(list, citation);
		}
	}
	return is_named == (stretch == BY_ID) ? list : NULL;
}

/* 0 shown, passed over, or the page was full; -1 failed. */
static int
look_at(struct walk *walk, const char *id, enum stretch stretch,
    struct fault *fault)
{
	struct record document;
	const json_t *citations;

	walk->is_full = walk->left == 0 || walk->read == READ_MAX;
	if (walk->is_full) {
		return 0;
	}
	walk->read++;
	arena_reset(walk->arena);
	if (record_need(walk->snapshot, walk->arena, RECORD_DOCUMENT, id,
	        &document, fault) < 0) {
		return -1;
	}
	citations = citations_of(walk, document.value, stretch);
	if (json_array_size(citations) == 0) {
		return 0;
	}
	walk->left--;
	return walk->emit(walk->arg, &document, citations, fault);
}

/* The rows of a stretch below `before` (NULL: all of it). */
static int
list_stretch(struct walk *walk, enum stretch stretch, const char *before,
    struct fault *fault)
{
	struct bytes row, value;
	struct key from, to;
	struct scan *scan;
	int rc;

	document_cited_key(&from, walk->arena,
	    stretch == BY_ID ? walk->id : NULL, walk->number);
	to = from;
	if (before != NULL) {
		key_add_text(&to, before);
	} else {
		key_next(&to);
	}
	if (scan_open(&scan, walk->snapshot, key_bytes(&from), key_bytes(&to),
	        true, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct place place = { 0 };

		snprintf(place.id, sizeof(place.id), "%s",
		    (const char *)row.data + from.len);
		rc = look_at(walk, place.id, stretch, fault);
		if (rc < 0 || walk->is_full) {
			break;
		}
		walk->last = place;
		walk->of = stretch;
	}
	scan_close(scan);
	return rc < 0 ? -1 : 0;
}

static const char *
query_text(struct arena *arena, const struct walk *walk, enum stretch stretch)
{
	return arena_format(arena, "citing %s %d", walk->id, (int)stretch);
}

/* Find the stretch that the cursor is one of. */
static int
go_behind(struct walk *walk, struct arena *arena, const char *cursor,
    struct fault *fault)
{
	for (walk->of = BY_ID; walk->of < STRETCHES; walk->of++) {
		if (cursor_parse(&walk->last, cursor,
		        query_text(arena, walk, walk->of))) {
			return 0;
		}
	}
	return fault_field(fault, "cursor", "is not one of this query");
}

int
citing_list(struct snapshot *snapshot, struct arena *arena,
    const struct citing_query *query, citing_fn *emit, void *arg,
    const char **next_out, struct fault *fault)
{
	const json_t *cited = query->document->value;
	const char *reference = json_text_at(cited, "reference");
	struct walk walk = { .snapshot = snapshot,
		.emit = emit,
		.arg = arg,
		.id = query->document->id,
		.number =
		    reference != NULL ? text_fold(arena, reference) : NULL,
		.days = days_of(cited),
		.left = query->limit };
	const char *before = NULL;
	int rc = 0;

	*next_out = NULL;
	if (query->cursor != NULL) {
		if (go_behind(&walk, arena, query->cursor, fault) < 0) {
			return -1;
		}
		before = arena_text(arena, walk.last.id);
	}
	walk.arena = arena_new();
	if (walk.of == BY_ID) {
		rc = list_stretch(&walk, BY_ID, before, fault);
		before = NULL;
	}
	if (rc == 0 && !walk.is_full && walk.number != NULL) {
		rc = list_stretch(&walk, BY_NUMBER, before, fault);
	}
	arena_free(walk.arena);
	if (rc == 0 && walk.is_full) {
		*next_out = cursor_format(arena, &walk.last,
		    query_text(arena, &walk, walk.of));
	}
	return rc;
}
