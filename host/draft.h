/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_DRAFT_H
#define HOST_DRAFT_H

#include "hoso/plugin.h"

/*
 * The document that a report writes, block by block: the functions of
 * plugin.h from letterhead() to page_break().  A block is sent when the next
 * one begins, as the JSON object that core/blocks.h checks.
 */
void draft_letterhead(struct hoso_call *face,
    const struct hoso_letterhead *letterhead);
void draft_title(struct hoso_call *face, const char *kind, const char *subject);
void draft_addressee(struct hoso_call *face, const char *name);
void draft_heading(struct hoso_call *face, unsigned level, const char *format,
    ...) HOSO_PRINTF(3, 4);
void draft_paragraph(struct hoso_call *face);
void draft_item(struct hoso_call *face, unsigned level);
void draft_run(struct hoso_call *face, unsigned style, const char *format, ...)
    HOSO_PRINTF(3, 4);
void draft_footnote(struct hoso_call *face, const char *format, ...)
    HOSO_PRINTF(2, 3);
void draft_table(struct hoso_call *face, const char *caption);
void draft_column(struct hoso_call *face, const char *title, unsigned width,
    enum hoso_align align);
void draft_row(struct hoso_call *face, enum hoso_row_kind kind);
void draft_cell(struct hoso_call *face, const char *format, ...)
    HOSO_PRINTF(2, 3);
void draft_cell_number(struct hoso_call *face, int64_t value, uint32_t scale);
void draft_cell_wide(struct hoso_call *face, unsigned columns,
    const char *format, ...) HOSO_PRINTF(3, 4);
void draft_figure(struct hoso_call *face, const struct hoso_figure *figure);
/* Of the run, cell or figure that was written last. */
void draft_counted(struct hoso_call *face, const struct hoso_counted *counted);
void draft_signature(struct hoso_call *face,
    const struct hoso_signature *signature);
void draft_page_break(struct hoso_call *face);

/* Send what is still open.  After the report has returned. */
void draft_end(struct hoso_call *face);

#endif
