/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RETRIEVAL_H
#define CORE_RETRIEVAL_H

#include "base/date.h"
#include "core/actor.h"
#include "core/core.h"
#include "core/record.h"

#include <stdbool.h>

/*
 * Dossiers by unit, newest first (by day, then id), in pages.  Cost grows
 * with the rows of the page and the number of units followed, never with the
 * archive.
 *
 *     exact      dossiers of this unit alone
 *     lineage    of what is filed under the unit, what it came from and what
 *                came of it (lineage.h)
 *     territory  of every unit that lay inside it on the day `as_of`,
 *                whatever day the dossier has
 */
enum retrieval_mode {
	RETRIEVAL_LINEAGE, /* the default */
	RETRIEVAL_EXACT,
	RETRIEVAL_TERRITORY,
};

bool retrieval_mode_parse(enum retrieval_mode *mode_out, const char *name);

#define RETRIEVAL_PAGE_MAX 500u

struct retrieval_query {
	enum retrieval_mode mode;
	const char *unit; /* an id, or NULL and ... */
	const char *name; /* ... a name: each unit that had it is followed */
	bool exact_name;  /* with its marks (unit_find_by_name()) */
	date_t as_of;     /* territory */
	const struct span *days; /* of the dossier; NULL any */
	int year;                /* of the decision; 0 any */
	const char *award;       /* code; NULL any, as the rest */
	const char *level;       /* of an award: "state", "province" */
	const char *status;
	const char *kind;

	unsigned limit;     /* rows a page; 0 is 50 */
	const char *cursor; /* where the page before ended, or NULL */
};

/* A unit that has the papers today. */
struct retrieval_heir {
	const char *unit;
	const char *name;  /* "Xã Xốp" */
	const char *place; /* "xã Xốp, tỉnh Quảng Ngãi" */
};

struct retrieval_row {
	const char *id;
	uint64_t rev;
	date_t date;
	const char *unit;
	const char *unit_name;              /* on that date */
	const struct retrieval_heir *heirs; /* today; none: dissolved */
	size_t heir_count;
	/* "nay là xã Xốp, tỉnh Quảng Ngãi", "đã giải thể từ ngày 01/7/2025";
	 * NULL where unit and name are still the same */
	const char *now_text;
	int decision_year; /* 0: undecided */
	const char *title;
	const char *kind;
	const char *status;
	const char *code; /* NULL where it has none */
};

struct retrieval;

/*
 * Owner:   the snapshot and arena are borrowed until retrieval_close(); rows
 *          lie in the arena.
 * Errors:  FAULT_ABSENT no such unit or name, FAULT_INVALID a filter or a
 *          cursor of another query; `field` names the query's parameter.
 */
int retrieval_open(struct retrieval **retrieval_out, const struct core *core,
    struct snapshot *snapshot, struct arena *arena,
    const struct retrieval_query *query, struct fault *fault);
void retrieval_close(struct retrieval *retrieval);
/* 1 and the next row of the page, 0 at its end, -1 failed. */
int retrieval_next(struct retrieval *retrieval, struct retrieval_row *row_out,
    struct fault *fault);
/*
 * May the actor do this with the row's dossier?  1, 0, -1 failed.  The row
 * answers for most; its record is read where who made it is what is left to
 * ask.
 */
int retrieval_may(struct retrieval *retrieval, const struct actor *actor,
    const char *act, const struct retrieval_row *row, struct fault *fault);
/*
 * After the last row: where the next page begins, NULL where there is none.
 * A filter that few rows pass may end a page early, after 20,000 rows looked
 * at: the page is then short, even empty, and the cursor goes on.
 */
int retrieval_cursor(struct retrieval *retrieval, const char **cursor_out,
    struct fault *fault);

#endif
