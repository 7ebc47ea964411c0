/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The form of a block is one function a kind, found by its name; the place of
 * a block is the little state below.  Blocks lie one behind the other in one
 * buffer, and `ends` says where each ends.
 */

#include "core/blocks.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

#define BLOCKS_MAX  200000u
#define COLUMNS_MAX 50u
#define RUNS_MAX    1000u
#define NAMES_MAX   200u

struct blocks {
	struct buf bytes;
	size_t *ends;
	size_t count;
	size_t room;
	size_t columns; /* of the open table; 0: none is open */
	size_t rows;    /* of it, so far */
	size_t rows_max;
};

struct blocks *
blocks_new(size_t max_bytes)
{
	struct blocks *blocks = xzalloc(sizeof(*blocks));

	buf_init(&blocks->bytes, max_bytes);
	blocks->rows_max = SIZE_MAX;
	return blocks;
}

void
blocks_keep_rows(struct blocks *blocks, size_t rows)
{
	blocks->rows_max = rows;
}

size_t
blocks_rows_max(const struct blocks *blocks)
{
	return blocks->rows_max;
}

void
blocks_free(struct blocks *blocks)
{
	if (blocks != NULL) {
		buf_fini(&blocks->bytes);
		free(blocks->ends);
		free(blocks);
	}
}

/* Control characters have no place in most formats; line breaks do. */
static void
check_letters(struct json_reader *reader, const char *key, const char *text)
{
	for (const char *c = text; c != NULL && *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 && *c != '\n') {
			json_reader_refuse(reader, key,
			    "holds a control character");
			return;
		}
	}
	if (text != NULL && (strstr(text, "\xEF\xBF\xBE") != NULL ||
	                        strstr(text, "\xEF\xBF\xBF") != NULL)) {
		json_reader_refuse(reader, key, "holds a non-character");
	}
}

static const char *
read_text(struct json_reader *reader, const char *key, bool required)
{
	const char *text = json_reader_text(reader, key, required);

	check_letters(reader, key, text);
	return text;
}

static bool
is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; word != NULL && i < count; i++) {
		if (strcmp(word, words[i]) == 0) {
			return true;
		}
	}
	return false;
}

static void
read_word(struct json_reader *reader, const char *key, const char *const *words,
    size_t count)
{
	const char *word = json_reader_text(reader, key, true);

	if (!reader->failed && !is_one_of(word, words, count)) {
		json_reader_refuse(reader, key, "is not known: %s", word);
	}
}

static int64_t
read_scale(struct json_reader *reader)
{
	int64_t scale = json_reader_integer(reader, "scale", 1, 1, 1000);

	if (scale != 1 && scale != 10 && scale != 100 && scale != 1000) {
		json_reader_refuse(reader, "scale",
		    "must be 1, 10, 100 or 1000");
	}
	return scale;
}

/* Read each object of a list by `read`; at most max of them. */
static void
read_list(struct json_reader *reader, const char *key, size_t max,
    bool required, void (*read)(struct json_reader *reader))
{
	const json_t *list = json_reader_array(reader, key, required);
	const json_t *value;
	size_t i;

	if (json_array_size(list) > max) {
		json_reader_refuse(reader, key, "has more than %zu entries",
		    max);
		return;
	}
	json_array_foreach(list, i, value)
	{
		struct json_reader inner;
		char place[64];

		snprintf(place, sizeof(place), "%s/%s/%zu", reader->place, key,
		    i);
		json_reader_init(&inner, value, place, reader->fault);
		if (!inner.failed) {
			read(&inner);
		}
		if (inner.failed || json_reader_end(&inner) < 0) {
			reader->failed = true;
			return;
		}
	}
}

/* What a number counts: words of a question, all of them texts. */
static void
read_counted(struct json_reader *reader)
{
	static const char *const names[] = { "unit", "from", "to", "award",
		"level", "subject", "attribute" };
	const json_t *value = json_reader_object(reader, "counted", false);
	struct json_reader inner;

	if (value == NULL || reader->failed) {
		return;
	}
	json_reader_init(&inner, value, "/counted", reader->fault);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		read_text(&inner, names[i], false);
	}
	reader->failed = json_reader_end(&inner) < 0;
}

static void
read_run(struct json_reader *reader)
{
	const json_t *text = json_reader_any(reader, "text");

	if (!reader->failed && !json_is_string(text)) {
		json_reader_refuse(reader, "text", "must be a text");
		return;
	}
	check_letters(reader, "text", json_string_value(text));
	json_reader_bool(reader, "bold");
	json_reader_bool(reader, "italic");
	json_reader_bool(reader, "footnote");
	read_counted(reader);
}

static void
read_runs(struct json_reader *reader)
{
	read_list(reader, "runs", RUNS_MAX, false, read_run);
}

static void
read_column(struct json_reader *reader)
{
	static const char *const aligns[] = { "left", "centre", "right" };

	json_reader_any(reader, "title");
	check_letters(reader, "title", json_text_at(reader->object, "title"));
	json_reader_integer(reader, "width", 0, 0, 10000);
	read_word(reader, "align", aligns, 3);
}

static void
read_cell(struct json_reader *reader)
{
	const json_t *text = json_reader_any(reader, "text");

	if (!reader->failed && !json_is_string(text)) {
		json_reader_refuse(reader, "text", "must be a text");
		return;
	}
	check_letters(reader, "text", json_string_value(text));
	json_reader_integer(reader, "span", 1, 1, COLUMNS_MAX);
	json_reader_integer(reader, "value", 0, -JSON_INTEGER_MAX,
	    JSON_INTEGER_MAX);
	if (json_object_get(reader->object, "scale") != NULL) {
		read_scale(reader);
	}
	read_counted(reader);
}

static void
check_letterhead(struct blocks *blocks, struct json_reader *reader)
{
	read_text(reader, "issuer", true);
	read_text(reader, "superior", false);
	read_text(reader, "reference", false);
	read_text(reader, "place", false);
	read_text(reader, "date", false);
	if (blocks->count > 0) {
		json_reader_refuse(reader, "block",
		    "a letterhead stands first");
	}
}

static void
check_runs(struct blocks *blocks, struct json_reader *reader)
{
	(void)blocks;
	read_runs(reader);
}

static void
check_heading(struct blocks *blocks, struct json_reader *reader)
{
	(void)blocks;
	json_reader_integer(reader, "level", 0, 1, 4);
	read_runs(reader);
}

static void
check_item(struct blocks *blocks, struct json_reader *reader)
{
	(void)blocks;
	json_reader_integer(reader, "level", 0, 1, 3);
	read_runs(reader);
}

static void
check_table(struct blocks *blocks, struct json_reader *reader)
{
	read_text(reader, "caption", false);
	read_list(reader, "columns", COLUMNS_MAX, true, read_column);
	blocks->rows = 0;
	blocks->columns =
	    json_array_size(json_object_get(reader->object, "columns"));
	if (blocks->columns == 0) {
		json_reader_refuse(reader, "columns", "must not be empty");
	}
}

static void
check_row(struct blocks *blocks, struct json_reader *reader)
{
	static const char *const kinds[] = { "plain", "head", "total" };
	const json_t *cell;
	int64_t span = 0;
	size_t i;

	blocks->rows++;
	read_word(reader, "kind", kinds, 3);
	read_list(reader, "cells", COLUMNS_MAX, true, read_cell);
	json_array_foreach(json_object_get(reader->object, "cells"), i, cell)
	{
		int64_t own = json_integer_at(cell, "span");

		span += own > 0 ? own : 1;
	}
	if (span != (int64_t)blocks->columns) {
		json_reader_refuse(reader, "cells",
		    "fill %lld of the table's %zu columns", (long long)span,
		    blocks->columns);
	}
}

static void
check_table_end(struct blocks *blocks, struct json_reader *reader)
{
	(void)reader;
	blocks->columns = 0;
}

static void
check_figure(struct blocks *blocks, struct json_reader *reader)
{
	(void)blocks;
	read_text(reader, "label", true);
	read_text(reader, "measure", false);
	read_text(reader, "unit", false);
	read_text(reader, "words", false);
	read_text(reader, "source", false);
	read_text(reader, "quote", false);
	json_reader_integer(reader, "computed", 0, -JSON_INTEGER_MAX / 2,
	    JSON_INTEGER_MAX / 2);
	json_reader_integer(reader, "reported", 0, -JSON_INTEGER_MAX / 2,
	    JSON_INTEGER_MAX / 2);
	read_scale(reader);
	read_counted(reader);
}

static void
check_signature(struct blocks *blocks, struct json_reader *reader)
{
	const json_t *list = json_reader_array(reader, "recipients", false);
	const json_t *name;
	size_t i;

	(void)blocks;
	read_text(reader, "authority", true);
	read_text(reader, "name", false);
	if (json_array_size(list) > NAMES_MAX) {
		json_reader_refuse(reader, "recipients",
		    "has more than %u entries", NAMES_MAX);
	}
	json_array_foreach(list, i, name)
	{
		if (!json_is_string(name)) {
			json_reader_refuse(reader, "recipients",
			    "must be texts");
		}
		check_letters(reader, "recipients", json_string_value(name));
	}
}

static void
check_nothing(struct blocks *blocks, struct json_reader *reader)
{
	(void)blocks;
	(void)reader;
}

static const struct {
	const char *name;
	void (*check)(struct blocks *blocks, struct json_reader *reader);
	bool in_table; /* stands in a table; all others do not */
} kinds[] = {
	{ "letterhead", check_letterhead, false },
	{ "title", check_runs, false },
	{ "addressee", check_runs, false },
	{ "heading", check_heading, false },
	{ "paragraph", check_runs, false },
	{ "item", check_item, false },
	{ "table", check_table, false },
	{ "row", check_row, true },
	{ "table_end", check_table_end, true },
	{ "figure", check_figure, false },
	{ "signature", check_signature, false },
	{ "page_break", check_nothing, false },
};

static int
check_block(struct blocks *blocks, const json_t *value, struct fault *fault)
{
	struct json_reader reader;
	const char *name;
	size_t i = 0;

	json_reader_init(&reader, value, "", fault);
	name = json_reader_text(&reader, "block", true);
	if (reader.failed) {
		return -1;
	}
	while (i < sizeof(kinds) / sizeof(kinds[0]) &&
	       strcmp(kinds[i].name, name) != 0) {
		i++;
	}
	if (i == sizeof(kinds) / sizeof(kinds[0])) {
		return fault_field(fault, "/block", "is not known: %s", name);
	}
	if (kinds[i].in_table != (blocks->columns > 0)) {
		return fault_field(fault, "/block",
		    "a %s cannot stand %s a table", name,
		    kinds[i].in_table ? "outside" : "inside");
	}
	kinds[i].check(blocks, &reader);
	return json_reader_end(&reader);
}

/* A row of a table of which enough is kept, but no total. */
static bool
is_left_out(const struct blocks *blocks, const json_t *value)
{
	return blocks->columns > 0 && blocks->rows > blocks->rows_max &&
	       strcmp(json_text_at(value, "kind"), "total") != 0;
}

int
blocks_add(struct blocks *blocks, struct bytes json, struct fault *fault)
{
	struct arena *arena = arena_new();
	const json_t *value = json_read(arena, json, fault);
	int rc = -1;

	if (blocks->count == BLOCKS_MAX) {
		fault_set(fault, FAULT_LIMIT, "more than %u blocks",
		    BLOCKS_MAX);
		goto out;
	}
	if (value == NULL || check_block(blocks, value, fault) < 0) {
		goto out;
	}
	if (is_left_out(blocks, value)) {
		rc = 0;
		goto out;
	}
	json_write(&blocks->bytes, value);
	if (buf_check(&blocks->bytes, fault) < 0) {
		goto out;
	}
	if (blocks->count == blocks->room) {
		size_t room = blocks->room > 0 ? 2 * blocks->room : 64;
		size_t *ends = xzalloc(room * sizeof(*ends));

		if (blocks->count > 0) {
			memcpy(ends, blocks->ends,
			    blocks->count * sizeof(*ends));
		}
		free(blocks->ends);
		blocks->ends = ends;
		blocks->room = room;
	}
	blocks->ends[blocks->count++] = blocks->bytes.len;
	rc = 0;
out:
	arena_free(arena);
	return rc;
}

int
blocks_end(const struct blocks *blocks, struct fault *fault)
{
	if (blocks->columns > 0) {
		return fault_set(fault, FAULT_INVALID, "a table is not ended");
	}
	if (blocks->count == 0) {
		return fault_set(fault, FAULT_INVALID, "the document is empty");
	}
	return 0;
}

size_t
blocks_count(const struct blocks *blocks)
{
	return blocks->count;
}

struct bytes
blocks_at(const struct blocks *blocks, size_t index)
{
	size_t from = index > 0 ? blocks->ends[index - 1] : 0;

	assert(index < blocks->count);
	return bytes_of(blocks->bytes.data + from, blocks->ends[index] - from);
}
