/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SIGNATURES_H
#define CLI_SIGNATURES_H

#include "cli/cli.h"

/* What the server found in the files of a record, file by file. */
void signatures_show(struct cli *cli, const json_t *answer);

#endif
