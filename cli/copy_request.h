/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_COPY_REQUEST_H
#define CLI_COPY_REQUEST_H

#include "archive/handout.h"
#include "cli/cli.h"

/*
 * A user's request for a copy, from a JSON file: the fields of a DIP's EAD.xml
 * by their names, and `archive`, `recipient`, `recipientID`, `expires`,
 * `copies`, `documents` (numbers in the dossier).
 *
 * Owner:   all lives in the arena.
 * Errors:  in cli->fault, with the member.
 */
int copy_request_read(struct cli *cli, const char *path,
    struct handout_request *request_out);

#endif
