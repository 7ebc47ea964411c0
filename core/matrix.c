/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Acts lie in order of their names, to be found by halving.  There are some
 * forty of them with a dozen rows each, asked about twice in a request: so
 * they are structs, not JSON.
 */

#include "core/matrix.h"

#include "base/memory.h"

#include <stdlib.h>

struct matrix {
	struct arena *arena;
	struct matrix_act *acts;
	size_t count;
};

static int
read_scope(const char *text, enum matrix_scope *scope_out)
{
	static const char *const names[] = {
		[MATRIX_MINE] = "mine",
		[MATRIX_OWN] = "own",
		[MATRIX_SUBTREE] = "subtree",
		[MATRIX_ALL] = "all",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (text != NULL && strcmp(text, names[i]) == 0) {
			*scope_out = (enum matrix_scope)i;
			return 0;
		}
	}
	return -1;
}

static bool
has_role(const json_t *roles, const char *id)
{
	json_t *role;
	size_t i;

	json_array_foreach(roles, i, role)
	{
		if (strcmp(json_text_at(role, "id"), id) == 0) {
			return true;
		}
	}
	return false;
}

/* A list of words; an empty one would forbid what it seems to grant. */
static int
read_words(struct arena *arena, const json_t *row, const char *member,
    const char *const **words_out, struct fault *fault)
{
	const json_t *list = json_object_get(row, member);
	size_t count = json_array_size(list);
	const char **words;

	*words_out = NULL;
	if (list == NULL) {
		return 0;
	}
	words = arena_alloc(arena, (count + 1) * sizeof(*words));
	for (size_t i = 0; i < count; i++) {
		words[i] = json_string_value(json_array_get(list, i));
		if (words[i] == NULL) {
			count = 0;
		}
	}
	if (count == 0) {
		return fault_set(fault, FAULT_INVALID, "%s must be words",
		    member);
	}
	*words_out = words;
	return 0;
}

static int
read_row(struct arena *arena, const json_t *grant, const json_t *roles,
    struct matrix_row *row, struct fault *fault)
{
	const char *scope = json_text_at(grant, "scope");

	row->role = json_text_at(grant, "role");
	if (row->role == NULL || !has_role(roles, row->role)) {
		return fault_set(fault, FAULT_INVALID,
		    "roles.json has no role %s",
		    row->role != NULL ? row->role : "without a name");
	}
	if (read_scope(scope, &row->scope) < 0) {
		return fault_set(fault, FAULT_INVALID,
		    "%s: there is no scope %s", row->role,
		    scope != NULL ? scope : "without a name");
	}
	if (read_words(arena, grant, "statuses", &row->statuses, fault) < 0 ||
	    read_words(arena, grant, "sources", &row->sources, fault) < 0) {
		fault_prefix(fault, "%s", row->role);
		return -1;
	}
	return 0;
}

static int
read_act(struct arena *arena, const json_t *value, const json_t *roles,
    struct matrix_act *act, struct fault *fault)
{
	const json_t *grants = json_object_get(value, "grants");
	size_t count = json_array_size(grants);
	struct matrix_row *rows =
	    arena_alloc(arena, (count + 1) * sizeof(*rows));

	act->act = json_text_at(value, "act");
	act->rows = rows;
	act->count = count;
	for (size_t i = 0; i < count; i++) {
		if (read_row(arena, json_array_get(grants, i), roles, &rows[i],
		        fault) < 0) {
			fault_prefix(fault, "permissions.json: %s", act->act);
			return -1;
		}
	}
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct matrix_act *)a)->act,
	    ((const struct matrix_act *)b)->act);
}

int
matrix_new(struct matrix **matrix_out, const json_t *acts, const json_t *roles,
    struct fault *fault)
{
	struct matrix *matrix = xzalloc(sizeof(*matrix));

	matrix->arena = arena_new();
	matrix->count = json_array_size(acts);
	matrix->acts = arena_alloc(matrix->arena,
	    (matrix->count + 1) * sizeof(*matrix->acts));
	for (size_t i = 0; i < matrix->count; i++) {
		if (read_act(matrix->arena, json_array_get(acts, i), roles,
		        &matrix->acts[i], fault) < 0) {
			matrix_free(matrix);
			return -1;
		}
	}
	qsort(matrix->acts, matrix->count, sizeof(*matrix->acts), by_name);
	*matrix_out = matrix;
	return 0;
}

void
matrix_free(struct matrix *matrix)
{
	if (matrix != NULL) {
		arena_free(matrix->arena);
		free(matrix);
	}
}

const struct matrix_act *
matrix_find(const struct matrix *matrix, const char *act)
{
	const struct matrix_act wanted = { .act = act };

	return bsearch(&wanted, matrix->acts, matrix->count,
	    sizeof(*matrix->acts), by_name);
}

const struct matrix_act *
matrix_acts(const struct matrix *matrix, size_t *count_out)
{
	*count_out = matrix->count;
	return matrix->acts;
}

bool
matrix_role_needs_unit(const struct matrix *matrix, const char *role)
{
	for (size_t i = 0; i < matrix->count; i++) {
		const struct matrix_act *act = &matrix->acts[i];

		for (size_t j = 0; j < act->count; j++) {
			const struct matrix_row *row = &act->rows[j];

			if ((row->scope == MATRIX_OWN ||
			        row->scope == MATRIX_SUBTREE) &&
			    strcmp(row->role, role) == 0) {
				return true;
			}
		}
	}
	return false;
}

bool
matrix_names(const char *const *words, const char *word)
{
	if (words == NULL) {
		return true;
	}
	while (*words != NULL && (word == NULL || strcmp(*words, word) != 0)) {
		words++;
	}
	return *words != NULL;
}
