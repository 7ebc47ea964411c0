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
 * lead astray.  What is found proves itself by its sum.  That something is not
 * there is believed when the rows beside its place are what was written.
 */

#include "storage/snapshot.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/wire.h"
#include "storage/inside.h"
#include "storage/key.h"
#include "storage/past.h"
#include "storage/value.h"

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

/* --- point reads: each enters, reads, copies, leaves --------------------- */

static int
check_key(struct bytes key, struct fault *fault)
{
	if (key.len == 0 || key.len > KEY_MAX_BYTES) {
		return fault_set(fault, FAULT_INVALID,
		    "a key has 1 to %u bytes, this one %s", KEY_MAX_BYTES,
		    key.len == 0 ? "none" : "more, or text with a NUL");
	}
	return 0;
}

/* The row of a key, where it stands. */
static int
find_row(struct snapshot *snapshot, enum snapshot_table table, struct bytes key,
    struct bytes *raw_out)
{
	return tree_find_or_prove(snapshot_tree(snapshot, table), key,
	    value_check, raw_out);
}

/* A value of a table as a copy in the arena: 1, 0, -1. */
static int
find_in(struct snapshot *snapshot, enum snapshot_table table, struct bytes key,
    struct arena *arena, struct bytes *value_out, struct fault *fault)
{
	const struct source source = snapshot_source(snapshot);
	struct bytes raw;
	size_t size;
	int code;

	if (snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	code = find_row(snapshot, table, key, &raw);
	if (code == 0) {
		code = value_size(raw, &size);
	}
	if (code == 0) {
		uint8_t *copy = arena_alloc(arena, size + 1);

		code = value_copy(&source, key, raw, copy, size);
		*value_out = bytes_of(copy, size);
	}
	snapshot_leave(snapshot);
	if (code == MDB_NOTFOUND) {
		return 0;
	}
	return code == 0 ? 1 : records_fault(fault, code, "reading");
}

int
snapshot_find(struct snapshot *snapshot, struct bytes key, struct arena *arena,
    struct bytes *value_out, struct fault *fault)
{
	if (check_key(key, fault) < 0) {
		return -1;
	}
	return find_in(snapshot, SNAPSHOT_ROWS, key, arena, value_out, fault);
}

int
snapshot_find_record(struct snapshot *snapshot, struct bytes key,
    struct arena *arena, uint64_t *rev_out, struct bytes *record_out,
    struct fault *fault)
{
	struct bytes value;
	int found = snapshot_find(snapshot, key, arena, &value, fault);

	if (found == 1 && record_split(value, rev_out, record_out, fault) < 0) {
		return -1;
	}
	return found;
}

int
snapshot_has(struct snapshot *snapshot, struct bytes key, struct fault *fault)
{
	struct bytes raw;
	int code;

	if (check_key(key, fault) < 0 || snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	code = find_row(snapshot, SNAPSHOT_ROWS, key, &raw);
	snapshot_leave(snapshot);
	if (code == MDB_NOTFOUND) {
		return 0;
	}
	return code == 0 ? 1 : records_fault(fault, code, "reading");
}

int
snapshot_sum(struct snapshot *snapshot, struct bytes key, int64_t *sum_out,
    struct fault *fault)
{
	const struct source source = snapshot_source(snapshot);
	struct bytes raw;
	uint8_t data[8];
	size_t size;
	int code;

	if (check_key(key, fault) < 0 || snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	code = find_row(snapshot, SNAPSHOT_ROWS, key, &raw);
	if (code == 0) {
		code = value_size(raw, &size);
	}
	if (code == 0) {
		code = size == sizeof(data)
		           ? value_copy(&source, key, raw, data, size)
		           : EILSEQ;
	}
	snapshot_leave(snapshot);
	if (code == MDB_NOTFOUND) {
		*sum_out = 0;
		return 0;
	}
	if (code != 0) {
		return records_fault(fault, code, "reading a counter");
	}
	return counter_split(bytes_of(data, sizeof(data)), sum_out, fault);
}

int
snapshot_resolve(struct snapshot *snapshot, const struct set_id *id,
    struct arena *arena, struct writes_result *result_out, struct fault *fault)
{
	struct bytes value;
	struct past past;
	int found = find_in(snapshot, SNAPSHOT_PAST,
	    bytes_of(id->bytes, sizeof(id->bytes)), arena, &value, fault);
	int code;

	if (found != 1) {
		return found;
	}
	code = past_decode(value, clock_now(), &past);
	if (code != 0) {
		return code == MDB_NOTFOUND
		           ? 0
		           : records_fault(fault, code, "resolving a set");
	}
	*result_out = (struct writes_result){
		.outcome = OUTCOME_APPLIED,
		.repeated = true,
		.log_index = past.log_index,
		.log_count = past.log_count,
		.memo = past.memo,
	};
	return 1;
}

int
snapshot_log_size(struct snapshot *snapshot, uint64_t *size_out,
    struct fault *fault)
{
	int code;

	if (snapshot_enter(snapshot, fault) < 0) {
		return -1;
	}
	code =
	    records_log_size(snapshot_tree(snapshot, SNAPSHOT_LOG), size_out);
	snapshot_leave(snapshot);
	return code == 0 ? 0 : records_fault(fault, code, "the log");
}

int
snapshot_log_find(struct snapshot *snapshot, uint64_t index,
    struct arena *arena, struct bytes *entry_out, struct fault *fault)
{
	uint8_t key[8];

	wire_put_u64be(key, index);
	return find_in(snapshot, SNAPSHOT_LOG, bytes_of(key, sizeof(key)),
	    arena, entry_out, fault);
}
