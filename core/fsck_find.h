/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_FIND_H
#define CORE_FSCK_FIND_H

#include "base/arena.h"
#include "core/fsck.h"

#include <stdarg.h>

/*
 * Telling a damage: its code, where it is, what it is, in the language of say.h;
 * the remedy follows from the code.
 */
struct fsck_find {
	const struct fsck_options *options;
	struct fsck_counts *counts;
};

void fsck_find_tell(const struct fsck_find *find, const char *code,
    const char *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void fsck_find_tell_list(const struct fsck_find *find, const char *code,
    const char *where, const char *format, va_list args)
    __attribute__((format(printf, 4, 0)));

/*
 * A key as people read it: the table's name and its parts by name, as far as
 * they can be read.
 */
const char *fsck_find_key(struct arena *arena, struct bytes key);
/* Is this the key of a table that core/ or storage/ has? */
bool fsck_find_knows(struct bytes key);

#endif
