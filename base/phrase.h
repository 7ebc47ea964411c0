/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PHRASE_H
#define BASE_PHRASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * What the program says, in Vietnamese: by the English format as it stands in
 * the source.  Code is written and logged in English; people read their own
 * language.  The rows come from data/i18n/vi/ (its README says how they are
 * written); scripts/make-phrases turns them into the table.
 *
 * A Vietnamese format has the conversions of the English one in the same
 * order.  There a word of the program's own may be translated, too:
 *
 *   %#s  the text, or each text of a list "a, b", as its own row has it
 *   %+s  the same with the English behind it, "đã tiếp nhận (received)",
 *        where the reader has to type it
 *
 * A text without a row stays as it is.
 *
 * Thread: any.
 */
struct phrase {
	const char *english;
	const char *vietnamese;
};

/* In order of strcmp(english). */
extern const struct phrase phrase_table[];
extern const size_t phrase_count;

/* The Vietnamese format, or NULL where there is none. */
const char *phrase_find(const char *english);

/* The text in Vietnamese, or itself where it has no row. */
const char *phrase_word(const char *english);

/*
 * Print in Vietnamese; in English where the format has no row.
 *
 * Returns the length that the whole has, as vsnprintf() does.
 */
int phrase_print(char *text, size_t size, const char *english, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
