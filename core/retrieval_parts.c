/* SPDX-License-Identifier: Apache-2.0 */

#include "core/retrieval_parts.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/wire.h"
#include "core/lore.h"
#include "core/unit.h"
#include "core/unit_find.h"

#include <stdlib.h>

#define LINES_MAX_BYTES 65536u

struct asker {
	const struct core *core;
	struct snapshot *snapshot;
	struct arena *arena;
};

static void
add_part(struct retrieval_parts *parts, struct arena *arena, const char *unit,
    struct span days)
{
	if (days.to < days.from) {
		return;
	}
	if (parts->count == parts->room) {
		size_t room = parts->room > 0 ? 2 * parts->room : 16;
		struct lineage_part *list =
		    arena_alloc(arena, room * sizeof(*list));

		if (parts->count > 0) {
			memcpy(list, parts->list, parts->count * sizeof(*list));
		}
		parts->list = list;
		parts->room = room;
	}
	parts->list[parts->count++] = (struct lineage_part){ unit, days };
}

static int
compare_parts(const void *left, const void *right)
{
	const struct lineage_part *a = left;
	const struct lineage_part *b = right;
	int order = strcmp(a->unit, b->unit);

	return order != 0 ? order
	                  : (a->days.from > b->days.from) -
	                        (a->days.from < b->days.from);
}

/* One part for days of a unit that overlap or touch. */
static void
join_parts(struct retrieval_parts *parts)
{
	size_t used = 0;

	if (parts->count == 0) {
		return;
	}
	qsort(parts->list, parts->count, sizeof(*parts->list), compare_parts);
	for (size_t i = 1; i < parts->count; i++) {
		struct lineage_part *last = &parts->list[used];
		const struct lineage_part *next = &parts->list[i];

		if (strcmp(last->unit, next->unit) != 0 ||
		    next->days.from - 1 > last->days.to) {
			parts->list[++used] = *next;
		} else if (next->days.to > last->days.to) {
			last->days.to = next->days.to;
		}
	}
	parts->count = used + 1;
}

/*
 * As they are kept: the first and last day of each part, as numbers of four
 * bytes, and its unit with its NUL.
 */
static void
keep_lines(const struct asker *asker, const char *unit,
    const struct lineage *lineage)
{
	struct buf out;

	buf_init(&out, LINES_MAX_BYTES);
	for (size_t i = 0; i < lineage->count; i++) {
		const struct lineage_part *part = &lineage->parts[i];
		uint8_t days[8];

		wire_put_u32be(days, (uint32_t)part->days.from);
		wire_put_u32be(days + 4, (uint32_t)part->days.to);
		buf_add(&out, days, sizeof(days));
		buf_add(&out, part->unit, strlen(part->unit) + 1);
	}
	if (out.refused == 0) {
		/* A line is the same on every day. */
		lore_keep(asker->core, asker->snapshot, LORE_LINES, unit, 0,
		    buf_bytes(&out));
	}
	buf_fini(&out);
}

/* The lines of a unit: kept, or followed. */
static int
add_lines(const struct asker *asker, const char *unit,
    struct retrieval_parts *parts, struct fault *fault)
{
	struct lineage lineage;
	struct bytes kept;
	struct span days;

	if (lore_recall(asker->core, LORE_LINES, unit, 0, asker->arena,
	        &kept)) {
		for (size_t at = 0; at < kept.len;) {
			const uint8_t *part = kept.data + at;
			const char *name = (const char *)part + 8;

			days.from = (date_t)wire_get_u32be(part);
			days.to = (date_t)wire_get_u32be(part + 4);
			add_part(parts, asker->arena, name, days);
			at += 8 + strlen(name) + 1;
		}
		return 0;
	}
	if (lineage_of(asker->snapshot, asker->arena, unit, &lineage, fault) <
	    0) {
		return -1;
	}
	for (size_t i = 0; i < lineage.count; i++) {
		add_part(parts, asker->arena, lineage.parts[i].unit,
		    lineage.parts[i].days);
	}
	keep_lines(asker, unit, &lineage);
	return 0;
}

/* Parts of one unit that was asked for. */
static int
add_unit(const struct asker *asker, const struct retrieval_query *query,
    const char *unit, struct retrieval_parts *parts, struct fault *fault)
{
	const struct span ever = { DATE_MIN, DATE_MAX };
	const char **ids;
	size_t count;

	switch (query->mode) {
	case RETRIEVAL_EXACT:
		add_part(parts, asker->arena, unit, ever);
		return 0;
	case RETRIEVAL_TERRITORY:
		if (unit_descendants(asker->snapshot, asker->arena, unit,
		        query->as_of, &ids, &count, fault) < 0) {
			return -1;
		}
		for (size_t i = 0; i < count; i++) {
			add_part(parts, asker->arena, ids[i], ever);
		}
		return 0;
	case RETRIEVAL_LINEAGE:
		return add_lines(asker, unit, parts, fault);
	}
	return 0;
}

/* The units that were asked for, by id or by name. */
static int
find_units(const struct asker *asker, const struct retrieval_query *query,
    const char ***ids_out, size_t *count_out, struct fault *fault)
{
	struct unit_title title;
	int found;

	if (query->unit == NULL) {
		if (unit_find_by_name(asker->snapshot, asker->arena,
		        query->name, query->exact_name, ids_out, count_out,
		        fault) < 0) {
			return -1;
		}
		return *count_out > 0
		           ? 0
		           : fault_set(fault, FAULT_ABSENT,
		                 "no unit is called %s", query->name);
	}
	if (!text_is_id(query->unit)) {
		return fault_set(fault, FAULT_ABSENT, "no unit has such an id");
	}
	found = unit_title_at(asker->snapshot, asker->arena, query->unit,
	    DATE_MAX, &title, fault);
	if (found <= 0) {
		return found < 0 ? -1
		                 : fault_set(fault, FAULT_ABSENT,
		                       "there is no unit %s", query->unit);
	}
	*ids_out = arena_alloc(asker->arena, sizeof(**ids_out));
	(*ids_out)[0] = query->unit;
	*count_out = 1;
	return 0;
}

int
retrieval_parts_find(struct retrieval_parts *parts, const struct core *core,
    struct snapshot *snapshot, struct arena *arena,
    const struct retrieval_query *query, struct fault *fault)
{
	const struct asker who = { core, snapshot, arena };
	const struct asker *asker = &who;
	const char **ids;
	size_t count;

	parts->table = query->mode == RETRIEVAL_LINEAGE ? TABLE_DOSSIER_UNDER
	                                                : TABLE_DOSSIER_OF_UNIT;
	if (find_units(asker, query, &ids, &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (add_unit(asker, query, ids[i], parts, fault) < 0) {
			return -1;
		}
	}
	if (query->mode == RETRIEVAL_TERRITORY && parts->count == 0) {
		char day[DATE_TEXT];

		date_format(day, query->as_of);
		return fault_field(fault, "as_of", "%s did not stand on %s",
		    ids[0], day);
	}
	join_parts(parts);
	return 0;
}
