/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RETRIEVAL_PARTS_H
#define CORE_RETRIEVAL_PARTS_H

#include "core/lineage.h"
#include "core/retrieval.h"

/*
 * What a query becomes: units and the days for which what is listed there
 * belongs to the answer.
 */
struct retrieval_parts {
	enum table table;
	struct lineage_part *list; /* in order of unit and day, none touching */
	size_t count;
	size_t room;
};

/* Into parts that are zero; the list lies in the arena. */
int retrieval_parts_find(struct retrieval_parts *parts, const struct core *core,
    struct snapshot *snapshot, struct arena *arena,
    const struct retrieval_query *query, struct fault *fault);

#endif
