/* SPDX-License-Identifier: Apache-2.0 */

#include "base/memory.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Some requests' worth.  Nobody writes to it, so it takes no page. */
#define RESERVE_BYTES (8u << 20)

#define MAPPED_BYTES (1 << 20) /* above it memory is mapped by itself */
/* At the end of a heap: what the pages of an upload take, again and again. */
#define KEPT_BYTES (4 << 20)

static _Atomic(void *) reserve;
static atomic_bool was_reserved;

void
memory_begin(void)
{
	mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
}

bool
memory_release(void)
{
	void *held = atomic_exchange(&reserve, NULL);

	free(held);
	return held != NULL;
}

bool
memory_reserve(void)
{
	void *none = NULL;
	void *held;

	if (atomic_load(&reserve) != NULL) {
		return false;
	}
	held = malloc(RESERVE_BYTES);
	if (held == NULL) {
		return false;
	}
	if (!atomic_compare_exchange_strong(&reserve, &none, held)) {
		free(held);
		return false;
	}
	return atomic_exchange(&was_reserved, true);
}

_Noreturn void
memory_over(size_t size)
{
	fprintf(stderr, "out of memory: %zu bytes\n", size);
	abort();
}

void *
xzalloc(size_t size)
{
	void *memory = calloc(1, size > 0 ? size : 1);

	if (memory == NULL) {
		/* Another thread may have given it up, for us, too. */
		memory_release();
		memory = calloc(1, size > 0 ? size : 1);
	}
	if (memory == NULL) {
		memory_over(size);
	}
	return memory;
}

void *
xrealloc(void *memory, size_t size)
{
	void *more = realloc(memory, size > 0 ? size : 1);

	if (more == NULL) {
		memory_release();
		more = realloc(memory, size > 0 ? size : 1);
	}
	if (more == NULL) {
		memory_over(size);
	}
	return more;
}

void *
xmalloc(size_t size)
{
	return xrealloc(NULL, size);
}

void *
xmemdup(const void *data, size_t len)
{
	void *copy = xzalloc(len);

	if (len > 0) {
		memcpy(copy, data, len);
	}
	return copy;
}

char *
xstrdup(const char *text)
{
	return xmemdup(text, strlen(text) + 1);
}
