/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stddef.h>

/*
 * What the program says, in Vietnamese: by the English format as it stands in
 * the source.  Code is written and logged in English; people read their own
 * language.
 */
struct words {
	const char *english;
	const char *vietnamese; /* the same conversions in the same order */
};

/* In order of strcmp(english); test_words holds it. */
extern const struct words words_table[];
extern const size_t words_count;

/* The Vietnamese format, or NULL where there is none.  Thread: any. */
const char *words_find(const char *english);

#endif
