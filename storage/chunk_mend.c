/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/chunk_mend.h"

#include "storage/chunk_env.h"
#include "storage/hold.h"

/* Pages, and how often they are in use. */
struct claim {
	uint64_t first;
	uint64_t end;
	unsigned count;
};

static void
count_claim(void *arg, uint64_t first, uint64_t count)
{
	struct claim *claim = arg;

	claim->count += first < claim->end && first + count > claim->first;
}

static bool
is_alone(const struct chunks *chunks, struct bytes stored)
{
	static const unsigned tables[] = { CHUNK_CHUNK, CHUNK_TAIL };
	const struct pages *pages =
	    probe_tree(chunks->probe, CHUNK_CHUNK)->pages;
	struct claim claim = {
		.first = (uint64_t)(stored.data - pages->data) / pages->bytes,
	};

	claim.end = claim.first + page_run_count(pages, stored.len);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		if (tree_each_page(probe_tree(chunks->probe, tables[i]),
		        count_claim, &claim) != 0) {
			return false;
		}
	}
	return claim.count == 1;
}

bool
chunk_may_be_mended(struct chunks *chunks, const struct sha256 *name,
    struct bytes stored)
{
	/* Before the question who reads it: who comes later proves it anew. */
	chunk_doubt(chunks, stored.data);
	return holds_count(chunks->holds, name) <= 1 &&
	       is_alone(chunks, stored);
}
