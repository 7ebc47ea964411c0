/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include "base/date.h"
#include "base/json.h"

/*
 * The law as data: the dated tables of data/rules/.  A dossier of 2019 is
 * judged by the rows that held in 2019.  Constant after load.
 *
 * Thread:  any.
 */
struct rules;
struct matrix;

enum rules_table {
	RULES_AWARDS,
	RULES_RECOGNITIONS,
	RULES_COMPONENTS,
	RULES_COMPONENT_SETS,
	RULES_RETENTION,
	RULES_BALLOTS,
	RULES_DOCUMENT_KINDS,
	RULES_UNIT_KINDS,
	RULES_ROLES,
	RULES_ACTS,
	RULES_DOSSIER_STATUSES,
	RULES_MOVEMENT_STATUSES,
	RULES_SCHEMES,
	RULES_ALGORITHMS,
	RULES_MEASURES,
	RULES_TABLES, /* how many */
};

/*
 * `local` (may be NULL) is the office's own folder: its rows go before the
 * common ones.
 *
 * Errors:  FAULT_INVALID with file and row, FAULT_ABSENT.
 */
int rules_load(struct rules **rules_out, const char *folder, const char *local,
    struct fault *fault);
void rules_free(struct rules *rules);

/* The row of a code that holds on a day, or NULL. */
const json_t *rules_find(const struct rules *rules, enum rules_table table,
    const char *code, date_t date);
/* Does this row hold on a day? */
bool rules_holds(const json_t *row, date_t date);
/* Every row of a table, in the order of its file. */
const json_t *rules_list(const struct rules *rules, enum rules_table table);
/* In which file a table stands, and as which list; NULL: the file is a row. */
void rules_source(enum rules_table table, const char **file_out,
    const char **list_out);
/*
 * The files as they were read: [{"file","local","sha256","size","title"}], the
 * tables they hold besides.  What lies in the folder by now may be another.
 */
const json_t *rules_files(const struct rules *rules);
/* RULES_ACTS as a matrix (core/matrix.h). */
const struct matrix *rules_matrix(const struct rules *rules);
/* Does a row with this code exist at any time? */
bool rules_has(const struct rules *rules, enum rules_table table,
    const char *code);
/* Does a list member ("subjects") of a row name this word? */
bool rules_names(const json_t *row, const char *member, const char *word);

#endif
