/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_SNAPSHOT_H
#define STORAGE_SNAPSHOT_H

#include "storage/records.h"
#include "storage/value.h"

struct snapshot;

/* The read transactions of a store: those open, and those to be used again. */
struct snapshots;

struct snapshots *snapshots_new(struct store *store, unsigned max,
    unsigned max_ms);
/* All snapshots are closed. */
void snapshots_free(struct snapshots *snapshots);
unsigned snapshots_count(struct snapshots *snapshots);
/*
 * Cut off what is too old, so that it holds back no page any more.
 * Thread: the writer, once a second.
 */
void snapshots_cut(struct snapshots *snapshots);

/*
 * A read begins and ends: between the two the transaction is not cut off.
 * Errors:  FAULT_BUSY "stale".
 */
int snapshot_enter(struct snapshot *snapshot, struct fault *fault);
void snapshot_leave(struct snapshot *snapshot);

enum snapshot_table {
	SNAPSHOT_ROWS,
	SNAPSHOT_PIECES,
	SNAPSHOT_LOG,
	SNAPSHOT_PAST,
	SNAPSHOT_TABLES,
};

/* For reading between enter and leave. */
const struct tree *snapshot_tree(const struct snapshot *snapshot,
    enum snapshot_table table);
const struct state *snapshot_state(const struct snapshot *snapshot);
struct source snapshot_source(const struct snapshot *snapshot);

#endif
