/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DOWNLOAD_H
#define CLI_DOWNLOAD_H

#include "cli/cli.h"

/*
 * GET `path` into the file `name`: "-" is standard output; NULL the name that
 * the server gives, in this folder, and never over a file that is there.
 * The file is whole or not there.  *name_out (may be NULL) is where it is.
 */
int download_into(struct cli *cli, const char *path, const char *name,
    const char **name_out);

#endif
