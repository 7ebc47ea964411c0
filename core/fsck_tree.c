/* SPDX-License-Identifier: Apache-2.0 */

/* Lists are short and walked plainly: this is read beside the other. */

#include "core/fsck_tree.h"

#include "core/schema.h"
#include "storage/key.h"

#include <stdlib.h>
#include <string.h>

uint8_t
fsck_relation(const char *word)
{
	static const char *const words[] = { "adm", "sector", "member" };

	for (size_t i = 0; word != NULL && i < 3; i++) {
		if (strcmp(words[i], word) == 0) {
			return (uint8_t)words[i][0];
		}
	}
	return 0;
}

struct span
fsck_span(const json_t *object)
{
	struct span span = { DATE_MIN, DATE_MAX };
	const char *from = json_text_at(object, "from");
	const char *to = json_text_at(object, "to");

	if (from != NULL) {
		date_parse(&span.from, from);
	}
	if (to != NULL) {
		date_parse(&span.to, to);
	}
	return span;
}

struct span
fsck_span_within(struct span span, struct span life)
{
	span.from = span.from < life.from ? life.from : span.from;
	span.to = span.to > life.to ? life.to : span.to;
	return span;
}

void
fsck_tree_init(struct fsck_tree *tree, struct arena *arena)
{
	*tree = (struct fsck_tree){ .arena = arena };
}

static bool
is_ever_named(const json_t *value, struct span life)
{
	json_t *name;
	size_t i;

	json_array_foreach(json_object_get(value, "names"), i, name)
	{
		struct span held = fsck_span_within(fsck_span(name), life);

		if (held.from <= held.to) {
			return true;
		}
	}
	return false;
}

static void
add_parents(struct fsck_tree *tree, struct fsck_unit *unit,
    const json_t *parents)
{
	json_t *value;
	size_t i;

	unit->parents = arena_alloc(tree->arena,
	    (json_array_size(parents) + 1) * sizeof(*unit->parents));
	json_array_foreach(parents, i, value)
	{
		const char *parent = json_text_at(value, "unit");

		if (parent == NULL) {
			continue; /* told where the record is checked */
		}
		unit->parents[unit->parent_count++] = (struct fsck_parent){
			fsck_relation(json_text_at(value, "relation")),
			arena_text(tree->arena, parent),
			fsck_span_within(fsck_span(value), unit->life),
		};
	}
}

void
fsck_tree_add(struct fsck_tree *tree, const char *id, const json_t *value)
{
	struct fsck_unit *unit;

	if (tree->count == tree->room) {
		size_t room = tree->room > 0 ? 2 * tree->room : 256;
		struct fsck_unit *units =
		    arena_alloc(tree->arena, room * sizeof(*units));

		if (tree->count > 0) {
			memcpy(units, tree->units,
			    tree->count * sizeof(*units));
		}
		tree->units = units;
		tree->room = room;
	}
	unit = &tree->units[tree->count++];
	*unit = (struct fsck_unit){ .id = arena_text(tree->arena, id),
		.life = fsck_span(value) };
	unit->named = is_ever_named(value, unit->life);
	add_parents(tree, unit, json_object_get(value, "parents"));
}

int
fsck_tree_read(struct fsck_tree *tree, struct snapshot *snapshot,
    struct arena *scratch, struct fault *fault)
{
	struct bytes key, value;
	struct key units;
	struct scan *scan;
	int rc;

	key_start(&units, TABLE_RECORD);
	key_add_u8(&units, RECORD_UNIT);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&units), fault) < 0) {
		return -1;
	}
	while ((rc = scan_next_sound(scan, &key, &value, fault)) == 1) {
		struct key_reader reader;
		struct fault ignored; /* told when the record is checked */
		struct bytes bytes;
		const json_t *unit;
		uint64_t rev;

		arena_reset(scratch);
		key_read_start(&reader, key);
		key_read_u8(&reader);
		if (record_split(value, &rev, &bytes, &ignored) == 0 &&
		    (unit = json_read(scratch, bytes, &ignored)) != NULL) {
			fsck_tree_add(tree, key_read_text(&reader), unit);
		}
	}
	scan_close(scan);
	return rc;
}

static int
compare_id(const void *id, const void *unit)
{
	return strcmp(id, ((const struct fsck_unit *)unit)->id);
}

static const struct fsck_unit *
find_unit(const struct fsck_tree *tree, const char *id)
{
	return tree->count == 0 ? NULL
	                        : bsearch(id, tree->units, tree->count,
	                              sizeof(*tree->units), compare_id);
}

static bool
is_listed(const char *const *ids, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(ids[i], id) == 0) {
			return true;
		}
	}
	return false;
}

/* Was it a parent that day, and did it stand? */
static bool
is_parent(const struct fsck_tree *tree, const struct fsck_parent *parent,
    uint8_t relation, date_t date)
{
	const struct fsck_unit *unit;

	if (parent->relation != relation || !span_has(parent->held, date)) {
		return false;
	}
	unit = find_unit(tree, parent->unit);
	return unit != NULL && unit->named && span_has(unit->life, date);
}

/* The adm parent of a day: of several the first by id. */
static const char *
adm_parent(const struct fsck_tree *tree, const char *id, date_t date)
{
	const struct fsck_unit *unit = find_unit(tree, id);
	const char *best = NULL;

	for (size_t i = 0; unit != NULL && i < unit->parent_count; i++) {
		const struct fsck_parent *parent = &unit->parents[i];

		if (is_parent(tree, parent, 'a', date) &&
		    (best == NULL || strcmp(parent->unit, best) < 0)) {
			best = parent->unit;
		}
	}
	return best;
}

/* The days of this parent on which it stood. */
static struct span
days_of_parent(const struct fsck_tree *tree, const struct fsck_parent *parent)
{
	const struct fsck_unit *above = find_unit(tree, parent->unit);

	return parent->relation != 'a' || above == NULL || !above->named
	           ? (struct span){ 1, 0 }
	           : fsck_span_within(parent->held, above->life);
}

bool
fsck_tree_top(const struct fsck_tree *tree, const char *id, date_t from,
    date_t until, struct span *days_out)
{
	const struct fsck_unit *unit = find_unit(tree, id);
	bool moved = true;

	days_out->from = from;
	while (moved) {
		moved = false;
		days_out->to = until;
		for (size_t i = 0; unit != NULL && i < unit->parent_count;
		     i++) {
			struct span held =
			    days_of_parent(tree, &unit->parents[i]);

			if (held.from > held.to) {
				continue;
			}
			if (span_has(held, days_out->from)) {
				days_out->from = held.to + 1;
				moved = true;
			} else if (held.from > days_out->from &&
			           held.from <= days_out->to) {
				days_out->to = held.from - 1;
			}
		}
	}
	return days_out->from <= until;
}

struct line {
	struct arena *arena;
	const char **ids;
	size_t count;
	size_t room;
};

static void
line_add(struct line *line, const char *id)
{
	if (line->count == line->room) {
		size_t room = line->room > 0 ? 2 * line->room : 16;
		const char **ids =
		    arena_alloc(line->arena, room * sizeof(*ids));

		if (line->count > 0) {
			memcpy(ids, line->ids, line->count * sizeof(*ids));
		}
		line->ids = ids;
		line->room = room;
	}
	line->ids[line->count++] = id;
}

size_t
fsck_tree_over(const struct fsck_tree *tree, struct arena *arena,
    const char *unit, date_t date, const char ***ids_out)
{
	struct line line = { .arena = arena };
	size_t height;

	while (unit != NULL && !is_listed(line.ids, line.count, unit)) {
		line_add(&line, unit);
		unit = adm_parent(tree, unit, date);
	}
	height = line.count;
	for (size_t i = 0; i < height; i++) {
		const struct fsck_unit *at = find_unit(tree, line.ids[i]);

		for (size_t j = 0; at != NULL && j < at->parent_count; j++) {
			const struct fsck_parent *parent = &at->parents[j];

			if (is_parent(tree, parent, 'm', date) &&
			    !is_listed(line.ids, line.count, parent->unit)) {
				line_add(&line, parent->unit);
			}
		}
	}
	*ids_out = line.ids;
	return line.count;
}
