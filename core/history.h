/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HISTORY_H
#define CORE_HISTORY_H

#include "core/actor.h"
#include "core/core.h"
#include "core/record.h"

/*
 * The revisions of a record, each with the entry of the log that tells of it.
 * A row of a record names its entry, so a revision costs two look-ups however
 * many there are and however long the log is.
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

/* "kind/id", as entries name a record.  In the arena. */
const char *history_object(struct arena *arena, const struct record *record);

/*
 * The revision `rev`.  1 found, 0 there is none, -1 failed.
 *
 * Errors:  FAULT_CORRUPT the row names no entry, or one that tells of
 *          something else: hosod reindex mends that.
 */
int history_find(const struct history *history, struct arena *arena,
    uint64_t rev, struct history_row *row_out, struct fault *fault);

/*
 * The entry of a revision alone.  1 found, 0 there is none, -1 failed.
 *
 * Errors:  FAULT_CORRUPT the row names none.
 */
int history_entry(const struct history *history, struct arena *arena,
    uint64_t rev, uint64_t *entry_out, struct fault *fault);

/*
 * The newest revision that no later entry than this tells of; 0: there was
 * none yet.  Costs a look-up for each time the revisions can be halved.
 */
int history_at(const struct history *history, struct arena *arena,
    uint64_t entry, uint64_t *rev_out, struct fault *fault);

/*
 * {"act","at","by","changed":[members],"entry":n,"leaf":text,"object":
 * "kind/id","rev":n,"status":where it changed}.  The caller's to free.
 */
int history_line(const struct history *history, struct arena *arena,
    uint64_t rev, json_t **line_out, struct fault *fault);

#endif
