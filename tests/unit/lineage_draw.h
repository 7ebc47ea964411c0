/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_LINEAGE_DRAW_H
#define TESTS_UNIT_LINEAGE_DRAW_H

#include "base/arena.h"
#include "tests/unit/lineage_model.h"

#include <stdint.h>

/*
 * Random histories of units: what happens in the model, and the commands by
 * which an office does the same.
 */

#define HISTORY_OPS 48u

/* What a run draws from. */
struct drawing {
	uint64_t seed;       /* not 0, of which nothing is drawn */
	struct arena *arena; /* has the texts; may be another for each batch */
	size_t made_within;  /* units that an event made itself, so far */
};

enum op_kind { OP_NEW, OP_EDIT, OP_EVENT, OP_FILE };

struct op {
	enum op_kind kind;
	unsigned step; /* those of one step are committed together */
	const char *id;
	const char *body; /* OP_FILE: the unit */
	const char *date; /* OP_FILE */
};

struct history {
	struct drawing *drawing;
	unsigned number;
	struct model model; /* when all is done */
	struct op ops[HISTORY_OPS];
	size_t op_count;
	unsigned step;
};

/* One that may have happened; `number` makes its ids unlike those of others
 * in the same store. */
void draw_history(struct history *, struct drawing *, unsigned number);

/* A number of 0 to below - 1. */
int draw(const struct history *, int below);

/* By the arena of its drawing. */
const char *unit_id(const struct history *, int unit);

#endif
