/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_LINEAGE_MODEL_H
#define TESTS_UNIT_LINEAGE_MODEL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Units, events and dossiers as arrays, without any index, and the definitions
 * of lineage.h and retrieval.h word for word as recursions over them.  Units
 * are numbers; days are counted from 2000-01-01.
 */

#define MODEL_UNITS    20u
#define MODEL_EVENTS   8u
#define MODEL_DOSSIERS 16u
#define MODEL_PARENTS  4u
#define MODEL_DAYS     14 /* few, so that days meet */
#define MODEL_TODAY    (MODEL_DAYS + 5)
#define MODEL_EVER     (-1000) /* no first day */
#define MODEL_STILL    1000    /* no last day */

struct model_stay {
	int parent;
	int from;
	int to;
};

struct model_unit {
	int level; /* 0 province, 1 district, 2 commune, 3 cluster */
	int from;
	int to;
	struct model_stay adm[MODEL_PARENTS];
	size_t adm_count;
	struct model_stay member; /* parent -1: none */
};

struct model_event {
	int date;
	bool is_from[MODEL_UNITS];
	bool is_to[MODEL_UNITS];
};

struct model_dossier {
	int unit;
	int date;
};

struct model {
	struct model_unit units[MODEL_UNITS];
	int unit_count;
	struct model_event events[MODEL_EVENTS];
	size_t event_count;
	struct model_dossier dossiers[MODEL_DOSSIERS];
	size_t dossier_count;
};

bool model_stands(const struct model_unit *, int day);

/* Has it an adm parent that stands on the day?  That one, or -1. */
int model_parent_of(const struct model *, int unit, int day);

/* Is it filed under the unit: the same, or below it on that day? */
bool model_is_under(const struct model *, int unit, int above, int day);

/* Is the dossier one of the unit as it went on from the day? */
bool model_is_forward(const struct model *, int unit, int day,
    const struct model_dossier *);

/* Is it one of the unit as it came to the day? */
bool model_is_backward(const struct model *, int unit, int day,
    const struct model_dossier *);

/* Sets those of `heirs`, MODEL_UNITS of them, that the unit has today. */
void model_add_heirs(const struct model *, int unit, bool *heirs);

#endif
