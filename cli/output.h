/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/cli.h"

/*
 * A file that a command makes: whole, or not there.  Its bytes come into a
 * file beside it, which takes the name when all of them are on the disk.
 */
struct output {
	FILE *file;
	char *temporary;
};

/* `name` says in which folder; NULL is this one. */
int output_begin(struct output *output, struct cli *cli, const char *name);
/* Give it the name; `replace` says whether another file may lose that. */
int output_end(struct output *output, struct cli *cli, const char *name,
    bool replace);
/* Forget it. */
void output_drop(struct output *output);

#endif
