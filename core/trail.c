/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each record of the trail is a list of revisions whose entries grow; the
 * lists are merged from their ends.
 */

#include "core/trail.h"

#include "core/decision.h"
#include "core/named_file.h"
#include "core/permit.h"

/* One record, and where the merging has come to in it. */
struct source {
	struct history history;
	uint64_t rev; /* the newest that was not told yet; 0: all were */
	uint64_t entry;
	struct source *next;
};

struct trail {
	struct arena *arena;
	const struct history *of;
	struct source *first;
	struct source **end;
};

/* --- what belongs to it --------------------------------------------------------- */

static void
add(struct trail *trail, const struct record *record)
{
	struct source *source = arena_alloc(trail->arena, sizeof(*source));
	struct record *copy = arena_alloc(trail->arena, sizeof(*copy));

	*copy = *record;
	*source = (struct source){ .history = *trail->of };
	source->history.record = copy;
	*trail->end = source;
	trail->end = &source->next;
}

/* 1 it is there and the reader's to read, 0 it is not, -1. */
static int
find(const struct trail *trail, enum record_kind kind, const char *id,
    struct record *record_out, struct fault *fault)
{
	struct permit_object whose;
	int found = id == NULL ? 0
	                       : record_find(trail->of->snapshot, trail->arena,
	                             kind, id, record_out, fault);

	/* What was found in a file is read with what holds the file. */
	if (found != 1 || kind == RECORD_EXAMINATION) {
		return found;
	}
	whose = permit_object_of(kind, record_out->value);
	return permit_may(trail->of->core, trail->of->snapshot,
	    trail->of->actor,
	    arena_format(trail->arena, "%s.read", record_kind_name(kind)),
	    &whose, fault);
}

static int
add_files(struct trail *trail, const struct record *holder, struct fault *fault)
{
	const struct named_files files =
	    named_files(trail->arena, holder->kind, holder->value);

	for (size_t i = 0; i < files.count; i++) {
		const char *object = arena_format(trail->arena,
		    "examination/%s", files.list[i].hex);
		struct record found;
		int rc = trail_find(trail, object) != NULL
		             ? 0
		             : find(trail, RECORD_EXAMINATION,
		                   files.list[i].hex, &found, fault);

		if (rc < 0) {
			return -1;
		}
		if (rc == 1) {
			add(trail, &found);
		}
	}
	return 0;
}

/* Those that were changed: that they were made the decision's entry tells. */
static int
add_grants(struct trail *trail, const char *decision, struct fault *fault)
{
	const char **ids;
	size_t count;

	if (decision_grants(trail->of->snapshot, trail->arena, decision, &ids,
	        &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		struct record grant;
		int rc = find(trail, RECORD_GRANT, ids[i], &grant, fault);

		if (rc < 0) {
			return -1;
		}
		if (rc == 1 && grant.rev > 1) {
			add(trail, &grant);
		}
	}
	return 0;
}

static int
add_document(struct trail *trail, const char *id, struct fault *fault)
{
	struct record document;
	int rc = find(trail, RECORD_DOCUMENT, id, &document, fault);

	if (rc <= 0) {
		return rc;
	}
	add(trail, &document);
	return add_files(trail, &document, fault);
}

static int
add_of_decision(struct trail *trail, const struct record *decision,
    struct fault *fault)
{
	return add_grants(trail, decision->id, fault) < 0
	           ? -1
	           : add_document(trail,
	                 json_text_at(decision->value, "document"), fault);
}

static int
add_of_dossier(struct trail *trail, const struct record *dossier,
    struct fault *fault)
{
	struct record decision;
	int rc = add_files(trail, dossier, fault);

	if (rc == 0) {
		rc = find(trail, RECORD_DECISION,
		    json_text_at(dossier->value, "decision"), &decision, fault);
	}
	if (rc != 1) {
		return rc;
	}
	add(trail, &decision);
	return add_of_decision(trail, &decision, fault);
}

int
trail_open(struct trail **trail_out, const struct history *of,
    struct arena *arena, struct fault *fault)
{
	struct trail *trail = arena_alloc(arena, sizeof(*trail));
	int rc;

	*trail = (struct trail){ .arena = arena, .of = of };
	trail->end = &trail->first;
	add(trail, of->record);
	if (of->record->kind == RECORD_DOSSIER) {
		rc = add_of_dossier(trail, of->record, fault);
	} else if (of->record->kind == RECORD_DECISION) {
		rc = add_of_decision(trail, of->record, fault);
	} else {
		rc = add_files(trail, of->record, fault);
	}
	*trail_out = trail;
	return rc;
}

const struct history *
trail_find(const struct trail *trail, const char *object)
{
	for (const struct source *source = trail->first; source != NULL;
	     source = source->next) {
		const struct record *record = source->history.record;
		const char *kind = record_kind_name(record->kind);
		size_t len = strlen(kind);

		if (strncmp(object, kind, len) == 0 && object[len] == '/' &&
		    strcmp(object + len + 1, record->id) == 0) {
			return &source->history;
		}
	}
	return NULL;
}

/* --- a page of it --------------------------------------------------------------- */

static int
read_entry(struct trail *trail, struct source *source, struct fault *fault)
{
	int found = 1;

	if (source->rev > 0) {
		found = history_entry(&source->history, trail->arena,
		    source->rev, &source->entry, fault);
	}
	return found == 1 ? 0 : -1;
}

static int
place_all(struct trail *trail, uint64_t from, struct fault *fault)
{
	for (struct source *source = trail->first; source != NULL;
	     source = source->next) {
		if (history_at(&source->history, trail->arena, from,
		        &source->rev, fault) < 0 ||
		    read_entry(trail, source, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* The first of those that have the newest entry; NULL: nothing is left. */
static struct source *
newest_of(const struct trail *trail)
{
	struct source *newest = NULL;

	for (struct source *source = trail->first; source != NULL;
	     source = source->next) {
		if (source->rev > 0 &&
		    (newest == NULL || source->entry > newest->entry)) {
			newest = source;
		}
	}
	return newest;
}

/* What the entry told was told of all of them. */
static int
pass(struct trail *trail, uint64_t entry, struct fault *fault)
{
	for (struct source *source = trail->first; source != NULL;
	     source = source->next) {
		while (source->rev > 0 && source->entry == entry) {
			source->rev--;
			if (read_entry(trail, source, fault) < 0) {
				return -1;
			}
		}
	}
	return 0;
}

/* Names the record in a word or two, for whoever looks at another one. */
static void
add_about(json_t *line, const struct record *record)
{
	static const char *const members[] = { "award", "decision", "good",
		"name", "reference", "subject", "verdict" };
	json_t *about = json_object();

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_t *value = json_object_get(record->value, members[i]);

		if (value != NULL) {
			json_object_set(about, members[i], value);
		}
	}
	json_object_set_new(line, "about", about);
}

int
trail_list(struct trail *trail, uint64_t from, uint64_t max, json_t **list_out,
    bool *is_last_out, uint64_t *next_out, struct fault *fault)
{
	json_t *list = json_own(trail->arena, json_array());
	struct source *source;

	if (place_all(trail, from, fault) < 0) {
		return -1;
	}
	while ((source = newest_of(trail)) != NULL &&
	       json_array_size(list) < max) {
		json_t *line;

		if (history_line(&source->history, trail->arena, source->rev,
		        &line, fault) < 0) {
			return -1;
		}
		json_array_append_new(list, line);
		if (source != trail->first) {
			add_about(line, source->history.record);
		}
		if (pass(trail, source->entry, fault) < 0) {
			return -1;
		}
	}
	*list_out = list;
	*is_last_out = source == NULL;
	*next_out = source != NULL ? source->entry : 0;
	return 0;
}
