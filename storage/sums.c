/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Open addressing with linear probing, at most half full.  A sum is its own
 * hash.  Removing moves the followers of a run back, so that there are no
 * graves to step over.
 */

#include "storage/sums.h"

#include "base/memory.h"
#include "base/wire.h"

#include <stdlib.h>

#define SLOTS_MIN 64u /* a power of two, as every later number of slots */

struct slot {
	struct sha256 sum;
	int64_t number;
	bool used;
};

struct sums {
	struct slot *slots;
	size_t mask; /* number of slots less one */
	size_t count;
};

struct sums *
sums_new(void)
{
	struct sums *sums = xzalloc(sizeof(*sums));

	sums->slots = xzalloc(SLOTS_MIN * sizeof(*sums->slots));
	sums->mask = SLOTS_MIN - 1;
	return sums;
}

void
sums_free(struct sums *sums)
{
	if (sums != NULL) {
		free(sums->slots);
		free(sums);
	}
}

static size_t
home_of(const struct sums *sums, const struct sha256 *sum)
{
	return (size_t)wire_get_u64le(sum->bytes) & sums->mask;
}

/* Where the sum is, or the free slot where it would be. */
static struct slot *
slot_of(const struct sums *sums, const struct sha256 *sum)
{
	size_t i = home_of(sums, sum);

	while (sums->slots[i].used &&
	       memcmp(&sums->slots[i].sum, sum, sizeof(*sum)) != 0) {
		i = (i + 1) & sums->mask;
	}
	return &sums->slots[i];
}

static void
grow(struct sums *sums)
{
	struct slot *old = sums->slots;
	size_t count = sums->mask + 1;

	sums->slots = xzalloc(2 * count * sizeof(*sums->slots));
	sums->mask = 2 * count - 1;
	for (size_t i = 0; i < count; i++) {
		if (old[i].used) {
			*slot_of(sums, &old[i].sum) = old[i];
		}
	}
	free(old);
}

bool
sums_add(struct sums *sums, const struct sha256 *sum, int64_t number)
{
	struct slot *slot = slot_of(sums, sum);

	if (slot->used) {
		return false;
	}
	if (2 * (sums->count + 1) > sums->mask + 1) {
		grow(sums);
		slot = slot_of(sums, sum);
	}
	*slot = (struct slot){ *sum, number, true };
	sums->count++;
	return true;
}

bool
sums_has(const struct sums *sums, const struct sha256 *sum, int64_t *number_out)
{
	const struct slot *slot = slot_of(sums, sum);

	if (slot->used && number_out != NULL) {
		*number_out = slot->number;
	}
	return slot->used;
}

bool
sums_remove(struct sums *sums, const struct sha256 *sum)
{
	struct slot *slot = slot_of(sums, sum);
	size_t hole = (size_t)(slot - sums->slots);

	if (!slot->used) {
		return false;
	}
	for (size_t i = (hole + 1) & sums->mask; sums->slots[i].used;
	     i = (i + 1) & sums->mask) {
		size_t home = home_of(sums, &sums->slots[i].sum);

		/* It may fill the hole unless its home lies behind that. */
		if (((i - home) & sums->mask) >= ((i - hole) & sums->mask)) {
			sums->slots[hole] = sums->slots[i];
			hole = i;
		}
	}
	sums->slots[hole].used = false;
	sums->count--;
	return true;
}

size_t
sums_count(const struct sums *sums)
{
	return sums->count;
}

void
sums_clear(struct sums *sums)
{
	memset(sums->slots, 0, (sums->mask + 1) * sizeof(*sums->slots));
	sums->count = 0;
}
