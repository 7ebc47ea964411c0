/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MATRIX_H
#define CORE_MATRIX_H

#include "base/json.h"

/*
 * The matrix of data/rules/permissions.json, read once: which role may do
 * which act, within what, on what.  What it does not name is forbidden.
 *
 * Thread:  any; constant after matrix_new().
 */
struct matrix;

enum matrix_scope {
	MATRIX_MINE,    /* what the actor made, or what is about him */
	MATRIX_OWN,     /* of the unit he is bound to, and what it inherited */
	MATRIX_SUBTREE, /* also of everything below it, at any time */
	MATRIX_ALL,
};

struct matrix_row {
	const char *role;
	enum matrix_scope scope;
	const char *const *statuses; /* of a dossier, NULL-ended; NULL: any */
	const char *const *sources;  /* of a score; likewise */
};

struct matrix_act {
	const char *act;
	const struct matrix_row *rows;
	size_t count;
};

/*
 * `acts` and `roles` are the rules' rows, borrowed for the matrix' life.
 *
 * Errors:  FAULT_INVALID names act and word: a misspelt scope must neither
 *          open nor close anything.
 */
int matrix_new(struct matrix **matrix_out, const json_t *acts,
    const json_t *roles, struct fault *fault);
void matrix_free(struct matrix *matrix);

/* NULL where the matrix knows no such act. */
const struct matrix_act *matrix_find(const struct matrix *matrix,
    const char *act);
/* Every act, in order of its name. */
const struct matrix_act *matrix_acts(const struct matrix *matrix,
    size_t *count_out);
/* Does what the role may depend on the unit it is bound to? */
bool matrix_role_needs_unit(const struct matrix *matrix, const char *role);
/* Does a NULL-ended list name this word?  NULL names every one. */
bool matrix_names(const char *const *words, const char *word);

#endif
