/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HEIRS_H
#define CORE_HEIRS_H

#include "core/id_set.h"
#include "core/retrieval.h"

/*
 * What a row of a retrieval says of its unit: its name then, and who has its
 * papers today.  Remembers units, since a page shows few of them many times.
 */
struct heirs {
	const struct core *core;
	struct snapshot *snapshot;
	struct arena *arena;
	date_t today;
	struct id_set units;
	struct heirs_of *known; /* by place in units */
	size_t room;
};

void heirs_init(struct heirs *heirs, const struct core *core,
    struct snapshot *snapshot, struct arena *arena, date_t today);
/* Fill unit_name, heirs and now_text of a row that has unit and date. */
int heirs_describe(struct heirs *heirs, struct retrieval_row *row,
    struct fault *fault);

#endif
