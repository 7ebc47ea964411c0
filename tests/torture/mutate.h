/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_MUTATE_H
#define TESTS_TORTURE_MUTATE_H

#include "base/buf.h"

/*
 * One to three changes of a file, the same for the same number: some blind,
 * some that know what a PDF, a ZIP or DER looks like.
 */
struct mutate {
	uint64_t state;
	char said[160]; /* what was done, for whoever has to repeat it */
};

struct mutate mutate_of(uint64_t seed, uint64_t number);
/* A number below `below`, which is not 0. */
size_t mutate_pick(struct mutate *mutate, size_t below);

/* `bytes` has room for twice itself and 64 KiB. */
void mutate_file(struct mutate *mutate, struct buf *bytes);

#endif
