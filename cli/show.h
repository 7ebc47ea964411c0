/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <jansson.h>
#include <stdio.h>

struct cli;

/* Text as it is, but for control characters, which a terminal would obey. */
void show_text(FILE *out, const char *text);

/*
 * A record as indented lines "Nhãn: giá trị": the members that people ask
 * for first, then the rest by name.
 */
void show_record(FILE *out, const json_t *record);

/* For cli_get(): the whole answer by show_record(). */
void show_answer(struct cli *cli, const json_t *answer);

#endif
