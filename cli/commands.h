/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

/* One a file: cmd_NAME.c. */
extern const struct cli_command cmd_login;
extern const struct cli_command cmd_logout;
extern const struct cli_command cmd_unit;
extern const struct cli_command cmd_dossier;
extern const struct cli_command cmd_decision;
extern const struct cli_command cmd_seal;
extern const struct cli_command cmd_verify;
extern const struct cli_command cmd_verify_receipt;
extern const struct cli_command cmd_check;
extern const struct cli_command cmd_package;
extern const struct cli_command cmd_report;
extern const struct cli_command cmd_rank;
extern const struct cli_command cmd_audit;
extern const struct cli_command cmd_evidence;
extern const struct cli_command cmd_fixity;
extern const struct cli_command cmd_witness;
extern const struct cli_command cmd_plugin;
extern const struct cli_command cmd_import;
extern const struct cli_command cmd_export;

#endif
