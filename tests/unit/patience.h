/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_PATIENCE_H
#define TESTS_UNIT_PATIENCE_H

#include <stdlib.h>

/*
 * How long a test waits for what must come, in milliseconds: `ms`, times
 * HOSO_PATIENCE where a whole number from 1 to 100 stands there.  Sanitizers
 * and valgrind make everything slower; what a test proves stays the same.
 */
static inline unsigned
patience_ms(unsigned ms)
{
	const char *text = getenv("HOSO_PATIENCE");
	unsigned long times = text != NULL ? strtoul(text, NULL, 10) : 1;

	return ms * (unsigned)(times < 1 ? 1 : times > 100 ? 100 : times);
}

#endif
