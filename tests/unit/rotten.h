/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_ROTTEN_H
#define TESTS_UNIT_ROTTEN_H

#include "tests/unit/scratch.h"

#include <string.h>

#define ROTTEN_PAGE 4096u

/* Damage a page of a file of so many, in one of the ways a disk has. */
static inline void
rotten_page(uint64_t *seed, uint8_t *data, uint64_t count, uint64_t page)
{
	uint8_t *at = data + page * ROTTEN_PAGE;
	size_t place = scratch_draw(seed) % ROTTEN_PAGE;

	switch (scratch_draw(seed) % 5) {
	case 0: /* a bit */
		at[place] ^= (uint8_t)(1u << scratch_draw(seed) % 8);
		break;
	case 1: /* one in the head, where it does most */
		at[place % 64] ^= (uint8_t)(1 + scratch_draw(seed) % 255);
		break;
	case 2: /* a torn page */
		memset(at + place / 512 * 512, 0,
		    ROTTEN_PAGE - place / 512 * 512);
		break;
	case 3: /* some bytes */
		place = place < ROTTEN_PAGE - 32 ? place : ROTTEN_PAGE - 32;
		scratch_fill(seed, at + place, 32);
		break;
	default: /* a page that went to another place */
		memmove(at, data + scratch_draw(seed) % count * ROTTEN_PAGE,
		    ROTTEN_PAGE);
		break;
	}
}

/* Damage some pages of a file. */
static inline void
rotten_damage(uint64_t *seed, uint8_t *data, size_t len, unsigned pages)
{
	const uint64_t count = len / ROTTEN_PAGE;

	for (unsigned i = 0; i < pages; i++) {
		uint64_t page = scratch_draw(seed) % count;

		rotten_page(seed, data, count, page);
	}
}

#endif
