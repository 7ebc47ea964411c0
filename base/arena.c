/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A list of blocks, the newest first; an allocation is taken from the newest
 * or opens one.  A large one that does not fit gets a block of its own behind
 * the newest, whose rest stays in use.
 */

#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_BYTES  4000u /* with malloc's header less than a page */
#define FORMAT_BYTES 256u  /* nearly all fits, and is formatted once */

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) uint8_t data[];
};

struct deferred {
	struct deferred *next;
	void (*fn)(void *arg);
	void *arg;
};

struct arena {
	struct block *blocks;
	struct deferred *deferred;
	bool secret;
};

static struct block *
block_new(size_t size)
{
	struct block *block = xzalloc(sizeof(*block) + size);

	block->size = size;
	return block;
}

static void
block_free(struct block *block, bool secret)
{
	if (secret) {
		explicit_bzero(block->data, block->used);
	}
	free(block);
}

static void
run_deferred(struct arena *arena)
{
	while (arena->deferred != NULL) {
		struct deferred *deferred = arena->deferred;

		arena->deferred = deferred->next;
		deferred->fn(deferred->arg);
	}
}

struct arena *
arena_new(void)
{
	return xzalloc(sizeof(struct arena));
}

struct arena *
arena_new_secret(void)
{
	struct arena *arena = arena_new();

	arena->secret = true;
	return arena;
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL) {
		return;
	}
	run_deferred(arena);
	while (arena->blocks != NULL) {
		struct block *block = arena->blocks;

		arena->blocks = block->next;
		block_free(block, arena->secret);
	}
	free(arena);
}

void
arena_reset(struct arena *arena)
{
	struct block *kept = NULL;

	run_deferred(arena);
	while (arena->blocks != NULL) {
		struct block *block = arena->blocks;

		arena->blocks = block->next;
		if (kept == NULL && block->size == BLOCK_BYTES) {
			kept = block;
		} else {
			block_free(block, arena->secret);
		}
	}
	if (kept != NULL) {
		explicit_bzero(kept->data, kept->used);
		kept->used = 0;
		kept->next = NULL;
		arena->blocks = kept;
	}
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	size_t align = alignof(max_align_t);
	size_t need = (size + align - 1) / align * align;
	struct block *block = arena->blocks;
	bool fits = block != NULL && block->size - block->used >= need;
	void *place;

	if (!fits && need > BLOCK_BYTES / 4) {
		struct block *own = block_new(need);

		own->used = need;
		if (block != NULL) {
			own->next = block->next;
			block->next = own;
		} else {
			arena->blocks = own;
		}
		return own->data;
	}
	if (!fits) {
		block = block_new(BLOCK_BYTES);
		block->next = arena->blocks;
		arena->blocks = block;
	}
	place = block->data + block->used;
	block->used += need;
	return place;
}

struct bytes
arena_copy(struct arena *arena, struct bytes bytes)
{
	uint8_t *copy = arena_alloc(arena, bytes.len + 1);

	if (bytes.len > 0) {
		memcpy(copy, bytes.data, bytes.len);
	}
	return bytes_of(copy, bytes.len);
}

char *
arena_text_of(struct arena *arena, struct bytes bytes)
{
	char *copy = arena_alloc(arena, bytes.len + 1);

	if (bytes.len > 0) {
		memcpy(copy, bytes.data, bytes.len);
	}
	return copy;
}

char *
arena_text(struct arena *arena, const char *text)
{
	return arena_text_of(arena, bytes_of_text(text));
}

char *
arena_format(struct arena *arena, const char *format, ...)
{
	char few[FORMAT_BYTES];
	va_list args;
	va_list again;
	char *text;
	size_t size;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(few, sizeof(few), format, args);
	va_end(args);
	size = (size_t)(len > 0 ? len : 0) + 1;
	text = arena_alloc(arena, size);
	if (size <= sizeof(few)) {
		memcpy(text, few, len > 0 ? size : 0);
	} else {
		vsnprintf(text, size, format, again);
	}
	va_end(again);
	return text;
}

void
arena_defer(struct arena *arena, void (*fn)(void *arg), void *arg)
{
	struct deferred *deferred = arena_alloc(arena, sizeof(*deferred));

	deferred->fn = fn;
	deferred->arg = arg;
	deferred->next = arena->deferred;
	arena->deferred = deferred;
}
