/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     TABLE_UNIT_NAME    folded name, unit
 *                        -> every spelling that folds so, each with its NUL
 *     TABLE_UNIT_TITLE   unit, from
 *                        -> to, first and last day of the unit's life (three
 *                           u32 little-endian), kind NUL name NUL short NUL
 *     TABLE_UNIT_PARENT  child, relation u8, from, parent -> to u32
 *     TABLE_UNIT_CHILD   parent, relation u8, from, child -> to u32
 *     TABLE_UNIT_CODE    system, code, from, unit         -> to u32
 *
 * A name is indexed as it is written, in short, and by each alias; an alias
 * also behind the words that stand before the short name ("Xã "), since that
 * is how it will be asked.
 */

#include "core/unit_rows.h"

#include "base/text.h"
#include "base/wire.h"
#include "core/schema.h"
#include "core/unit.h"
#include "core/unit_order.h"

static struct span
open_span(void)
{
	return (struct span){ DATE_MIN, DATE_MAX };
}

struct span
unit_span(const json_t *object)
{
	const char *from = json_text_at(object, "from");
	const char *to = json_text_at(object, "to");
	struct span span = open_span();

	if (from != NULL) {
		date_parse(&span.from, from);
	}
	if (to != NULL) {
		date_parse(&span.to, to);
	}
	return span;
}

struct span
span_of_both(struct span a, struct span b)
{
	return (struct span){
		a.from > b.from ? a.from : b.from,
		a.to < b.to ? a.to : b.to,
	};
}

/* --- names -------------------------------------------------------------- */

static bool
has_spelling(struct bytes all, const char *spelling)
{
	const char *at = (const char *)all.data;
	const char *end = at + all.len;

	for (; at < end; at += strlen(at) + 1) {
		if (strcmp(at, spelling) == 0) {
			return true;
		}
	}
	return false;
}

/* Another spelling; those that fold alike share a row. */
static void
add_spelling(struct rows *rows, size_t first, const char *id,
    const char *spelling)
{
	struct bytes text = bytes_of(spelling, strlen(spelling) + 1);
	struct key key;

	key_start(&key, TABLE_UNIT_NAME);
	key_add_text(&key, text_fold(rows->arena, spelling));
	key_add_text(&key, id);
	for (size_t i = first; i < rows->count; i++) {
		struct row *row = &rows->list[i];
		uint8_t *all;

		if (!bytes_equal(row->key, key_bytes(&key))) {
			continue;
		}
		if (has_spelling(row->value, spelling)) {
			return;
		}
		all = arena_alloc(rows->arena, row->value.len + text.len);
		memcpy(all, row->value.data, row->value.len);
		memcpy(all + row->value.len, text.data, text.len);
		row->value = bytes_of(all, row->value.len + text.len);
		return;
	}
	rows_add(rows, &key, text);
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);
	size_t end_len = strlen(end);

	return len > end_len && strcmp(text + len - end_len, end) == 0;
}

/* An alias, and where a name has words before its short form, behind them. */
static void
add_alias(struct rows *rows, size_t first, const char *id, const json_t *names,
    const char *alias)
{
	json_t *value;
	size_t i;

	add_spelling(rows, first, id, alias);
	json_array_foreach(names, i, value)
	{
		const char *name = json_text_at(value, "name");
		const char *brief = json_text_at(value, "short");

		if (brief != NULL && ends_with(name, brief)) {
			int prefix = (int)(strlen(name) - strlen(brief));

			add_spelling(rows, first, id,
			    arena_format(rows->arena, "%.*s%s", prefix, name,
			        alias));
		}
	}
}

static void
name_rows(struct rows *rows, const char *id, const json_t *fields)
{
	const json_t *names = json_object_get(fields, "names");
	size_t first = rows->count;
	json_t *value;
	size_t i;

	json_array_foreach(names, i, value)
	{
		const char *brief = json_text_at(value, "short");

		add_spelling(rows, first, id, json_text_at(value, "name"));
		if (brief != NULL) {
			add_spelling(rows, first, id, brief);
		}
	}
	json_array_foreach(json_object_get(fields, "aliases"), i, value)
	{
		add_alias(rows, first, id, names, json_string_value(value));
	}
}

static void
title_rows(struct rows *rows, const char *id, const json_t *fields)
{
	struct span life = unit_span(fields);
	const char *kind = json_text_at(fields, "kind");
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(fields, "names"), i, value)
	{
		struct span held = span_of_both(unit_span(value), life);
		const char *name = json_text_at(value, "name");
		const char *brief = json_text_at(value, "short");
		struct buf out;
		uint8_t days[12];
		struct key key;

		if (held.to < held.from) {
			continue;
		}
		wire_put_u32le(days, (uint32_t)held.to);
		wire_put_u32le(days + 4, (uint32_t)life.from);
		wire_put_u32le(days + 8, (uint32_t)life.to);
		buf_init(&out, 4 * UNIT_NAME_MAX_BYTES);
		buf_add(&out, days, sizeof(days));
		buf_add(&out, kind, strlen(kind) + 1);
		buf_add(&out, name, strlen(name) + 1);
		buf_add_text(&out, brief != NULL ? brief : name);
		buf_add_byte(&out, 0);
		key_start(&key, TABLE_UNIT_TITLE);
		key_add_text(&key, id);
		key_add_date(&key, held.from);
		rows_add(rows, &key, buf_bytes(&out));
		buf_fini(&out);
	}
}

/* --- parents and codes -------------------------------------------------- */

static void
add_dated(struct rows *rows, struct key *key, struct span held, const char *id)
{
	uint8_t to[4];

	key_add_date(key, held.from);
	key_add_text(key, id);
	wire_put_u32le(to, (uint32_t)held.to);
	rows_add(rows, key, bytes_of(to, sizeof(to)));
}

static void
parent_rows(struct rows *rows, const char *id, const json_t *fields)
{
	struct span life = unit_span(fields);
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(fields, "parents"), i, value)
	{
		struct span held = span_of_both(unit_span(value), life);
		const char *parent = json_text_at(value, "unit");
		enum unit_relation relation = UNIT_ADM;
		struct key key;

		unit_relation_parse(&relation, json_text_at(value, "relation"));
		if (held.to < held.from) {
			continue;
		}
		key_start(&key, TABLE_UNIT_PARENT);
		key_add_text(&key, id);
		key_add_u8(&key, (uint8_t)relation);
		add_dated(rows, &key, held, parent);
		key_start(&key, TABLE_UNIT_CHILD);
		key_add_text(&key, parent);
		key_add_u8(&key, (uint8_t)relation);
		add_dated(rows, &key, held, id);
	}
}

static void
code_rows(struct rows *rows, const char *id, const json_t *fields)
{
	struct span life = unit_span(fields);
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(fields, "codes"), i, value)
	{
		struct span held = span_of_both(unit_span(value), life);
		struct key key;

		if (held.to < held.from) {
			continue;
		}
		key_start(&key, TABLE_UNIT_CODE);
		key_add_text(&key, json_text_at(value, "system"));
		key_add_text(&key, json_text_at(value, "code"));
		add_dated(rows, &key, held, id);
	}
}

void
unit_rows(struct rows *rows, const char *id, const json_t *fields)
{
	name_rows(rows, id, fields);
	title_rows(rows, id, fields);
	parent_rows(rows, id, fields);
	code_rows(rows, id, fields);
	unit_order_rows(rows, id, fields);
}
