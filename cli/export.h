/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "cli/cli.h"

/*
 * An export in the making: a folder that holds
 *
 *     10-units.ndjson ... 40-decisions.ndjson   to be imported again
 *     records/KIND/ID.json                      records, byte for byte
 *     files/SHA256                              attachments, byte for byte
 *     packages/ID.asice                         signed containers
 *     receipts/INDEX.json                       proofs of the entries that
 *                                               made those records
 *     log.vkey, checkpoint.txt                  what the receipts lead to
 *     SHA256SUMS                                for `sha256sum -c`
 *
 * A record comes after all that it refers to.  What the user may not see is
 * told and left out.
 */
struct export;

struct export_counts {
	uint64_t dossiers;
	uint64_t records;
	uint64_t files;
	uint64_t packages;
	uint64_t receipts;
	uint64_t denied;
};

/* Errors: FAULT_CONFLICT where the folder holds something already. */
int export_open(struct export **export_out, struct cli *cli, const char *folder,
    struct fault *fault);
/* A dossier with everything that belongs to it; once however often named. */
int export_dossier(struct export *export, const char *id);
/* The receipts of all that was exported, then the list of sums. */
int export_finish(struct export *export);
const struct export_counts *export_counts(const struct export *export);
void export_close(struct export *export);

#endif
