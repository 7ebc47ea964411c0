/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_COVERED_H
#define TESTS_TORTURE_COVERED_H

#include "archive/examine.h"

/*
 * What the signatures of a file stand for, and whether what is said of a
 * changed copy may be said: each claim needs every byte that is under a
 * signature of the original.
 */
enum covered_verdict {
	COVERED_SAME,      /* not a byte is another */
	COVERED_UNCLAIMED, /* nothing is said to hold */
	COVERED_OPEN,      /* only what is under no signature was changed */
	COVERED_RESPELLED, /* what is signed is the same in other bytes */
	COVERED_FALSE,     /* a finding: more is said than holds */
	COVERED_VERDICTS,
};

struct covered;

/*
 * From the original and what was said of it.  Owner: it lives in the arena;
 * file, objects and findings are borrowed for as long.
 */
struct covered *covered_new(struct arena *arena, enum examined kind,
    struct bytes file, const struct findings *said);

/* Signatures and time-stamps that are said to hold. */
size_t covered_claims(const struct findings *said);

/* *why_out says what is wrong where it is COVERED_FALSE. */
enum covered_verdict covered_compare(const struct covered *covered,
    struct bytes file, const struct findings *said, const char **why_out);

#endif
