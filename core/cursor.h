/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CURSOR_H
#define CORE_CURSOR_H

#include "base/arena.h"
#include "core/merge.h"

#include <stdbool.h>

/*
 * Where a page ended, as opaque text for the next one.  `query` is what makes
 * two queries the same but for the page: a cursor is refused by another one,
 * since there it would skip rows.
 */
const char *cursor_format(struct arena *arena, const struct place *last,
    const char *query);
/* False where it is none, or none of this query. */
bool cursor_parse(struct place *last_out, const char *cursor,
    const char *query);

#endif
