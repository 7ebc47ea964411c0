/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_XML_TEXT_H
#define ARCHIVE_XML_TEXT_H

#include "base/arena.h"

#include <stdbool.h>

/*
 * The text that raw bytes of an XML document stand for: character references
 * and the five entities resolved, line ends made newlines, blanks of an
 * attribute made spaces.
 *
 * Owner:   the text lives in the arena; NULL where a reference is malformed
 *          or not known, and words_out says which.
 * Source:  XML 1.0, sections 2.11, 3.3.3, 4.1 and 4.6.
 */
const char *xml_text_resolve(struct arena *arena, struct bytes raw,
    bool is_attribute, const char **words_out);

/* A space, tab or line end. */
bool xml_text_is_blank(uint8_t c);

#endif
