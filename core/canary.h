/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CANARY_H
#define CORE_CANARY_H

#include "base/digest.h"

#include <stdbool.h>

/*
 * A file whose bytes are not what its name says, put there on purpose: who
 * checks all files and does not find it checks nothing.  Everybody else passes
 * it over.
 */
#define CANARY_NAME  "hoso fixity canary"
#define CANARY_BYTES "these are not the bytes that the name is made of\n"

static inline struct sha256
canary_sum(void)
{
	return sha256_of(bytes_of_text(CANARY_NAME));
}

static inline bool
canary_is(struct bytes sum)
{
	struct sha256 canary = canary_sum();

	return bytes_equal(sum, bytes_of(canary.bytes, SHA256_BYTES));
}

#endif
