/* SPDX-License-Identifier: Apache-2.0 */

#include "tests/unit/lineage_draw.h"
#include "config.h"

#include "base/date.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

int
draw(const struct history *h, int below)
{
	return (int)(scratch_draw(&h->drawing->seed) >> 33) % below;
}

const char *
unit_id(const struct history *h, int unit)
{
	return arena_format(h->drawing->arena, "k%u-u%02d", h->number, unit);
}

static const char *
text_of(const struct history *h, int day)
{
	char text[DATE_TEXT];

	date_format(text, date_of(2000, 1, 1) + day);
	return arena_text(h->drawing->arena, text);
}

static struct op *
add_op(struct history *h, enum op_kind kind, const char *id, const char *body)
{
	struct op *op = &h->ops[h->op_count++];

	assert_true(h->op_count <= HISTORY_OPS);
	*op = (struct op){ kind, h->step, id, body, NULL };
	return op;
}

/* A day in quotes, or null where it is open. */
static const char *
day_text(const struct history *h, int day)
{
	return day == MODEL_EVER || day == MODEL_STILL
	           ? "null"
	           : arena_format(h->drawing->arena, "\"%s\"", text_of(h, day));
}

/* ,"from":day,"to":day where they are not open. */
static const char *
span_text(const struct history *h, int from, int to)
{
	return arena_format(h->drawing->arena, "%s%s",
	    from == MODEL_EVER ? ""
	                       : arena_format(h->drawing->arena,
	                             ",\"from\":\"%s\"", text_of(h, from)),
	    to == MODEL_STILL ? ""
	                      : arena_format(h->drawing->arena,
	                            ",\"to\":\"%s\"", text_of(h, to)));
}

static const char *
parents_text(const struct history *h, const struct model_unit *u)
{
	const char *text = "";

	for (size_t i = 0; i <= u->adm_count; i++) {
		const struct model_stay *stay =
		    i < u->adm_count ? &u->adm[i] : &u->member;

		if (stay->parent < 0) {
			continue;
		}
		text = arena_format(h->drawing->arena,
		    "%s%s{\"relation\":\"%s\",\"unit\":\"%s\"%s}", text,
		    text[0] != '\0' ? "," : "",
		    i < u->adm_count ? "adm" : "member",
		    unit_id(h, stay->parent),
		    span_text(h, stay->from, stay->to));
	}
	return text;
}

/* Entries that hold on some day must meet their parent's life. */
static bool
may_stay(const struct history *h, const struct model_unit *u,
    const struct model_stay *stay)
{
	const struct model_unit *p = &h->model.units[stay->parent];
	int from = stay->from > u->from ? stay->from : u->from;
	int to = stay->to < u->to ? stay->to : u->to;

	return from > to || (from <= p->to && to >= p->from);
}

static int
draw_unit_of(const struct history *h, int level)
{
	int unit;

	do {
		unit = draw(h, h->model.unit_count);
	} while (h->model.units[unit].level != level);
	return unit;
}

/* New places in the tree, one after the other, perhaps with gaps. */
static void
draw_parents(const struct history *h, struct model_unit *u)
{
	int from = MODEL_EVER;

	u->adm_count = 0;
	u->member = (struct model_stay){ -1, MODEL_EVER, MODEL_STILL };
	if (u->level == 0 || u->level == 3) {
		return;
	}
	for (int i = 0; i < 1 + draw(h, 3); i++) {
		struct model_stay stay = { draw_unit_of(h, u->level - 1), from,
			draw(h, 2) == 0 ? MODEL_STILL : draw(h, MODEL_DAYS) };

		if (stay.to < stay.from) {
			break;
		}
		if (may_stay(h, u, &stay)) {
			u->adm[u->adm_count++] = stay;
		}
		from = stay.to + 1 + draw(h, 2) * draw(h, 3);
		if (stay.to == MODEL_STILL) {
			break;
		}
	}
	if (u->level == 1 && draw(h, 2) == 0) {
		struct model_stay stay = { draw_unit_of(h, 3),
			draw(h, MODEL_DAYS), MODEL_STILL };

		stay.to = stay.from + draw(h, MODEL_DAYS);
		if (may_stay(h, u, &stay)) {
			u->member = stay;
		}
	}
}

static int
add_unit(struct history *h, int level, int from)
{
	int unit = h->model.unit_count++;
	struct model_unit *u = &h->model.units[unit];

	*u = (struct model_unit){ level, from, MODEL_STILL,
		.member = { -1, 0, 0 } };
	draw_parents(h, u);
	add_op(h, OP_NEW, unit_id(h, unit),
	    arena_format(h->drawing->arena,
	        "{\"id\":\"%s\",\"kind\":\"level%d\",\"names\":[{\"name\":"
	        "\"U%d\"}],\"parents\":[%s]%s}",
	        unit_id(h, unit), level, unit, parents_text(h, u),
	        span_text(h, u->from, u->to)));
	return unit;
}

/* --- drawing what happens ---------------------------------------------------- */

/* Do all events of the unit lie within a life? */
static bool
events_fit(const struct history *h, int unit, int from, int to)
{
	for (size_t i = 0; i < h->model.event_count; i++) {
		const struct model_event *e = &h->model.events[i];

		if ((e->is_from[unit] &&
		        (e->date - 1 < from || e->date - 1 > to)) ||
		    (e->is_to[unit] && (e->date < from || e->date > to))) {
			return false;
		}
	}
	return true;
}

static bool
may_end(const struct history *h, int unit, int last)
{
	const struct model_unit *u = &h->model.units[unit];

	return model_stands(u, last) && events_fit(h, unit, u->from, last);
}

static size_t
count_of(const bool *set)
{
	size_t count = 0;

	for (size_t i = 0; i < MODEL_UNITS; i++) {
		count += set[i];
	}
	return count;
}

/* Some units of a level that stand on a day. */
static void
draw_some(const struct history *h, int level, int day, int most, bool *set)
{
	for (int i = 0; i < most; i++) {
		int unit = draw(h, h->model.unit_count);

		if (h->model.units[unit].level == level &&
		    model_stands(&h->model.units[unit], day)) {
			set[unit] = true;
		}
	}
}

static bool
is_ending(const struct model_event *e, int unit)
{
	return e->is_from[unit] && !e->is_to[unit];
}

/* May its units take part as they do, going by their lives? */
static bool
lives_allow(const struct history *h, const struct model_event *e)
{
	for (int u = 0; u < h->model.unit_count; u++) {
		if ((is_ending(e, u) && !may_end(h, u, e->date - 1)) ||
		    (e->is_from[u] &&
		        !model_stands(&h->model.units[u], e->date - 1)) ||
		    (e->is_to[u] &&
		        !model_stands(&h->model.units[u], e->date))) {
			return false;
		}
	}
	return true;
}

/* Does the event, with some fresh successors, keep the rules of its kind? */
static bool
kind_allows(const struct history *h, const struct model_event *e,
    const char *kind, size_t fresh)
{
	size_t from = count_of(e->is_from);
	size_t to = count_of(e->is_to) + fresh;
	int only = -1;
	bool ends = false;

	for (int u = 0; u < h->model.unit_count; u++) {
		ends = ends || is_ending(e, u);
		only = e->is_to[u] ? u : only;
	}
	if (strcmp(kind, "abolish") == 0) {
		return from > 0 && to == 0;
	}
	if (strcmp(kind, "merge") == 0) {
		return to == 1 &&
		       (from > 1 ||
		           (from == 1 && only >= 0 && !e->is_from[only] &&
		               h->model.units[only].from < e->date));
	}
	if (strcmp(kind, "split") == 0) {
		return from > 0 && to > 1;
	}
	if (strcmp(kind, "transfer") == 0) {
		return from > 0 && to > 0 && !ends;
	}
	return from == 1 && to == 1;
}

/* Ids in quotes; `bodies` has those of units that are made with the event. */
static const char *
ids_text(const struct history *h, const bool *set, const char *const *bodies)
{
	const char *text = "";

	for (int u = 0; u < h->model.unit_count; u++) {
		if (set[u]) {
			text = arena_format(h->drawing->arena, "%s%s%s", text,
			    text[0] != '\0' ? "," : "",
			    bodies[u] != NULL ? bodies[u]
			                      : arena_format(h->drawing->arena,
			                            "\"%s\"", unit_id(h, u)));
		}
	}
	return text;
}

/* Units that come of an event: made before it, or with it. */
static void
add_fresh(struct history *h, struct model_event *e, int level, int fresh,
    const char **bodies)
{
	for (; fresh > 0; fresh--) {
		int from = draw(h, 2) ? e->date : e->date - draw(h, 3);
		int unit = add_unit(h, level, from);

		e->is_to[unit] = true;
		if (from == e->date && draw(h, 2) == 0) {
			bodies[unit] = h->ops[--h->op_count].body;
			h->drawing->made_within++;
		}
	}
}

/* An event that may have happened; false where this draw could not. */
static bool
try_event(struct history *h)
{
	static const char *const kinds[] = { "merge", "merge", "split",
		"rename", "abolish", "reclassify", "transfer" };
	const char *kind = kinds[draw(h, 7)];
	struct model_event e = { .date = 1 + draw(h, MODEL_DAYS - 1) };
	int level = draw(h, 6) == 0 ? 0 : 1 + draw(h, 2);
	int fresh =
	    draw(h, 2) == 0 || h->model.unit_count + 3 > (int)MODEL_UNITS
	        ? 0
	        : draw(h, 3);
	const char *bodies[MODEL_UNITS] = { NULL };

	draw_some(h, level, e.date - 1, 4, e.is_from);
	if (draw(h, 2) == 0) { /* into some that stand, or go on */
		draw_some(h, level, e.date, 3, e.is_to);
		for (int u = 0; u < h->model.unit_count; u++) {
			e.is_to[u] = e.is_to[u] || (e.is_from[u] && draw(h, 2));
		}
	}
	if (!lives_allow(h, &e) || !kind_allows(h, &e, kind, (size_t)fresh)) {
		return false;
	}
	h->step++;
	add_fresh(h, &e, level, fresh, bodies);
	h->step++;
	add_op(h, OP_EVENT, NULL,
	    arena_format(h->drawing->arena,
	        "{\"kind\":\"%s\",\"date\":\"%s\",\"predecessors\":[%s],"
	        "\"successors\":[%s]}",
	        kind, text_of(h, e.date), ids_text(h, e.is_from, bodies),
	        ids_text(h, e.is_to, bodies)));
	h->model.events[h->model.event_count++] = e;
	for (int u = 0; u < h->model.unit_count; u++) {
		if (is_ending(&e, u)) {
			h->model.units[u].to = e.date - 1;
		}
	}
	return true;
}

static void
draw_event(struct history *h)
{
	for (int tries = 0; tries < 40 && !try_event(h); tries++) {
	}
}

/* Did a reorganisation end it? */
static bool
was_ended(const struct history *h, int unit)
{
	for (size_t i = 0; i < h->model.event_count; i++) {
		if (h->model.events[i].date == h->model.units[unit].to + 1 &&
		    h->model.events[i].is_from[unit]) {
			return true;
		}
	}
	return false;
}

/* Other parents, or another life, as far as that is allowed. */
static void
draw_edit(struct history *h)
{
	int unit = draw(h, h->model.unit_count);
	struct model_unit u = h->model.units[unit];

	if (draw(h, 2) == 0) {
		draw_parents(h, &u);
	} else {
		u.from = draw(h, 2) == 0 ? MODEL_EVER : draw(h, MODEL_DAYS);
		if (!was_ended(h, unit)) {
			u.to =
			    draw(h, 2) == 0 ? MODEL_STILL : draw(h, MODEL_DAYS);
		}
		if (u.to < u.from || !events_fit(h, unit, u.from, u.to)) {
			return;
		}
		for (size_t i = 0; i < u.adm_count; i++) {
			if (!may_stay(h, &u, &u.adm[i])) {
				return;
			}
		}
		if (u.member.parent >= 0 && !may_stay(h, &u, &u.member)) {
			return;
		}
	}
	h->model.units[unit] = u;
	h->step++;
	add_op(h, OP_EDIT, unit_id(h, unit),
	    arena_format(h->drawing->arena,
	        "{\"from\":%s,\"to\":%s,\"parents\":[%s]}", day_text(h, u.from),
	        day_text(h, u.to), parents_text(h, &u)));
}

static void
draw_dossiers(struct history *h, int count)
{
	h->step++;
	for (int i = 0; i < count && h->model.dossier_count < MODEL_DOSSIERS;
	     i++) {
		struct model_dossier *d =
		    &h->model.dossiers[h->model.dossier_count];

		d->unit = draw(h, h->model.unit_count);
		d->date = draw(h, MODEL_DAYS);
		add_op(h, OP_FILE,
		    arena_format(h->drawing->arena, "k%u-d%02zu", h->number,
		        h->model.dossier_count),
		    unit_id(h, d->unit))
		    ->date = text_of(h, d->date);
		h->model.dossier_count++;
	}
}

void
draw_history(struct history *h, struct drawing *drawing, unsigned number)
{
	static const int levels[] = { 0, 3, 0, 1, 1, 2, 2, 2 };

	memset(h, 0, sizeof(*h));
	h->drawing = drawing;
	h->number = number;
	for (size_t i = 0; i < 8; i++) {
		h->step += i > 0 && levels[i] < 3 && levels[i] != levels[i - 1];
		add_unit(h, levels[i],
		    draw(h, 3) == 0 ? draw(h, MODEL_DAYS / 2) : MODEL_EVER);
	}
	draw_dossiers(h, 4);
	for (int i = 0; i < 7; i++) {
		if (draw(h, 4) > 0) {
			draw_event(h);
		} else {
			draw_edit(h);
		}
		if (draw(h, 3) == 0) {
			draw_dossiers(h, 2);
		}
	}
	draw_dossiers(h, 4);
}
