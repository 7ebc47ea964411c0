/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_PDF_FIND_H
#define TESTS_UNIT_PDF_FIND_H

/* The signatures of a PDF, which stay until all tests of a program are done. */

#include "archive/pdf_signatures.h"

#include "tests/unit/pdf_sample.h"
#include "tests/unit/unit.h"

static struct arena *arena;

static inline int
find_begin(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static inline int
find_finish(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static inline struct pdf_signatures
find(struct bytes bytes)
{
	struct source source = source_of_bytes(&bytes);
	struct pdf_signatures found;
	struct fault fault = { 0 };

	if (pdf_signatures_find(&found, arena, &source, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return found;
}

/* The only one. */
static inline struct pdf_signature
find_one(const struct pdf_sample *sample)
{
	struct pdf_signatures found = find(buf_bytes(&sample->bytes));

	assert_int_equal(found.count, 1);
	return found.list[0];
}

#endif
