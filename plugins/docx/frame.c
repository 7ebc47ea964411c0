/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The lines under motto, issuer and subject have a length that follows from
 * the width of the text over them, which is estimated by its letters.
 */

#include "plugins/docx/frame.h"

#include <string.h>

#define LEFT_WIDTH  3742u /* of the letterhead: 66 mm */
#define RIGHT_WIDTH 5613u /* 99 mm */

/* "Độc lập - Tự do - Hạnh phúc", 14 pt bold: measured in the font. */
#define MOTTO_WIDTH 3560u

enum { CAPITAL_WIDTH = 205, LETTER_WIDTH = 132 }; /* twips, 13-14 pt, mean */

/* The issuer's line has a third to half of its last line's width. */
static unsigned
issuer_rule(const char *issuer)
{
	const char *last = strrchr(issuer, '\n');
	unsigned width = page_count_letters(last != NULL ? last + 1 : issuer) *
	                 CAPITAL_WIDTH;

	if (width > LEFT_WIDTH) {
		width = LEFT_WIDTH;
	}
	return width * 2 / 5;
}

void
frame_add_letterhead(struct text *xml, const struct hoso_letterhead *head)
{
	static const uint32_t widths[] = { LEFT_WIDTH, RIGHT_WIDTH };
	struct hoso_call *call = xml->call;
	const struct hoso_host *host = call->host;

	page_open_table(xml, widths, 2, false);
	text_add(xml, "<w:tr>");
	page_open_cell(xml, LEFT_WIDTH, 1);
	if (head->superior != NULL) {
		page_add_centred(xml, head->superior,
		    &(struct look){ .size = 26 }, 0);
	}
	page_add_centred(xml, head->issuer,
	    &(struct look){ .size = 26, .bold = true }, 0);
	page_add_rule(xml, LEFT_WIDTH, issuer_rule(head->issuer));
	text_add(xml, "</w:tc>");
	page_open_cell(xml, RIGHT_WIDTH, 1);
	page_add_centred(xml, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
	    &(struct look){ .size = 26, .bold = true }, 0);
	page_add_centred(xml, "Độc lập - Tự do - Hạnh phúc",
	    &(struct look){ .size = 28, .bold = true }, 0);
	page_add_rule(xml, RIGHT_WIDTH, MOTTO_WIDTH);
	text_add(xml, "</w:tc></w:tr><w:tr>");
	page_open_cell(xml, LEFT_WIDTH, 1);
	page_add_centred(xml,
	    head->reference != NULL
	        ? host->format(call, "Số: %s%s",
	              head->reference[0] == '/' ? "       " : "",
	              head->reference)
	        : "",
	    &(struct look){ .size = 26 }, 60);
	text_add(xml, "</w:tc>");
	page_open_cell(xml, RIGHT_WIDTH, 1);
	page_add_centred(xml,
	    head->date != NULL ? host->format(call, "%s%s%s",
	                             head->place != NULL ? head->place : "",
	                             head->place != NULL ? ", " : "",
	                             host->day_text(call, head->date))
	                       : "",
	    &(struct look){ .size = 28, .italic = true }, 60);
	text_add(xml, "</w:tc></w:tr></w:tbl>");
}

void
frame_add_title(struct text *xml, const struct hoso_run *const *runs)
{
	const struct look look = { .size = 28, .bold = true };
	unsigned width;

	if (runs[0] == NULL) {
		return;
	}
	page_add_centred(xml, runs[0]->text, &look, 240);
	if (runs[1] == NULL) {
		return;
	}
	page_add_centred(xml, runs[1]->text, &look, 0);
	width = page_count_letters(runs[1]->text) * LETTER_WIDTH;
	page_add_rule(xml, PAGE_WIDTH,
	    (width < PAGE_WIDTH ? width : PAGE_WIDTH) * 2 / 5);
	text_add(xml, "<w:p><w:pPr><w:spacing w:after=\"120\" w:line=\"120\" "
	              "w:lineRule=\"exact\"/></w:pPr></w:p>");
}

void
frame_add_addressees(struct text *xml, const char *const *names, size_t count)
{
	const struct hoso_host *host = xml->call->host;

	if (count == 0) {
		return;
	}
	text_add(xml, "<w:p><w:pPr><w:spacing w:after=\"120\"/>");
	text_add(xml, count == 1 ? "<w:jc w:val=\"center\"/></w:pPr>"
	                         : "<w:ind w:left=\"1134\"/></w:pPr>");
	page_add_run(xml,
	    count == 1 ? host->format(xml->call, "Kính gửi: %s.", names[0])
	               : "Kính gửi:",
	    &(struct look){ 0 });
	text_add(xml, "</w:p>");
	for (size_t i = 0; count > 1 && i < count; i++) {
		text_add(xml,
		    "<w:p><w:pPr><w:ind w:left=\"2268\" w:hanging=\"170\"/>"
		    "</w:pPr>");
		page_add_run(xml,
		    host->format(xml->call, "- %s%s", names[i],
		        i + 1 < count ? ";" : "."),
		    &(struct look){ 0 });
		text_add(xml, "</w:p>");
	}
}

static void
add_recipients(struct text *xml, const char *const *names)
{
	static const char left[] = "<w:p><w:pPr><w:jc w:val=\"left\"/></w:pPr>";

	text_add(xml, left);
	if (names != NULL && *names != NULL) {
		page_add_run(xml, "Nơi nhận:",
		    &(struct look){ .size = 24, .bold = true, .italic = true });
	}
	text_add(xml, "</w:p>");
	for (; names != NULL && *names != NULL; names++) {
		text_add(xml, left);
		page_add_run(xml,
		    xml->call->host->format(xml->call, "- %s%s", *names,
		        names[1] != NULL ? ";" : "."),
		    &(struct look){ .size = 22 });
		text_add(xml, "</w:p>");
	}
}

void
frame_add_signature(struct text *xml, const struct hoso_signature *signature)
{
	static const uint32_t widths[] = { PAGE_WIDTH / 2,
		PAGE_WIDTH - PAGE_WIDTH / 2 };
	const struct look look = { .size = 28, .bold = true };

	text_add(xml, "<w:p><w:pPr><w:keepNext/><w:spacing w:line=\"200\" "
	              "w:lineRule=\"exact\"/></w:pPr></w:p>");
	page_open_table(xml, widths, 2, false);
	text_add(xml, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
	page_open_cell(xml, widths[0], 1);
	add_recipients(xml, signature->recipients);
	text_add(xml, "</w:tc>");
	page_open_cell(xml, widths[1], 1);
	page_add_centred(xml, signature->authority, &look, 0);
	for (int i = 0; i < 4; i++) { /* room for hand and seal */
		page_add_centred(xml, "", &look, 0);
	}
	page_add_centred(xml, signature->name != NULL ? signature->name : "",
	    &look, 0);
	/* A table must not be the last thing before the section's end. */
	text_add(xml,
	    "</w:tc></w:tr></w:tbl><w:p><w:pPr><w:spacing w:line=\"20\" "
	    "w:lineRule=\"exact\"/></w:pPr></w:p>");
}
