/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_AUDIT_WITNESS_H
#define CLI_AUDIT_WITNESS_H

#include "cli/cli.h"

/* The archive's side of its witnesses: verbs of "hoso audit". */
int audit_witness_list(struct cli *cli, int argc, char **argv);
int audit_witness_request(struct cli *cli, int argc, char **argv);
int audit_witness_cosign(struct cli *cli, int argc, char **argv);

#endif
