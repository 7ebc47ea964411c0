/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_AUDIT_VERIFY_H
#define CLI_AUDIT_VERIFY_H

#include "cli/cli.h"

/* "hoso audit verify": was the log only added to? */
int audit_verify(struct cli *cli, int argc, char **argv);

#endif
