/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_CHAIN_H
#define CORE_EVIDENCE_CHAIN_H

#include "archive/evidence_make.h"
#include "core/evidence_rows.h"

/*
 * The evidence record of one container, put together from the rows.  It is
 * about the container's file as a whole, one object.
 *
 * Owner:   all lies in the arena.
 */
struct evidence_chain {
	const char *dossier;
	struct sha256 sum;    /* of the container */
	struct sha256 signer; /* of the certificate that sealed it */
	uint32_t next_chain;  /* number of the leaf that would go on */
	uint64_t open;        /* an open batch has it as well; 0: none */
	struct evidence_piece *pieces; /* oldest first; 0: nothing counts */
	size_t count;
	struct evidence_batch head; /* whose time-stamp is the last */
};

/*
 * Read it; without a record that counts `count` is 0.
 *
 * Errors:  FAULT_CORRUPT a row is missing or has another form.
 */
int evidence_chain_read(struct evidence_chain *chain_out,
    struct snapshot *snapshot, struct arena *arena, const char *dossier,
    struct fault *fault);
/* The DER of EvidenceRecord; there is at least one piece. */
int evidence_chain_write(const struct evidence_chain *chain,
    struct arena *arena, struct bytes *record_out, struct fault *fault);

#endif
