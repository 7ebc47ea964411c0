/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_VERIFY_H
#define ARCHIVE_VERIFY_H

#include "archive/findings.h"
#include "archive/stream.h"
#include "archive/trust.h"

struct note_verifier;
struct validation_material;

/*
 * Offline verification of a whole sealed container: structure, every file
 * against the signed manifest, the lists against each other, signatures,
 * time-stamps, and with a log's key the receipts inside and the records that
 * they must prove.  Nothing is written
 * and nothing is asked of a network; memory does not grow with the container.
 *
 * Thread:  a worker's or a tool's work.
 */
struct verify_options {
	const struct trust *anchors;     /* of signers; NULL: not checked */
	const struct trust *tsa_anchors; /* NULL: `anchors` */
	const struct note_verifier *log; /* NULL: receipts are not checked */
	/* What may prove chains beside what came with them; or NULL. */
	const struct validation_material *material;
	json_t *untold; /* gets the chains that lack it (chain_json.h); NULL */
	int64_t now;    /* UTC microseconds: for what no time-stamp proves */
	int64_t existed_at;    /* proven by what it lies in; 0: not known */
	bool awaits_timestamp; /* a container of ours that gets its own yet */
};

/*
 * Fills the findings; findings_is_good() tells whether anything is wrong.
 *
 * Errors:  only what the source says when it cannot be read: everything that
 *          is wrong with the container is a finding.
 */
int verify_container(const struct source *source,
    const struct verify_options *options, struct findings *findings,
    struct fault *fault);

/*
 * The same of a container of anybody, in which no manifest need be signed:
 * one file with its signature (ASiC-S), evidence records alone, XAdES, which
 * is told and not examined.  verify_container() fails these, whoever signed,
 * since they hold no sealed dossier; so does this where the container has
 * SHA256SUMS at its root, which says that hoso sealed it.
 */
int verify_foreign(const struct source *source,
    const struct verify_options *options, struct findings *findings,
    struct fault *fault);

#endif
