/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WITNESS_FOLDER_H
#define CLI_WITNESS_FOLDER_H

#include "archive/witness.h"
#include "base/arena.h"

/*
 * A witness on disk: its key, the logs it watches and what it has seen of
 * each.  Several programs may work on one folder; a judgement holds its lock
 * from what was seen to what is kept.
 *
 *     witness.key, witness.vkey    its key, the public half
 *     logs/<hex>.vkey              a log; hex is SHA-256 of its name
 *     logs/<hex>.checkpoint        the last one cosigned, with its line
 *     logs/<hex>.contradiction     the first request that told another past
 */
struct witness_folder;

/* Errors: FAULT_CONFLICT where there is a key already. */
int witness_folder_make(const char *path, const char *name, struct buf *vkey,
    struct fault *fault);
int witness_folder_open(struct witness_folder **folder_out, const char *path,
    struct fault *fault);
void witness_folder_close(struct witness_folder *folder);

/* Watch a log from now on.  Errors: FAULT_CONFLICT by another key already. */
int witness_folder_add(struct witness_folder *folder, struct bytes vkey,
    struct note_verifier *log_out, struct fault *fault);

/*
 * Judge a request.  Where the verdict is WITNESS_AGREES, what was seen is on
 * disk and the cosignature is appended to `line`.
 *
 * Owner:   the verdict's text is borrowed from body.
 * Errors:  the folder cannot be read or written; then nothing is signed.
 */
int witness_folder_judge(struct witness_folder *folder, struct bytes body,
    struct witness_verdict *verdict, struct buf *line, struct fault *fault);

/* What was cosigned last of the log with this SHA-256.  1, 0, -1. */
int witness_folder_find(struct witness_folder *folder, const char *hex,
    struct buf *note, struct fault *fault);

#endif
