/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A document for Word and LibreOffice in the layout of 30/2020/NĐ-CP, Phụ lục
 * I.  Blocks become WordprocessingML as they come; the package is put
 * together at the end.
 */

#include "plugins/docx/frame.h"
#include "plugins/docx/parts.h"

#include <string.h>

#define ADDRESSEES_MAX 50u
#define COLUMNS_MAX    64u

struct docx {
	struct text body;
	struct text footnotes;
	const char *title;
	const char *addressees[ADDRESSEES_MAX]; /* not yet written */
	size_t addressee_count;
	uint32_t widths[COLUMNS_MAX]; /* of the open table's columns, twips */
	enum hoso_align aligns[COLUMNS_MAX];
	size_t columns;
};

/* --- text ------------------------------------------------------------------------------- */

static void
add_footnote(struct docx *docx, const struct hoso_run *run)
{
	struct text *notes = &docx->footnotes;

	text_add_format(&docx->body,
	    "<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr>"
	    "<w:footnoteReference w:id=\"%u\"/></w:r>",
	    run->footnote);
	text_add_format(notes,
	    "<w:footnote w:id=\"%u\"><w:p><w:pPr>"
	    "<w:pStyle w:val=\"FootnoteText\"/></w:pPr><w:r><w:rPr>"
	    "<w:rStyle w:val=\"FootnoteReference\"/></w:rPr>"
	    "<w:footnoteRef/></w:r>",
	    run->footnote);
	page_add_run(notes, " ", &(struct look){ 0 });
	page_add_run(notes, run->text, &(struct look){ 0 });
	text_add(notes, "</w:p></w:footnote>");
}

static void
add_runs(struct docx *docx, const struct hoso_run *const *runs)
{
	for (; *runs != NULL; runs++) {
		if ((*runs)->footnote > 0) {
			add_footnote(docx, *runs);
			continue;
		}
		page_add_run(&docx->body, (*runs)->text,
		    &(struct look){ .bold = ((*runs)->style & HOSO_BOLD) != 0,
		        .italic = ((*runs)->style & HOSO_ITALIC) != 0 });
	}
}

static void
open_styled(struct docx *docx, const char *style)
{
	text_add_format(&docx->body,
	    "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>", style);
}

static void
close_paragraph(struct docx *docx)
{
	text_add(&docx->body, "</w:p>");
}

static const char *
number_of(struct hoso_call *call, int64_t value,
    const struct hoso_figure *figure)
{
	const struct hoso_host *host = call->host;
	const char *unit = figure->unit != NULL ? figure->unit : "";

	return host->format(call, "%s%s%s",
	    host->number_text(call, value, figure->scale),
	    unit[0] != '\0' && unit[0] != '%' ? " " : "", unit);
}

static void
add_figure(struct docx *docx, const struct hoso_figure *figure)
{
	struct hoso_call *call = docx->body.call;
	const struct hoso_host *host = call->host;
	struct text *xml = &docx->body;
	const struct look plain = { 0 };
	const struct look bold = { .bold = true };

	open_styled(docx, "Body");
	page_add_run(xml, host->format(call, "- %s: ", figure->label), &plain);
	if (figure->has_computed) {
		page_add_run(xml, "tính từ hồ sơ ", &plain);
		page_add_run(xml, number_of(call, figure->computed, figure),
		    &bold);
		page_add_run(xml, "; ", &plain);
	}
	if (figure->has_reported) {
		page_add_run(xml, "báo cáo ghi ", &plain);
		page_add_run(xml, number_of(call, figure->reported, figure),
		    &bold);
	} else if (figure->words != NULL) {
		page_add_run(xml,
		    host->format(call, "báo cáo ghi “%s”", figure->words),
		    &plain);
	} else {
		page_add_run(xml, "không có số báo cáo", &plain);
	}
	if (figure->has_computed && figure->has_reported &&
	    figure->computed != figure->reported) {
		page_add_run(xml,
		    host->format(call, "; chênh lệch %s",
		        number_of(call, figure->reported - figure->computed,
		            figure)),
		    &bold);
	}
	page_add_run(xml,
	    figure->source != NULL
	        ? host->format(call, " (%s).", figure->source)
	        : ".",
	    &plain);
	close_paragraph(docx);
}

static void
add_body(struct docx *docx, const char *style, const char *before,
    const struct hoso_run *const *runs)
{
	open_styled(docx, style);
	if (before[0] != '\0') {
		page_add_run(&docx->body, before, &(struct look){ 0 });
	}
	add_runs(docx, runs);
	close_paragraph(docx);
}

/* --- tables ---------------------------------------------------------------------------- */

static void
add_cell_text(struct text *xml, const char *characters, enum hoso_align align,
    bool bold)
{
	static const char *const words[] = { "left", "center", "right" };

	text_add_format(xml,
	    "<w:p><w:pPr><w:spacing w:before=\"40\" w:after=\"40\"/>"
	    "<w:jc w:val=\"%s\"/></w:pPr>",
	    words[align]);
	page_add_run(xml, characters,
	    &(struct look){ .size = 26, .bold = bold });
	text_add(xml, "</w:p>");
}

static void
add_table_head(struct docx *docx, const struct hoso_block *block)
{
	struct text *xml = &docx->body;
	uint32_t left = PAGE_WIDTH;

	if (block->caption != NULL) {
		text_add(xml,
		    "<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"120\" "
		    "w:after=\"60\"/><w:jc w:val=\"center\"/></w:pPr>");
		page_add_run(xml, block->caption,
		    &(struct look){ .italic = true });
		text_add(xml, "</w:p>");
	}
	docx->columns = 0;
	while (docx->columns < COLUMNS_MAX &&
	       block->columns[docx->columns] != NULL) {
		const struct hoso_column *column =
		    block->columns[docx->columns];
		bool last = block->columns[docx->columns + 1] == NULL;
		uint32_t width =
		    last ? left : PAGE_WIDTH * column->width / 1000;

		docx->widths[docx->columns] = width;
		docx->aligns[docx->columns] = column->align;
		left -= width;
		docx->columns++;
	}
	page_open_table(xml, docx->widths, docx->columns, true);
	text_add(xml, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
	for (size_t i = 0; i < docx->columns; i++) {
		page_open_cell(xml, docx->widths[i], 1);
		add_cell_text(xml, block->columns[i]->title, HOSO_CENTRE, true);
		text_add(xml, "</w:tc>");
	}
	text_add(xml, "</w:tr>");
}

static void
add_row(struct docx *docx, const struct hoso_block *block)
{
	struct text *xml = &docx->body;
	size_t column = 0;

	text_add(xml, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
	for (size_t i = 0; block->cells[i] != NULL; i++) {
		const struct hoso_cell *cell = block->cells[i];
		enum hoso_align align =
		    column < docx->columns && cell->span == 1
		        ? docx->aligns[column]
		        : HOSO_LEFT;
		uint32_t width = 0;

		for (uint32_t n = 0; n < cell->span && column < docx->columns;
		     n++) {
			width += docx->widths[column++];
		}
		page_open_cell(xml, width, cell->span);
		add_cell_text(xml, cell->text, align,
		    block->row_kind != HOSO_ROW_PLAIN);
		text_add(xml, "</w:tc>");
	}
	text_add(xml, "</w:tr>");
}

static void
end_table(struct docx *docx)
{
	text_add(&docx->body, "</w:tbl><w:p><w:pPr><w:spacing w:line=\"160\" "
	                      "w:lineRule=\"exact\"/></w:pPr></w:p>");
}

/* --- the whole ---------------------------------------------------------------------------- */

static void
keep_addressee(struct docx *docx, const struct hoso_run *const *runs)
{
	struct hoso_call *call = docx->body.call;

	if (runs[0] != NULL && docx->addressee_count < ADDRESSEES_MAX) {
		docx->addressees[docx->addressee_count++] =
		    call->host->format(call, "%s", runs[0]->text);
	}
}

static void
write_addressees(struct docx *docx)
{
	frame_add_addressees(&docx->body, docx->addressees,
	    docx->addressee_count);
	docx->addressee_count = 0;
}

/* For the properties of the file. */
static void
keep_title(struct docx *docx, const struct hoso_run *const *runs)
{
	struct hoso_call *call = docx->body.call;

	if (runs[0] != NULL) {
		docx->title = call->host->format(call, "%s%s%s", runs[0]->text,
		    runs[1] != NULL ? " " : "",
		    runs[1] != NULL ? runs[1]->text : "");
	}
}

static int
docx_block(struct hoso_call *call, const struct hoso_block *block, void *state)
{
	static const char *const headings[] = { "Heading1", "Heading2",
		"Heading3", "Heading4" };
	struct docx *docx = state;

	(void)call;
	if (block->kind != HOSO_BLOCK_ADDRESSEE) {
		write_addressees(docx);
	}
	switch (block->kind) {
	case HOSO_BLOCK_LETTERHEAD:
		frame_add_letterhead(&docx->body, block->letterhead);
		break;
	case HOSO_BLOCK_TITLE:
		keep_title(docx, block->runs);
		frame_add_title(&docx->body, block->runs);
		break;
	case HOSO_BLOCK_ADDRESSEE:
		keep_addressee(docx, block->runs);
		break;
	case HOSO_BLOCK_HEADING:
		add_body(docx, headings[(block->level - 1) % 4], "",
		    block->runs);
		break;
	case HOSO_BLOCK_ITEM:
		add_body(docx, "Body", block->level <= 1 ? "- " : "+ ",
		    block->runs);
		break;
	case HOSO_BLOCK_TABLE:
		add_table_head(docx, block);
		break;
	case HOSO_BLOCK_ROW:
		add_row(docx, block);
		break;
	case HOSO_BLOCK_TABLE_END:
		end_table(docx);
		break;
	case HOSO_BLOCK_FIGURE:
		add_figure(docx, block->figure);
		break;
	case HOSO_BLOCK_SIGNATURE:
		frame_add_signature(&docx->body, block->signature);
		break;
	case HOSO_BLOCK_PAGE_BREAK:
		text_add(&docx->body,
		    "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
		break;
	case HOSO_BLOCK_PARAGRAPH:
	default:
		add_body(docx, "Body", "", block->runs);
		break;
	}
	return 0;
}

static int
docx_end(struct hoso_call *call, void *state)
{
	struct docx *docx = state;
	struct zip zip;

	write_addressees(docx);
	zip_init(&zip, call);
	parts_add_all(&zip, &docx->body, &docx->footnotes, docx->title,
	    call->now);
	zip_end(&zip);
	call->host->output(call, zip.file.data, zip.file.len);
	zip_fini(&zip);
	return 0;
}

static int
docx_start(struct hoso_call *call, void **state_out)
{
	struct docx *docx = call->host->memory(call, sizeof(*docx));

	text_init(&docx->body, call);
	text_init(&docx->footnotes, call);
	docx->title = "Văn bản";
	*state_out = docx;
	return 0;
}

static void
docx_stop(void *state)
{
	struct docx *docx = state;

	text_fini(&docx->body);
	text_fini(&docx->footnotes);
}

static const struct hoso_format docx = {
	.size = sizeof(struct hoso_format),
	.name = "docx",
	.media_type = "application/vnd.openxmlformats-officedocument."
	              "wordprocessingml.document",
	.extension = "docx",
	.title = "Word (DOCX)",
	.block = docx_block,
	.end = docx_end,
};

static const struct hoso_format *const formats[] = { &docx, NULL };

static const struct hoso_translation english[] = {
	{ "Word (DOCX)", "Word (DOCX)" },
	{ "Xuất văn bản DOCX theo thể thức Nghị định 30/2020/NĐ-CP",
	    "Writes DOCX in the form of Decree 30/2020/NĐ-CP" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "format-docx", .version = "1.0",
    .summary = "Xuất văn bản DOCX theo thể thức Nghị định 30/2020/NĐ-CP",
    .english = english, .formats = formats, .start = docx_start,
    .stop = docx_stop);
