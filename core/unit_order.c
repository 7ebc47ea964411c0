/* SPDX-License-Identifier: Apache-2.0 */

#include "core/unit_order.h"

#include "base/text.h"
#include "base/wire.h"
#include "core/unit_rows.h"

#define ORDER_MAX 160u /* bytes of a name that order it; then ids do */
#define KIND_MAX  64   /* of it in a key */

/* Days on which one name orders the unit. */
struct piece {
	struct span days;
	const char *order;
};

struct pieces {
	struct piece *list;
	size_t count;
};

/* By the first day; lists are short. */
static void
insert_piece(struct pieces *pieces, struct piece piece)
{
	size_t at = pieces->count++;

	for (; at > 0 && pieces->list[at - 1].days.from > piece.days.from;
	     at--) {
		pieces->list[at] = pieces->list[at - 1];
	}
	pieces->list[at] = piece;
}

/* Every day of the life by the name that unit_title_at() finds for it. */
static struct pieces
pieces_of(struct arena *arena, const json_t *fields)
{
	const json_t *names = json_object_get(fields, "names");
	struct span life = unit_span(fields);
	struct pieces pieces = { 0 };
	json_t *value;
	size_t i;

	pieces.list = arena_alloc(arena,
	    (json_array_size(names) + 1) * sizeof(*pieces.list));
	json_array_foreach(names, i, value)
	{
		struct piece piece = {
			.days = span_of_both(unit_span(value), life),
			.order = text_order(arena, json_text_at(value, "name"),
			    ORDER_MAX),
		};

		if (piece.days.from <= piece.days.to) {
			insert_piece(&pieces, piece);
		}
	}
	for (i = 0; i < pieces.count; i++) {
		struct span *days = &pieces.list[i].days;

		days->from = i == 0 ? life.from : days->from;
		days->to = i + 1 < pieces.count
		               ? pieces.list[i + 1].days.from - 1
		               : life.to;
	}
	return pieces;
}

/* Where the rows of one parent, or of the top, begin. */
static void
begin_key(struct key *key, const char *parent, enum unit_relation relation)
{
	key_start(key, TABLE_UNIT_ORDER);
	key_add_text(key, parent);
	key_add_u8(key, (uint8_t)relation);
}

static const char *
top_of_kind(struct arena *arena, const char *kind)
{
	return arena_format(arena, ":%.*s", KIND_MAX, kind);
}

static void
add_rows(struct rows *rows, const char *parent, enum unit_relation relation,
    const struct pieces *pieces, struct span days, const char *id)
{
	for (size_t i = 0; i < pieces->count; i++) {
		const struct piece *piece = &pieces->list[i];
		struct span both = span_of_both(piece->days, days);
		uint8_t to[4];
		struct key key;

		if (both.to < both.from) {
			continue;
		}
		begin_key(&key, parent, relation);
		key_add_text(&key, piece->order);
		key_add_text(&key, id);
		key_add_date(&key, both.from);
		wire_put_u32le(to, (uint32_t)both.to);
		rows_add(rows, &key, bytes_of(to, sizeof(to)));
	}
}

void
unit_order_rows(struct rows *rows, const char *id, const json_t *fields)
{
	struct pieces pieces = pieces_of(rows->arena, fields);
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(fields, "parents"), i, value)
	{
		enum unit_relation relation = UNIT_ADM;

		unit_relation_parse(&relation, json_text_at(value, "relation"));
		add_rows(rows, json_text_at(value, "unit"), relation, &pieces,
		    unit_span(value), id);
	}
}

/* --- the top -------------------------------------------------------------- */

/* How long a unit stands; never, where there is none. */
static int
life_of(struct snapshot *snapshot, struct arena *arena,
    const struct unit_overlay *overlay, const char *unit, struct span *life_out,
    struct fault *fault)
{
	struct unit_title title;
	int found;

	for (size_t i = 0; overlay != NULL && i < overlay->count; i++) {
		if (strcmp(overlay->units[i], unit) == 0) {
			*life_out = unit_span(overlay->fields[i]);
			return 0;
		}
	}
	found = unit_title_at(snapshot, arena, unit, 0, &title, fault);
	*life_out = found == 1 ? title.life : (struct span){ 1, 0 };
	return found < 0 ? -1 : 0;
}

/* The days under an adm parent that stood, as pieces without an order. */
static int
days_below(struct rows *rows, struct snapshot *snapshot,
    const struct unit_overlay *overlay, const json_t *fields,
    struct pieces *below_out, struct fault *fault)
{
	const json_t *parents = json_object_get(fields, "parents");
	json_t *value;
	size_t i;

	*below_out = (struct pieces){ .list = arena_alloc(rows->arena,
		                          (json_array_size(parents) + 1) *
		                              sizeof(struct piece)) };
	json_array_foreach(parents, i, value)
	{
		struct piece piece = { .order = NULL };
		struct span life;

		if (strcmp(json_text_at(value, "relation"), "adm") != 0) {
			continue;
		}
		if (life_of(snapshot, rows->arena, overlay,
		        json_text_at(value, "unit"), &life, fault) < 0) {
			return -1;
		}
		piece.days = span_of_both(unit_span(value), life);
		if (piece.days.from <= piece.days.to) {
			insert_piece(below_out, piece);
		}
	}
	return 0;
}

int
unit_order_top_rows(struct rows *rows, struct snapshot *snapshot,
    const struct unit_overlay *overlay, const char *id, const json_t *fields,
    struct fault *fault)
{
	const char *of_kind =
	    top_of_kind(rows->arena, json_text_at(fields, "kind"));
	struct pieces pieces = pieces_of(rows->arena, fields);
	struct span left = unit_span(fields);
	struct pieces below;

	if (days_below(rows, snapshot, overlay, fields, &below, fault) < 0) {
		return -1;
	}
	/* Behind the last of them the rest of its life is left. */
	for (size_t i = 0; i <= below.count && left.from <= left.to; i++) {
		struct span gap = left;

		if (i < below.count) {
			gap.to = below.list[i].days.from - 1;
			left.from = below.list[i].days.to + 1;
		}
		if (gap.from <= gap.to) {
			add_rows(rows, "", UNIT_ADM, &pieces, gap, id);
			add_rows(rows, of_kind, UNIT_ADM, &pieces, gap, id);
		}
	}
	return 0;
}

/* --- reading -------------------------------------------------------------- */

/* Behind the unit that ended the page before. */
static int
skip_to(struct snapshot *snapshot, struct arena *arena, struct key *from,
    const struct unit_order_query *query, struct fault *fault)
{
	struct unit_title title;
	int found = unit_title_at(snapshot, arena, query->after, query->date,
	    &title, fault);

	if (found == 0) {
		return fault_field(fault, "after", "there is no unit %s",
		    query->after);
	}
	if (found < 0) {
		return -1;
	}
	key_add_text(from, text_order(arena, title.name, ORDER_MAX));
	key_add_text(from, query->after);
	key_next(from);
	return 0;
}

/* 1 it stood on the day, 0 not, -1 failed. */
static int
stood(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t date, struct fault *fault)
{
	struct unit_title title;
	int found = unit_title_at(snapshot, arena, unit, date, &title, fault);

	return found == 1 ? span_has(title.life, date) : found;
}

/* 1 the row holds on the day, and its child; 0 not; -1 failed. */
static int
read_row(struct bytes row, struct bytes value, date_t date,
    const char **child_out, struct fault *fault)
{
	struct key_reader reader;
	date_t from;

	key_read_start(&reader, row);
	key_read_text(&reader);
	key_read_u8(&reader);
	key_read_text(&reader);
	*child_out = key_read_text(&reader);
	from = key_read_date(&reader);
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	return value.len == 4 && from <= date &&
	       date <= (date_t)wire_get_u32le(value.data);
}

static int
fill(struct scan *scan, struct arena *arena,
    const struct unit_order_query *query, struct unit_order_page *page,
    struct fault *fault)
{
	struct bytes row;
	struct bytes value;
	int rc;

	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		const char *child;
		int holds = read_row(row, value, query->date, &child, fault);

		if (holds < 0) {
			return -1;
		}
		if (holds == 0) {
			continue;
		}
		if (page->count == query->limit) {
			page->has_more = true;
			return 0;
		}
		page->ids[page->count++] = arena_text(arena, child);
	}
	return rc;
}

int
unit_order_read(struct snapshot *snapshot, struct arena *arena,
    const struct unit_order_query *query, struct unit_order_page *page_out,
    struct fault *fault)
{
	const char *parent = query->parent;
	struct scan *scan;
	struct key from;
	struct key to;
	int rc = 1;

	*page_out = (struct unit_order_page){
		.ids = arena_alloc(arena, query->limit * sizeof(const char *)),
	};
	if (parent != NULL) {
		rc = stood(snapshot, arena, parent, query->date, fault);
	} else {
		parent =
		    query->kind != NULL ? top_of_kind(arena, query->kind) : "";
	}
	begin_key(&from, parent, query->relation);
	to = from;
	key_next(&to);
	if (rc == 1 && query->after != NULL &&
	    skip_to(snapshot, arena, &from, query, fault) < 0) {
		rc = -1;
	}
	if (rc != 1 || from.overflow) { /* no key is as long */
		return rc < 0 ? -1 : 0;
	}
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	rc = fill(scan, arena, query, page_out, fault);
	scan_close(scan);
	return rc;
}

/* One row of TABLE_UNIT_CHILD; rows of a relation come by their first day. */
static int
count_row(struct bytes row, struct bytes value, date_t date,
    struct unit_below *below, struct fault *fault)
{
	struct key_reader reader;
	uint8_t relation;
	date_t from;

	key_read_start(&reader, row);
	key_read_text(&reader);
	relation = key_read_u8(&reader);
	from = key_read_date(&reader);
	key_read_text(&reader);
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	if (value.len == 4 && from <= date &&
	    date <= (date_t)wire_get_u32le(value.data)) {
		below->adm += relation == UNIT_ADM;
		below->sector += relation == UNIT_SECTOR;
		below->member += relation == UNIT_MEMBER;
	}
	return 0;
}

int
unit_order_count(struct snapshot *snapshot, const char *unit, date_t date,
    struct unit_below *below_out, struct fault *fault)
{
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	struct key key;
	int rc;

	*below_out = (struct unit_below){ 0 };
	key_start(&key, TABLE_UNIT_CHILD);
	key_add_text(&key, unit);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&key), fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		if (count_row(row, value, date, below_out, fault) < 0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}
