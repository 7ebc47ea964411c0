/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Small allocations of a size the code chose.  They do not fail: where the
 * system has none left the reserve is given up, and where that is not enough
 * they say so and abort (the store survives that at any instruction).  Memory
 * whose size comes from input goes through buf_*.  Free with free().
 *
 * Thread:  any.
 */
void *xzalloc(size_t size);
void *xmalloc(size_t size); /* the bytes are not cleared, nor by the next */
void *xrealloc(void *memory, size_t size);
char *xstrdup(const char *text);
void *xmemdup(const void *data, size_t len);

/*
 * What was freed goes back to the system.  glibc keeps what is smaller than
 * the largest piece that was ever freed, up to 32 MiB, for each thread.
 * Called at the start of a server.
 */
void memory_begin(void);

/*
 * What a server holds back, so that the moment in which there is no memory
 * ends no process: called at its start and once a second.  True where the
 * reserve had been given up and is there again; to be logged.
 */
bool memory_reserve(void);
/* Give the reserve up.  False where it was given up before. */
bool memory_release(void);
/* There is no memory, and nobody could go on without: the process ends. */
_Noreturn void memory_over(size_t size);

#endif
