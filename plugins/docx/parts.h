/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLUGINS_DOCX_PARTS_H
#define PLUGINS_DOCX_PARTS_H

#include "plugins/docx/zip.h"

/*
 * Everything in the package but the text itself: types, relationships, styles,
 * the page number, properties.  `body` and `footnotes` are the inner XML of
 * word/document.xml and word/footnotes.xml.
 */
void parts_add_all(struct zip *zip, const struct text *body,
    const struct text *footnotes, const char *title, int64_t now);

#endif
