/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLUGINS_DOCX_FRAME_H
#define PLUGINS_DOCX_FRAME_H

#include "plugins/docx/page.h"

/*
 * What stands around the text of an administrative document: letterhead,
 * title, addressees, signature (30/2020/NĐ-CP, Phụ lục I, boxes 1-5, 7, 9).
 */
void frame_add_letterhead(struct text *xml, const struct hoso_letterhead *head);
/* Kind and subject, with the line under them. */
void frame_add_title(struct text *xml, const struct hoso_run *const *runs);
/* One stands behind "Kính gửi:", several on a line each. */
void frame_add_addressees(struct text *xml, const char *const *names,
    size_t count);
void frame_add_signature(struct text *xml,
    const struct hoso_signature *signature);

#endif
