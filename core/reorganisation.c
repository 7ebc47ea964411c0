/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The command checks the event against its kind and against the lives of the
 * units it names, makes those that begin with it, ends those that do not go
 * on, and writes its steps (succession.c).  Steps lead forward in time by
 * these checks alone: a predecessor stood the day before, a successor stands
 * on the day.
 *
 * The record of the event names every successor by its id, whether it stood
 * before or not, so nothing that reads events knows of units made with them.
 */

#include "core/reorganisation.h"

#include "base/random.h"
#include "core/field.h"
#include "core/id_set.h"
#include "core/succession.h"
#include "core/unit_change.h"
#include "core/unit_rows.h"

#include <stdio.h>

#define UNITS_MAX 300u /* a province of 2025 had 173 communes */

/* How many of each a kind may have, and whether somebody may end. */
static const struct shape {
	const char *kind;
	size_t from_min;
	size_t from_max;
	size_t to_min;
	size_t to_max;
	bool ends; /* a predecessor may be no successor */
} shapes[] = {
	{ "merge", 1, UNITS_MAX, 1, 1, true },
	{ "split", 1, UNITS_MAX, 2, UNITS_MAX, true },
	{ "rename", 1, 1, 1, 1, true },
	{ "abolish", 1, UNITS_MAX, 0, 0, true },
	{ "reclassify", 1, 1, 1, 1, true },
	{ "transfer", 1, UNITS_MAX, 1, UNITS_MAX, false },
};

static const char *const kinds[] = { "merge", "split", "rename", "abolish",
	"reclassify", "transfer", NULL };

/* A unit that the event makes. */
struct beginner {
	json_t *fields; /* with its id and its first day */
	const char *place;
};

struct event {
	struct command *command;
	const struct shape *shape;
	date_t date;
	struct id_set from;
	struct id_set to;
	struct beginner *beginners;
	size_t beginner_count;
	const json_t *name; /* that the unit of a renaming has from now on */
	struct fault *fault;
};

/* --- who takes part -------------------------------------------------------- */

/* One that stood on `day`; its id, or NULL. */
static const char *
read_unit(struct event *event, const json_t *value, const char *place,
    date_t day)
{
	struct command *command = event->command;
	const char *id = json_string_value(value);
	struct record unit;
	char text[DATE_TEXT];

	if (id == NULL) {
		fault_field(event->fault, place, "must be the id of a unit");
		return NULL;
	}
	if (record_refer(command->snapshot, command->arena, RECORD_UNIT, id,
	        place, &unit, event->fault) < 0) {
		return NULL;
	}
	if (!span_has(unit_span(unit.value), day)) {
		date_format(text, day);
		fault_field(event->fault, place, "%s did not stand on %s", id,
		    text);
		return NULL;
	}
	return id;
}

/* One that begins with the event; it is made when all is known. */
static const char *
read_beginner(struct event *event, const json_t *value, const char *place)
{
	struct command *command = event->command;
	json_t *fields = json_own(command->arena, json_deep_copy(value));
	char drawn[ID_TEXT];
	char day[DATE_TEXT];

	if (json_object_get(fields, "id") == NULL) {
		id_make(drawn, command->now);
		json_object_set_new(fields, "id", json_string(drawn));
	}
	if (json_object_get(fields, "from") == NULL) {
		date_format(day, event->date);
		json_object_set_new(fields, "from", json_string(day));
	}
	event->beginners[event->beginner_count++] = (struct beginner){
		.fields = fields,
		.place = arena_text(command->arena, place),
	};
	if (json_text_at(fields, "id") == NULL) {
		fault_field(event->fault,
		    arena_format(command->arena, "%s/id", place),
		    "must be text");
	}
	return json_text_at(fields, "id");
}

/* A list of units that stood on `day`; new ones among the successors. */
static int
read_units(struct event *event, const json_t *list, const char *key, date_t day,
    struct id_set *set)
{
	char place[40];
	json_t *value;
	size_t i;

	id_set_init(set, event->command->arena);
	json_array_foreach(list, i, value)
	{
		const char *id;
		bool added;

		snprintf(place, sizeof(place), "/%s/%zu", key, i);
		id = set == &event->to && json_is_object(value)
		         ? read_beginner(event, value, place)
		         : read_unit(event, value, place, day);
		if (id == NULL) {
			return -1;
		}
		id_set_add(set, id, &added);
		if (!added) {
			return fault_field(event->fault, place,
			    "%s is named twice", id);
		}
	}
	return 0;
}

/* --- what its kind allows -------------------------------------------------- */

static int
check_count(const struct event *event, const char *field, size_t count,
    size_t min, size_t max)
{
	if (count >= min && count <= max) {
		return 0;
	}
	if (min == max) {
		return fault_field(event->fault, field,
		    "a %s has exactly %zu, not %zu", event->shape->kind, min,
		    count);
	}
	return fault_field(event->fault, field, "a %s has %zu to %zu, not %zu",
	    event->shape->kind, min, max, count);
}

/* One goes into one that stood before, or it is a new name and no merger. */
static int
check_merger(const struct event *event)
{
	struct command *command = event->command;
	struct record unit;

	if (event->from.count > 1) {
		return 0;
	}
	if (id_set_has(&event->from, event->to.ids[0])) {
		return fault_field(event->fault, "/predecessors",
		    "a merge takes in another unit");
	}
	if (event->beginner_count == 0 &&
	    record_need(command->snapshot, command->arena, RECORD_UNIT,
	        event->to.ids[0], &unit, event->fault) < 0) {
		return -1;
	}
	if (event->beginner_count > 0 ||
	    unit_span(unit.value).from >= event->date) {
		return fault_field(event->fault, "/predecessors",
		    "a merge of one unit into a new one is a rename");
	}
	return 0;
}

static int
check_shape(const struct event *event)
{
	const struct shape *shape = event->shape;

	if (check_count(event, "/predecessors", event->from.count,
	        shape->from_min, shape->from_max) < 0 ||
	    check_count(event, "/successors", event->to.count, shape->to_min,
	        shape->to_max) < 0) {
		return -1;
	}
	for (size_t i = 0; !shape->ends && i < event->from.count; i++) {
		if (!id_set_has(&event->to, event->from.ids[i])) {
			return fault_field(event->fault, "/successors",
			    "%s would end, but nobody ends in a %s",
			    event->from.ids[i], shape->kind);
		}
	}
	return strcmp(shape->kind, "merge") == 0 ? check_merger(event) : 0;
}

static int
check_name(const struct event *event)
{
	if (event->name == NULL ||
	    (strcmp(event->shape->kind, "rename") == 0 &&
	        id_set_has(&event->to, event->from.ids[0]))) {
		return 0;
	}
	return fault_field(event->fault, "/name",
	    "only a unit that goes on by itself is given another name; a new "
	    "one has its own");
}

/* --- what comes of it ------------------------------------------------------ */

/* Nobody begins below a unit that is gone that day. */
static int
check_parents(const struct event *event, const struct beginner *beginner)
{
	const json_t *parents = json_object_get(beginner->fields, "parents");
	json_t *value;
	size_t i;

	json_array_foreach(parents, i, value)
	{
		const char *parent = json_text_at(value, "unit");

		if (id_set_has(&event->from, parent) &&
		    !id_set_has(&event->to, parent)) {
			return fault_field(event->fault,
			    arena_format(event->command->arena,
			        "%s/parents/%zu/unit", beginner->place, i),
			    "%s ends by this reorganisation", parent);
		}
	}
	return 0;
}

static int
begin_units(const struct event *event)
{
	for (size_t i = 0; i < event->beginner_count; i++) {
		const struct beginner *beginner = &event->beginners[i];

		if (unit_new(event->command, beginner->fields, event->fault) <
		    0) {
			fault_field_within(event->fault, beginner->place);
			return -1;
		}
		if (unit_span(beginner->fields).from != event->date) {
			return fault_field(event->fault,
			    arena_format(event->command->arena, "%s/from",
			        beginner->place),
			    "a unit that is made by a reorganisation begins "
			    "on its day");
		}
		if (check_parents(event, beginner) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Predecessors that do not go on end the day before. */
static int
end_units(const struct event *event)
{
	struct arena *arena = event->command->arena;
	size_t room = event->from.count * sizeof(const char *);
	const char **ids = arena_alloc(arena, room);
	const char **places = arena_alloc(arena, room);
	size_t count = 0;

	for (size_t i = 0; i < event->from.count; i++) {
		if (!id_set_has(&event->to, event->from.ids[i])) {
			ids[count] = event->from.ids[i];
			places[count++] =
			    arena_format(arena, "/predecessors/%zu", i);
		}
	}
	return unit_end(event->command, ids, places, count, event->date - 1,
	    event->fault);
}

static int
check(struct event *event, const json_t *body)
{
	struct json_reader reader;
	const json_t *from;
	const json_t *to;
	const char *kind;

	json_reader_init(&reader, body, "", event->fault);
	json_reader_text(&reader, "id", false);
	kind = field_word(&reader, "kind", true, kinds);
	event->date = field_date(&reader, "date", true, 0);
	json_reader_text(&reader, "document", false);
	from = json_reader_array(&reader, "predecessors", true);
	to = json_reader_array(&reader, "successors", true);
	event->name = json_reader_object(&reader, "name", false);
	if (!reader.failed && event->date == DATE_MIN) {
		json_reader_refuse(&reader, "date", "has no day before it");
	}
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	for (size_t i = 0; kinds[i] != NULL; i++) {
		if (strcmp(kinds[i], kind) == 0) {
			event->shape = &shapes[i];
		}
	}
	if (json_array_size(from) > UNITS_MAX ||
	    json_array_size(to) > UNITS_MAX) {
		return fault_field(event->fault, "/predecessors",
		    "a reorganisation has at most %u units a side", UNITS_MAX);
	}
	event->beginners = arena_alloc(event->command->arena,
	    (json_array_size(to) + 1) * sizeof(*event->beginners));
	if (read_units(event, from, "predecessors", event->date - 1,
	        &event->from) < 0 ||
	    read_units(event, to, "successors", event->date, &event->to) < 0 ||
	    check_shape(event) < 0) {
		return -1;
	}
	return check_name(event);
}

/* The event as it is kept: every successor by its id. */
static json_t *
record_of(const struct event *event, const json_t *body)
{
	json_t *record = json_copy((json_t *)(uintptr_t)body);
	json_t *to = json_array();

	for (size_t i = 0; i < event->to.count; i++) {
		json_array_append_new(to, json_string(event->to.ids[i]));
	}
	json_object_set_new(record, "successors", to);
	json_object_del(record, "name");
	return json_own(event->command->arena, record);
}

int
reorganisation_new(struct command *command, const json_t *body,
    struct fault *fault)
{
	struct event event = { .command = command, .fault = fault };
	const char *id = json_text_at(body, "id");
	char drawn[ID_TEXT];
	json_t *record;
	struct rows before;
	struct rows now;

	if (id == NULL) {
		id_make(drawn, command->now);
		id = drawn;
	}
	if (check(&event, body) < 0) {
		return -1;
	}
	record = record_of(&event, body);
	if (command_create(command, RECORD_REORGANISATION, id,
	        json_deep_copy(record), fault) < 0 ||
	    begin_units(&event) < 0 ||
	    (event.name != NULL && unit_rename(command, event.to.ids[0],
	                               event.date, event.name, fault) < 0)) {
		return -1;
	}
	rows_init(&before, command->arena);
	rows_init(&now, command->arena);
	succession_rows(&now, id, record);
	rows_replace(command->writes, &before, &now);
	return end_units(&event);
}
