/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_DRAFT_H
#define CORE_EVIDENCE_DRAFT_H

#include "core/core.h"
#include "core/evidence_rows.h"

/*
 * A batch of containers in the making.  Full sheets are durable at once, and
 * with them where the gathering stands, so what a crash leaves is gone on
 * with; the time-stamp comes last and makes the batch count.
 *
 * Thread:  worker, one draft at a time.
 */
struct evidence_draft;

/*
 * Go on with an open batch of the store, or begin the one that `batch` says
 * (number, kind, digest, log, after); nothing is written before the first
 * sheet.
 *
 * Errors:  FAULT_CORRUPT a sheet of the open one is not there.
 */
int evidence_draft_new(struct evidence_draft **draft_out, struct core *core,
    const struct evidence_batch *batch, struct fault *fault);
void evidence_draft_free(struct evidence_draft *draft);

const struct evidence_batch *evidence_draft_batch(
    const struct evidence_draft *draft);
/* It has as many sheets as it may have: finish it, begin another. */
bool evidence_draft_is_full(const struct evidence_draft *draft);
/* Is this dossier among those that are not written yet? */
bool evidence_draft_has(const struct evidence_draft *draft,
    const char *dossier);

/* Where the gathering stands once what was added so far is written. */
void evidence_draft_place_log(struct evidence_draft *draft, uint64_t log);
void evidence_draft_place_after(struct evidence_draft *draft,
    const char *dossier);
/*
 * Add a container: batch, sheet and way but for its beginning are filled in
 * here.  May write a sheet.
 */
int evidence_draft_add(struct evidence_draft *draft,
    const struct evidence_leaf *leaf, struct fault *fault);

/*
 * Get the time-stamp and let the batch count: 1, or 0 where nothing was
 * added.  `newest` is the time of the last time-stamp of all, before and after.
 *
 * Errors:  of the authorities; FAULT_INVALID its clock is behind.
 */
int evidence_draft_finish(struct evidence_draft *draft, int64_t *newest,
    struct fault *fault);

/*
 * Get a time-stamp over the root of a batch and fill in what the batch says
 * of it.
 */
int evidence_draft_stamp(struct core *core, struct evidence_batch *batch,
    int64_t newest, struct arena *arena, struct buf *token_out,
    struct fault *fault);

/* Up to which entry of the log containers were looked for. */
int evidence_draft_read_log(struct snapshot *snapshot, struct arena *arena,
    uint64_t *log_out, struct fault *fault);
void evidence_draft_put_log(struct writes *writes, uint64_t log);

/* A container that could not be taken waits: TABLE_JOB, "evidence". */
void evidence_draft_wait_key(struct key *key, const char *dossier);

#endif
