/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A document as one HTML page that needs nothing else: the style stands in
 * its head, and it prints on A4 in the layout of 30/2020/NĐ-CP.  Blocks are
 * written as they come; what has been opened (a list, a table, the addressees)
 * is closed by the first block that does not belong to it.
 */

#include "hoso/plugin.h"

#include <string.h>

#define NOTES_MAX 1000u

struct page {
	bool begun;
	const char *open; /* the end tag that is owed, or NULL */
	enum hoso_block_kind open_kind;
	const struct hoso_column *const *columns; /* of the open table */
	enum hoso_align aligns[64];
	size_t column_count;
	const char *notes[NOTES_MAX];
	size_t note_count;
};

static const char head[] =
    "<!doctype html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\">"
    "<style>\n"
    "@page{size:A4;margin:20mm 15mm 20mm 30mm}\n"
    "body{font:14pt/1.3 'Times New Roman',serif;max-width:165mm;"
    "margin:1em auto;padding:0 1em;text-align:justify}\n"
    "p{margin:0 0 6pt;text-indent:10mm}\n"
    "h1,h2,h3,h4{font-size:14pt;margin:6pt 0}\n"
    "h3,h4{font-style:italic}h4{font-weight:normal}\n"
    ".letterhead{display:flex;font-size:13pt;text-align:center;"
    "margin-bottom:12pt}\n"
    ".letterhead>div:first-child{flex:2}.letterhead>div:last-child{flex:3}\n"
    ".letterhead p,.title p,.signature p,.addressee p{text-indent:0;margin:0}\n"
    ".rule{display:inline-block;border-bottom:1px solid;padding-bottom:2pt}\n"
    ".title{text-align:center;font-weight:bold;margin:12pt 0}\n"
    "table{border-collapse:collapse;width:100%;margin:6pt 0;font-size:13pt}\n"
    "th,td{border:1px solid;padding:2pt 4pt;vertical-align:top}\n"
    "th{text-align:center}td.l{text-align:left}td.c{text-align:center}"
    "td.r{text-align:right}tr.total td{font-weight:bold}\n"
    "caption{font-style:italic}\n"
    ".figure{margin:3pt 0 3pt 10mm}.figure .differs{font-weight:bold}\n"
    ".signature{display:flex;margin-top:12pt}"
    ".signature>div{flex:1}.signature .by{text-align:center;"
    "font-weight:bold}\n"
    ".recipients{font-size:11pt;text-align:left}"
    ".recipients b{font-size:12pt;font-style:italic}\n"
    ".notes{font-size:11pt;border-top:1px solid;margin-top:18pt}\n"
    ".break{break-after:page}\n"
    "</style>\n";

/* Text with what HTML would misread replaced; line breaks as they are. */
static void
put(struct hoso_call *call, const char *text)
{
	static const struct {
		char letter;
		const char *entity;
	} entities[] = {
		{ '&', "&amp;" },
		{ '<', "&lt;" },
		{ '>', "&gt;" },
		{ '"', "&quot;" },
		{ '\n', "<br>" },
	};

	const char *plain = text;

	for (; *text != '\0'; text++) {
		for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]);
		     i++) {
			if (*text == entities[i].letter) {
				call->host->output(call, plain,
				    (size_t)(text - plain));
				call->host->print(call, "%s",
				    entities[i].entity);
				plain = text + 1;
			}
		}
	}
	call->host->output(call, plain, (size_t)(text - plain));
}

static void
put_raw(struct hoso_call *call, const char *text)
{
	call->host->output(call, text, strlen(text));
}

static void
put_note_mark(struct hoso_call *call, struct page *page,
    const struct hoso_run *run)
{
	call->host->print(call, "<sup id=\"m%u\"><a href=\"#n%u\">%u</a></sup>",
	    run->footnote, run->footnote, run->footnote);
	if (page->note_count < NOTES_MAX) {
		page->notes[page->note_count++] =
		    call->host->format(call, "%s", run->text);
	}
}

static void
put_runs(struct hoso_call *call, struct page *page,
    const struct hoso_run *const *runs)
{
	for (; *runs != NULL; runs++) {
		const struct hoso_run *run = *runs;

		if (run->footnote > 0) {
			put_note_mark(call, page, run);
			continue;
		}
		put_raw(call, (run->style & HOSO_BOLD) != 0 ? "<b>" : "");
		put_raw(call, (run->style & HOSO_ITALIC) != 0 ? "<i>" : "");
		put(call, run->text);
		put_raw(call, (run->style & HOSO_ITALIC) != 0 ? "</i>" : "");
		put_raw(call, (run->style & HOSO_BOLD) != 0 ? "</b>" : "");
	}
}

static void
close_open(struct hoso_call *call, struct page *page)
{
	if (page->open != NULL) {
		put_raw(call, page->open);
		page->open = NULL;
	}
}

static void
begin(struct hoso_call *call, struct page *page, const struct hoso_block *block)
{
	if (page->begun) {
		return;
	}
	page->begun = true;
	put_raw(call, head);
	put_raw(call, "<title>");
	put(call, block->kind == HOSO_BLOCK_TITLE && block->runs[0] != NULL
	              ? block->runs[0]->text
	              : "Văn bản");
	put_raw(call, "</title></head><body>\n");
}

static void
put_lines(struct hoso_call *call, const char *before, const char *text,
    const char *after)
{
	put_raw(call, before);
	put(call, text);
	put_raw(call, after);
}

static void
put_letterhead(struct hoso_call *call, const struct hoso_letterhead *head_of)
{
	put_raw(call, "<div class=\"letterhead\"><div>");
	if (head_of->superior != NULL) {
		put_lines(call, "<p>", head_of->superior, "</p>");
	}
	put_lines(call, "<p><b class=\"rule\">", head_of->issuer, "</b></p>");
	if (head_of->reference != NULL) {
		put_lines(call, "<p>Số: ", head_of->reference, "</p>");
	}
	put_raw(call,
	    "</div><div><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b></p>"
	    "<p><b class=\"rule\">Độc lập - Tự do - Hạnh phúc</b></p>");
	if (head_of->date != NULL) {
		put_raw(call, "<p><i>");
		if (head_of->place != NULL) {
			put_lines(call, "", head_of->place, ", ");
		}
		put_lines(call, "", call->host->day_text(call, head_of->date),
		    "</i></p>");
	}
	put_raw(call, "</div></div>\n");
}

/* "báo cáo ghi 62,08%", "báo cáo ghi 05 tập thể" */
static void
put_number(struct hoso_call *call, const char *before, int64_t value,
    const struct hoso_figure *figure)
{
	const char *unit = figure->unit != NULL ? figure->unit : "";

	put_lines(call, before, "", "<b>");
	put_raw(call, call->host->number_text(call, value, figure->scale));
	put_raw(call, unit[0] == '%' ? "" : " ");
	put_lines(call, "", unit, "</b>");
}

static void
put_figure(struct hoso_call *call, const struct hoso_figure *figure)
{
	put_lines(call, "<p class=\"figure\">", figure->label, ": ");
	if (figure->has_computed) {
		put_number(call, "tính từ hồ sơ ", figure->computed, figure);
		put_raw(call, "; ");
	}
	if (figure->has_reported) {
		put_number(call, "báo cáo ghi ", figure->reported, figure);
	} else if (figure->words != NULL) {
		put_lines(call, "báo cáo ghi “", figure->words, "”");
	} else {
		put_raw(call, "không có số báo cáo");
	}
	if (figure->has_computed && figure->has_reported &&
	    figure->computed != figure->reported) {
		put_raw(call, "; <span class=\"differs\">");
		put_number(call, "chênh lệch ",
		    figure->reported - figure->computed, figure);
		put_raw(call, "</span>");
	}
	if (figure->source != NULL) {
		put_lines(call, " (", figure->source, ")");
	}
	put_raw(call, "</p>\n");
}

static void
put_signature(struct hoso_call *call, const struct hoso_signature *signature)
{
	put_raw(call, "<div class=\"signature\"><div class=\"recipients\">");
	if (signature->recipients != NULL && *signature->recipients != NULL) {
		put_raw(call, "<p><b>Nơi nhận:</b></p>");
		for (const char *const *name = signature->recipients;
		     *name != NULL; name++) {
			put_lines(call, "<p>- ", *name,
			    name[1] != NULL ? ";</p>" : ".</p>");
		}
	}
	put_lines(call, "</div><div class=\"by\"><p>", signature->authority,
	    "</p><br><br><br>");
	if (signature->name != NULL) {
		put_lines(call, "<p>", signature->name, "</p>");
	}
	put_raw(call, "</div></div>\n");
}

static void
put_table_head(struct hoso_call *call, struct page *page,
    const struct hoso_block *block)
{
	put_raw(call, "<table>");
	if (block->caption != NULL) {
		put_lines(call, "<caption>", block->caption, "</caption>");
	}
	put_raw(call, "<tr>");
	page->column_count = 0;
	for (const struct hoso_column *const *column = block->columns;
	     *column != NULL && page->column_count < 64; column++) {
		page->aligns[page->column_count++] = (*column)->align;
		call->host->print(call, "<th style=\"width:%u.%u%%\">",
		    (*column)->width / 10, (*column)->width % 10);
		put_lines(call, "", (*column)->title, "</th>");
	}
	put_raw(call, "</tr>\n");
}

static void
put_row(struct hoso_call *call, struct page *page,
    const struct hoso_block *block)
{
	static const char classes[] = { 'l', 'c', 'r' };
	size_t column = 0;

	put_raw(call, block->row_kind == HOSO_ROW_TOTAL ? "<tr class=\"total\">"
	                                                : "<tr>");
	for (const struct hoso_cell *const *cell = block->cells; *cell != NULL;
	     cell++) {
		const char *tag =
		    block->row_kind == HOSO_ROW_HEAD ? "th" : "td";
		enum hoso_align align = column < page->column_count
		                            ? page->aligns[column]
		                            : HOSO_LEFT;

		call->host->print(call, "<%s class=\"%c\"", tag,
		    (*cell)->span > 1 ? 'l' : classes[align]);
		if ((*cell)->span > 1) {
			call->host->print(call, " colspan=\"%u\"",
			    (*cell)->span);
		}
		put_lines(call, ">", (*cell)->text, "");
		call->host->print(call, "</%s>", tag);
		column += (*cell)->span;
	}
	put_raw(call, "</tr>\n");
}

/* Entries that follow each other share one frame. */
static void
put_entry(struct hoso_call *call, struct page *page,
    const struct hoso_block *block, const char *first, const char *last)
{
	if (page->open == NULL) {
		put_raw(call, first);
		page->open = last;
		page->open_kind = block->kind;
	}
}

static void
put_framed(struct hoso_call *call, struct page *page,
    const struct hoso_block *block, const char *before, const char *after)
{
	put_raw(call, before);
	put_runs(call, page, block->runs);
	put_raw(call, after);
}

static int
html_block(struct hoso_call *call, const struct hoso_block *block, void *state)
{
	const struct hoso_host *host = call->host;
	struct page *page = state;

	begin(call, page, block);
	if (page->open != NULL && page->open_kind != block->kind) {
		close_open(call, page);
	}
	switch (block->kind) {
	case HOSO_BLOCK_LETTERHEAD:
		put_letterhead(call, block->letterhead);
		break;
	case HOSO_BLOCK_TITLE:
		put_raw(call, "<div class=\"title\">");
		for (size_t i = 0; block->runs[i] != NULL; i++) {
			put_lines(call, "<p>", block->runs[i]->text, "</p>");
		}
		put_raw(call, "</div>\n");
		break;
	case HOSO_BLOCK_ADDRESSEE:
		put_entry(call, page, block,
		    "<div class=\"addressee\"><p>Kính gửi:</p>", "</div>\n");
		put_framed(call, page, block, "<p>- ", "</p>");
		break;
	case HOSO_BLOCK_HEADING:
		host->print(call, "<h%u>", block->level);
		put_framed(call, page, block, "", "");
		host->print(call, "</h%u>\n", block->level);
		break;
	case HOSO_BLOCK_ITEM:
		put_framed(call, page, block,
		    block->level <= 1 ? "<p>- " : "<p class=\"deeper\">+ ",
		    "</p>\n");
		break;
	case HOSO_BLOCK_TABLE:
		put_table_head(call, page, block);
		break;
	case HOSO_BLOCK_ROW:
		put_row(call, page, block);
		break;
	case HOSO_BLOCK_TABLE_END:
		put_raw(call, "</table>\n");
		break;
	case HOSO_BLOCK_FIGURE:
		put_figure(call, block->figure);
		break;
	case HOSO_BLOCK_SIGNATURE:
		put_signature(call, block->signature);
		break;
	case HOSO_BLOCK_PAGE_BREAK:
		put_raw(call, "<div class=\"break\"></div>\n");
		break;
	case HOSO_BLOCK_PARAGRAPH:
	default:
		put_framed(call, page, block, "<p>", "</p>\n");
		break;
	}
	return 0;
}

static int
html_end(struct hoso_call *call, void *state)
{
	struct page *page = state;

	close_open(call, page);
	if (page->note_count > 0) {
		put_raw(call, "<div class=\"notes\">\n");
		for (size_t i = 0; i < page->note_count; i++) {
			call->host->print(call,
			    "<p id=\"n%zu\"><a href=\"#m%zu\">%zu</a> ", i + 1,
			    i + 1, i + 1);
			put_lines(call, "", page->notes[i], "</p>\n");
		}
		put_raw(call, "</div>\n");
	}
	put_raw(call, "</body></html>\n");
	return 0;
}

static int
html_start(struct hoso_call *call, void **state_out)
{
	*state_out = call->host->memory(call, sizeof(struct page));
	return 0;
}

static const struct hoso_format html = {
	.size = sizeof(struct hoso_format),
	.name = "html",
	.media_type = "text/html; charset=utf-8",
	.extension = "html",
	.title = "Trang web (HTML)",
	.block = html_block,
	.end = html_end,
};

static const struct hoso_format *const formats[] = { &html, NULL };

static const struct hoso_translation english[] = {
	{ "Trang web (HTML)", "Web page (HTML)" },
	{ "Xuất văn bản thành một trang HTML, in được trên khổ A4",
	    "Writes one HTML page that prints on A4" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "format-html", .version = "1.0",
    .summary = "Xuất văn bản thành một trang HTML, in được trên khổ A4",
    .english = english, .formats = formats, .start = html_start);
