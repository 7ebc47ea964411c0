/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <jansson.h>
#include <stdio.h>

/* A column of a table: its title, and the member of each row it shows. */
struct table_column {
	const char *title;
	const char *member;
};

/*
 * Rows (a list of objects) in columns as wide as they need to be; `columns`
 * ends with a NULL title.  At most 12 columns are shown.
 */
void table_print(FILE *out, const json_t *rows,
    const struct table_column *columns);

#endif
