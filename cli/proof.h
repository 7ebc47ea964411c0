/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H

#include "archive/cosigners.h"
#include "archive/note.h"
#include "archive/stream.h"
#include "archive/trust.h"
#include "cli/cli.h"

/* What the commands that prove something share; none needs a server. */

/*
 * Anchors of a file or folder, each into the sets of what it is marked for;
 * either may be NULL.
 */
int proof_anchors(struct cli *cli, const char *path, struct trust *signers,
    struct trust *tsas);
/* A file as a source.  Owner: proof_close() of the descriptor, also after -1. */
int proof_open(struct cli *cli, const char *path, int *descriptor_out,
    struct source *source_out);
void proof_close(int descriptor);
/* A log's verifier key: the vkey itself, or a file that holds it. */
int proof_key(struct cli *cli, const char *text,
    struct note_verifier *verifier_out);

/* What was looked at: "container", "pdf", "cms", "receipt", ... */
struct proof_object {
	const char *name; /* of the file */
	const char *kind;
	json_t *inside; /* what was found in files inside; NULL: not asked */
};

/*
 * Take "--witness VKEY|FILE" (several; a file holds one key a line) and
 * "--need N" out of the command line.  Where N is not given all are needed.
 *
 * Errors:  FAULT_INVALID also for a need of 0, or of more than there are.
 */
int proof_witnesses(struct cli *cli, int *argc, char **argv,
    struct cosigners *cosigners);

/*
 * Print the findings, in words or as JSON (docs/signatures.md), and what
 * follows from them.  CLI_OK, or CLI_UNPROVED where something is wrong.
 */
int proof_show(struct cli *cli, const struct proof_object *object,
    const struct findings *findings);

/* The findings as data, as printed. */
json_t *proof_json(struct cli *cli, const struct proof_object *object,
    const struct findings *findings);

/* What a line about a finding of this grade ("proved") begins with. */
const char *proof_mark(const char *grade);

#endif
