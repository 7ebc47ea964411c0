/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MERGE_H
#define CORE_MERGE_H

#include "base/date.h"
#include "core/record.h"

/*
 * Many listings (listing.h) read as one, newest first: by day, then by id.
 * A dossier that is listed in several comes up once.
 */
#define PLACE_ID_BYTES 64u

/* Where a row stands in that order. */
struct place {
	date_t date;
	char id[PLACE_ID_BYTES + 1];
};

struct merge;

/* Room for `sources` listings; rows begin below `after` (NULL: at the top). */
struct merge *merge_new(struct snapshot *snapshot, size_t sources,
    const struct place *after);
void merge_free(struct merge *merge);
/* One more listing: TABLE_DOSSIER_OF_UNIT or _UNDER a unit, on these days. */
int merge_add(struct merge *merge, enum table table, const char *unit,
    struct span days, struct fault *fault);

/* The newest row; NULL at the end.  Borrowed until merge_pop(). */
const struct place *merge_top(const struct merge *merge,
    struct bytes *value_out);
/* Leave it, and every other row of the same dossier. */
int merge_pop(struct merge *merge, struct fault *fault);

#endif
