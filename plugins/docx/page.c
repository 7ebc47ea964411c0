/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A line under a text is a paragraph of its own with a border above and
 * indents on both sides, because a border is as wide as its paragraph.
 */

#include "plugins/docx/page.h"

#include <string.h>

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

void
page_add_run(struct text *xml, const char *characters, const struct look *look)
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

void
page_add_centred(struct text *xml, const char *characters,
    const struct look *look, unsigned before)
{
	text_add_format(xml,
	    "<w:p><w:pPr><w:spacing w:before=\"%u\"/>"
	    "<w:jc w:val=\"center\"/></w:pPr>",
	    before);
	page_add_run(xml, characters, look);
	text_add(xml, "</w:p>");
}

void
page_add_rule(struct text *xml, unsigned column, unsigned length)
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
unsigned
page_count_letters(const char *text)
{
	unsigned count = 0;

	for (; *text != '\0'; text++) {
		count += ((unsigned char)*text & 0xC0) != 0x80;
	}
	return count;
}

void
page_open_table(struct text *xml, const uint32_t *widths, size_t count,
    bool lines)
{
	static const char *const sides[] = { "top", "left", "bottom", "right",
		"insideH", "insideV" };

	text_add_format(xml,
	    "<w:tbl><w:tblPr><w:tblW w:w=\"%u\" w:type=\"dxa\"/>", PAGE_WIDTH);
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

void
page_open_cell(struct text *xml, uint32_t width, uint32_t span)
{
	text_add_format(xml, "<w:tc><w:tcPr><w:tcW w:w=\"%u\" w:type=\"dxa\"/>",
	    width);
	if (span > 1) {
		text_add_format(xml, "<w:gridSpan w:val=\"%u\"/>", span);
	}
	text_add(xml, "</w:tcPr>");
}
