/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_LEAF_TALLY_H
#define CORE_LEAF_TALLY_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A sum over pairs of a revision and the leaf that tells of it, in whatever
 * order they come.  Two lists with the same sum are the same list, unless
 * somebody made them for it: so that every row names its leaf is known
 * without sorting either.
 */
struct leaf_tally {
	uint64_t count;
	uint64_t sums[2];
};

/* A revision by its kind, id and number. */
void leaf_tally_add(struct leaf_tally *tally, uint8_t kind, struct bytes id,
    uint64_t rev, uint64_t leaf);
/* All that a leaf's canonical event tells of; what it tells badly is not. */
void leaf_tally_event(struct leaf_tally *tally, struct bytes event,
    uint64_t leaf);
void leaf_tally_join(struct leaf_tally *tally, const struct leaf_tally *other);
bool leaf_tally_is_same(const struct leaf_tally *a, const struct leaf_tally *b);

#endif
