/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Both walks keep, for each unit, the best day they have reached it by (the
 * earliest going forward, the latest going back) and go on from a unit again
 * when they reach it by a better one.  Days only grow going forward and only
 * shrink going back, so they end.
 */

#include "core/lineage.h"

#include "core/id_set.h"
#include "core/succession.h"
#include "core/unit.h"

#include <stdlib.h>

#define UNITS_MAX 100000u

/* One direction. */
struct walk {
	struct snapshot *snapshot;
	struct arena *arena;
	struct fault *fault;
	bool is_forward;
	struct id_set units;
	date_t *days; /* by place in units: as it stood that day and after */
	bool *waits;  /* ... or before; and whether it is to be gone on from */
	size_t room;
	bool descends;         /* into what a dissolved unit held */
	struct id_set *events; /* collects those passed, or NULL */
};

static void
walk_init(struct walk *walk, struct snapshot *snapshot, struct arena *arena,
    bool is_forward, struct fault *fault)
{
	*walk = (struct walk){
		.snapshot = snapshot,
		.arena = arena,
		.fault = fault,
		.is_forward = is_forward,
	};
	id_set_init(&walk->units, arena);
}

static void
make_room(struct walk *walk)
{
	size_t room = walk->room > 0 ? 2 * walk->room : 16;
	date_t *days = arena_alloc(walk->arena, room * sizeof(*days));
	bool *waits = arena_alloc(walk->arena, room * sizeof(*waits));

	if (walk->room > 0) {
		memcpy(days, walk->days, walk->room * sizeof(*days));
		memcpy(waits, walk->waits, walk->room * sizeof(*waits));
	}
	walk->days = days;
	walk->waits = waits;
	walk->room = room;
}

/* The unit is reached as it stood on a day. */
static int
reach(struct walk *walk, const char *unit, date_t day)
{
	bool added;
	size_t at = id_set_add(&walk->units, unit, &added);

	if (at >= walk->room) {
		make_room(walk);
	}
	if (walk->units.count > UNITS_MAX) {
		return fault_set(walk->fault, FAULT_LIMIT,
		    "the lineage reaches more than %u units", UNITS_MAX);
	}
	if (added ||
	    (walk->is_forward ? day < walk->days[at] : day > walk->days[at])) {
		walk->days[at] = day;
		walk->waits[at] = true;
	}
	return 0;
}

/* Over the steps of a unit that lie on the walk's side of its day. */
static int
follow_steps(struct walk *walk, const char *unit, date_t day)
{
	struct span days = { DATE_MIN, day };
	enum table direction = TABLE_UNIT_PREDECESSOR;
	struct succession *list;
	size_t count;
	bool added;

	if (walk->is_forward) {
		if (day == DATE_MAX) {
			return 0;
		}
		days = (struct span){ day + 1, DATE_MAX };
		direction = TABLE_UNIT_SUCCESSOR;
	}
	if (succession_list(walk->snapshot, walk->arena, direction, unit, days,
	        &list, &count, walk->fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		date_t there =
		    walk->is_forward ? list[i].date : list[i].date - 1;

		if (walk->events != NULL) {
			id_set_add(walk->events, list[i].event, &added);
		}
		if (list[i].other[0] != '\0' &&
		    strcmp(list[i].other, unit) != 0 &&
		    reach(walk, list[i].other, there) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Where the unit was dissolved, over what it held on its last day. */
static int
follow_dissolved(struct walk *walk, const char *unit, date_t day)
{
	struct unit_title title;
	int found = unit_title_at(walk->snapshot, walk->arena, unit, day,
	    &title, walk->fault);
	struct id_set below;
	bool added;

	if (found <= 0 || title.life.to == DATE_MAX || title.life.to < day) {
		return found < 0 ? -1 : 0;
	}
	id_set_init(&below, walk->arena);
	id_set_add(&below, unit, &added);
	for (size_t i = 0; i < below.count; i++) {
		const char **children;
		size_t count;

		if (unit_children(walk->snapshot, walk->arena, below.ids[i],
		        UNIT_ADM, title.life.to, &children, &count,
		        walk->fault) < 0) {
			return -1;
		}
		for (size_t j = 0; j < count; j++) {
			id_set_add(&below, children[j], &added);
			if (reach(walk, children[j], title.life.to) < 0) {
				return -1;
			}
		}
	}
	return 0;
}

static int
walk_from(struct walk *walk, const char *unit)
{
	bool again = true;

	if (reach(walk, unit, walk->is_forward ? DATE_MIN : DATE_MAX) < 0) {
		return -1;
	}
	while (again) {
		again = false;
		for (size_t i = 0; i < walk->units.count; i++) {
			const char *id = walk->units.ids[i];

			if (!walk->waits[i]) {
				continue;
			}
			walk->waits[i] = false;
			again = true;
			if (follow_steps(walk, id, walk->days[i]) < 0 ||
			    (walk->descends && follow_dissolved(walk, id,
			                           walk->days[i]) < 0)) {
				return -1;
			}
		}
	}
	return 0;
}

int
lineage_of(struct snapshot *snapshot, struct arena *arena, const char *unit,
    struct lineage *lineage_out, struct fault *fault)
{
	struct walk forward;
	struct walk back;
	struct lineage_part *parts;
	size_t count = 0;

	walk_init(&forward, snapshot, arena, true, fault);
	walk_init(&back, snapshot, arena, false, fault);
	forward.descends = true;
	if (walk_from(&forward, unit) < 0 || walk_from(&back, unit) < 0) {
		return -1;
	}
	parts = arena_alloc(arena,
	    (forward.units.count + back.units.count) * sizeof(*parts));
	for (size_t i = 0; i < forward.units.count; i++) {
		parts[count++] = (struct lineage_part){ forward.units.ids[i],
			{ forward.days[i], DATE_MAX } };
	}
	/* The unit itself, the first, is there for all time already. */
	for (size_t i = 1; i < back.units.count; i++) {
		parts[count++] = (struct lineage_part){ back.units.ids[i],
			{ DATE_MIN, back.days[i] } };
	}
	*lineage_out = (struct lineage){ parts, count };
	return 0;
}

int
lineage_heirs(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t today, const char ***ids_out, size_t *count_out, struct fault *fault)
{
	struct id_set seen;
	struct id_set heirs;
	bool added;

	id_set_init(&seen, arena);
	id_set_init(&heirs, arena);
	id_set_add(&seen, unit, &added);
	for (size_t i = 0; i < seen.count; i++) {
		struct succession *list;
		struct unit_title title;
		struct span end;
		size_t count;
		int found = unit_title_at(snapshot, arena, seen.ids[i], today,
		    &title, fault);

		if (found < 0) {
			return -1;
		}
		if (found == 1 && title.life.to >= today) {
			id_set_add(&heirs, seen.ids[i], &added);
		}
		if (found == 0 || title.life.to >= today) {
			continue;
		}
		end = (struct span){ title.life.to + 1, title.life.to + 1 };
		if (succession_list(snapshot, arena, TABLE_UNIT_SUCCESSOR,
		        seen.ids[i], end, &list, &count, fault) < 0) {
			return -1;
		}
		for (size_t j = 0; j < count; j++) {
			if (list[j].other[0] != '\0') {
				id_set_add(&seen, list[j].other, &added);
			}
		}
	}
	id_set_sort(&heirs);
	*ids_out = heirs.ids;
	*count_out = heirs.count;
	return 0;
}

/* --- history ------------------------------------------------------------- */

static int
compare_events(const void *left, const void *right)
{
	const struct record *a = left;
	const struct record *b = right;
	int order = strcmp(json_text_at(a->value, "date"),
	    json_text_at(b->value, "date"));

	return order != 0 ? order : strcmp(a->id, b->id);
}

/* The records of events, but for those that are in `but`, in their order. */
static int
read_events(const struct walk *walk, const struct id_set *events,
    const struct id_set *but, struct record **list_out, size_t *count_out)
{
	struct record *list =
	    arena_alloc(walk->arena, (events->count + 1) * sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; i < events->count; i++) {
		if (but != NULL && id_set_has(but, events->ids[i])) {
			continue;
		}
		if (record_need(walk->snapshot, walk->arena,
		        RECORD_REORGANISATION, events->ids[i], &list[count++],
		        walk->fault) < 0) {
			return -1;
		}
	}
	if (count > 0) {
		qsort(list, count, sizeof(*list), compare_events);
	}
	*list_out = list;
	*count_out = count;
	return 0;
}

int
lineage_history(struct snapshot *snapshot, struct arena *arena,
    const char *unit, struct record **events_out, size_t *count_out,
    struct fault *fault)
{
	struct walk forward;
	struct walk back;
	struct id_set events;

	id_set_init(&events, arena);
	walk_init(&forward, snapshot, arena, true, fault);
	walk_init(&back, snapshot, arena, false, fault);
	forward.events = back.events = &events;
	if (walk_from(&forward, unit) < 0 || walk_from(&back, unit) < 0) {
		return -1;
	}
	return read_events(&forward, &events, NULL, events_out, count_out);
}

/* Those of the units reached that stand today, but for those in `but`. */
static int
standing(const struct walk *walk, const struct id_set *but, date_t today,
    struct id_set *heirs)
{
	for (size_t i = 0; i < walk->units.count; i++) {
		const char *id = walk->units.ids[i];
		struct unit_title title;
		bool added;
		int found = unit_title_at(walk->snapshot, walk->arena, id,
		    today, &title, walk->fault);

		if (found < 0) {
			return -1;
		}
		if (found == 1 && title.life.to >= today &&
		    !id_set_has(but, id)) {
			id_set_add(heirs, id, &added);
		}
	}
	id_set_sort(heirs);
	return 0;
}

int
lineage_below(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t today, struct lineage_below *below_out, struct fault *fault)
{
	struct walk own;
	struct walk all;
	struct id_set own_events;
	struct id_set events;
	struct id_set heirs;

	id_set_init(&own_events, arena);
	id_set_init(&events, arena);
	id_set_init(&heirs, arena);
	walk_init(&own, snapshot, arena, true, fault);
	walk_init(&all, snapshot, arena, true, fault);
	own.events = &own_events;
	all.events = &events;
	all.descends = true;
	if (walk_from(&own, unit) < 0 || walk_from(&all, unit) < 0 ||
	    standing(&all, &own.units, today, &heirs) < 0) {
		return -1;
	}
	below_out->heirs = heirs.ids;
	below_out->heir_count = heirs.count;
	return read_events(&all, &events, &own_events, &below_out->events,
	    &below_out->event_count);
}
