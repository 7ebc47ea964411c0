/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Random histories of units, and dossiers filed before and after they are
 * recorded, against a model that knows no index: arrays of units, events and
 * dossiers, and the definitions of lineage.h and retrieval.h word for word as
 * recursions over them.
 *
 * HOSO_SEED=N repeats a run, HOSO_CASES=N makes it longer.  A case that fails
 * prints its seed and everything that was done.
 */

#include "config.h"
#include "core/fsck.h"
#include "core/lineage.h"
#include "core/reorganisation.h"
#include "core/unit.h"
#include "core/unit_change.h"
#include "core/unit_order.h"
#include "tests/unit/filing.h"

#if defined(WITH_ASAN) || defined(WITH_TSAN)
#define CASES 1000u
#else
#define CASES 10000u
#endif
#define BATCH    50u /* cases that share commits, each with ids of its own */
#define UNITS    20u
#define EVENTS   8u
#define DOSSIERS 16u
#define OPS      48u
#define PARENTS  4u
#define DAYS     14 /* few, so that days meet */
#define EVER     (-1000)
#define STILL    1000
#define TODAY    (DAYS + 5)

/* --- the model ------------------------------------------------------------- */

struct stay {
	int parent;
	int from;
	int to;
};

struct m_unit {
	int level; /* 0 province, 1 district, 2 commune, 3 cluster */
	int from;
	int to;
	struct stay adm[PARENTS];
	size_t adm_count;
	struct stay member; /* parent -1: none */
};

struct m_event {
	int date;
	bool is_from[UNITS];
	bool is_to[UNITS];
};

struct m_dossier {
	int unit;
	int date;
};

enum op_kind { OP_NEW, OP_EDIT, OP_EVENT, OP_FILE };

struct op {
	enum op_kind kind;
	unsigned step; /* those of one step are committed together */
	const char *id;
	const char *body; /* OP_FILE: the unit */
	const char *date; /* OP_FILE */
};

struct history {
	unsigned number;
	struct m_unit units[UNITS];
	int unit_count;
	struct m_event events[EVENTS];
	size_t event_count;
	struct m_dossier dossiers[DOSSIERS];
	size_t dossier_count;
	struct op ops[OPS];
	size_t op_count;
	unsigned step;
};

static bool
stands(const struct m_unit *unit, int day)
{
	return unit->from <= day && day <= unit->to;
}

static bool
lies_in(const struct history *h, int unit, const struct stay *stay, int day)
{
	return stay->parent >= 0 && stay->from <= day && day <= stay->to &&
	       stands(&h->units[unit], day) &&
	       stands(&h->units[stay->parent], day);
}

/* Is it filed under the unit: the same, or below it on that day? */
static bool
is_under(const struct history *h, int unit, int above, int day)
{
	const struct m_unit *u = &h->units[unit];

	if (unit == above) {
		return true;
	}
	if (lies_in(h, unit, &u->member, day) && u->member.parent == above) {
		return true;
	}
	for (size_t i = 0; i < u->adm_count; i++) {
		if (lies_in(h, unit, &u->adm[i], day) &&
		    is_under(h, u->adm[i].parent, above, day)) {
			return true;
		}
	}
	return false;
}

/* Below it by adm relations alone. */
static bool
is_below(const struct history *h, int unit, int above, int day)
{
	const struct m_unit *u = &h->units[unit];

	for (size_t i = 0; i < u->adm_count; i++) {
		if (lies_in(h, unit, &u->adm[i], day) &&
		    (u->adm[i].parent == above ||
		        is_below(h, u->adm[i].parent, above, day))) {
			return true;
		}
	}
	return false;
}

static bool
is_forward(const struct history *h, int unit, int day,
    const struct m_dossier *d)
{
	const struct m_unit *u = &h->units[unit];

	if (d->date >= day && is_under(h, d->unit, unit, d->date)) {
		return true;
	}
	for (size_t i = 0; i < h->event_count; i++) {
		const struct m_event *e = &h->events[i];

		for (int s = 0; s < h->unit_count; s++) {
			if (e->date > day && e->is_from[unit] && e->is_to[s] &&
			    s != unit && is_forward(h, s, e->date, d)) {
				return true;
			}
		}
	}
	for (int w = 0; u->to != STILL && u->to >= day && w < h->unit_count;
	     w++) {
		if (is_below(h, w, unit, u->to) && is_forward(h, w, u->to, d)) {
			return true;
		}
	}
	return false;
}

static bool
is_backward(const struct history *h, int unit, int day,
    const struct m_dossier *d)
{
	if (d->date <= day && is_under(h, d->unit, unit, d->date)) {
		return true;
	}
	for (size_t i = 0; i < h->event_count; i++) {
		const struct m_event *e = &h->events[i];

		for (int p = 0; p < h->unit_count; p++) {
			if (e->date <= day && e->is_to[unit] && e->is_from[p] &&
			    p != unit && is_backward(h, p, e->date - 1, d)) {
				return true;
			}
		}
	}
	return false;
}

static void
add_heirs(const struct history *h, int unit, bool *heirs)
{
	const struct m_unit *u = &h->units[unit];

	if (u->to >= TODAY) {
		heirs[unit] = true;
		return;
	}
	for (size_t i = 0; i < h->event_count; i++) {
		for (int s = 0; s < h->unit_count; s++) {
			if (h->events[i].date == u->to + 1 &&
			    h->events[i].is_from[unit] &&
			    h->events[i].is_to[s] && s != unit) {
				add_heirs(h, s, heirs);
			}
		}
	}
}

/* --- drawing a history ------------------------------------------------------ */

static uint64_t seed;
static struct office *office;
static size_t made_within; /* units that an event made itself */

static int
draw(int below)
{
	return (int)(scratch_draw(&seed) >> 33) % below;
}

static const char *
id_of(const struct history *h, int unit)
{
	return arena_format(office->arena, "k%u-u%02d", h->number, unit);
}

static const char *
text_of(int day)
{
	char text[DATE_TEXT];

	date_format(text, date_of(2000, 1, 1) + day);
	return arena_text(office->arena, text);
}

static struct op *
add_op(struct history *h, enum op_kind kind, const char *id, const char *body)
{
	struct op *op = &h->ops[h->op_count++];

	assert_true(h->op_count <= OPS);
	*op = (struct op){ kind, h->step, id, body, NULL };
	return op;
}

/* A day in quotes, or null where it is open. */
static const char *
day_text(int day)
{
	return day == EVER || day == STILL
	           ? "null"
	           : arena_format(office->arena, "\"%s\"", text_of(day));
}

/* ,"from":day,"to":day where they are not open. */
static const char *
span_text(int from, int to)
{
	return arena_format(office->arena, "%s%s",
	    from == EVER ? ""
	                 : arena_format(office->arena, ",\"from\":\"%s\"",
	                       text_of(from)),
	    to == STILL
	        ? ""
	        : arena_format(office->arena, ",\"to\":\"%s\"", text_of(to)));
}

static const char *
parents_text(const struct history *h, const struct m_unit *u)
{
	const char *text = "";

	for (size_t i = 0; i <= u->adm_count; i++) {
		const struct stay *stay =
		    i < u->adm_count ? &u->adm[i] : &u->member;

		if (stay->parent < 0) {
			continue;
		}
		text = arena_format(office->arena,
		    "%s%s{\"relation\":\"%s\",\"unit\":\"%s\"%s}", text,
		    text[0] != '\0' ? "," : "",
		    i < u->adm_count ? "adm" : "member", id_of(h, stay->parent),
		    span_text(stay->from, stay->to));
	}
	return text;
}

/* Entries that hold on some day must meet their parent's life. */
static bool
may_stay(const struct history *h, const struct m_unit *u,
    const struct stay *stay)
{
	const struct m_unit *p = &h->units[stay->parent];
	int from = stay->from > u->from ? stay->from : u->from;
	int to = stay->to < u->to ? stay->to : u->to;

	return from > to || (from <= p->to && to >= p->from);
}

static int
draw_unit_of(const struct history *h, int level)
{
	int unit;

	do {
		unit = draw(h->unit_count);
	} while (h->units[unit].level != level);
	return unit;
}

/* New places in the tree, one after the other, perhaps with gaps. */
static void
draw_parents(const struct history *h, struct m_unit *u)
{
	int from = EVER;

	u->adm_count = 0;
	u->member = (struct stay){ -1, EVER, STILL };
	if (u->level == 0 || u->level == 3) {
		return;
	}
	for (int i = 0; i < 1 + draw(3); i++) {
		struct stay stay = { draw_unit_of(h, u->level - 1), from,
			draw(2) == 0 ? STILL : draw(DAYS) };

		if (stay.to < stay.from) {
			break;
		}
		if (may_stay(h, u, &stay)) {
			u->adm[u->adm_count++] = stay;
		}
		from = stay.to + 1 + draw(2) * draw(3);
		if (stay.to == STILL) {
			break;
		}
	}
	if (u->level == 1 && draw(2) == 0) {
		struct stay stay = { draw_unit_of(h, 3), draw(DAYS), STILL };

		stay.to = stay.from + draw(DAYS);
		if (may_stay(h, u, &stay)) {
			u->member = stay;
		}
	}
}

static int
add_unit(struct history *h, int level, int from)
{
	int unit = h->unit_count++;
	struct m_unit *u = &h->units[unit];

	*u = (struct m_unit){ level, from, STILL, .member = { -1, 0, 0 } };
	draw_parents(h, u);
	add_op(h, OP_NEW, id_of(h, unit),
	    arena_format(office->arena,
	        "{\"id\":\"%s\",\"kind\":\"level%d\",\"names\":[{\"name\":"
	        "\"U%d\"}],\"parents\":[%s]%s}",
	        id_of(h, unit), level, unit, parents_text(h, u),
	        span_text(u->from, u->to)));
	return unit;
}

/* --- drawing what happens ---------------------------------------------------- */

/* Do all events of the unit lie within a life? */
static bool
events_fit(const struct history *h, int unit, int from, int to)
{
	for (size_t i = 0; i < h->event_count; i++) {
		const struct m_event *e = &h->events[i];

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
	const struct m_unit *u = &h->units[unit];

	return stands(u, last) && events_fit(h, unit, u->from, last);
}

static size_t
count_of(const bool *set)
{
	size_t count = 0;

	for (size_t i = 0; i < UNITS; i++) {
		count += set[i];
	}
	return count;
}

/* Some units of a level that stand on a day. */
static void
draw_some(const struct history *h, int level, int day, int most, bool *set)
{
	for (int i = 0; i < most; i++) {
		int unit = draw(h->unit_count);

		if (h->units[unit].level == level &&
		    stands(&h->units[unit], day)) {
			set[unit] = true;
		}
	}
}

static bool
is_ending(const struct m_event *e, int unit)
{
	return e->is_from[unit] && !e->is_to[unit];
}

/* May its units take part as they do, going by their lives? */
static bool
lives_allow(const struct history *h, const struct m_event *e)
{
	for (int u = 0; u < h->unit_count; u++) {
		if ((is_ending(e, u) && !may_end(h, u, e->date - 1)) ||
		    (e->is_from[u] && !stands(&h->units[u], e->date - 1)) ||
		    (e->is_to[u] && !stands(&h->units[u], e->date))) {
			return false;
		}
	}
	return true;
}

/* Does the event, with some fresh successors, keep the rules of its kind? */
static bool
kind_allows(const struct history *h, const struct m_event *e, const char *kind,
    size_t fresh)
{
	size_t from = count_of(e->is_from);
	size_t to = count_of(e->is_to) + fresh;
	int only = -1;
	bool ends = false;

	for (int u = 0; u < h->unit_count; u++) {
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
		               h->units[only].from < e->date));
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

	for (int u = 0; u < h->unit_count; u++) {
		if (set[u]) {
			text = arena_format(office->arena, "%s%s%s", text,
			    text[0] != '\0' ? "," : "",
			    bodies[u] != NULL ? bodies[u]
			                      : arena_format(office->arena,
			                            "\"%s\"", id_of(h, u)));
		}
	}
	return text;
}

/* Units that come of an event: made before it, or with it. */
static void
add_fresh(struct history *h, struct m_event *e, int level, int fresh,
    const char **bodies)
{
	for (; fresh > 0; fresh--) {
		int from = draw(2) ? e->date : e->date - draw(3);
		int unit = add_unit(h, level, from);

		e->is_to[unit] = true;
		if (from == e->date && draw(2) == 0) {
			bodies[unit] = h->ops[--h->op_count].body;
			made_within++;
		}
	}
}

/* An event that may have happened; false where this draw could not. */
static bool
try_event(struct history *h)
{
	static const char *const kinds[] = { "merge", "merge", "split",
		"rename", "abolish", "reclassify", "transfer" };
	const char *kind = kinds[draw(7)];
	struct m_event e = { .date = 1 + draw(DAYS - 1) };
	int level = draw(6) == 0 ? 0 : 1 + draw(2);
	int fresh =
	    draw(2) == 0 || h->unit_count + 3 > (int)UNITS ? 0 : draw(3);
	const char *bodies[UNITS] = { NULL };

	draw_some(h, level, e.date - 1, 4, e.is_from);
	if (draw(2) == 0) { /* into some that stand, or go on */
		draw_some(h, level, e.date, 3, e.is_to);
		for (int u = 0; u < h->unit_count; u++) {
			e.is_to[u] = e.is_to[u] || (e.is_from[u] && draw(2));
		}
	}
	if (!lives_allow(h, &e) || !kind_allows(h, &e, kind, (size_t)fresh)) {
		return false;
	}
	h->step++;
	add_fresh(h, &e, level, fresh, bodies);
	h->step++;
	add_op(h, OP_EVENT, NULL,
	    arena_format(office->arena,
	        "{\"kind\":\"%s\",\"date\":\"%s\",\"predecessors\":[%s],"
	        "\"successors\":[%s]}",
	        kind, text_of(e.date), ids_text(h, e.is_from, bodies),
	        ids_text(h, e.is_to, bodies)));
	h->events[h->event_count++] = e;
	for (int u = 0; u < h->unit_count; u++) {
		if (is_ending(&e, u)) {
			h->units[u].to = e.date - 1;
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
	for (size_t i = 0; i < h->event_count; i++) {
		if (h->events[i].date == h->units[unit].to + 1 &&
		    h->events[i].is_from[unit]) {
			return true;
		}
	}
	return false;
}

/* Other parents, or another life, as far as that is allowed. */
static void
draw_edit(struct history *h)
{
	int unit = draw(h->unit_count);
	struct m_unit u = h->units[unit];

	if (draw(2) == 0) {
		draw_parents(h, &u);
	} else {
		u.from = draw(2) == 0 ? EVER : draw(DAYS);
		if (!was_ended(h, unit)) {
			u.to = draw(2) == 0 ? STILL : draw(DAYS);
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
	h->units[unit] = u;
	h->step++;
	add_op(h, OP_EDIT, id_of(h, unit),
	    arena_format(office->arena,
	        "{\"from\":%s,\"to\":%s,\"parents\":[%s]}", day_text(u.from),
	        day_text(u.to), parents_text(h, &u)));
}

static void
draw_dossiers(struct history *h, int count)
{
	h->step++;
	for (int i = 0; i < count && h->dossier_count < DOSSIERS; i++) {
		struct m_dossier *d = &h->dossiers[h->dossier_count];

		d->unit = draw(h->unit_count);
		d->date = draw(DAYS);
		add_op(h, OP_FILE,
		    arena_format(office->arena, "k%u-d%02zu", h->number,
		        h->dossier_count),
		    id_of(h, d->unit))
		    ->date = text_of(d->date);
		h->dossier_count++;
	}
}

static void
draw_history(struct history *h, unsigned number)
{
	static const int levels[] = { 0, 3, 0, 1, 1, 2, 2, 2 };

	memset(h, 0, sizeof(*h));
	h->number = number;
	for (size_t i = 0; i < 8; i++) {
		h->step += i > 0 && levels[i] < 3 && levels[i] != levels[i - 1];
		add_unit(h, levels[i], draw(3) == 0 ? draw(DAYS / 2) : EVER);
	}
	draw_dossiers(h, 4);
	for (int i = 0; i < 7; i++) {
		if (draw(4) > 0) {
			draw_event(h);
		} else {
			draw_edit(h);
		}
		if (draw(3) == 0) {
			draw_dossiers(h, 2);
		}
	}
	draw_dossiers(h, 4);
}

/* --- doing it --------------------------------------------------------------- */

static void
show(const struct history *h)
{
	print_error("case %u:\n", h->number);
	for (size_t i = 0; i < h->op_count; i++) {
		const struct op *op = &h->ops[i];

		print_error("  step %u: %s %s %s %s\n", op->step,
		    op->kind == OP_NEW     ? "new"
		    : op->kind == OP_EDIT  ? "edit"
		    : op->kind == OP_EVENT ? "event"
		                           : "file",
		    op->id != NULL ? op->id : "", op->body,
		    op->date != NULL ? op->date : "");
	}
}

static void
run(const struct history *h, const struct op *op, struct command *command)
{
	struct fault *fault = &office->fault;
	json_t *body =
	    op->kind == OP_FILE
	        ? NULL
	        : json_read(command->arena, bytes_of_text(op->body), fault);
	int rc = -1;

	switch (op->kind) {
	case OP_NEW:
		rc = unit_new(command, body, fault);
		break;
	case OP_EDIT:
		rc = unit_edit(command, op->id, body, fault);
		break;
	case OP_EVENT:
		rc = reorganisation_new(command, body, fault);
		break;
	case OP_FILE:
		rc = filing_add(command, op->id, op->body, op->date, NULL,
		    fault);
		break;
	}
	if (rc < 0) {
		show(h);
		fail_msg("%s: %s: %s", op->body, fault->field, fault->text);
	}
}

/* Every history's step in one command, then the next. */
static void
run_all(const struct history *histories, unsigned count)
{
	size_t at[BATCH] = { 0 };
	bool again = true;

	for (unsigned step = 0; again; step++) {
		struct command *command = office_begin(office, "test.step");
		bool any = false;

		again = false;
		for (unsigned i = 0; i < count; i++) {
			const struct history *h = &histories[i];

			while (
			    at[i] < h->op_count && h->ops[at[i]].step <= step) {
				run(h, &h->ops[at[i]++], command);
				any = true;
			}
			again = again || at[i] < h->op_count;
		}
		if (!any) {
			command_free(command);
		} else if (office_commit(office, command) < 0) {
			fail_msg("commit: %s", office->fault.text);
		}
	}
}

/* --- asking ------------------------------------------------------------------- */

static bool
belongs(const struct history *h, const struct retrieval_query *query, int unit,
    const struct m_dossier *d)
{
	int as_of = query->as_of - date_of(2000, 1, 1);

	switch (query->mode) {
	case RETRIEVAL_EXACT:
		return d->unit == unit;
	case RETRIEVAL_TERRITORY:
		return is_under(h, d->unit, unit, as_of);
	case RETRIEVAL_LINEAGE:
		return is_forward(h, unit, EVER, d) ||
		       is_backward(h, unit, STILL, d);
	}
	return false;
}

/* The model's answer: newest first, by id where days are the same. */
static const char *
expected(const struct history *h, const struct retrieval_query *query, int unit,
    struct arena *arena)
{
	const char *line = "";

	for (int day = DAYS; day >= 0; day--) {
		for (size_t i = h->dossier_count; i > 0; i--) {
			const struct m_dossier *d = &h->dossiers[i - 1];

			if (d->date == day && belongs(h, query, unit, d)) {
				line = arena_format(arena, "%s%sk%u-d%02zu",
				    line, line[0] != '\0' ? " " : "", h->number,
				    i - 1);
			}
		}
	}
	return line;
}

static void
compare(const struct history *h, const char *what, int unit, const char *got,
    const char *wanted)
{
	if (got == NULL || strcmp(got, wanted) != 0) {
		show(h);
		fail_msg("%s of u%02d: got [%s], wanted [%s]", what, unit,
		    got != NULL ? got : office->fault.text, wanted);
	}
}

static void
ask(const struct history *h, enum retrieval_mode mode, struct arena *arena)
{
	static const char *const words[] = { "lineage", "exact", "territory" };
	int unit = draw(h->unit_count);
	struct retrieval_query query = {
		.mode = mode,
		.unit = arena_format(arena, "k%u-u%02d", h->number, unit),
		.as_of = date_of(2000, 1, 1) + draw(DAYS),
		.limit = 1 + (unsigned)draw(5),
	};

	if (mode == RETRIEVAL_TERRITORY &&
	    !stands(&h->units[unit], query.as_of - date_of(2000, 1, 1))) {
		return;
	}
	compare(h, words[mode], unit, filing_all(office, arena, query),
	    expected(h, &query, unit, arena));
}

static void
ask_heirs(const struct history *h, struct arena *arena)
{
	int unit = draw(h->unit_count);
	bool heirs[UNITS] = { false };
	const char *wanted = "";
	const char *got = "";
	const char **ids;
	size_t count;

	add_heirs(h, unit, heirs);
	for (int u = 0; u < h->unit_count; u++) {
		if (heirs[u]) {
			wanted = arena_format(arena, "%s k%u-u%02d", wanted,
			    h->number, u);
		}
	}
	if (lineage_heirs(office_look(office), arena,
	        arena_format(arena, "k%u-u%02d", h->number, unit),
	        date_of(2000, 1, 1) + TODAY, &ids, &count,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	for (size_t i = 0; i < count; i++) {
		got = arena_format(arena, "%s %s", got, ids[i]);
	}
	compare(h, "heirs", unit, got, wanted);
}

/* Has it an adm parent that stands on the day?  That one, or -1. */
static int
parent_of(const struct history *h, int unit, int day)
{
	const struct m_unit *u = &h->units[unit];

	for (size_t i = 0; i < u->adm_count; i++) {
		if (lies_in(h, unit, &u->adm[i], day)) {
			return u->adm[i].parent;
		}
	}
	return -1;
}

/* All pages of a branch, but for units of other histories. */
static const char *
read_branch(const struct history *h, const char *parent, int day,
    struct arena *arena)
{
	const char *mine = arena_format(arena, "k%u-", h->number);
	struct unit_order_query query = {
		.parent = parent,
		.relation = UNIT_ADM,
		.date = date_of(2000, 1, 1) + day,
		.limit = 1 + (size_t)draw(9),
	};
	struct unit_order_page page = { .has_more = true };
	const char *got = "";

	while (page.has_more) {
		if (unit_order_read(office_look(office), arena, &query, &page,
		        &office->fault) < 0) {
			fail_msg("%s", office->fault.text);
		}
		for (size_t i = 0; i < page.count; i++) {
			query.after = page.ids[i];
			if (strncmp(query.after, mine, strlen(mine)) == 0) {
				got = arena_format(arena, "%s %s", got,
				    query.after);
			}
		}
	}
	return got;
}

/* A branch of the tree, or its top; the order is that of ids, which are the
 * names. */
static void
ask_branch(const struct history *h, struct arena *arena)
{
	int unit = draw(h->unit_count + 1) - 1;
	int day = draw(DAYS);
	const char *wanted = "";
	struct unit_below below;
	size_t count = 0;

	for (int u = 0; u < h->unit_count; u++) {
		if (stands(&h->units[u], day) && parent_of(h, u, day) == unit) {
			count++;
			wanted = arena_format(arena, "%s k%u-u%02d", wanted,
			    h->number, u);
		}
	}
	if (unit < 0) {
		compare(h, "top", unit, read_branch(h, NULL, day, arena),
		    wanted);
		return;
	}
	compare(h, "branch", unit,
	    read_branch(h, arena_format(arena, "k%u-u%02d", h->number, unit),
	        day, arena),
	    wanted);
	if (stands(&h->units[unit], day) &&
	    (unit_order_count(office_look(office),
	         arena_format(arena, "k%u-u%02d", h->number, unit),
	         date_of(2000, 1, 1) + day, &below, &office->fault) < 0 ||
	        below.adm != count)) {
		show(h);
		fail_msg("u%02d holds %zu, not %zu", unit, count, below.adm);
	}
}

static void
blame_row(void *arg, const struct fsck_finding *finding)
{
	(void)arg;
	fail_msg("%s: %s: %s", finding->code, finding->where, finding->what);
}

/* Every derived row is what the checker wants, whatever was changed. */
static void
check_rows(void)
{
	const struct fsck_options options = { .folder = office->path,
		.memory_max_bytes = 16 << 20,
		.found = blame_row };
	struct fsck_counts counts;

	office_look_away(office);
	if (fsck_run(office->core.store, NULL, &options, &counts,
	        &office->fault) < 0) {
		fail_msg("fsck: %s", office->fault.text);
	}
}

static uint64_t
number_from(const char *name, uint64_t fallback)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 0) : fallback;
}

/* What the draws came to, so that a change of them that tests less shows. */
static void
tell(const struct history *h, size_t *events, size_t *meet)
{
	*events += h->event_count;
	for (size_t i = 0; i < h->event_count; i++) {
		for (size_t j = 0; j < h->event_count; j++) {
			for (int u = 0; i != j && u < h->unit_count; u++) {
				*meet += h->events[i].is_to[u] &&
				         h->events[j].is_from[u];
			}
		}
	}
}

static void
random_histories_agree_with_the_model(void **state)
{
	static struct history histories[BATCH];
	uint64_t cases = number_from("HOSO_CASES", CASES);
	size_t events = 0;
	size_t meet = 0;

	(void)state;
	seed = number_from("HOSO_SEED", 20250701);
	seed = seed != 0 ? seed : 1; /* of 0 nothing is drawn */
	print_message("HOSO_SEED=%llu HOSO_CASES=%llu\n",
	    (unsigned long long)seed, (unsigned long long)cases);
	for (unsigned done = 0; done < cases; done += BATCH) {
		struct arena *arena = arena_new();

		office = office_open(false);
		for (unsigned i = 0; i < BATCH; i++) {
			draw_history(&histories[i], done + i);
			tell(&histories[i], &events, &meet);
		}
		run_all(histories, BATCH);
		for (unsigned i = 0; i < BATCH; i++) {
			ask(&histories[i], RETRIEVAL_LINEAGE, arena);
			ask(&histories[i], RETRIEVAL_LINEAGE, arena);
			ask(&histories[i], RETRIEVAL_LINEAGE, arena);
			ask(&histories[i], RETRIEVAL_TERRITORY, arena);
			ask(&histories[i], RETRIEVAL_EXACT, arena);
			ask_heirs(&histories[i], arena);
			ask_branch(&histories[i], arena);
			ask_branch(&histories[i], arena);
		}
		if (done % (10 * BATCH) == 0) {
			check_rows();
		}
		office_close(office);
		arena_free(arena);
	}
	print_message("%zu reorganisations, %zu after another, %zu units made "
	              "by them\n",
	    events, meet, made_within);
	assert_true(made_within > 0);
}

UNIT_MAIN(unit(random_histories_agree_with_the_model))
