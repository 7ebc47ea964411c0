/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A document for programs: one object with the list of its blocks, as they
 * are.  Keys that say nothing (NULL, 0) are left out; numbers of cells and
 * figures stay numbers with their scale.
 */

#include "hoso/plugin.h"

#include <inttypes.h>
#include <string.h>

struct list {
	bool begun;
};

static void
put(struct hoso_call *call, const char *text)
{
	call->host->output(call, text, strlen(text));
}

/* A string of RFC 8259: quotes, backslashes and controls escaped. */
static void
put_string(struct hoso_call *call, const char *text)
{
	const char *plain = text;

	put(call, "\"");
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c != '"' && c != '\\') {
			continue;
		}
		call->host->output(call, plain, (size_t)(text - plain));
		if (c == '\n') {
			put(call, "\\n");
		} else {
			call->host->print(call, c < 0x20 ? "\\u%04x" : "\\%c",
			    c);
		}
		plain = text + 1;
	}
	call->host->output(call, plain, (size_t)(text - plain));
	put(call, "\"");
}

static void
member(struct hoso_call *call, const char *name, const char *text)
{
	if (text != NULL) {
		call->host->print(call, ",\"%s\":", name);
		put_string(call, text);
	}
}

static void
number(struct hoso_call *call, const char *name, int64_t value)
{
	call->host->print(call, ",\"%s\":%" PRId64, name, value);
}

/* What a number counts. */
static void
put_counted(struct hoso_call *call, const struct hoso_counted *counted)
{
	const struct {
		const char *name;
		const char *text;
	} words[] = { { "unit", counted->unit }, { "from", counted->from },
		{ "to", counted->to }, { "award", counted->award },
		{ "level", counted->level }, { "subject", counted->subject },
		{ "attribute", counted->attribute } };

	const char *before = "";

	put(call, ",\"counted\":{");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].text != NULL) {
			call->host->print(call, "%s\"%s\":", before,
			    words[i].name);
			put_string(call, words[i].text);
			before = ",";
		}
	}
	put(call, "}");
}

static void
put_runs(struct hoso_call *call, const struct hoso_run *const *runs)
{
	put(call, ",\"runs\":[");
	for (size_t i = 0; runs[i] != NULL; i++) {
		put(call, i > 0 ? ",{\"text\":" : "{\"text\":");
		put_string(call, runs[i]->text);
		put(call,
		    (runs[i]->style & HOSO_BOLD) != 0 ? ",\"bold\":true" : "");
		put(call, (runs[i]->style & HOSO_ITALIC) != 0
		              ? ",\"italic\":true"
		              : "");
		if (runs[i]->footnote > 0) {
			number(call, "footnote", runs[i]->footnote);
		}
		if (runs[i]->counted != NULL) {
			put_counted(call, runs[i]->counted);
		}
		put(call, "}");
	}
	put(call, "]");
}

static void
put_columns(struct hoso_call *call, const struct hoso_column *const *columns)
{
	static const char *const aligns[] = { "left", "centre", "right" };

	put(call, ",\"columns\":[");
	for (size_t i = 0; columns[i] != NULL; i++) {
		put(call, i > 0 ? ",{\"title\":" : "{\"title\":");
		put_string(call, columns[i]->title);
		number(call, "width", columns[i]->width);
		member(call, "align", aligns[columns[i]->align]);
		put(call, "}");
	}
	put(call, "]");
}

static void
put_cells(struct hoso_call *call, const struct hoso_cell *const *cells)
{
	put(call, ",\"cells\":[");
	for (size_t i = 0; cells[i] != NULL; i++) {
		put(call, i > 0 ? ",{\"text\":" : "{\"text\":");
		put_string(call, cells[i]->text);
		if (cells[i]->scale > 0) {
			number(call, "value", cells[i]->value);
			number(call, "scale", cells[i]->scale);
		}
		if (cells[i]->span > 1) {
			number(call, "span", cells[i]->span);
		}
		if (cells[i]->counted != NULL) {
			put_counted(call, cells[i]->counted);
		}
		put(call, "}");
	}
	put(call, "]");
}

static void
put_letterhead(struct hoso_call *call, const struct hoso_letterhead *head)
{
	member(call, "superior", head->superior);
	member(call, "issuer", head->issuer);
	member(call, "reference", head->reference);
	member(call, "place", head->place);
	member(call, "date", head->date);
}

static void
put_figure(struct hoso_call *call, const struct hoso_figure *figure)
{
	member(call, "label", figure->label);
	member(call, "measure", figure->measure);
	member(call, "unit", figure->unit);
	number(call, "scale", figure->scale);
	if (figure->has_computed) {
		number(call, "computed", figure->computed);
	}
	if (figure->has_reported) {
		number(call, "reported", figure->reported);
	}
	if (figure->has_computed && figure->has_reported) {
		number(call, "difference", figure->reported - figure->computed);
	}
	member(call, "words", figure->words);
	member(call, "source", figure->source);
	member(call, "quote", figure->quote);
}

static void
put_signature(struct hoso_call *call, const struct hoso_signature *signature)
{
	member(call, "authority", signature->authority);
	member(call, "name", signature->name);
	put(call, ",\"recipients\":[");
	for (size_t i = 0;
	     signature->recipients != NULL && signature->recipients[i] != NULL;
	     i++) {
		put(call, i > 0 ? "," : "");
		put_string(call, signature->recipients[i]);
	}
	put(call, "]");
}

static int
json_block(struct hoso_call *call, const struct hoso_block *block, void *state)
{
	static const char *const names[] = {
		[HOSO_BLOCK_LETTERHEAD] = "letterhead",
		[HOSO_BLOCK_TITLE] = "title",
		[HOSO_BLOCK_ADDRESSEE] = "addressee",
		[HOSO_BLOCK_HEADING] = "heading",
		[HOSO_BLOCK_PARAGRAPH] = "paragraph",
		[HOSO_BLOCK_ITEM] = "item",
		[HOSO_BLOCK_TABLE] = "table",
		[HOSO_BLOCK_ROW] = "row",
		[HOSO_BLOCK_TABLE_END] = "table_end",
		[HOSO_BLOCK_FIGURE] = "figure",
		[HOSO_BLOCK_SIGNATURE] = "signature",
		[HOSO_BLOCK_PAGE_BREAK] = "page_break",
	};
	static const char *const row_kinds[] = { "plain", "head", "total" };
	struct list *list = state;

	put(call,
	    list->begun ? ",\n{\"block\":" : "{\"blocks\":[\n{\"block\":");
	list->begun = true;
	put_string(call, names[block->kind]);
	if (block->level > 0) {
		number(call, "level", block->level);
	}
	if (block->runs[0] != NULL) {
		put_runs(call, block->runs);
	}
	if (block->columns != NULL) {
		member(call, "caption", block->caption);
		put_columns(call, block->columns);
	}
	if (block->cells != NULL) {
		member(call, "kind", row_kinds[block->row_kind]);
		put_cells(call, block->cells);
	}
	if (block->letterhead != NULL) {
		put_letterhead(call, block->letterhead);
	}
	if (block->figure != NULL) {
		put_figure(call, block->figure);
	}
	if (block->counted != NULL) {
		put_counted(call, block->counted);
	}
	if (block->signature != NULL) {
		put_signature(call, block->signature);
	}
	put(call, "}");
	return 0;
}

static int
json_end(struct hoso_call *call, void *state)
{
	struct list *list = state;

	put(call, list->begun ? "\n]}\n" : "{\"blocks\":[]}\n");
	return 0;
}

static int
json_start(struct hoso_call *call, void **state_out)
{
	*state_out = call->host->memory(call, sizeof(struct list));
	return 0;
}

static const struct hoso_format json = {
	.size = sizeof(struct hoso_format),
	.name = "json",
	.media_type = "application/json",
	.extension = "json",
	.title = "Dữ liệu (JSON)",
	.block = json_block,
	.end = json_end,
};

static const struct hoso_format *const formats[] = { &json, NULL };

static const struct hoso_translation english[] = {
	{ "Dữ liệu (JSON)", "Data (JSON)" },
	{ "Xuất văn bản thành dữ liệu JSON cho phần mềm khác",
	    "Writes a document as JSON for other programs" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "format-json", .version = "1.0",
    .summary = "Xuất văn bản thành dữ liệu JSON cho phần mềm khác",
    .english = english, .formats = formats, .start = json_start);
