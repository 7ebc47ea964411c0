/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_WHEN_H
#define ARCHIVE_WHEN_H

#include <stdint.h>

#define WHEN_TEXT 40u

/* A moment at the office, to the second: "2026-01-31T07:00:00+07:00". */
void when_format(char text[WHEN_TEXT], int64_t at);

#define WHEN_WORDS 64u

/* The same for people: "07:00:00 ngày 31/01/2026 (giờ Việt Nam)". */
void when_words(char text[WHEN_WORDS], int64_t at);

#endif
