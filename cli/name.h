/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_NAME_H
#define CLI_NAME_H

#include "cli/cli.h"

/*
 * What codes and ids are called: the law's codes by the tables of the server
 * (GET /rules), units and users by their records, the program's own words by
 * its catalogue.  Each is asked for once a run, and only a few hundred ids;
 * what cannot be learned, offline or without the right, keeps its code.
 *
 * Owner:  borrowed, valid as long as the run.
 */

/* "awards", "flag_province" -> "Cờ thi đua của Ủy ban nhân dân tỉnh". */
const char *name_of_code(struct cli *cli, const char *table, const char *code);
/* The rows of such a table as the server has them; NULL where unreadable. */
const json_t *name_table(struct cli *cli, const char *table);
/* "collective" -> "tập thể": words that are no law. */
const char *name_of_word(const struct cli *cli, const char *word);
/* "xa-xop" -> "Xã Xốp"; its newest name. */
const char *name_of_unit(struct cli *cli, const char *id);
/* The id of a user -> "Nguyễn Văn A (vana)". */
const char *name_of_user(struct cli *cli, const char *id);

#endif
