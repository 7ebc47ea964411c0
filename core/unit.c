/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reading units off their index rows (unit_rows.c draws them), without
 * parsing a record.  Rows of relations are capped by the child's life when
 * they are written; whether a parent stood on the day is asked here.
 */

#include "core/unit.h"

#include "base/text.h"
#include "base/wire.h"
#include "core/id_set.h"
#include "core/unit_rows.h"

static const struct {
	enum unit_relation relation;
	const char *name;
} relations[] = {
	{ UNIT_ADM, "adm" },
	{ UNIT_SECTOR, "sector" },
	{ UNIT_MEMBER, "member" },
};

#define RELATIONS (sizeof(relations) / sizeof(relations[0]))

const char *
unit_relation_name(enum unit_relation relation)
{
	for (size_t i = 0; i < RELATIONS; i++) {
		if (relations[i].relation == relation) {
			return relations[i].name;
		}
	}
	return "";
}

bool
unit_relation_parse(enum unit_relation *relation_out, const char *name)
{
	for (size_t i = 0; i < RELATIONS; i++) {
		if (strcmp(relations[i].name, name) == 0) {
			*relation_out = relations[i].relation;
			return true;
		}
	}
	return false;
}

/* --- titles ------------------------------------------------------------- */

/* The next text of a value; "" and *bad where its NUL is missing. */
static const char *
take_text(struct bytes *rest, bool *bad)
{
	const char *text = (const char *)rest->data;
	size_t len = strnlen(text, rest->len);

	if (*bad || len == rest->len) {
		*bad = true;
		return "";
	}
	*rest = bytes_of(rest->data + len + 1, rest->len - len - 1);
	return text;
}

static int
decode_title(struct arena *arena, struct bytes row, struct bytes value,
    struct unit_title *title, struct fault *fault)
{
	struct key_reader reader;
	struct bytes rest;
	bool bad = false;

	key_read_start(&reader, row);
	key_read_text(&reader);
	title->held.from = key_read_date(&reader);
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	if (value.len < 12) {
		return fault_set(fault, FAULT_CORRUPT, "a unit's title is cut");
	}
	value = arena_copy(arena, value);
	title->held.to = (date_t)wire_get_u32le(value.data);
	title->life.from = (date_t)wire_get_u32le(value.data + 4);
	title->life.to = (date_t)wire_get_u32le(value.data + 8);
	rest = bytes_of(value.data + 12, value.len - 12);
	title->kind = take_text(&rest, &bad);
	title->name = take_text(&rest, &bad);
	title->short_name = take_text(&rest, &bad);
	return bad ? fault_set(fault, FAULT_CORRUPT, "a unit's title is cut")
	           : 0;
}

/* The first row from `from` on (backwards: the last before `to`). */
static int
first_title(struct snapshot *snapshot, struct arena *arena,
    const struct key *from, const struct key *to, bool backwards,
    struct unit_title *title_out, struct fault *fault)
{
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	int rc;

	if (scan_open(&scan, snapshot, key_bytes(from), key_bytes(to),
	        backwards, fault) < 0) {
		return -1;
	}
	rc = scan_next(scan, &row, &value, fault);
	if (rc == 1 && decode_title(arena, row, value, title_out, fault) < 0) {
		rc = -1;
	}
	scan_close(scan);
	return rc;
}

int
unit_title_at(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t date, struct unit_title *title_out, struct fault *fault)
{
	struct key from;
	struct key split;
	struct key to;
	int found;

	key_start(&from, TABLE_UNIT_TITLE);
	key_add_text(&from, unit);
	split = to = from;
	key_add_date(&split, date);
	key_add_u8(&split, 0); /* just behind a row of the day itself */
	key_next(&to);
	found =
	    first_title(snapshot, arena, &from, &split, true, title_out, fault);
	if (found == 0) {
		found = first_title(snapshot, arena, &split, &to, false,
		    title_out, fault);
	}
	return found;
}

/* --- the tree ----------------------------------------------------------- */

/* Where a walk reads. */
struct tree {
	struct snapshot *snapshot;
	struct arena *arena;
	const struct unit_overlay *overlay; /* or NULL */
};

/* A unit's members as they will be, or NULL where its rows hold. */
static const json_t *
overlaid(const struct tree *tree, const char *unit)
{
	for (size_t i = 0; tree->overlay != NULL && i < tree->overlay->count;
	     i++) {
		if (strcmp(tree->overlay->units[i], unit) == 0) {
			return tree->overlay->fields[i];
		}
	}
	return NULL;
}

/* Rows of relations: table, unit, relation, from, other -> to. */
static int
others_in(const struct tree *tree, enum table table, const char *unit,
    enum unit_relation relation, struct span days, struct id_set *set,
    struct fault *fault)
{
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	struct key from;
	struct key to;
	int rc;

	key_start(&from, (uint8_t)table);
	key_add_text(&from, unit);
	key_add_u8(&from, (uint8_t)relation);
	to = from;
	key_add_date(&to, days.to);
	key_next(&to);
	if (scan_open(&scan, tree->snapshot, key_bytes(&from), key_bytes(&to),
	        false, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct key_reader reader;
		const char *other;
		bool added;

		key_read_start(&reader, row);
		key_read_text(&reader);
		key_read_u8(&reader);
		key_read_date(&reader);
		other = key_read_text(&reader);
		if (key_read_end(&reader, fault) < 0) {
			rc = -1;
			break;
		}
		if (value.len == 4 &&
		    (date_t)wire_get_u32le(value.data) >= days.from) {
			id_set_add(set, other, &added);
		}
	}
	scan_close(scan);
	return rc;
}

static int
others_at(const struct tree *tree, enum table table, const char *unit,
    enum unit_relation relation, date_t date, struct id_set *set,
    struct fault *fault)
{
	return others_in(tree, table, unit, relation,
	    (struct span){ date, date }, set, fault);
}

/* The parents that a unit's members name for a day. */
static void
named_parents(const json_t *fields, enum unit_relation relation, date_t date,
    struct id_set *set)
{
	const char *wanted = unit_relation_name(relation);
	json_t *value;
	bool added;
	size_t i;

	json_array_foreach(json_object_get(fields, "parents"), i, value)
	{
		if (strcmp(json_text_at(value, "relation"), wanted) == 0 &&
		    span_has(unit_span(value), date) &&
		    span_has(unit_span(fields), date)) {
			id_set_add(set, json_text_at(value, "unit"), &added);
		}
	}
}

/* 1 it stood on the day, 0 not, -1 failed. */
static int
stood(const struct tree *tree, const char *unit, date_t date,
    struct fault *fault)
{
	const json_t *fields = overlaid(tree, unit);
	struct unit_title title;
	int found;

	if (fields != NULL) {
		return span_has(unit_span(fields), date);
	}
	found = unit_title_at(tree->snapshot, tree->arena, unit, date, &title,
	    fault);
	return found == 1 ? span_has(title.life, date) : found;
}

/* Leave those that stood on the day. */
static int
keep_standing(const struct tree *tree, date_t date, struct id_set *set,
    struct fault *fault)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++) {
		int standing = stood(tree, set->ids[i], date, fault);

		if (standing < 0) {
			return -1;
		}
		if (standing == 1) {
			set->ids[kept++] = set->ids[i];
		}
	}
	set->count = kept;
	return 0;
}

static int
parents_at(const struct tree *tree, const char *unit,
    enum unit_relation relation, date_t date, struct id_set *set,
    struct fault *fault)
{
	const json_t *fields = overlaid(tree, unit);

	id_set_init(set, tree->arena);
	if (fields != NULL) {
		named_parents(fields, relation, date, set);
	} else if (others_at(tree, TABLE_UNIT_PARENT, unit, relation, date, set,
	               fault) < 0) {
		return -1;
	}
	if (keep_standing(tree, date, set, fault) < 0) {
		return -1;
	}
	id_set_sort(set);
	return 0;
}

int
unit_parents_at(struct snapshot *snapshot, struct arena *arena,
    const char *unit, enum unit_relation relation, date_t date,
    const char ***ids_out, size_t *count_out, struct fault *fault)
{
	struct tree tree = { snapshot, arena, NULL };
	struct id_set set;

	if (parents_at(&tree, unit, relation, date, &set, fault) < 0) {
		return -1;
	}
	*ids_out = set.ids;
	*count_out = set.count;
	return 0;
}

int
unit_parent_at(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t date, const char **parent_out, struct fault *fault)
{
	const char **ids;
	size_t count;

	if (unit_parents_at(snapshot, arena, unit, UNIT_ADM, date, &ids, &count,
	        fault) < 0) {
		return -1;
	}
	*parent_out = count > 0 ? ids[0] : NULL;
	return count > 0 ? 1 : 0;
}

int
unit_children(struct snapshot *snapshot, struct arena *arena, const char *unit,
    enum unit_relation relation, date_t date, const char ***ids_out,
    size_t *count_out, struct fault *fault)
{
	struct tree tree = { snapshot, arena, NULL };
	int standing = stood(&tree, unit, date, fault);
	struct id_set set;

	id_set_init(&set, arena);
	if (standing < 0 ||
	    (standing == 1 && others_at(&tree, TABLE_UNIT_CHILD, unit, relation,
	                          date, &set, fault) < 0)) {
		return -1;
	}
	id_set_sort(&set);
	*ids_out = set.ids;
	*count_out = set.count;
	return 0;
}

int
unit_children_in(struct snapshot *snapshot, struct arena *arena,
    const char *unit, enum unit_relation relation, struct span days,
    const char ***ids_out, size_t *count_out, struct fault *fault)
{
	struct tree tree = { snapshot, arena, NULL };
	struct id_set set;

	id_set_init(&set, arena);
	if (others_in(&tree, TABLE_UNIT_CHILD, unit, relation, days, &set,
	        fault) < 0) {
		return -1;
	}
	*ids_out = set.ids;
	*count_out = set.count;
	return 0;
}

/* The unit and, one after the other, the adm parents above it. */
static int
climb(const struct tree *tree, const char *unit, date_t date,
    struct id_set *set, struct fault *fault)
{
	struct id_set parents;
	bool added;

	id_set_init(set, tree->arena);
	id_set_add(set, unit, &added);
	/* A line that came round to itself would end here too. */
	while (added) {
		if (parents_at(tree, set->ids[set->count - 1], UNIT_ADM, date,
		        &parents, fault) < 0) {
			return -1;
		}
		if (parents.count == 0) {
			break;
		}
		id_set_add(set, parents.ids[0], &added);
	}
	return 0;
}

int
unit_line(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t date, const char ***ids_out, size_t *count_out, struct fault *fault)
{
	struct tree tree = { snapshot, arena, NULL };
	struct id_set set;

	if (climb(&tree, unit, date, &set, fault) < 0) {
		return -1;
	}
	*ids_out = set.ids;
	*count_out = set.count;
	return 0;
}

int
unit_ancestors_with(struct snapshot *snapshot, struct arena *arena,
    const struct unit_overlay *overlay, const char *unit, date_t date,
    const char ***ids_out, size_t *count_out, struct fault *fault)
{
	struct tree tree = { snapshot, arena, overlay };
	struct id_set clusters;
	struct id_set set;
	size_t line;
	bool added;

	if (climb(&tree, unit, date, &set, fault) < 0) {
		return -1;
	}
	line = set.count;
	for (size_t i = 0; i < line; i++) {
		if (parents_at(&tree, set.ids[i], UNIT_MEMBER, date, &clusters,
		        fault) < 0) {
			return -1;
		}
		for (size_t j = 0; j < clusters.count; j++) {
			id_set_add(&set, clusters.ids[j], &added);
		}
	}
	*ids_out = set.ids;
	*count_out = set.count;
	return 0;
}

int
unit_ancestors(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t date, const char ***ids_out, size_t *count_out, struct fault *fault)
{
	return unit_ancestors_with(snapshot, arena, NULL, unit, date, ids_out,
	    count_out, fault);
}

int
unit_descendants(struct snapshot *snapshot, struct arena *arena,
    const char *unit, date_t date, const char ***ids_out, size_t *count_out,
    struct fault *fault)
{
	struct tree tree = { snapshot, arena, NULL };
	int standing = stood(&tree, unit, date, fault);
	struct id_set set;
	bool added;

	id_set_init(&set, arena);
	if (standing < 0) {
		return -1;
	}
	if (standing == 1) {
		id_set_add(&set, unit, &added);
		if (others_at(&tree, TABLE_UNIT_CHILD, unit, UNIT_MEMBER, date,
		        &set, fault) < 0) {
			return -1;
		}
	}
	for (size_t i = 0; i < set.count; i++) {
		if (others_at(&tree, TABLE_UNIT_CHILD, set.ids[i], UNIT_ADM,
		        date, &set, fault) < 0) {
			return -1;
		}
	}
	*ids_out = set.ids;
	*count_out = set.count;
	return 0;
}

int
unit_is_under(struct snapshot *snapshot, struct arena *arena, const char *unit,
    const char *ancestor, date_t date, struct fault *fault)
{
	const char **ids;
	size_t count;

	if (strcmp(unit, ancestor) == 0) {
		return 1;
	}
	if (unit_ancestors(snapshot, arena, unit, date, &ids, &count, fault) <
	    0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (strcmp(ids[i], ancestor) == 0) {
			return 1;
		}
	}
	return 0;
}

/* --- as a sentence has it ------------------------------------------------ */

/* How long the words before the short name are ("Xã "); 0 where none are. */
static size_t
prefix_len(const struct unit_title *title)
{
	size_t len = strlen(title->name);
	size_t brief = strlen(title->short_name);

	return brief < len &&
	               strcmp(title->name + len - brief, title->short_name) == 0
	           ? len - brief
	           : 0;
}

/* "Xã Xốp" as it stands inside a sentence. */
static const char *
inside_sentence(struct arena *arena, const struct unit_title *title)
{
	struct bytes prefix = bytes_of(title->name, prefix_len(title));

	return arena_format(arena, "%s%s",
	    text_lower(arena, arena_text_of(arena, prefix)),
	    title->name + prefix.len);
}

int
unit_place_at(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t date, const char **place_out, struct fault *fault)
{
	const char *place = NULL;
	const char **units;
	size_t count;

	if (unit_line(snapshot, arena, unit, date, &units, &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		struct unit_title title;
		int found = unit_title_at(snapshot, arena, units[i], date,
		    &title, fault);

		if (found < 0) {
			return -1;
		}
		if (found == 0 || (i > 0 && prefix_len(&title) == 0)) {
			continue;
		}
		place = place == NULL ? inside_sentence(arena, &title)
		                      : arena_format(arena, "%s, %s", place,
		                            inside_sentence(arena, &title));
	}
	*place_out = place != NULL ? place : unit;
	return 0;
}
