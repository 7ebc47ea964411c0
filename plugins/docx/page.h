/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLUGINS_DOCX_PAGE_H
#define PLUGINS_DOCX_PAGE_H

#include "plugins/docx/text.h"

/*
 * What paragraphs, runs and tables are made of: the words of
 * WordprocessingML that the frame, the tables and the text share.
 */

#define PAGE_WIDTH 9355u /* of the text, twips: 165 mm */

/* How a run looks. */
struct look {
	unsigned size; /* half points; 0: of the paragraph's style */
	bool bold;
	bool italic;
};

/* One run; line breaks of the text become breaks. */
void page_add_run(struct text *xml, const char *characters,
    const struct look *look);
/* One centred paragraph of one look; `before` in twips. */
void page_add_centred(struct text *xml, const char *characters,
    const struct look *look, unsigned before);
/* A line of this length in the middle of a column of that width. */
void page_add_rule(struct text *xml, unsigned column, unsigned length);

/* A table as wide as the text, with lines or without; its rows follow. */
void page_open_table(struct text *xml, const uint32_t *widths, size_t count,
    bool lines);
void page_open_cell(struct text *xml, uint32_t width, uint32_t span);

/* Letters of UTF-8 text. */
unsigned page_count_letters(const char *text);

#endif
