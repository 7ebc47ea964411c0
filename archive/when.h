/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_WHEN_H
#define ARCHIVE_WHEN_H

#include <stdint.h>

#define WHEN_TEXT 40u

/* A moment at the office, to the second: "2026-01-31T07:00:00+07:00". */
void when_format(char text[WHEN_TEXT], int64_t at);

#endif
