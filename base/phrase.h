/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PHRASE_H
#define BASE_PHRASE_H

#include <stddef.h>

/*
 * What the program says, in Vietnamese: by the English format as it stands in
 * the source.  Code is written and logged in English; people read their own
 * language.
 */
struct phrase {
	const char *english;
	const char *vietnamese; /* the same conversions in the same order */
};

/* In order of strcmp(english); test_phrase holds it. */
extern const struct phrase phrase_table[];
extern const size_t phrase_count;

/* The Vietnamese format, or NULL where there is none.  Thread: any. */
const char *phrase_find(const char *english);

#endif
