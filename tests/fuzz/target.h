/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * What a target defines: feed `data` to one parser and abort() where a promise
 * of its header is broken.  Always 0.  The name is libFuzzer's.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A promise that any input must keep. */
#define fuzz_check(promise) \
	((promise) ? (void)0 : fuzz_broken(#promise, __FILE__, __LINE__))

static inline void
fuzz_broken(const char *promise, const char *file, int line)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, promise);
	abort();
}

#endif
