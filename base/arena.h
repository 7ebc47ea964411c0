/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/bytes.h"

/*
 * Memory that lives and dies together: what a request builds ends with it.
 *
 * Thread:  one at a time; handed over with its request.
 */
struct arena;

struct arena *arena_new(void);
/* The same, but every byte is wiped before it is freed. */
struct arena *arena_new_secret(void);
void arena_free(struct arena *arena);
/* Run what was deferred and forget everything, keep a first block. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned for any object.  Never NULL (see memory.h). */
void *arena_alloc(struct arena *arena, size_t size);
struct bytes arena_copy(struct arena *arena, struct bytes bytes);
char *arena_text(struct arena *arena, const char *text);
char *arena_text_of(struct arena *arena, struct bytes bytes);
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Call fn(arg) when the arena ends, last deferred first. */
void arena_defer(struct arena *arena, void (*fn)(void *arg), void *arg);

#endif
