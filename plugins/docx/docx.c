/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A document for Word and LibreOffice in the layout of 30/2020/NĐ-CP, Phụ lục
 * I (docs/plugins: docx.md).  Blocks become WordprocessingML as they come; the
 * package is put together at the end.
 *
 * The lines under the motto, the issuer and the subject are paragraphs of
 * their own with a border above and indents on both sides, because a border
 * is as wide as its paragraph.  Their length follows from the width of the
 * text over them, which is estimated by its letters.
 */

#include "plugins/docx/parts.h"

#include <string.h>

#define TEXT_WIDTH  9355u /* twips: 165 mm */
#define LEFT_WIDTH  3742u /* of the letterhead: 66 mm */
#define RIGHT_WIDTH 5613u /* 99 mm */

/* "Độc lập - Tự do - Hạnh phúc", 14 pt bold: measured in the font. */
#define MOTTO_WIDTH 3560u

#define ADDRESSEES_MAX 50u

enum { CAPITAL_WIDTH = 205, LETTER_WIDTH = 132 }; /* twips, 13-14 pt, mean */

struct docx {
	struct text body;
	struct text footnotes;
	const char *title;
	const char *addressees[ADDRESSEES_MAX]; /* not yet written */
	size_t addressee_count;
	uint32_t widths[64]; /* of the open table's columns, twips */
	enum hoso_align aligns[64];
	size_t columns;
};

struct look {
	unsigned size; /* half points; 0: of the paragraph's style */
	bool bold;
	bool italic;
};

/* --- runs and paragraphs ---------------------------------------------------------- */

static void
add_look(struct text *xml, const struct look *look)
{
	if (look->size == 0 && !look->bold && !look->italic) {
		return;
	}
	text_add(xml, "<w:rPr>");
	text_add(xml, look->bold ? "<w:b/>" : "");
	text_add(xml, look->italic ? "<w:i/>" : "");
	if (look->size > 0) {
		text_add_format(xml,
		    "<w:sz w:val=\"%u\"/><w:szCs w:val=\"%u\"/>", look->size,
		    look->size);
	}
	text_add(xml, "</w:rPr>");
}

/* One run; line breaks of the text become breaks. */
static void
add_run(struct text *xml, const char *characters, const struct look *look)
{
	const char *line = characters;

	text_add(xml, "<w:r>");
	add_look(xml, look);
	for (;;) {
		size_t len = strcspn(line, "\n");
		char *copy = xml->call->host->memory(xml->call, len + 1);

		memcpy(copy, line, len);
		text_add(xml, "<w:t xml:space=\"preserve\">");
		text_add_escaped(xml, copy);
		text_add(xml, "</w:t>");
		if (line[len] == '\0') {
			break;
		}
		text_add(xml, "<w:br/>");
		line += len + 1;
	}
	text_add(xml, "</w:r>");
}

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
	add_run(notes, " ", &(struct look){ 0 });
	add_run(notes, run->text, &(struct look){ 0 });
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
		add_run(&docx->body, (*runs)->text,
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

/* One centred paragraph of one look; `before` in twips. */
static void
add_centred(struct text *xml, const char *characters, const struct look *look,
    unsigned before)
{
	text_add_format(xml,
	    "<w:p><w:pPr><w:spacing w:before=\"%u\"/>"
	    "<w:jc w:val=\"center\"/></w:pPr>",
	    before);
	add_run(xml, characters, look);
	text_add(xml, "</w:p>");
}

/* A line of this length in the middle of a column of that width. */
static void
add_rule(struct text *xml, unsigned column, unsigned length)
{
	unsigned side = length < column ? (column - length) / 2 : 0;

	text_add_format(xml,
	    "<w:p><w:pPr><w:pBdr><w:top w:val=\"single\" w:sz=\"6\" "
	    "w:space=\"1\" w:color=\"000000\"/></w:pBdr>"
	    "<w:spacing w:before=\"50\" w:line=\"60\" w:lineRule=\"exact\"/>"
	    "<w:ind w:left=\"%u\" w:right=\"%u\"/></w:pPr></w:p>",
	    side, side);
}

/* Letters of UTF-8 text: bytes that begin one. */
static unsigned
count_letters(const char *text)
{
	unsigned count = 0;

	for (; *text != '\0'; text++) {
		count += ((unsigned char)*text & 0xC0) != 0x80;
	}
	return count;
}

/* --- letterhead, title, foot ---------------------------------------------------------- */

static void
open_table(struct text *xml, const uint32_t *widths, size_t count, bool lines)
{
	static const char *const sides[] = { "top", "left", "bottom", "right",
		"insideH", "insideV" };

	text_add_format(xml,
	    "<w:tbl><w:tblPr><w:tblW w:w=\"%u\" w:type=\"dxa\"/>", TEXT_WIDTH);
	if (lines) {
		text_add(xml, "<w:tblBorders>");
		for (size_t i = 0; i < 6; i++) {
			text_add_format(xml,
			    "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" "
			    "w:color=\"000000\"/>",
			    sides[i]);
		}
		text_add(xml, "</w:tblBorders>");
	}
	text_add_format(xml,
	    "<w:tblLayout w:type=\"fixed\"/><w:tblCellMar>"
	    "<w:left w:w=\"%u\" w:type=\"dxa\"/>"
	    "<w:right w:w=\"%u\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>"
	    "<w:tblGrid>",
	    lines ? 80u : 0u, lines ? 80u : 0u);
	for (size_t i = 0; i < count; i++) {
		text_add_format(xml, "<w:gridCol w:w=\"%u\"/>", widths[i]);
	}
	text_add(xml, "</w:tblGrid>");
}

static void
open_cell(struct text *xml, uint32_t width, uint32_t span)
{
	text_add_format(xml, "<w:tc><w:tcPr><w:tcW w:w=\"%u\" w:type=\"dxa\"/>",
	    width);
	if (span > 1) {
		text_add_format(xml, "<w:gridSpan w:val=\"%u\"/>", span);
	}
	text_add(xml, "</w:tcPr>");
}

/* The issuer's line has a third to half of its last line's width. */
static unsigned
issuer_rule(const char *issuer)
{
	const char *last = strrchr(issuer, '\n');
	unsigned width =
	    count_letters(last != NULL ? last + 1 : issuer) * CAPITAL_WIDTH;

	if (width > LEFT_WIDTH) {
		width = LEFT_WIDTH;
	}
	return width * 2 / 5;
}

static void
add_letterhead(struct docx *docx, const struct hoso_letterhead *head)
{
	static const uint32_t widths[] = { LEFT_WIDTH, RIGHT_WIDTH };
	const struct hoso_host *host = docx->body.call->host;
	struct hoso_call *call = docx->body.call;
	struct text *xml = &docx->body;

	open_table(xml, widths, 2, false);
	text_add(xml, "<w:tr>");
	open_cell(xml, LEFT_WIDTH, 1);
	if (head->superior != NULL) {
		add_centred(xml, head->superior, &(struct look){ .size = 26 },
		    0);
	}
	add_centred(xml, head->issuer,
	    &(struct look){ .size = 26, .bold = true }, 0);
	add_rule(xml, LEFT_WIDTH, issuer_rule(head->issuer));
	text_add(xml, "</w:tc>");
	open_cell(xml, RIGHT_WIDTH, 1);
	add_centred(xml, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
	    &(struct look){ .size = 26, .bold = true }, 0);
	add_centred(xml, "Độc lập - Tự do - Hạnh phúc",
	    &(struct look){ .size = 28, .bold = true }, 0);
	add_rule(xml, RIGHT_WIDTH, MOTTO_WIDTH);
	text_add(xml, "</w:tc></w:tr><w:tr>");
	open_cell(xml, LEFT_WIDTH, 1);
	add_centred(xml,
	    head->reference != NULL
	        ? host->format(call, "Số: %s%s",
	              head->reference[0] == '/' ? "       " : "",
	              head->reference)
	        : "",
	    &(struct look){ .size = 26 }, 60);
	text_add(xml, "</w:tc>");
	open_cell(xml, RIGHT_WIDTH, 1);
	add_centred(xml,
	    head->date != NULL ? host->format(call, "%s%s%s",
	                             head->place != NULL ? head->place : "",
	                             head->place != NULL ? ", " : "",
	                             host->day_text(call, head->date))
	                       : "",
	    &(struct look){ .size = 28, .italic = true }, 60);
	text_add(xml, "</w:tc></w:tr></w:tbl>");
}

static void
add_title(struct docx *docx, const struct hoso_run *const *runs)
{
	struct text *xml = &docx->body;
	const struct look look = { .size = 28, .bold = true };
	unsigned width;

	if (runs[0] == NULL) {
		return;
	}
	docx->title = xml->call->host->format(xml->call, "%s%s%s",
	    runs[0]->text, runs[1] != NULL ? " " : "",
	    runs[1] != NULL ? runs[1]->text : "");
	add_centred(xml, runs[0]->text, &look, 240);
	if (runs[1] == NULL) {
		return;
	}
	add_centred(xml, runs[1]->text, &look, 0);
	width = count_letters(runs[1]->text) * LETTER_WIDTH;
	add_rule(xml, TEXT_WIDTH,
	    (width < TEXT_WIDTH ? width : TEXT_WIDTH) * 2 / 5);
	text_add(xml, "<w:p><w:pPr><w:spacing w:after=\"120\" w:line=\"120\" "
	              "w:lineRule=\"exact\"/></w:pPr></w:p>");
}

static void
keep_addressee(struct docx *docx, const struct hoso_run *const *runs)
{
	struct hoso_call *call = docx->body.call;

	if (runs[0] != NULL && docx->addressee_count < ADDRESSEES_MAX) {
		docx->addressees[docx->addressee_count++] =
		    call->host->format(call, "%s", runs[0]->text);
	}
}

/* One addressee stands behind "Kính gửi:", several on a line each. */
static void
write_addressees(struct docx *docx)
{
	struct text *xml = &docx->body;
	const struct hoso_host *host = xml->call->host;
	size_t count = docx->addressee_count;

	if (count == 0) {
		return;
	}
	text_add(xml, "<w:p><w:pPr><w:spacing w:after=\"120\"/>");
	text_add(xml, count == 1 ? "<w:jc w:val=\"center\"/></w:pPr>"
	                         : "<w:ind w:left=\"1134\"/></w:pPr>");
	add_run(xml,
	    count == 1
	        ? host->format(xml->call, "Kính gửi: %s.", docx->addressees[0])
	        : "Kính gửi:",
	    &(struct look){ 0 });
	text_add(xml, "</w:p>");
	for (size_t i = 0; count > 1 && i < count; i++) {
		text_add(xml,
		    "<w:p><w:pPr><w:ind w:left=\"2268\" w:hanging=\"170\"/>"
		    "</w:pPr>");
		add_run(xml,
		    host->format(xml->call, "- %s%s", docx->addressees[i],
		        i + 1 < count ? ";" : "."),
		    &(struct look){ 0 });
		text_add(xml, "</w:p>");
	}
	docx->addressee_count = 0;
}

static void
add_recipients(struct text *xml, const char *const *names)
{
	static const char left[] = "<w:p><w:pPr><w:jc w:val=\"left\"/></w:pPr>";

	text_add(xml, left);
	if (names != NULL && *names != NULL) {
		add_run(xml, "Nơi nhận:",
		    &(struct look){ .size = 24, .bold = true, .italic = true });
	}
	text_add(xml, "</w:p>");
	for (; names != NULL && *names != NULL; names++) {
		text_add(xml, left);
		add_run(xml,
		    xml->call->host->format(xml->call, "- %s%s", *names,
		        names[1] != NULL ? ";" : "."),
		    &(struct look){ .size = 22 });
		text_add(xml, "</w:p>");
	}
}

static void
add_signature(struct docx *docx, const struct hoso_signature *signature)
{
	static const uint32_t widths[] = { TEXT_WIDTH / 2,
		TEXT_WIDTH - TEXT_WIDTH / 2 };
	const struct look look = { .size = 28, .bold = true };
	struct text *xml = &docx->body;

	text_add(xml, "<w:p><w:pPr><w:keepNext/><w:spacing w:line=\"200\" "
	              "w:lineRule=\"exact\"/></w:pPr></w:p>");
	open_table(xml, widths, 2, false);
	text_add(xml, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
	open_cell(xml, widths[0], 1);
	add_recipients(xml, signature->recipients);
	text_add(xml, "</w:tc>");
	open_cell(xml, widths[1], 1);
	add_centred(xml, signature->authority, &look, 0);
	for (int i = 0; i < 4; i++) { /* room for hand and seal */
		add_centred(xml, "", &look, 0);
	}
	add_centred(xml, signature->name != NULL ? signature->name : "", &look,
	    0);
	/* A table must not be the last thing before the section's end. */
	text_add(xml,
	    "</w:tc></w:tr></w:tbl><w:p><w:pPr><w:spacing w:line=\"20\" "
	    "w:lineRule=\"exact\"/></w:pPr></w:p>");
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
	add_run(xml, characters, &(struct look){ .size = 26, .bold = bold });
	text_add(xml, "</w:p>");
}

static void
add_table_head(struct docx *docx, const struct hoso_block *block)
{
	struct text *xml = &docx->body;
	uint32_t left = TEXT_WIDTH;

	if (block->caption != NULL) {
		text_add(xml,
		    "<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"120\" "
		    "w:after=\"60\"/><w:jc w:val=\"center\"/></w:pPr>");
		add_run(xml, block->caption, &(struct look){ .italic = true });
		text_add(xml, "</w:p>");
	}
	docx->columns = 0;
	while (docx->columns < 64 && block->columns[docx->columns] != NULL) {
		const struct hoso_column *column =
		    block->columns[docx->columns];
		bool last = block->columns[docx->columns + 1] == NULL;
		uint32_t width =
		    last ? left : TEXT_WIDTH * column->width / 1000;

		docx->widths[docx->columns] = width;
		docx->aligns[docx->columns] = column->align;
		left -= width;
		docx->columns++;
	}
	open_table(xml, docx->widths, docx->columns, true);
	text_add(xml, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
	for (size_t i = 0; i < docx->columns; i++) {
		open_cell(xml, docx->widths[i], 1);
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
		open_cell(xml, width, cell->span);
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

/* --- text ------------------------------------------------------------------------------- */

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
	add_run(xml, host->format(call, "- %s: ", figure->label), &plain);
	if (figure->has_computed) {
		add_run(xml, "tính từ hồ sơ ", &plain);
		add_run(xml, number_of(call, figure->computed, figure), &bold);
		add_run(xml, "; ", &plain);
	}
	if (figure->has_reported) {
		add_run(xml, "báo cáo ghi ", &plain);
		add_run(xml, number_of(call, figure->reported, figure), &bold);
	} else if (figure->words != NULL) {
		add_run(xml,
		    host->format(call, "báo cáo ghi “%s”", figure->words),
		    &plain);
	} else {
		add_run(xml, "không có số báo cáo", &plain);
	}
	if (figure->has_computed && figure->has_reported &&
	    figure->computed != figure->reported) {
		add_run(xml,
		    host->format(call, "; chênh lệch %s",
		        number_of(call, figure->reported - figure->computed,
		            figure)),
		    &bold);
	}
	add_run(xml,
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
		add_run(&docx->body, before, &(struct look){ 0 });
	}
	add_runs(docx, runs);
	close_paragraph(docx);
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
		add_letterhead(docx, block->letterhead);
		break;
	case HOSO_BLOCK_TITLE:
		add_title(docx, block->runs);
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
		add_signature(docx, block->signature);
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

HOSO_PLUGIN(.name = "format-docx", .version = "1.0",
    .summary = "Xuất văn bản DOCX theo thể thức Nghị định 30/2020/NĐ-CP",
    .formats = formats, .start = docx_start, .stop = docx_stop);
