/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

struct cli;

/* Text as it is, but for control characters, which a terminal would obey. */
void show_text(FILE *out, const char *text);

/* In the arena: "dossier/hs-1" as "Hồ sơ hs-1". */
const char *show_object(struct cli *cli, const char *object);
/* In the arena: "2026-01-31 07:00:00", at the office. */
const char *show_moment(struct cli *cli, int64_t at);

/*
 * A record of a kind ("dossier", "event"; NULL where unknown) as indented
 * lines "Nhãn: giá trị": the members that people ask for first, then the rest
 * by name.  Codes are shown by their names (name.h).
 */
void show_record(struct cli *cli, FILE *out, const char *kind,
    const json_t *record);

/*
 * An event of the audit log as texts for one row of a table: `at`, `by`,
 * `act`, `object`, `details` in words, `index` and `rev` as they are.
 */
json_t *show_event(struct cli *cli, const json_t *event);

/* For cli_get(): the whole answer, a record of that kind. */
void show_unit(struct cli *cli, const json_t *answer);
void show_dossier(struct cli *cli, const json_t *answer);
void show_decision(struct cli *cli, const json_t *answer);

#endif
