/* SPDX-License-Identifier: Apache-2.0 */

#include "core/heirs.h"

#include "base/buf.h"
#include "core/lineage.h"
#include "core/lore.h"
#include "core/unit.h"

#define KEPT_MAX 65536u

struct heirs_of {
	struct unit_title then; /* the name last asked for */
	struct retrieval_heir *list;
	size_t count;
	const char *text; /* "nay là …", "đã giải thể …" */
};

void
heirs_init(struct heirs *heirs, const struct core *core,
    struct snapshot *snapshot, struct arena *arena, date_t today)
{
	*heirs = (struct heirs){
		.core = core,
		.snapshot = snapshot,
		.arena = arena,
		.today = today,
	};
	id_set_init(&heirs->units, arena);
}

/* --- who has it today ------------------------------------------------------- */

/* "nay là xã Xốp, tỉnh Quảng Ngãi", or since when there is nobody. */
static const char *
say(struct heirs *heirs, const struct heirs_of *of)
{
	const char *text = NULL;
	int year;
	int month;
	int day;

	for (size_t i = 0; i < of->count; i++) {
		text = arena_format(heirs->arena, "%s%s",
		    text == NULL ? "nay là "
		                 : arena_format(heirs->arena, "%s; ", text),
		    of->list[i].place);
	}
	if (text == NULL && of->then.life.to < DATE_MAX) {
		/* Days in full, months as offices write them: 01/7/2025. */
		date_split(of->then.life.to + 1, &year, &month, &day);
		text = arena_format(heirs->arena,
		    month < 3 ? "đã giải thể từ ngày %02d/%02d/%d"
		              : "đã giải thể từ ngày %02d/%d/%d",
		    day, month, year);
	}
	return text;
}

static int
find_out(struct heirs *heirs, const char *unit, struct heirs_of *of,
    struct fault *fault)
{
	const char **ids;

	if (lineage_heirs(heirs->snapshot, heirs->arena, unit, heirs->today,
	        &ids, &of->count, fault) < 0) {
		return -1;
	}
	of->list =
	    arena_alloc(heirs->arena, (of->count + 1) * sizeof(*of->list));
	for (size_t i = 0; i < of->count; i++) {
		struct retrieval_heir *heir = &of->list[i];
		struct unit_title title;
		int found = unit_title_at(heirs->snapshot, heirs->arena, ids[i],
		    heirs->today, &title, fault);

		if (found < 0 ||
		    unit_place_at(heirs->snapshot, heirs->arena, ids[i],
		        heirs->today, &heir->place, fault) < 0) {
			return -1;
		}
		heir->unit = ids[i];
		heir->name = found == 1 ? title.name : ids[i];
	}
	of->text = say(heirs, of);
	return 0;
}

/* --- what is kept of it ----------------------------------------------------- */

static void
add_part(struct buf *out, const char *text)
{
	buf_add(out, text, strlen(text) + 1);
}

/* The text at `at`, which is behind it then. */
static const char *
next_part(const char **at)
{
	const char *text = *at;

	*at += strlen(text) + 1;
	return text;
}

/*
 * As it is kept: a byte that says whether there is a text, the text, and of
 * each heir unit, name and place, each with its NUL.
 */
static void
keep(struct heirs *heirs, const char *unit, const struct heirs_of *of)
{
	struct buf out;

	buf_init(&out, KEPT_MAX);
	buf_add_byte(&out, of->text != NULL);
	add_part(&out, of->text != NULL ? of->text : "");
	for (size_t i = 0; i < of->count; i++) {
		add_part(&out, of->list[i].unit);
		add_part(&out, of->list[i].name);
		add_part(&out, of->list[i].place);
	}
	if (out.refused == 0) {
		lore_keep(heirs->core, heirs->snapshot, LORE_HEIRS, unit,
		    heirs->today, buf_bytes(&out));
	}
	buf_fini(&out);
}

static void
take_kept(struct heirs *heirs, struct bytes kept, struct heirs_of *of)
{
	const char *at = (const char *)kept.data + 1;
	const char *end = (const char *)kept.data + kept.len;
	const char *text = next_part(&at);
	size_t room = 0;

	for (const char *c = at; c < end; c++) {
		room += *c == '\0';
	}
	of->text = kept.data[0] != 0 ? text : NULL;
	of->count = 0;
	of->list =
	    arena_alloc(heirs->arena, (room / 3 + 1) * sizeof(*of->list));
	while (at < end) {
		struct retrieval_heir *heir = &of->list[of->count++];

		heir->unit = next_part(&at);
		heir->name = next_part(&at);
		heir->place = next_part(&at);
	}
}

static int
learn(struct heirs *heirs, const char *unit, struct heirs_of *of,
    struct fault *fault)
{
	struct bytes kept;

	if (lore_recall(heirs->core, LORE_HEIRS, unit, heirs->today,
	        heirs->arena, &kept)) {
		take_kept(heirs, kept, of);
		return 0;
	}
	if (find_out(heirs, unit, of, fault) < 0) {
		return -1;
	}
	keep(heirs, unit, of);
	return 0;
}

static void
make_room(struct heirs *heirs)
{
	size_t room = heirs->room > 0 ? 2 * heirs->room : 16;
	struct heirs_of *known =
	    arena_alloc(heirs->arena, room * sizeof(*known));

	if (heirs->room > 0) {
		memcpy(known, heirs->known, heirs->room * sizeof(*known));
	}
	heirs->known = known;
	heirs->room = room;
}

/* The name on a day. */
static int
name_on(struct heirs *heirs, const char *unit, date_t date, struct heirs_of *of,
    struct fault *fault)
{
	int found = 1;

	if (of->then.name == NULL || !span_has(of->then.held, date)) {
		found = unit_title_at(heirs->snapshot, heirs->arena, unit, date,
		    &of->then, fault);
	}
	if (found == 0) {
		of->then = (struct unit_title){ .name = unit,
			.held = { DATE_MIN, DATE_MAX },
			.life = { DATE_MIN, DATE_MAX } };
	}
	return found < 0 ? -1 : 0;
}

int
heirs_describe(struct heirs *heirs, struct retrieval_row *row,
    struct fault *fault)
{
	struct heirs_of *of;
	bool added;
	size_t at = id_set_add(&heirs->units, row->unit, &added);

	if (at >= heirs->room) {
		make_room(heirs);
	}
	of = &heirs->known[at];
	if (name_on(heirs, row->unit, row->date, of, fault) < 0 ||
	    (added && learn(heirs, row->unit, of, fault) < 0)) {
		return -1;
	}
	row->unit_name = of->then.name;
	row->heirs = of->list;
	row->heir_count = of->count;
	row->now_text = of->text;
	if (of->count == 1 && strcmp(of->list[0].unit, row->unit) == 0 &&
	    strcmp(of->list[0].name, row->unit_name) == 0) {
		row->now_text = NULL;
	}
	return 0;
}
