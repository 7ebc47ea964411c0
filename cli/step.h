/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_STEP_H
#define CLI_STEP_H

#include "cli/cli.h"

/*
 * Steps of a dossier through its workflow.  Which may follow, and who takes
 * them, the server's table says (GET /rules/dossier-statuses); every step
 * ends by telling what comes next.  They return exit codes.
 */

/* One step, as `dossier step` takes it; `reason` and `receipt` may be NULL. */
int step_take(struct cli *cli, const char *id, const char *status,
    const char *reason, const char *receipt);

/*
 * All that is left to do before the dossier lies with those it is sent to,
 * from wherever it is.  Nothing is moved where something is missing.
 */
int step_submit(struct cli *cli, const char *id, const char *receipt);

/* "Tiếp theo: ..." of a dossier, by its status and procedure. */
void step_print_next(struct cli *cli, FILE *out, const json_t *dossier);

#endif
