/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLUGINS_SCORE_TABLE_V1_SHEET_H
#define PLUGINS_SCORE_TABLE_V1_SHEET_H

#include "hoso/plugin.h"

/*
 * A score sheet: units as rows, named values in hundredths as columns, and the
 * order that some of these columns give.  The ranking rules fill it from the
 * scores of a call, add what they compute, and rank.
 */

#define SHEET_TIES 16u

struct sheet_unit {
	const char *id;
	const char *name;
	const char *excluded; /* why it is not ranked, or NULL */
	int64_t *values;      /* by column */
	bool *has;
	int64_t rank;                 /* 0: not ranked */
	const char *ties[SHEET_TIES]; /* how it was parted from its equals */
	size_t tie_count;
};

/* One step of the order; steps follow each other until units differ. */
struct sheet_key {
	size_t column;
	const char *label; /* in a sentence: "điểm cơ bản" */
	bool ascending;    /* the smaller the better */
	bool optional;     /* passed over where one of the equals lacks it */
	bool whole;        /* shown as a whole number, not as points */
	bool quiet;        /* a part of the order, no tie-break: not noted */
};

struct sheet {
	struct hoso_call *call;
	struct sheet_unit *units; /* in the order they came */
	size_t unit_count;
	const char *const *columns;
	size_t column_count;
	size_t *order; /* of unit numbers, best first; after sheet_rank() */
	size_t ranked; /* how many of them are ranked */
	uint32_t decimals;
};

/*
 * Read units, exclusions, ranks of the year before (column "previous") and
 * the scores of every criterion that occurs.  Where several sources scored
 * one criterion, the first of the scheme's source_order counts.  0, or -1
 * after host->fail().
 */
int sheet_read(struct sheet *sheet, struct hoso_call *call);

/* The number of a column; a new one where there is none of this name. */
size_t sheet_column(struct sheet *sheet, const char *name);
void sheet_set(struct sheet *sheet, struct sheet_unit *unit, size_t column,
    int64_t value);
/* 0 where the unit has no such value. */
int64_t sheet_value(struct sheet *sheet, const struct sheet_unit *unit,
    const char *column);
bool sheet_has(struct sheet *sheet, const struct sheet_unit *unit,
    const char *column);

/* Rounded half up to the scheme's decimals. */
int64_t sheet_round(const struct sheet *sheet, int64_t hundredths);
/* "58,0" */
const char *sheet_points(const struct sheet *sheet, int64_t hundredths);

/*
 * Order the units that are not excluded and number them: equal units share a
 * rank, the next is counted on (1-1-3), or not (1-1-2) where the scheme's
 * joint_rank is "dense".
 */
int sheet_rank(struct sheet *sheet, const struct sheet_key *keys, size_t count);

/* Write place, ties and the line of the rank for one unit. */
void sheet_write_place(const struct sheet *sheet,
    const struct sheet_unit *unit);
/* The awards that the scheme's table `awards` proposes for its rank. */
void sheet_write_awards(const struct sheet *sheet,
    const struct sheet_unit *unit);
void sheet_write_rank_reason(const struct sheet *sheet,
    const struct sheet_unit *unit);

#endif
