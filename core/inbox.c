/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The rows of the agenda say by their first parts alone which units, statuses
 * and procedures there are; a scan that leaps from one to the next finds them
 * without touching what lies between.  Those that a role answers for are the
 * sources of its group: each is in order, and no dossier is in two of them.
 */

#include "core/inbox.h"

#include "base/clock.h"
#include "base/glance.h"
#include "base/log.h"
#include "base/text.h"
#include "core/agenda.h"
#include "core/dossier.h"
#include "core/heirs.h"
#include "core/id_set.h"
#include "core/permit.h"
#include "core/reach.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define PAGE_DEFAULT 20u
#define GROUPS_MAX   400u /* of one answer; nobody holds so many roles */

/* Rows of one unit, status and procedure. */
struct part {
	size_t unit; /* its place among the units */
	const char *status;
	const char *procedure;
};

/* Where a row stands in the order of a group. */
struct slot {
	int64_t since;
	const char *id;
};

struct inbox_reader {
	const struct core *core;
	struct snapshot *snapshot;
	struct arena *arena;
	const struct actor *actor;
	const struct inbox_ask *ask;
	struct heirs heirs;
	unsigned limit;
	bool has_after;
	struct slot after;
	struct id_set units;
	struct part *parts;
	size_t part_count;
	size_t part_room;
	int8_t *covered;   /* by unit, of the present role; -1 not asked yet */
	struct id_set own; /* what the present group leaves to others */
	struct slot *page; /* of the present group: limit and one more */
};

/* --- what is asked --------------------------------------------------------- */

/* "1788000000000000.d-ab12" */
static bool
parse_cursor(struct inbox_reader *reader, const char *cursor)
{
	char *end;

	errno = 0;
	reader->after.since = strtoll(cursor, &end, 10);
	reader->after.id = end + 1;
	return errno == 0 && end != cursor && *end == '.' &&
	       text_is_id(end + 1);
}

static int
read_ask(struct inbox_reader *reader, struct fault *fault)
{
	const struct inbox_ask *ask = reader->ask;

	if (ask->limit > INBOX_PAGE_MAX) {
		return fault_field(fault, "limit", "is at most %u",
		    INBOX_PAGE_MAX);
	}
	reader->limit = ask->limit > 0 ? ask->limit : PAGE_DEFAULT;
	reader->has_after = ask->cursor != NULL;
	if (ask->cursor != NULL && !parse_cursor(reader, ask->cursor)) {
		return fault_field(fault, "cursor", "is not one of this list");
	}
	return 0;
}

static bool
is_asked(const char *wanted, const char *word)
{
	return wanted == NULL || (word != NULL && strcmp(wanted, word) == 0);
}

/* --- what there is --------------------------------------------------------- */

static void
add_part(struct inbox_reader *reader, const char *unit, const char *status,
    const char *procedure)
{
	bool added;

	if (reader->part_count == reader->part_room) {
		size_t room = 2 * reader->part_room + 64;
		struct part *parts =
		    arena_alloc(reader->arena, room * sizeof(*parts));

		if (reader->part_count > 0) {
			memcpy(parts, reader->parts,
			    reader->part_count * sizeof(*parts));
		}
		reader->parts = parts;
		reader->part_room = room;
	}
	reader->parts[reader->part_count++] = (struct part){
		.unit = id_set_add(&reader->units, unit, &added),
		.status = arena_text(reader->arena, status),
		.procedure = arena_text(reader->arena, procedure),
	};
}

/* Every unit, status and procedure that has a row, by leaps. */
static int
find_parts(struct inbox_reader *reader, struct fault *fault)
{
	struct bytes row, value;
	struct scan *scan;
	int rc;

	if (scan_open_table(&scan, reader->snapshot, TABLE_AGENDA, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct key_reader parts;
		struct key key;
		const char *unit;
		const char *status;
		const char *procedure;

		key_read_start(&parts, row);
		unit = key_read_text(&parts);
		status = key_read_text(&parts);
		procedure = key_read_text(&parts);
		key_read_i64(&parts);
		key_read_text(&parts);
		if (key_read_end(&parts, fault) < 0) {
			rc = -1;
			break;
		}
		if (is_asked(reader->ask->status, status)) {
			add_part(reader, unit, status, procedure);
		}
		agenda_prefix(&key, TABLE_AGENDA, unit, status, procedure);
		key_next(&key);
		scan_seek(scan, key_bytes(&key));
	}
	scan_close(scan);
	return rc;
}

/* --- one group ------------------------------------------------------------- */

/* Does the role answer for the unit?  1, 0, -1. */
static int
covers(struct inbox_reader *reader, const struct binding *binding,
    enum matrix_scope scope, size_t unit, struct fault *fault)
{
	const struct reach_question question = { .holder = binding->unit,
		.unit = reader->units.ids[unit],
		.below = scope == MATRIX_SUBTREE };
	int rc;

	if (scope == MATRIX_ALL) {
		return 1;
	}
	if (reader->covered[unit] < 0) {
		rc = reach_covers(reader->core, reader->snapshot, &question,
		    fault);
		if (rc < 0) {
			return -1;
		}
		reader->covered[unit] = (int8_t)rc;
	}
	return reader->covered[unit];
}

static bool
is_before(const struct slot *a, const struct slot *b)
{
	return a->since != b->since ? a->since < b->since
	                            : strcmp(a->id, b->id) < 0;
}

/* Into the page, where it is among the oldest; false: it is not. */
static bool
take_slot(struct inbox_reader *reader, size_t *count, struct slot slot)
{
	const size_t room = reader->limit + 1;
	size_t at;

	if (*count == room) {
		if (!is_before(&slot, &reader->page[room - 1])) {
			return false;
		}
		(*count)--;
	}
	for (at = *count; at > 0 && is_before(&slot, &reader->page[at - 1]);
	     at--) {
		reader->page[at] = reader->page[at - 1];
	}
	reader->page[at] =
	    (struct slot){ slot.since, arena_text(reader->arena, slot.id) };
	(*count)++;
	return true;
}

/* A row of either table. */
static int
read_slot(struct bytes row, struct slot *slot, struct fault *fault)
{
	struct key_reader parts;

	key_read_start(&parts, row);
	key_read_text(&parts);
	key_read_text(&parts);
	key_read_text(&parts);
	slot->since = key_read_i64(&parts);
	slot->id = key_read_text(&parts);
	return key_read_end(&parts, fault);
}

static int
open_source(struct inbox_reader *reader, const struct key *source,
    struct scan **scan_out, struct fault *fault)
{
	struct key from = *source;
	struct key to = *source;
	struct key behind;

	key_next(&to);
	if (reader->has_after) {
		key_add_i64(&from, reader->after.since);
		key_add_text(&from, reader->after.id);
		key_after(&behind, key_bytes(&from));
		from = behind;
	}
	return scan_open(scan_out, reader->snapshot, key_bytes(&from),
	    key_bytes(&to), false, fault);
}

/*
 * The rows of a source: its oldest into the page, all of them counted, as far
 * as that goes.  Its rows are in order, so the first that is too young for the
 * page is followed by such alone.
 */
static int
take_source(struct inbox_reader *reader, struct inbox_group *group,
    const struct key *source, size_t *taken, struct fault *fault)
{
	struct bytes row, value;
	bool takes = true;
	struct scan *scan;
	int rc;

	if (open_source(reader, source, &scan, fault) < 0) {
		return -1;
	}
	while ((takes || (!reader->has_after && !group->has_more)) &&
	       (rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct slot slot;

		rc = read_slot(row, &slot, fault);
		if (rc < 0) {
			break;
		}
		if (id_set_has(&reader->own, slot.id)) {
			continue;
		}
		if (!reader->has_after && group->count == INBOX_COUNT_MAX) {
			group->has_more = true;
		} else if (!reader->has_after) {
			group->count++;
		}
		takes = takes && take_slot(reader, taken, slot);
	}
	scan_close(scan);
	return rc < 0 ? -1 : 0;
}

/* Those that he made, wherever they are. */
static int
take_own(struct inbox_reader *reader, struct inbox_group *group,
    const struct duty *duty, size_t *taken, struct fault *fault)
{
	for (size_t i = 0; dossier_procedures[i] != NULL; i++) {
		const char *procedure = dossier_procedures[i];
		struct key source;

		agenda_prefix(&source, TABLE_AGENDA_OF, reader->actor->user,
		    duty->status, procedure);
		if (duty_has_procedure(duty, procedure) &&
		    take_source(reader, group, &source, taken, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
leave_rows(struct inbox_reader *reader, const struct key *source,
    struct fault *fault)
{
	struct bytes row, value;
	struct scan *scan;
	int rc;

	if (scan_open_prefix(&scan, reader->snapshot, key_bytes(source),
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct slot slot;
		bool added;

		rc = read_slot(row, &slot, fault);
		if (rc < 0) {
			break;
		}
		id_set_add(&reader->own, slot.id, &added);
	}
	scan_close(scan);
	return rc;
}

/* What he made and is now for others waits for them alone. */
static int
leave_own(struct inbox_reader *reader, const struct duty *duty,
    struct fault *fault)
{
	id_set_init(&reader->own, reader->arena);
	if (!duty->is_others) {
		return 0;
	}
	for (size_t i = 0; dossier_procedures[i] != NULL; i++) {
		struct key source;

		agenda_prefix(&source, TABLE_AGENDA_OF, reader->actor->user,
		    duty->status, dossier_procedures[i]);
		if (leave_rows(reader, &source, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
take_sources(struct inbox_reader *reader, struct inbox_group *group,
    const struct duty *duty, size_t *taken, struct fault *fault)
{
	if (duty->scope == MATRIX_MINE) {
		return take_own(reader, group, duty, taken, fault);
	}
	for (size_t i = 0; i < reader->part_count; i++) {
		const struct part *part = &reader->parts[i];
		struct key source;
		int rc;

		if (strcmp(part->status, duty->status) != 0 ||
		    !duty_has_procedure(duty, part->procedure)) {
			continue;
		}
		rc = covers(reader, group->binding, duty->scope, part->unit,
		    fault);
		agenda_prefix(&source, TABLE_AGENDA,
		    reader->units.ids[part->unit], part->status,
		    part->procedure);
		if (rc < 0 || (rc > 0 && take_source(reader, group, &source,
		                             taken, fault) < 0)) {
			return -1;
		}
	}
	return 0;
}

/* --- its rows -------------------------------------------------------------- */

/* What is shown of a dossier; a title with an escape takes a tree. */
static int
read_texts(struct inbox_reader *reader, struct bytes record,
    struct retrieval_row *texts, struct fault *fault)
{
	static const char *const keys[] = { "kind", "title" };
	struct bytes values[2];
	json_t *tree;

	glance_members(record, keys, 2, values);
	texts->kind = glance_text(reader->arena, values[0]);
	texts->title = glance_text(reader->arena, values[1]);
	if (texts->title != NULL) {
		return 0;
	}
	tree = json_read(reader->arena, record, fault);
	texts->title = tree != NULL ? json_text_at(tree, "title") : NULL;
	return tree != NULL ? 0 : -1;
}

/* 1 filled, 0 it is not for this reader, or not there, -1 failed. */
static int
fill_row(struct inbox_reader *reader, const struct slot *slot,
    struct inbox_row *row, struct fault *fault)
{
	struct retrieval_row texts = { .id = slot->id };
	struct permit_object object;
	struct bytes record;
	int rc = record_find_bytes(reader->snapshot, reader->arena,
	    RECORD_DOSSIER, slot->id, &texts.rev, &record, fault);

	if (rc == 0) {
		/* The rest keeps being served; fsck names it too. */
		log_error(NULL, "inbox.no_dossier", "dossier=%s", slot->id);
	}
	if (rc <= 0) {
		return rc;
	}
	object = permit_object_at(reader->arena, RECORD_DOSSIER, record);
	rc = permit_may(reader->core, reader->snapshot, reader->actor,
	    "dossier.read", &object, fault);
	if (rc <= 0) {
		return rc;
	}
	texts.unit = object.unit;
	texts.date = object.date;
	if (read_texts(reader, record, &texts, fault) < 0 ||
	    heirs_describe(&reader->heirs, &texts, fault) < 0) {
		return -1;
	}
	*row = (struct inbox_row){ .id = slot->id,
		.rev = texts.rev,
		.since = slot->since,
		.date = texts.date,
		.title = texts.title,
		.kind = texts.kind,
		.unit = texts.unit,
		.unit_name = texts.unit_name,
		.now_text = texts.now_text };
	return 1;
}

static int
fill_rows(struct inbox_reader *reader, struct inbox_group *group, size_t taken,
    struct fault *fault)
{
	const size_t shown = taken > reader->limit ? reader->limit : taken;

	group->rows = arena_alloc(reader->arena, shown * sizeof(*group->rows));
	for (size_t i = 0; i < shown; i++) {
		int rc = fill_row(reader, &reader->page[i],
		    &group->rows[group->row_count], fault);

		if (rc < 0) {
			return -1;
		}
		group->row_count += rc > 0;
	}
	if (taken > shown) {
		const struct slot *last = &reader->page[shown - 1];

		group->next = arena_format(reader->arena, "%" PRId64 ".%s",
		    last->since, last->id);
	}
	return 0;
}

/* --- all ------------------------------------------------------------------- */

static int
read_group(struct inbox_reader *reader, struct inbox *inbox,
    const struct binding *binding, const struct duty *duty, struct fault *fault)
{
	struct inbox_group *group = &inbox->groups[inbox->count];
	size_t taken = 0;

	*group = (struct inbox_group){ .binding = binding, .duty = *duty };
	if (leave_own(reader, duty, fault) < 0 ||
	    take_sources(reader, group, duty, &taken, fault) < 0) {
		return -1;
	}
	if (taken == 0) {
		return 0;
	}
	if (!reader->has_after) {
		group->since = reader->page[0].since;
	}
	inbox->count++;
	return fill_rows(reader, group, taken, fault);
}

static bool
needs_unit(enum matrix_scope scope)
{
	return scope == MATRIX_OWN || scope == MATRIX_SUBTREE;
}

/* Does a binding before it, that is asked about, tell the same: one of the
 * role, of the same unit where a unit bounds the scope? */
static bool
is_repeated(const struct inbox_reader *reader, size_t at,
    enum matrix_scope scope)
{
	const struct binding *binding = &reader->actor->bindings[at];

	for (size_t i = 0; i < at; i++) {
		const struct binding *before = &reader->actor->bindings[i];

		if (strcmp(before->role, binding->role) == 0 &&
		    is_asked(reader->ask->unit, before->unit) &&
		    (!needs_unit(scope) || before->unit == binding->unit ||
		        (before->unit != NULL && binding->unit != NULL &&
		            strcmp(before->unit, binding->unit) == 0))) {
			return true;
		}
	}
	return false;
}

static int
read_role(struct inbox_reader *reader, struct inbox *inbox, size_t at,
    struct fault *fault)
{
	const struct binding *binding = &reader->actor->bindings[at];
	const json_t *statuses =
	    rules_list(reader->core->rules, RULES_DOSSIER_STATUSES);
	enum matrix_scope scope = MATRIX_MINE; /* that is covered[]'s; by it
	                                          no unit is asked about */
	const json_t *status;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)statuses, i, status)
	{
		struct duty duty;

		if (inbox->count == GROUPS_MAX ||
		    !is_asked(reader->ask->status,
		        json_text_at(status, "id")) ||
		    !duty_find(&duty, reader->core->rules, binding->role,
		        status) ||
		    (binding->unit == NULL && needs_unit(duty.scope)) ||
		    is_repeated(reader, at, duty.scope)) {
			continue;
		}
		if (duty.scope != scope) {
			scope = duty.scope;
			memset(reader->covered, -1, reader->units.count + 1);
		}
		if (read_group(reader, inbox, binding, &duty, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

int
inbox_read(struct inbox *inbox_out, const struct core *core,
    struct snapshot *snapshot, struct arena *arena, const struct actor *actor,
    const struct inbox_ask *ask, struct fault *fault)
{
	struct inbox_reader reader = { .core = core,
		.snapshot = snapshot,
		.arena = arena,
		.actor = actor,
		.ask = ask };

	*inbox_out = (struct inbox){ .count = 0 };
	id_set_init(&reader.units, arena);
	heirs_init(&reader.heirs, core, snapshot, arena,
	    clock_date(clock_now()));
	if (read_ask(&reader, fault) < 0 || find_parts(&reader, fault) < 0) {
		return -1;
	}
	reader.covered = arena_alloc(arena, reader.units.count + 1);
	reader.page =
	    arena_alloc(arena, (reader.limit + 1) * sizeof(*reader.page));
	inbox_out->groups =
	    arena_alloc(arena, GROUPS_MAX * sizeof(*inbox_out->groups));
	for (size_t i = 0; i < actor->binding_count; i++) {
		const struct binding *binding = &actor->bindings[i];

		if (is_asked(ask->role, binding->role) &&
		    is_asked(ask->unit, binding->unit) &&
		    read_role(&reader, inbox_out, i, fault) < 0) {
			return -1;
		}
	}
	return 0;
}
