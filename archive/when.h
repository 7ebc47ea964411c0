/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_WHEN_H
#define ARCHIVE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#define WHEN_TEXT 40u

/* A moment at the office, to the second: "2026-01-31T07:00:00+07:00". */
void when_format(char text[WHEN_TEXT], int64_t at);
/* The other way round; false where the text is not of that form. */
bool when_parse(int64_t *at_out, const char *text);

#define WHEN_WORDS 64u

/* The same for people: "07:00:00 ngày 31/01/2026 (giờ Việt Nam)". */
void when_words(char text[WHEN_WORDS], int64_t at);

#endif
