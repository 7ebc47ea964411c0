/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/*
 * Small allocations of a size the code chose.  They do not fail: where the
 * system has none left they say so and abort (the store survives that at any
 * instruction).  Memory whose size comes from input goes through buf_*.
 * Free with free().
 */
void *xzalloc(size_t size);
char *xstrdup(const char *text);
void *xmemdup(const void *data, size_t len);

#endif
