/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From the JSON of core/blocks.c to struct hoso_block.  What is not known
 * here is a paragraph with its runs, as plugin.h promises.
 */

#include "host/block.h"

#define WIDTH_SUM 1000u

static const struct {
	const char *name;
	enum hoso_block_kind kind;
} kinds[] = {
	{ "letterhead", HOSO_BLOCK_LETTERHEAD },
	{ "title", HOSO_BLOCK_TITLE },
	{ "addressee", HOSO_BLOCK_ADDRESSEE },
	{ "heading", HOSO_BLOCK_HEADING },
	{ "paragraph", HOSO_BLOCK_PARAGRAPH },
	{ "item", HOSO_BLOCK_ITEM },
	{ "table", HOSO_BLOCK_TABLE },
	{ "row", HOSO_BLOCK_ROW },
	{ "table_end", HOSO_BLOCK_TABLE_END },
	{ "figure", HOSO_BLOCK_FIGURE },
	{ "signature", HOSO_BLOCK_SIGNATURE },
	{ "page_break", HOSO_BLOCK_PAGE_BREAK },
};

static enum hoso_block_kind
kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			return kinds[i].kind;
		}
	}
	return HOSO_BLOCK_PARAGRAPH;
}

/* A copy in the arena, NULL where there is no such text. */
static const char *
text_of(struct arena *arena, const json_t *object, const char *key)
{
	const char *text = json_text_at(object, key);

	return text != NULL ? arena_text(arena, text) : NULL;
}

static const char *
text_or_empty(struct arena *arena, const json_t *object, const char *key)
{
	const char *text = text_of(arena, object, key);

	return text != NULL ? text : "";
}

static bool
is_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

/* What a run, cell or figure counts, or NULL. */
static const struct hoso_counted *
counted_of(struct arena *arena, const json_t *owner)
{
	const json_t *value = json_object_get(owner, "counted");
	struct hoso_counted *counted;

	if (value == NULL) {
		return NULL;
	}
	counted = arena_alloc(arena, sizeof(*counted));
	counted->size = sizeof(*counted);
	counted->unit = text_of(arena, value, "unit");
	counted->from = text_of(arena, value, "from");
	counted->to = text_of(arena, value, "to");
	counted->award = text_of(arena, value, "award");
	counted->level = text_of(arena, value, "level");
	counted->subject = text_of(arena, value, "subject");
	counted->attribute = text_of(arena, value, "attribute");
	return counted;
}

static const struct hoso_run *const *
runs_of(struct arena *arena, const json_t *list, unsigned *footnotes)
{
	const struct hoso_run **runs =
	    arena_alloc(arena, (json_array_size(list) + 1) * sizeof(*runs));
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		struct hoso_run *run = arena_alloc(arena, sizeof(*run));

		run->text = text_or_empty(arena, value, "text");
		run->style = (is_true(value, "bold") ? HOSO_BOLD : 0u) |
		             (is_true(value, "italic") ? HOSO_ITALIC : 0u);
		run->footnote = is_true(value, "footnote") ? ++*footnotes : 0;
		run->counted = counted_of(arena, value);
		runs[i] = run;
	}
	return runs;
}

static enum hoso_align
align_of(const char *word)
{
	return word == NULL                  ? HOSO_LEFT
	       : strcmp(word, "centre") == 0 ? HOSO_CENTRE
	       : strcmp(word, "right") == 0  ? HOSO_RIGHT
	                                     : HOSO_LEFT;
}

/* Columns with their widths made to add up to WIDTH_SUM. */
static const struct hoso_column *const *
columns_of(struct arena *arena, const json_t *list)
{
	size_t count = json_array_size(list);
	const struct hoso_column **columns =
	    arena_alloc(arena, (count + 1) * sizeof(*columns));
	struct hoso_column *column =
	    arena_alloc(arena, (count + 1) * sizeof(*column));
	uint64_t sum = 0;
	uint32_t given = 0;
	uint32_t left = WIDTH_SUM;
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		column[i].title = text_or_empty(arena, value, "title");
		column[i].align = align_of(json_text_at(value, "align"));
		column[i].width = (uint32_t)json_integer_at(value, "width");
		given += column[i].width > 0;
		sum += column[i].width;
		columns[i] = &column[i];
	}
	for (i = 0; i < count; i++) {
		uint64_t share = column[i].width;

		if (share == 0) { /* as wide as the others are on average */
			share = given > 0 ? sum / given : 1;
		}
		column[i].width = (uint32_t)share;
	}
	for (i = 0, sum = 0; i < count; i++) {
		sum += column[i].width;
	}
	for (i = 0; i < count; i++) {
		column[i].width = i + 1 < count
		                      ? (uint32_t)(column[i].width *
		                                   (uint64_t)WIDTH_SUM / sum)
		                      : left;
		left -= column[i].width;
	}
	return columns;
}

static const struct hoso_cell *const *
cells_of(struct arena *arena, const json_t *list)
{
	const struct hoso_cell **cells =
	    arena_alloc(arena, (json_array_size(list) + 1) * sizeof(*cells));
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		struct hoso_cell *cell = arena_alloc(arena, sizeof(*cell));
		int64_t span = json_integer_at(value, "span");

		cell->text = text_or_empty(arena, value, "text");
		cell->span = span > 1 ? (uint32_t)span : 1;
		cell->scale = (uint32_t)json_integer_at(value, "scale");
		cell->value = json_integer_at(value, "value");
		cell->counted = counted_of(arena, value);
		cells[i] = cell;
	}
	return cells;
}

static const struct hoso_letterhead *
letterhead_of(struct arena *arena, const json_t *value)
{
	struct hoso_letterhead *head = arena_alloc(arena, sizeof(*head));

	head->size = sizeof(*head);
	head->superior = text_of(arena, value, "superior");
	head->issuer = text_or_empty(arena, value, "issuer");
	head->reference = text_of(arena, value, "reference");
	head->place = text_of(arena, value, "place");
	head->date = text_of(arena, value, "date");
	return head;
}

static const struct hoso_figure *
figure_of(struct arena *arena, const json_t *value)
{
	struct hoso_figure *figure = arena_alloc(arena, sizeof(*figure));

	figure->size = sizeof(*figure);
	figure->label = text_or_empty(arena, value, "label");
	figure->measure = text_of(arena, value, "measure");
	figure->has_computed = json_object_get(value, "computed") != NULL;
	figure->has_reported = json_object_get(value, "reported") != NULL;
	figure->computed = json_integer_at(value, "computed");
	figure->reported = json_integer_at(value, "reported");
	figure->scale = (uint32_t)json_integer_at(value, "scale");
	figure->unit = text_of(arena, value, "unit");
	figure->words = text_of(arena, value, "words");
	figure->source = text_of(arena, value, "source");
	figure->quote = text_of(arena, value, "quote");
	return figure;
}

static const struct hoso_signature *
signature_of(struct arena *arena, const json_t *value)
{
	const json_t *list = json_object_get(value, "recipients");
	struct hoso_signature *signature =
	    arena_alloc(arena, sizeof(*signature));
	const char **names =
	    arena_alloc(arena, (json_array_size(list) + 1) * sizeof(*names));
	const json_t *name;
	size_t i;

	json_array_foreach(list, i, name)
	{
		const char *text = json_string_value(name);

		names[i] = text != NULL ? arena_text(arena, text) : "";
	}
	signature->size = sizeof(*signature);
	signature->authority = text_or_empty(arena, value, "authority");
	signature->name = text_of(arena, value, "name");
	signature->recipients = names;
	return signature;
}

static enum hoso_row_kind
row_kind_of(const char *word)
{
	return word == NULL                 ? HOSO_ROW_PLAIN
	       : strcmp(word, "head") == 0  ? HOSO_ROW_HEAD
	       : strcmp(word, "total") == 0 ? HOSO_ROW_TOTAL
	                                    : HOSO_ROW_PLAIN;
}

int
block_decode(struct hoso_block *block_out, struct arena *arena,
    const json_t *value, unsigned *footnotes, struct fault *fault)
{
	const char *name = json_text_at(value, "block");
	struct hoso_block *block = block_out;

	if (name == NULL) {
		return fault_set(fault, FAULT_INVALID, "a block has no kind");
	}
	*block = (struct hoso_block){
		.size = sizeof(*block),
		.kind = kind_of(name),
		.level = (uint32_t)json_integer_at(value, "level"),
		.runs =
		    runs_of(arena, json_object_get(value, "runs"), footnotes),
	};
	if (block->kind == HOSO_BLOCK_TABLE) {
		block->caption = text_of(arena, value, "caption");
		block->columns =
		    columns_of(arena, json_object_get(value, "columns"));
	} else if (block->kind == HOSO_BLOCK_ROW) {
		block->row_kind = row_kind_of(json_text_at(value, "kind"));
		block->cells = cells_of(arena, json_object_get(value, "cells"));
	} else if (block->kind == HOSO_BLOCK_LETTERHEAD) {
		block->letterhead = letterhead_of(arena, value);
	} else if (block->kind == HOSO_BLOCK_FIGURE) {
		block->figure = figure_of(arena, value);
		block->counted = counted_of(arena, value);
	} else if (block->kind == HOSO_BLOCK_SIGNATURE) {
		block->signature = signature_of(arena, value);
	}
	return 0;
}
