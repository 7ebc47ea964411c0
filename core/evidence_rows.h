/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_ROWS_H
#define CORE_EVIDENCE_ROWS_H

#include "archive/certificate.h"
#include "archive/hash_tree.h"
#include "base/json.h"
#include "core/schema.h"
#include "storage/key.h"
#include "storage/store.h"

/*
 * What is kept of evidence records (RFC 4998).  A batch is one hash tree under
 * one time-stamp.  Of containers it is cut into sheets, so that it is written
 * in sets of bearable size and what is done outlives a crash: a container has
 * its way to the root of its sheet, the sheet its way to that of the batch.
 * A batch that renews time-stamps has theirs as leaves, and each of the
 * batches that it renews its way.
 *
 * A batch counts from the set on that makes it done; what lies in an open one
 * is as if it were not there.  Nothing but open batches is ever rewritten.
 *
 * docs/store.md draws the rows.  Thread: any.
 */
#define EVIDENCE_SHEET_LEAVES 2048u /* a set of 4 MiB takes it */
#define EVIDENCE_SHEETS_MAX   1024u
#define EVIDENCE_WAY_MAX      (2 * HASH_TREE_DEPTH)

enum evidence_kind {
	EVIDENCE_FIRST,  /* containers: their records begin here */
	EVIDENCE_HASHES, /* containers again: hash trees are renewed */
	EVIDENCE_STAMPS, /* the time-stamps of other batches are renewed */
};

struct evidence_batch {
	uint64_t number; /* from 1 */
	enum evidence_kind kind;
	bool is_open;
	enum digest_kind digest;
	uint32_t sheets;
	uint64_t count; /* of containers or of renewed batches */

	/* where an open one goes on */
	uint64_t log;      /* FIRST: entries of the log before it were seen */
	const char *after; /* HASHES: dossiers up to this one; "" none yet */

	/* of one that is done */
	struct digest_value root;
	int64_t at;            /* its time-stamp's; UTC microseconds */
	int64_t until;         /* when the first of its certificates ends */
	const char *authority; /* subject of the certificate */
	const char *issuer;
	const char *key; /* "EC P-256" */
};

/* "first", "hashes", "stamps". */
const char *evidence_kind_name(enum evidence_kind kind);

/* A way up: what it begins with, and what it meets. */
struct evidence_way {
	struct digest_value from;
	struct digest_value path[EVIDENCE_WAY_MAX];
	size_t count;
};

/* A container's place in a batch. */
struct evidence_leaf {
	const char *dossier;
	uint32_t chain; /* the next higher one goes on after it */
	uint64_t batch;
	uint32_t sheet;
	struct sha256 sum;       /* of the container */
	struct sha256 signer;    /* the certificate that sealed it */
	struct evidence_way way; /* to the root of the sheet */
};

/* --- writing ---------------------------------------------------------------- */

void evidence_rows_put_batch(struct writes *writes,
    const struct evidence_batch *batch);
void evidence_rows_put_token(struct writes *writes, uint64_t batch,
    struct bytes token);
/* Its root, and once the batch is done the way up from there. */
void evidence_rows_put_sheet(struct writes *writes, uint64_t batch,
    uint32_t sheet, const struct evidence_way *way);
void evidence_rows_put_renewal(struct writes *writes, uint64_t batch,
    uint64_t by, const struct evidence_way *way);
void evidence_rows_put_leaf(struct writes *writes,
    const struct evidence_leaf *leaf);

/* Facts of a certificate that sealed something, once. */
void evidence_rows_put_signer(struct writes *writes,
    const struct certificate *signer);

/* --- reading: 1 found, 0 absent, -1; all lies in the arena ------------------- */

int evidence_rows_find_batch(struct snapshot *snapshot, struct arena *arena,
    uint64_t number, struct evidence_batch *batch_out, struct fault *fault);
int evidence_rows_find_token(struct snapshot *snapshot, struct arena *arena,
    uint64_t batch, struct bytes *token_out, struct fault *fault);
int evidence_rows_find_sheet(struct snapshot *snapshot, struct arena *arena,
    uint64_t batch, uint32_t sheet, struct evidence_way *way_out,
    struct fault *fault);
int evidence_rows_find_renewal(struct snapshot *snapshot, struct arena *arena,
    uint64_t batch, uint64_t *by_out, struct evidence_way *way_out,
    struct fault *fault);

/* What evidence_rows_put_signer() has put, by the fingerprint as text. */
int evidence_rows_find_signer(struct snapshot *snapshot, struct arena *arena,
    const char *sha256, json_t **facts_out, struct fault *fault);

/* All keys of a dossier's leaves begin with this. */
void evidence_rows_leaves(struct key *key, const char *dossier);

/* Rows that a scan gave.  Errors: FAULT_CORRUPT. */
int evidence_rows_read_batch(struct evidence_batch *batch_out,
    struct arena *arena, struct bytes key, struct bytes value,
    struct fault *fault);
int evidence_rows_read_sheet(uint64_t *batch_out, uint32_t *sheet_out,
    struct evidence_way *way_out, struct bytes key, struct bytes value,
    struct fault *fault);
int evidence_rows_read_renewal(uint64_t *batch_out, uint64_t *by_out,
    struct evidence_way *way_out, struct bytes key, struct bytes value,
    struct fault *fault);
int evidence_rows_read_leaf(struct evidence_leaf *leaf_out, struct arena *arena,
    struct bytes key, struct bytes value, struct fault *fault);

/* --- ways -------------------------------------------------------------------- */

/* Where it leads. */
struct digest_value evidence_way_root(const struct evidence_way *way);

#endif
