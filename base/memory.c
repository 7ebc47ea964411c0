/* SPDX-License-Identifier: Apache-2.0 */

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
xzalloc(size_t size)
{
	void *memory = calloc(1, size > 0 ? size : 1);

	if (memory == NULL) {
		fprintf(stderr, "out of memory: %zu bytes\n", size);
		abort();
	}
	return memory;
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
