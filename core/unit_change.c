/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A unit's record is checked as a whole, then its rows are replaced.  Where
 * parents or life change, what is filed under it moves with it (refile.h), and
 * its children come to the top of the tree or leave it (unit_order.h).
 */

#include "core/unit_change.h"

#include "base/random.h"
#include "core/id_set.h"
#include "core/refile.h"
#include "core/unit.h"
#include "core/unit_check.h"
#include "core/unit_guard.h"
#include "core/unit_order.h"
#include "core/unit_rows.h"

#include <stdio.h>

/* --- what a change moves ------------------------------------------------- */

static void
widen(struct span *span, struct span by)
{
	if (by.to < by.from) {
		return;
	}
	*span = span->to < span->from
	            ? by
	            : (struct span){
		              by.from < span->from ? by.from : span->from,
		              by.to > span->to ? by.to : span->to,
	              };
}

/* The days on which the unit stands only in one of two lives. */
static struct span
changed_life(struct span a, struct span b)
{
	struct span changed = { 1, 0 };

	if (a.from != b.from) {
		widen(&changed,
		    (struct span){ a.from < b.from ? a.from : b.from,
		        (a.from < b.from ? b.from : a.from) - 1 });
	}
	if (a.to != b.to) {
		widen(&changed, (struct span){ (a.to < b.to ? a.to : b.to) + 1,
		                    a.to < b.to ? b.to : a.to });
	}
	return changed;
}

/* Entries of `list` that `other` lacks. */
static void
widen_by_new(struct span *changed, const json_t *list, const json_t *other)
{
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		bool kept = false;

		for (size_t j = 0; j < json_array_size(other); j++) {
			kept =
			    kept || json_equal(value, json_array_get(other, j));
		}
		if (!kept) {
			widen(changed, unit_span(value));
		}
	}
}

/* Children whose line was cut at a unit that did not stand, or will be. */
static int
refile_children(struct refile *refile, const char *id, struct span days,
    struct fault *fault)
{
	static const enum unit_relation relations[] = { UNIT_ADM, UNIT_MEMBER };

	for (size_t i = 0; i < 2; i++) {
		const char **ids;
		size_t count;

		if (unit_children_in(refile->command->snapshot,
		        refile->command->arena, id, relations[i], days, &ids,
		        &count, fault) < 0) {
			return -1;
		}
		for (size_t j = 0; j < count; j++) {
			if (refile_under(refile, ids[j], days, fault) < 0) {
				return -1;
			}
		}
	}
	return 0;
}

static int
move_filed(struct refile *refile, const struct record *old,
    const json_t *fields, bool *is_moved, struct fault *fault)
{
	const json_t *before = json_object_get(old->value, "parents");
	const json_t *after = json_object_get(fields, "parents");
	struct span changed =
	    changed_life(unit_span(old->value), unit_span(fields));

	if (changed.from <= changed.to &&
	    refile_children(refile, old->id, changed, fault) < 0) {
		return -1;
	}
	widen_by_new(&changed, before, after);
	widen_by_new(&changed, after, before);
	if (changed.to < changed.from) {
		return 0;
	}
	*is_moved = true;
	return refile_under(refile, old->id, changed, fault);
}

/* Units that one command changes; all are known before the first moves. */
struct changes {
	struct record *olds;
	const char **units;
	const json_t **fields;
	size_t count;
};

static void
changes_init(struct changes *changes, struct arena *arena, size_t room)
{
	*changes = (struct changes){
		.olds = arena_alloc(arena, room * sizeof(*changes->olds)),
		.units = arena_alloc(arena, room * sizeof(*changes->units)),
		.fields = arena_alloc(arena, room * sizeof(*changes->fields)),
	};
}

static void
changes_add(struct changes *changes, const struct record *old,
    const json_t *fields)
{
	changes->olds[changes->count] = *old;
	changes->units[changes->count] = old->id;
	changes->fields[changes->count++] = fields;
}

/* --- its rows -------------------------------------------------------------- */

/* All rows of a unit; `old` is NULL where it is new. */
static int
replace_rows(struct command *command, const struct record *old, const char *id,
    const json_t *fields, const struct unit_overlay *overlay,
    struct fault *fault)
{
	struct snapshot *snapshot = command->snapshot;
	struct rows before;
	struct rows now;

	rows_init(&before, command->arena);
	rows_init(&now, command->arena);
	if (old != NULL) {
		unit_rows(&before, id, old->value);
		if (unit_order_top_rows(&before, snapshot, NULL, id, old->value,
		        fault) < 0) {
			return -1;
		}
	}
	unit_rows(&now, id, fields);
	if (unit_order_top_rows(&now, snapshot, overlay, id, fields, fault) <
	    0) {
		return -1;
	}
	rows_replace(command->writes, &before, &now);
	return 0;
}

/* Whether one that stays as it is stands at the top. */
static int
replace_top_rows(struct command *command, const char *id,
    const struct unit_overlay *overlay, struct fault *fault)
{
	struct snapshot *snapshot = command->snapshot;
	struct record unit;
	struct rows before;
	struct rows now;

	rows_init(&before, command->arena);
	rows_init(&now, command->arena);
	if (record_need(snapshot, command->arena, RECORD_UNIT, id, &unit,
	        fault) < 0 ||
	    unit_order_top_rows(&before, snapshot, NULL, id, unit.value,
	        fault) < 0 ||
	    unit_order_top_rows(&now, snapshot, overlay, id, unit.value,
	        fault) < 0) {
		return -1;
	}
	rows_replace(command->writes, &before, &now);
	return 0;
}

/* The children of all whose lives change, each once. */
static int
replace_rows_below(struct command *command, const struct changes *changes,
    const struct unit_overlay *overlay, struct fault *fault)
{
	struct id_set done;
	bool is_new;

	id_set_init(&done, command->arena);
	for (size_t i = 0; i < changes->count; i++) {
		id_set_add(&done, changes->units[i], &is_new);
	}
	for (size_t i = 0; i < changes->count; i++) {
		struct span days =
		    changed_life(unit_span(changes->olds[i].value),
		        unit_span(changes->fields[i]));
		const char **ids;
		size_t count = 0;

		if (days.from <= days.to &&
		    unit_children_in(command->snapshot, command->arena,
		        changes->units[i], UNIT_ADM, days, &ids, &count,
		        fault) < 0) {
			return -1;
		}
		for (size_t j = 0; j < count; j++) {
			id_set_add(&done, ids[j], &is_new);
			if (is_new && replace_top_rows(command, ids[j], overlay,
			                  fault) < 0) {
				return -1;
			}
		}
	}
	return 0;
}

/* --- commands ------------------------------------------------------------ */

static int
changes_make(struct command *command, const struct changes *changes,
    struct fault *fault)
{
	struct unit_overlay overlay = { changes->units, changes->fields,
		changes->count };
	bool is_moved = false;
	struct refile refile;

	refile_init(&refile, command, &overlay);
	for (size_t i = 0; i < changes->count; i++) {
		const struct record *old = &changes->olds[i];
		const json_t *fields = changes->fields[i];

		if (replace_rows(command, old, old->id, fields, &overlay,
		        fault) < 0 ||
		    move_filed(&refile, old, fields, &is_moved, fault) < 0 ||
		    command_update(command, old, json_deep_copy(fields),
		        fault) < 0) {
			return -1;
		}
	}
	if (replace_rows_below(command, changes, &overlay, fault) < 0) {
		return -1;
	}
	return is_moved ? unit_guard_step(command, fault)
	                : unit_guard_hold(command, fault);
}

int
unit_new(struct command *command, const json_t *body, struct fault *fault)
{
	struct unit_check check = { .command = command, .fault = fault };
	const char *id = json_text_at(body, "id");
	char drawn[ID_TEXT];

	if (id == NULL) {
		id_make(drawn, command->now);
		id = drawn;
	}
	/* The first unit begins the tree's revisions. */
	if (unit_guard_hold(command, fault) < 0 ||
	    unit_check_body(&check, body) < 0 ||
	    command_create(command, RECORD_UNIT, id, json_deep_copy(body),
	        fault) < 0) {
		return -1;
	}
	return replace_rows(command, NULL, id, body, NULL, fault);
}

int
unit_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct unit_check check = { command, id, .fault = fault };
	struct changes changes;
	struct record old;
	json_t *fields;

	if (record_need(command->snapshot, command->arena, RECORD_UNIT, id,
	        &old, fault) < 0) {
		return -1;
	}
	fields = command_merge(command, &old, body, fault);
	if (fields == NULL || unit_check_body(&check, fields) < 0 ||
	    unit_check_end(&check, unit_span(old.value)) < 0 ||
	    unit_check_events(&check) < 0) {
		return -1;
	}
	changes_init(&changes, command->arena, 1);
	changes_add(&changes, &old, fields);
	return changes_make(command, &changes, fault);
}

/* The members of one unit with its last day; 0 where it has that already. */
static int
end_one(struct command *command, const char *id, date_t last,
    struct changes *changes, const char *field, struct fault *fault)
{
	struct unit_check check = { command, id, .fault = fault };
	struct record old;
	char day[DATE_TEXT];
	json_t *fields;

	if (record_refer(command->snapshot, command->arena, RECORD_UNIT, id,
	        field, &old, fault) < 0) {
		return -1;
	}
	check.life = unit_span(old.value);
	if (check.life.to == last) {
		return 0;
	}
	date_format(day, last);
	if (!span_has(check.life, last)) {
		return fault_field(fault, field, "%s did not stand on %s", id,
		    day);
	}
	check.life.to = last;
	if (unit_check_events(&check) < 0) {
		snprintf(fault->field, sizeof(fault->field), "%s", field);
		return -1;
	}
	fields = json_own(command->arena, command_fields(command, &old));
	json_object_set_new(fields, "to", json_string(day));
	changes_add(changes, &old, fields);
	return 0;
}

int
unit_end(struct command *command, const char *const *ids,
    const char *const *places, size_t count, date_t last, struct fault *fault)
{
	struct changes changes;

	changes_init(&changes, command->arena, count);
	for (size_t i = 0; i < count; i++) {
		if (end_one(command, ids[i], last, &changes, places[i], fault) <
		    0) {
			return -1;
		}
	}
	return changes_make(command, &changes, fault);
}

/* The names of a unit with one more, and the one before it cut short. */
static json_t *
names_from(const json_t *old, date_t day, const json_t *name,
    struct fault *fault)
{
	json_t *names = json_array();
	json_t *row = json_deep_copy(name);
	char text[DATE_TEXT];
	json_t *value;
	size_t i;

	json_array_foreach(old, i, value)
	{
		struct span held = unit_span(value);
		json_t *kept = json_deep_copy(value);

		if (held.from >= day) {
			json_decref(kept);
			json_decref(names);
			json_decref(row);
			date_format(text, held.from);
			fault_field(fault, "/name",
			    "the unit has a name from %s already", text);
			return NULL;
		}
		if (held.to >= day) {
			date_format(text, day - 1);
			json_object_set_new(kept, "to", json_string(text));
		}
		json_array_append_new(names, kept);
	}
	date_format(text, day);
	json_object_set_new(row, "from", json_string(text));
	json_array_append_new(names, row);
	return names;
}

int
unit_rename(struct command *command, const char *id, date_t day,
    const json_t *name, struct fault *fault)
{
	struct json_reader reader;
	struct record old;
	json_t *names;
	json_t *body;

	json_reader_init(&reader, name, "/name", fault);
	json_reader_text(&reader, "name", true);
	json_reader_text(&reader, "short", false);
	if (json_reader_end(&reader) < 0 ||
	    record_need(command->snapshot, command->arena, RECORD_UNIT, id,
	        &old, fault) < 0) {
		return -1;
	}
	names =
	    names_from(json_object_get(old.value, "names"), day, name, fault);
	if (names == NULL) {
		return -1;
	}
	body = json_own(command->arena, json_pack("{s:o}", "names", names));
	if (unit_edit(command, id, body, fault) < 0) {
		if (strncmp(fault->field, "/names", 6) == 0) {
			snprintf(fault->field, sizeof(fault->field), "/name");
		}
		return -1;
	}
	return 0;
}
