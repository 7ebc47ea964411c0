/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The tables of a document as CSV (RFC 4180) for spreadsheets: UTF-8 with a
 * byte order mark, without which Excel takes it for another encoding; CRLF;
 * one empty line between tables.  Numbers are plain, with a decimal point.
 * Text that a spreadsheet would run as a formula gets an apostrophe before
 * it.  A document without tables gives the text of its blocks, one a line.
 */

#include "hoso/plugin.h"

#include <inttypes.h>
#include <string.h>

struct sheet {
	bool tables;  /* some were written */
	bool figures; /* the one of the figures is open */
	char *text;   /* of the blocks outside tables, until a table comes */
	size_t len;
	size_t room;
};

static void
put(struct hoso_call *call, const char *text)
{
	call->host->output(call, text, strlen(text));
}

/* One field, quoted where it must be. */
static void
put_field(struct hoso_call *call, const char *text)
{
	const char *plain = text;
	bool formula = text[0] != '\0' && strchr("=+-@\t", text[0]) != NULL;

	if (!formula && strpbrk(text, "\",\r\n") == NULL) {
		put(call, text);
		return;
	}
	put(call, formula ? "\"'" : "\"");
	for (; *text != '\0'; text++) {
		if (*text == '"') { /* doubled */
			call->host->output(call, plain,
			    (size_t)(text - plain) + 1);
			plain = text;
		}
	}
	call->host->output(call, plain, (size_t)(text - plain));
	put(call, "\"");
}

static void
put_number(struct hoso_call *call, int64_t value, uint32_t scale)
{
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	int digits = 0;

	for (uint32_t rest = scale; rest > 1; rest /= 10) {
		digits++;
	}
	call->host->print(call, "%s%" PRIu64, value < 0 ? "-" : "",
	    size / scale);
	if (digits > 0) {
		call->host->print(call, ".%0*" PRIu64, digits, size % scale);
	}
}

static void
begin_table(struct hoso_call *call, struct sheet *sheet)
{
	put(call, sheet->tables ? "\r\n" : "\xEF\xBB\xBF");
	sheet->tables = true;
}

static void
put_head(struct hoso_call *call, struct sheet *sheet,
    const struct hoso_block *block)
{
	begin_table(call, sheet);
	for (size_t i = 0; block->columns[i] != NULL; i++) {
		put(call, i > 0 ? "," : "");
		put_field(call, block->columns[i]->title);
	}
	put(call, "\r\n");
}

static void
put_row(struct hoso_call *call, const struct hoso_block *block)
{
	for (size_t i = 0; block->cells[i] != NULL; i++) {
		const struct hoso_cell *cell = block->cells[i];

		put(call, i > 0 ? "," : "");
		if (cell->scale > 0) {
			put_number(call, cell->value, cell->scale);
		} else {
			put_field(call, cell->text);
		}
		for (uint32_t n = 1; n < cell->span; n++) {
			put(call, ",");
		}
	}
	put(call, "\r\n");
}

static void
keep(struct hoso_call *call, struct sheet *sheet, const char *text)
{
	size_t len = strlen(text);

	if (sheet->len + len + 1 > sheet->room) {
		size_t room = 2 * (sheet->room + len + 1);
		char *grown = call->host->memory(call, room);

		if (sheet->len > 0) {
			memcpy(grown, sheet->text, sheet->len);
		}
		sheet->text = grown;
		sheet->room = room;
	}
	memcpy(sheet->text + sheet->len, text, len + 1);
	sheet->len += len;
}

/* Text outside tables is kept until it is known whether there are any. */
static void
keep_runs(struct hoso_call *call, struct sheet *sheet,
    const struct hoso_block *block)
{
	if (sheet->tables || block->runs[0] == NULL) {
		return;
	}
	for (size_t i = 0; block->runs[i] != NULL; i++) {
		if (block->runs[i]->footnote == 0) {
			keep(call, sheet, block->runs[i]->text);
			keep(call, sheet,
			    block->kind == HOSO_BLOCK_TITLE ? "\n" : "");
		}
	}
	keep(call, sheet, "\n");
}

/* Figures that follow each other make one table. */
static void
put_figure(struct hoso_call *call, struct sheet *sheet,
    const struct hoso_figure *figure)
{
	if (!sheet->figures) {
		begin_table(call, sheet);
		put(call,
		    "Nội dung,Tính từ hồ sơ,Báo cáo ghi,Chênh lệch,Nguồn\r\n");
		sheet->figures = true;
	}
	put_field(call, figure->label);
	put(call, ",");
	if (figure->has_computed) {
		put_number(call, figure->computed, figure->scale);
	}
	put(call, ",");
	if (figure->has_reported) {
		put_number(call, figure->reported, figure->scale);
	} else if (figure->words != NULL) {
		put_field(call, figure->words);
	}
	put(call, ",");
	if (figure->has_computed && figure->has_reported) {
		put_number(call, figure->reported - figure->computed,
		    figure->scale);
	}
	put(call, ",");
	put_field(call, figure->source != NULL ? figure->source : "");
	put(call, "\r\n");
}

static int
csv_block(struct hoso_call *call, const struct hoso_block *block, void *state)
{
	struct sheet *sheet = state;

	if (block->kind == HOSO_BLOCK_FIGURE) {
		put_figure(call, sheet, block->figure);
		return 0;
	}
	sheet->figures = false;
	if (block->kind == HOSO_BLOCK_TABLE) {
		put_head(call, sheet, block);
	} else if (block->kind == HOSO_BLOCK_ROW) {
		put_row(call, block);
	} else {
		keep_runs(call, sheet, block);
	}
	return 0;
}

static int
csv_end(struct hoso_call *call, void *state)
{
	struct sheet *sheet = state;
	char *line = sheet->text;

	if (sheet->tables || line == NULL) {
		return 0;
	}
	put(call, "\xEF\xBB\xBF");
	for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if (end > line) {
			put_field(call, line);
			put(call, "\r\n");
		}
	}
	return 0;
}

static int
csv_start(struct hoso_call *call, void **state_out)
{
	*state_out = call->host->memory(call, sizeof(struct sheet));
	return 0;
}

static const struct hoso_format csv = {
	.size = sizeof(struct hoso_format),
	.name = "csv",
	.media_type = "text/csv; charset=utf-8",
	.extension = "csv",
	.title = "Bảng số liệu (CSV)",
	.block = csv_block,
	.end = csv_end,
};

static const struct hoso_format *const formats[] = { &csv, NULL };

static const struct hoso_translation english[] = {
	{ "Bảng số liệu (CSV)", "Tables (CSV)" },
	{ "Xuất các bảng của văn bản thành CSV cho bảng tính",
	    "Writes a document's tables as CSV for spreadsheets" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "format-csv", .version = "1.0",
    .summary = "Xuất các bảng của văn bản thành CSV cho bảng tính",
    .english = english, .formats = formats, .start = csv_start);
