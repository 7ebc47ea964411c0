/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_ROW_H
#define HOST_ROW_H

#include "base/json.h"
#include "hoso/plugin.h"

/*
 * Named values in the little memory that hundreds of thousands of rows need:
 * jansson takes 2.5 KB for a row of twenty members, this takes 0.6.
 */

/* Names that occur in every row, kept once. */
struct row_names {
	struct arena *arena; /* borrowed */
	const char **names;
	size_t count;
	size_t room;
};

void row_names_init(struct row_names *names, struct arena *arena);
void row_names_fini(struct row_names *names);

/*
 * The text, integer and boolean members of an object; others are left out.
 *
 * Owner:  the row lies in the names' arena.
 */
const struct hoso_row *row_of(struct row_names *names, const json_t *object);

const char *row_text(const struct hoso_row *row, const char *name);
int64_t row_integer(const struct hoso_row *row, const char *name);
bool row_truth(const struct hoso_row *row, const char *name);
bool row_has(const struct hoso_row *row, const char *name);

#endif
