/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_GLANCE_H
#define BASE_GLANCE_H

#include "base/arena.h"

#include <stdbool.h>

/*
 * A look at members of a canonical JSON object (RFC 8785) that we wrote
 * ourselves, without making a tree of it: to answer one question about bytes
 * that are passed on as they are.  What it does not understand it does not
 * find; whoever needs to know why parses.
 */

/*
 * The values' bytes in one pass, borrowed; NO_BYTES where there is no such
 * member.  `keys` are in order of their bytes.
 */
void glance_members(struct bytes object, const char *const *keys, size_t count,
    struct bytes *values_out);
/* One of them; false where it is not there. */
bool glance_member(struct bytes object, const char *key,
    struct bytes *value_out);
/* The first element of an array's bytes; false where there is none. */
bool glance_first(struct bytes array, struct bytes *value_out);
/*
 * The elements of an array's bytes one after the other; *at is 0 before the
 * first.  False at the end.
 */
bool glance_next(struct bytes array, size_t *at, struct bytes *value_out);
/*
 * Each text in the bytes, at any depth and keys, too, without its quotes; *at
 * is 0 before the first, and behind the text's quote after it.  False at the
 * end.
 */
bool glance_next_text(struct bytes value, size_t *at, struct bytes *text_out);
/* A whole number; false where the value is none. */
bool glance_integer(struct bytes value, int64_t *number_out);
/*
 * A text as it is: NULL where the value is none, or holds an escape (no id,
 * date or word of ours does).
 */
const char *glance_text(struct arena *arena, struct bytes value);
/* The text of a member, or NULL. */
const char *glance_text_at(struct arena *arena, struct bytes object,
    const char *key);

#endif
