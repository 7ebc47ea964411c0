/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LOG_TREE_H
#define CLI_LOG_TREE_H

#include "archive/checkpoint.h"
#include "cli/cli.h"

/* The server's audit log as anybody sees it from outside. */

/* The newest checkpoint, as the signed note. */
int log_tree_newest(struct cli *cli, struct bytes *note_out);
/* The newest that enough witnesses cosigned.  Errors: FAULT_ABSENT. */
int log_tree_cosigned(struct cli *cli, struct bytes *note_out);
/* The verifier key that the server gives out, with its newline. */
int log_tree_key(struct cli *cli, struct bytes *vkey_out);

/*
 * The root of the first `size` entries, computed from the tiles that the
 * server hands out now; `newest` is its checkpoint.
 *
 * Errors:  FAULT_INVALID where size is beyond the newest.
 */
int log_tree_root(struct cli *cli, const struct checkpoint *newest,
    uint64_t size, struct sha256 *root_out);

/*
 * Is the older tree the beginning of the newer?  1 proved, 0 it is not, or
 * the server's proof is false; -1 the server could not be asked.
 */
int log_tree_compare(struct cli *cli, const struct checkpoint *older,
    const struct checkpoint *newer);

#endif
