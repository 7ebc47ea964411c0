/* SPDX-License-Identifier: Apache-2.0 */

#include "core/fsck_units.h"

#include "base/text.h"
#include "base/wire.h"

#include <string.h>

#define VALUE_MAX (1u << 20)

/* --- names ------------------------------------------------------------------ */

/* A unit's spellings in the order of its record, each once. */
struct spellings {
	struct arena *arena;
	const char **list;
	size_t count;
	size_t room;
};

static void
spell(struct spellings *spellings, const char *text)
{
	if (text == NULL) {
		return;
	}
	for (size_t i = 0; i < spellings->count; i++) {
		if (strcmp(spellings->list[i], text) == 0) {
			return;
		}
	}
	if (spellings->count == spellings->room) {
		size_t room = spellings->room > 0 ? 2 * spellings->room : 16;
		const char **list =
		    arena_alloc(spellings->arena, room * sizeof(*list));

		if (spellings->count > 0) {
			memcpy(list, spellings->list,
			    spellings->count * sizeof(*list));
		}
		spellings->list = list;
		spellings->room = room;
	}
	spellings->list[spellings->count++] = text;
}

/* An alias also stands behind what a name has before its short form. */
static void
spell_alias(struct spellings *spellings, const json_t *names, const char *alias)
{
	json_t *value;
	size_t i;

	spell(spellings, alias);
	json_array_foreach(names, i, value)
	{
		const char *name = json_text_at(value, "name");
		const char *brief = json_text_at(value, "short");
		size_t len = name != NULL ? strlen(name) : 0;
		size_t tail = brief != NULL ? strlen(brief) : len;

		if (tail < len && strcmp(name + len - tail, brief) == 0) {
			spell(spellings,
			    arena_format(spellings->arena, "%.*s%s",
			        (int)(len - tail), name, alias));
		}
	}
}

static void
collect_spellings(struct spellings *spellings, const json_t *unit)
{
	const json_t *names = json_object_get(unit, "names");
	json_t *value;
	size_t i;

	json_array_foreach(names, i, value)
	{
		spell(spellings, json_text_at(value, "name"));
		spell(spellings, json_text_at(value, "short"));
	}
	json_array_foreach(json_object_get(unit, "aliases"), i, value)
	{
		if (json_is_string(value)) {
			spell_alias(spellings, names, json_string_value(value));
		}
	}
}

/* One row for all spellings that fold alike, in their order. */
static int
expect_names(struct fsck_expect *expect, const struct record *unit,
    struct fault *fault)
{
	struct spellings spellings = { .arena = expect->arena };
	int rc = 0;

	collect_spellings(&spellings, unit->value);
	for (size_t i = 0; i < spellings.count && rc == 0; i++) {
		const char *folded =
		    text_fold(expect->arena, spellings.list[i]);
		struct buf value;
		struct key key;

		buf_init(&value, VALUE_MAX);
		for (size_t j = 0; j < spellings.count; j++) {
			const char *other = spellings.list[j];

			if (strcmp(text_fold(expect->arena, other), folded) ==
			    0) {
				buf_add(&value, other, strlen(other) + 1);
			}
		}
		key_start(&key, TABLE_UNIT_NAME);
		key_add_text(&key, folded);
		key_add_text(&key, unit->id);
		rc = buf_check(&value, fault);
		if (rc == 0) {
			rc = fsck_expect_put(expect, &key, buf_bytes(&value),
			    fault);
		}
		buf_fini(&value);
	}
	return rc;
}

static int
expect_title(struct fsck_expect *expect, const struct record *unit,
    const json_t *name, struct span life, struct fault *fault)
{
	struct span held = fsck_span_within(fsck_span(name), life);
	const char *full = json_text_at(name, "name");
	const char *brief = json_text_at(name, "short");
	const char *kind;
	uint8_t days[12];
	struct buf value;
	struct key key;
	int rc;

	if (fsck_expect_text(unit, "kind", &kind, fault) < 0) {
		return -1;
	}
	if (full == NULL) {
		return fault_set(fault, FAULT_CORRUPT, "a name has no text");
	}
	if (held.from > held.to) {
		return 0;
	}
	wire_put_u32le(days, (uint32_t)held.to);
	wire_put_u32le(days + 4, (uint32_t)life.from);
	wire_put_u32le(days + 8, (uint32_t)life.to);
	buf_init(&value, VALUE_MAX);
	buf_add(&value, days, sizeof(days));
	buf_add(&value, kind, strlen(kind) + 1);
	buf_add(&value, full, strlen(full) + 1);
	brief = brief != NULL ? brief : full;
	buf_add(&value, brief, strlen(brief) + 1);
	key_start(&key, TABLE_UNIT_TITLE);
	key_add_text(&key, unit->id);
	key_add_date(&key, held.from);
	rc = buf_check(&value, fault);
	if (rc == 0) {
		rc = fsck_expect_put(expect, &key, buf_bytes(&value), fault);
	}
	buf_fini(&value);
	return rc;
}

/* --- relations -------------------------------------------------------------- */

/* The last parts of a key, day and id, and the last day as its value. */
static int
put_held(struct fsck_expect *expect, struct key *key, struct span held,
    const char *id, struct fault *fault)
{
	uint8_t last[4];

	key_add_date(key, held.from);
	key_add_text(key, id);
	wire_put_u32le(last, (uint32_t)held.to);
	return fsck_expect_put(expect, key, bytes_of(last, 4), fault);
}

static int
expect_parent(struct fsck_expect *expect, const char *child,
    const json_t *value, struct span life, struct fault *fault)
{
	struct span held = fsck_span_within(fsck_span(value), life);
	uint8_t relation = fsck_relation(json_text_at(value, "relation"));
	const char *parent = json_text_at(value, "unit");
	struct key key;

	if (relation == 0 || parent == NULL) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a parent has no relation or no unit");
	}
	if (held.from > held.to) {
		return 0;
	}
	key_start(&key, TABLE_UNIT_PARENT);
	key_add_text(&key, child);
	key_add_u8(&key, relation);
	if (put_held(expect, &key, held, parent, fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_UNIT_CHILD);
	key_add_text(&key, parent);
	key_add_u8(&key, relation);
	return put_held(expect, &key, held, child, fault);
}

/* --- the order of names ------------------------------------------------------ */

#define ORDER_BYTES 160u

/* The name that a unit goes by on a day: the last that began, else the first
 * to come; and the day before which another begins. */
static const json_t *
name_on(const json_t *unit, struct span life, date_t date, date_t *until_out)
{
	const json_t *last = NULL;
	const json_t *first = NULL;
	date_t last_from = 0;
	date_t first_from = 0;
	json_t *value;
	size_t i;

	*until_out = life.to;
	json_array_foreach(json_object_get(unit, "names"), i, value)
	{
		struct span held = fsck_span_within(fsck_span(value), life);

		if (held.from > held.to) {
			continue;
		}
		if (held.from <= date &&
		    (last == NULL || held.from > last_from)) {
			last = value;
			last_from = held.from;
		}
		if (held.from > date &&
		    (first == NULL || held.from < first_from)) {
			first = value;
			first_from = held.from;
		}
	}
	if (last == NULL && first != NULL) {
		/* It orders the days before it, too. */
		return name_on(unit, life, first_from, until_out);
	}
	if (first != NULL) {
		*until_out = first_from - 1;
	}
	return last;
}

/* One row a name that held on some of these days. */
static int
expect_order(struct fsck_expect *expect, const struct record *unit,
    const char *parent, uint8_t relation, struct span days, struct fault *fault)
{
	struct span life = fsck_span(unit->value);

	while (days.from <= days.to) {
		struct span held = days;
		date_t until;
		const json_t *name =
		    name_on(unit->value, life, days.from, &until);
		uint8_t last[4];
		struct key key;

		if (name == NULL) {
			return 0;
		}
		held.to = until < days.to ? until : days.to;
		wire_put_u32le(last, (uint32_t)held.to);
		key_start(&key, TABLE_UNIT_ORDER);
		key_add_text(&key, parent);
		key_add_u8(&key, relation);
		key_add_text(&key,
		    text_order(expect->arena, json_text_at(name, "name"),
		        ORDER_BYTES));
		key_add_text(&key, unit->id);
		key_add_date(&key, held.from);
		if (fsck_expect_put(expect, &key, bytes_of(last, 4), fault) <
		    0) {
			return -1;
		}
		days.from = held.to + 1;
	}
	return 0;
}

/* Wherever no parent stood above it. */
static int
expect_top(struct fsck_expect *expect, const struct record *unit,
    struct fault *fault)
{
	const struct fsck_tree *tree = fsck_known_tree(expect->known);
	struct span life = fsck_span(unit->value);
	struct span days = { .to = life.from - 1 };
	const char *kind;

	if (fsck_expect_text(unit, "kind", &kind, fault) < 0) {
		return -1;
	}
	kind = arena_format(expect->arena, ":%.64s", kind);
	while (fsck_tree_top(tree, unit->id, days.to + 1, life.to, &days)) {
		if (expect_order(expect, unit, "", 'a', days, fault) < 0 ||
		    expect_order(expect, unit, kind, 'a', days, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- codes -------------------------------------------------------------------- */

static int
expect_code(struct fsck_expect *expect, const char *unit, const json_t *value,
    struct span life, struct fault *fault)
{
	struct span held = fsck_span_within(fsck_span(value), life);
	const char *system = json_text_at(value, "system");
	const char *code = json_text_at(value, "code");
	struct key key;

	if (system == NULL || code == NULL) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a code has no system or no text");
	}
	if (held.from > held.to) {
		return 0;
	}
	key_start(&key, TABLE_UNIT_CODE);
	key_add_text(&key, system);
	key_add_text(&key, code);
	return put_held(expect, &key, held, unit, fault);
}

int
fsck_units_expect(struct fsck_expect *expect, const struct record *unit,
    struct fault *fault)
{
	struct span life = fsck_span(unit->value);
	json_t *value;
	size_t i;

	if (expect_names(expect, unit, fault) < 0) {
		return -1;
	}
	json_array_foreach(json_object_get(unit->value, "names"), i, value)
	{
		if (expect_title(expect, unit, value, life, fault) < 0) {
			return -1;
		}
	}
	json_array_foreach(json_object_get(unit->value, "parents"), i, value)
	{
		if (expect_parent(expect, unit->id, value, life, fault) < 0 ||
		    expect_order(expect, unit, json_text_at(value, "unit"),
		        fsck_relation(json_text_at(value, "relation")),
		        fsck_span_within(fsck_span(value), life), fault) < 0) {
			return -1;
		}
	}
	if (expect_top(expect, unit, fault) < 0) {
		return -1;
	}
	json_array_foreach(json_object_get(unit->value, "codes"), i, value)
	{
		if (expect_code(expect, unit->id, value, life, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- events ------------------------------------------------------------------ */

static int
put_step(struct fsck_expect *expect, enum table table, const char *unit,
    date_t date, const char *other, const char *event, struct fault *fault)
{
	struct key key;

	key_start(&key, (uint8_t)table);
	key_add_text(&key, unit);
	key_add_date(&key, date);
	key_add_text(&key, other);
	key_add_text(&key, event);
	return fsck_expect_put(expect, &key, NO_BYTES, fault);
}

/* What one predecessor became; nobody where nothing came of it. */
static int
expect_steps(struct fsck_expect *expect, const struct record *event,
    date_t date, const char *from, struct fault *fault)
{
	const json_t *successors = json_object_get(event->value, "successors");
	json_t *value;
	size_t i;

	if (json_array_size(successors) == 0) {
		return put_step(expect, TABLE_UNIT_SUCCESSOR, from, date, "",
		    event->id, fault);
	}
	json_array_foreach(successors, i, value)
	{
		const char *to = json_string_value(value);

		if (to == NULL) {
			return fault_set(fault, FAULT_CORRUPT,
			    "a successor is no id");
		}
		if (put_step(expect, TABLE_UNIT_SUCCESSOR, from, date, to,
		        event->id, fault) < 0 ||
		    put_step(expect, TABLE_UNIT_PREDECESSOR, to, date, from,
		        event->id, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

int
fsck_units_expect_event(struct fsck_expect *expect, const struct record *event,
    struct fault *fault)
{
	const char *day;
	struct key key;
	date_t date;
	json_t *value;
	size_t i;

	if (fsck_expect_text(event, "date", &day, fault) < 0) {
		return -1;
	}
	if (!date_parse(&date, day)) {
		return fault_set(fault, FAULT_CORRUPT, "%s is no day", day);
	}
	key_start(&key, TABLE_UNIT_EVENT);
	key_add_date(&key, date);
	key_add_text(&key, event->id);
	if (fsck_expect_put(expect, &key, NO_BYTES, fault) < 0) {
		return -1;
	}
	json_array_foreach(json_object_get(event->value, "predecessors"), i,
	    value)
	{
		const char *from = json_string_value(value);

		if (from == NULL) {
			return fault_set(fault, FAULT_CORRUPT,
			    "a predecessor is no id");
		}
		if (expect_steps(expect, event, date, from, fault) < 0) {
			return -1;
		}
	}
	return 0;
}
