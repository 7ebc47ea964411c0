/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A snapshot is an LMDB read transaction.  Transactions are not tied to
 * threads (MDB_NOTLS) and are used again by mdb_txn_renew(), which is twice
 * as fast as a new one.
 *
 * A read transaction keeps every page that was freed since it began: one
 * that somebody forgot lets the file grow without end.  So the writer cuts
 * off what is older than the limit, also while its owner does something else:
 *
 *     READY --enter--> READING --leave--> READY       the owner
 *     READY ---------------------------> CUT          the writer, or the owner
 *
 * The owner reads the map only in READING, and what he takes out is a copy,
 * so a cut never pulls a page from under him.
 *
 * LMDB keeps the pages; they are read by tree.c, which a damaged page cannot
 * lead astray.
 */

#include "storage/snapshot.h"

#include "base/log.h"
#include "base/memory.h"
#include "storage/inside.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define OLD_MS 5000 /* said in the log, once */

enum phase { READY, READING, CUT };

struct snapshot {
	struct snapshots *owner;
	struct snapshot *next; /* guarded by the owner's lock */
	struct snapshot *prev;
	MDB_txn *txn;
	struct state seen; /* what the transaction sees */
	struct tree tables[SNAPSHOT_TABLES];
	struct pages_known known; /* since it was opened */
	atomic_int state;
	int64_t opened_ms;
	bool is_old; /* the writer's: it was said */
};

struct snapshots {
	struct store *store;
	const struct records *records;
	unsigned max;
	int64_t max_ms;
	pthread_mutex_t lock; /* guards what follows */
	struct snapshot *open;
	struct snapshot *idle;
	unsigned count; /* open, or about to be */
};

/* Milliseconds that only grow, to a few of them: a read costs less. */
static int64_t
coarse_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- the pool ----------------------------------------------------------- */

struct snapshots *
snapshots_new(struct store *store, unsigned max, unsigned max_ms)
{
	struct snapshots *snapshots = xzalloc(sizeof(*snapshots));

	snapshots->store = store;
	snapshots->records = &store->records;
	snapshots->max = max;
	snapshots->max_ms = max_ms;
	pthread_mutex_init(&snapshots->lock, NULL);
	return snapshots;
}

void
snapshots_free(struct snapshots *snapshots)
{
	if (snapshots == NULL) {
		return;
	}
	assert(snapshots->count == 0);
	while (snapshots->idle != NULL) {
		struct snapshot *snapshot = snapshots->idle;

		snapshots->idle = snapshot->next;
		mdb_txn_abort(snapshot->txn);
		free(snapshot);
	}
	pthread_mutex_destroy(&snapshots->lock);
	free(snapshots);
}

unsigned
snapshots_count(struct snapshots *snapshots)
{
	unsigned count;

	pthread_mutex_lock(&snapshots->lock);
	count = snapshots->count;
	pthread_mutex_unlock(&snapshots->lock);
	return count;
}

/* Cut off, unless its owner is reading just now.  Whether it is cut. */
static bool
cut(struct snapshot *snapshot)
{
	int expected = READY;

	if (!atomic_compare_exchange_strong(&snapshot->state, &expected, CUT)) {
		return expected == CUT;
	}
	mdb_txn_reset(snapshot->txn);
	return true;
}

void
snapshots_cut(struct snapshots *snapshots)
{
	int64_t now = coarse_ms();
	unsigned old = 0;

	pthread_mutex_lock(&snapshots->lock);
	for (struct snapshot *snapshot = snapshots->open; snapshot != NULL;
	     snapshot = snapshot->next) {
		int64_t age = now - snapshot->opened_ms;

		if (age > snapshots->max_ms) {
			cut(snapshot);
		}
		if (age > OLD_MS && !snapshot->is_old) {
			snapshot->is_old = true;
			old++;
		}
	}
	pthread_mutex_unlock(&snapshots->lock);
	if (old > 0) {
		log_warn(NULL, "store.snapshot_old", "count=%u age_ms=%d", old,
		    OLD_MS);
	}
}

/* Take a transaction out of the pool; *snapshot_out is NULL without one. */
static int
take_idle(struct snapshots *snapshots, struct snapshot **snapshot_out)
{
	int rc = -1;

	pthread_mutex_lock(&snapshots->lock);
	if (snapshots->count < snapshots->max) {
		rc = 0;
		snapshots->count++;
		*snapshot_out = snapshots->idle;
		if (snapshots->idle != NULL) {
			snapshots->idle = snapshots->idle->next;
		}
	}
	pthread_mutex_unlock(&snapshots->lock);
	return rc;
}

static void
put_idle(struct snapshots *snapshots, struct snapshot *snapshot)
{
	pthread_mutex_lock(&snapshots->lock);
	snapshots->count--;
	if (snapshot->txn != NULL) {
		snapshot->next = snapshots->idle;
		snapshots->idle = snapshot;
		snapshot = NULL;
	}
	pthread_mutex_unlock(&snapshots->lock);
	free(snapshot);
}

/* Begin its transaction; its tables are read where they are others. */
static int
begin(struct snapshot *snapshot)
{
	static const char *const names[SNAPSHOT_TABLES] = {
		[SNAPSHOT_ROWS] = "rows",
		[SNAPSHOT_PIECES] = "pieces",
		[SNAPSHOT_LOG] = "log",
		[SNAPSHOT_PAST] = "past",
	};
	const struct records *records = snapshot->owner->records;
	uint64_t before = snapshot->seen.txn;
	int code = state_begin(&snapshot->seen, &records->file, records->env,
	    &snapshot->txn);

	if (code != 0 || snapshot->seen.txn == before) {
		return code;
	}
	snapshot->seen.pages.known = &snapshot->known;
	for (unsigned i = 0; code == 0 && i < SNAPSHOT_TABLES; i++) {
		code = state_table(&snapshot->seen, names[i],
		    &snapshot->tables[i]);
	}
	if (code != 0) {
		snapshot->seen.txn = 0;
		mdb_txn_reset(snapshot->txn);
	}
	return code == MDB_NOTFOUND ? EILSEQ : code;
}

int
snapshot_open(struct snapshot **snapshot_out, struct store *store,
    struct fault *fault)
{
	struct snapshots *snapshots = store->snapshots;
	struct snapshot *snapshot = NULL;
	int code;

	if (take_idle(snapshots, &snapshot) < 0) {
		return fault_set(fault, FAULT_BUSY,
		    "%u snapshots are open already", snapshots->max);
	}
	if (snapshot == NULL) {
		snapshot = xzalloc(sizeof(*snapshot));
		snapshot->owner = snapshots;
	}
	/* What was whole when another had it may not be so any more. */
	memset(&snapshot->known, 0, sizeof(snapshot->known));
	code = begin(snapshot);
	if (code != 0) {
		put_idle(snapshots, snapshot);
		return records_fault(fault, code, "a snapshot");
	}
	snapshot->opened_ms = coarse_ms();
	snapshot->is_old = false;
	snapshot->prev = NULL;
	atomic_store(&snapshot->state, READY);
	pthread_mutex_lock(&snapshots->lock);
	snapshot->next = snapshots->open;
	if (snapshot->next != NULL) {
		snapshot->next->prev = snapshot;
	}
	snapshots->open = snapshot;
	pthread_mutex_unlock(&snapshots->lock);
	*snapshot_out = snapshot;
	return 0;
}

void
snapshot_close(struct snapshot *snapshot)
{
	struct snapshots *snapshots;
	bool is_cut;

	if (snapshot == NULL) {
		return;
	}
	snapshots = snapshot->owner;
	pthread_mutex_lock(&snapshots->lock);
	if (snapshot->prev != NULL) {
		snapshot->prev->next = snapshot->next;
	} else {
		snapshots->open = snapshot->next;
	}
	if (snapshot->next != NULL) {
		snapshot->next->prev = snapshot->prev;
	}
	pthread_mutex_unlock(&snapshots->lock);
	/* Off the list: nobody else knows it now. */
	is_cut = cut(snapshot);
	assert(is_cut); /* or it is closed in the middle of a read */
	put_idle(snapshots, snapshot);
}

int
snapshot_enter(struct snapshot *snapshot, struct fault *fault)
{
	int expected = READY;

	if (coarse_ms() - snapshot->opened_ms > snapshot->owner->max_ms) {
		cut(snapshot);
	}
	if (!atomic_compare_exchange_strong(&snapshot->state, &expected,
	        READING)) {
		assert(expected == CUT); /* or two threads read at once */
		return fault_set(fault, FAULT_BUSY,
		    "stale: the snapshot is older than %lld ms",
		    (long long)snapshot->owner->max_ms);
	}
	return 0;
}

void
snapshot_leave(struct snapshot *snapshot)
{
	atomic_store(&snapshot->state, READY);
}

const struct tree *
snapshot_tree(const struct snapshot *snapshot, enum snapshot_table table)
{
	return &snapshot->tables[table];
}

const struct state *
snapshot_state(const struct snapshot *snapshot)
{
	return &snapshot->seen;
}

struct source
snapshot_source(const struct snapshot *snapshot)
{
	return (struct source){ .pieces = &snapshot->tables[SNAPSHOT_PIECES] };
}

struct store *
snapshot_store(const struct snapshot *snapshot)
{
	return snapshot->owner->store;
}
