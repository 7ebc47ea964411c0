/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HISTORY_H
#define CORE_HISTORY_H

#include "core/actor.h"
#include "core/core.h"
#include "core/record.h"

/*
 * The trail of a record: its revisions from the newest to the oldest, each
 * with the entry of the log that tells of it.  A row of a record names its
 * entry, so a revision costs two look-ups however long the trail and the log
 * are.
 *
 * An entry may tell of several records at once (a decision, its grants and its
 * dossier).  Its text is given to those who may read the log, or everything
 * that it names; others learn its place alone.
 */

/* Who reads what; `record` is one that he may read. */
struct history {
	const struct core *core;
	const struct actor *actor;
	struct snapshot *snapshot;
	const struct record *record;
};

struct history_row {
	uint64_t rev;
	uint64_t entry;      /* of the log */
	const json_t *value; /* the revision */
	const json_t *event; /* what the entry says */
	struct bytes leaf;   /* the entry; empty where it is not his to read */
};

/*
 * The revision `rev`.  1 found, 0 there is none, -1 failed.
 *
 * Errors:  FAULT_CORRUPT the row names no entry, or one that tells of
 *          something else: hosod reindex mends that.
 */
int history_find(const struct history *history, struct arena *arena,
    uint64_t rev, struct history_row *row_out, struct fault *fault);

/*
 * [{"act","at","by","changed":[members],"entry":n,"leaf":text,"rev":n,
 * "status":where it changed}], newest first, from the revision `from` on, at
 * most `max`.  *next_out is the revision that comes then; 0: that was all.
 */
int history_list(const struct history *history, struct arena *arena,
    uint64_t from, uint64_t max, json_t **list_out, uint64_t *next_out,
    struct fault *fault);

#endif
