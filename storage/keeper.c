/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     writer                               settler
 *     journal: write, sync
 *     LMDB: commit, no sync
 *     ... until a file of the journal is full,
 *     or as many bytes of pages came free:
 *     reader on the state, next file --->  LMDB: sync
 *     journal: write, sync                 anchor: write, sync
 *     LMDB: commit, no sync                reader on the anchor before: end
 *
 * At any moment the disk has the anchor's state whole, since the reader keeps
 * LMDB from writing over its pages, and all groups after it in the journal.
 * A process that is killed loses nothing of what it wrote, so opening after
 * it takes at most the one group that was written down and not committed.
 * Only where the machine stopped are LMDB's later pages given up and the
 * journal is done again.
 * While an opening does groups again, the anchor has its reader as well: that
 * may end at any moment and be begun anew.
 *
 * Each transaction also writes down the number of its group (meta,
 * "journal"), which is how opening knows what LMDB lacks.
 */

#include "storage/keeper.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "base/wire.h"
#include "storage/anchor.h"
#include "storage/journal.h"
#include "storage/redo.h"
#include "storage/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REST_US 2000000 /* without a group, before the journal is emptied */

struct keeper {
	const struct records *records;
	char *folder;
	uint64_t full_bytes;
	struct journal *journal;
	int file; /* of the anchor */
	int64_t kept_ticks;
	uint64_t freed_bytes; /* pages let go of since, none used again */
	uint64_t freed_txn;   /* the last that is among them */
	pthread_t settler;
	bool has_settler;

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t wake;
	struct anchor anchor; /* on the disk */
	MDB_txn *reader;      /* on its state */
	struct anchor coming; /* what the settler works at */
	MDB_txn *coming_reader;
	bool busy;
	bool failed; /* the disk: nothing more is written */
	bool stopping;
};

/* --- opening ------------------------------------------------------------- */

static int
find_anchor(const char *folder, struct anchor *anchor_out, bool *found_out,
    struct fault *fault)
{
	int file = anchor_open(folder, false, fault);
	int rc;

	*found_out = false;
	if (file < 0) {
		return fault->sys == ENOENT ? 0 : -1;
	}
	rc = anchor_read(file, anchor_out, found_out, fault);
	close(file);
	return rc;
}

/* The anchor's state is to be put back, and that is for who writes. */
static int
refuse_reading(const struct anchor *anchor, bool is_lost, struct fault *fault)
{
	if (is_lost) {
		return fault_set(fault, FAULT_CONFLICT,
		    "the records lost their newest state, which can be put "
		    "back; start hosod once before the store is read");
	}
	if (anchor->where[0] == '\0') {
		return fault_set(fault, FAULT_CONFLICT,
		    "the store is being rebuilt, or was when that ended; let "
		    "it end, or start hosod once, before it is read");
	}
	return fault_set(fault, FAULT_CONFLICT,
	    "the machine stopped while the store was open; "
	    "start hosod once before it is read");
}

int
keeper_recover(const char *folder, bool read_only, struct fault *fault)
{
	struct anchor anchor;
	bool is_lost = false;
	bool found;

	if (find_anchor(folder, &anchor, &found, fault) < 0) {
		return -1;
	}
	if (!found) {
		return 0;
	}
	if (anchor.closed || !anchor_is_adrift(&anchor, folder)) {
		if (anchor_is_lost(&anchor, folder, &is_lost, fault) < 0) {
			return -1;
		}
		if (!is_lost) {
			return 0;
		}
	}
	if (read_only) {
		return refuse_reading(&anchor, is_lost, fault);
	}
	if (anchor_restore(&anchor, folder, fault) < 0) {
		return -1;
	}
	log_info(NULL, "store.restored", "transaction=%llu",
	    (unsigned long long)anchor.txn);
	return 0;
}

static int
read_own(struct keeper *keeper, uint64_t *have_out,
    uint8_t id[JOURNAL_ID_BYTES], struct fault *fault)
{
	MDB_val key = records_val(bytes_of_text("id"));
	MDB_val value;
	MDB_txn *txn;
	int code = mdb_txn_begin(keeper->records->env, NULL, MDB_RDONLY, &txn);

	if (code != 0) {
		return records_fault(fault, code, "first rows");
	}
	code = redo_get_number(keeper->records, txn, have_out);
	if (code == 0) {
		code = mdb_get(txn, keeper->records->meta, &key, &value);
	}
	if (code == 0 && value.mv_size != JOURNAL_ID_BYTES) {
		code = EILSEQ;
	}
	if (code == 0) {
		memcpy(id, value.mv_data, JOURNAL_ID_BYTES);
	}
	mdb_txn_abort(txn);
	return code == 0 ? 0 : records_fault(fault, code, "first rows");
}

/* --- moving the anchor --------------------------------------------------- */

/* A reader on the last state, and the anchor that says where it is. */
static int
take_anchor(struct keeper *keeper, uint64_t next, struct anchor *anchor_out,
    MDB_txn **reader_out, struct fault *fault)
{
	int code =
	    mdb_txn_begin(keeper->records->env, NULL, MDB_RDONLY, reader_out);

	*anchor_out = (struct anchor){
		.generation = keeper->anchor.generation + 1,
		.next = next,
	};
	if (code != 0) {
		*reader_out = NULL;
		return records_fault(fault, code, "anchor");
	}
	anchor_set_where(anchor_out, keeper->folder);
	return anchor_take(anchor_out, keeper->records->env, *reader_out,
	    fault);
}

/* All that is committed is on the disk after it. */
static int
sync_records(struct keeper *keeper, struct fault *fault)
{
	int code = mdb_env_sync(keeper->records->env, 1);

	return code == 0 ? 0
	                 : records_fault(fault, code, "syncing the records");
}

/*
 * A sync failed: what it did not bring to the disk may be forgotten by the
 * kernel.  Let the next opening go back to the anchor, wherever it is.
 */
static void
give_up(struct keeper *keeper, const struct fault *fault)
{
	struct fault ignored = { 0 };

	log_error(NULL, "store.unsettled", "reason=%s", fault->text);
	keeper->anchor.generation +=
	    3; /* in the place of the one that failed */
	memset(keeper->anchor.where, 0, sizeof(keeper->anchor.where));
	anchor_write(keeper->file, &keeper->anchor, &ignored);
}

static void
settle(struct keeper *keeper)
{
	struct fault fault = { 0 };
	MDB_txn *before = keeper->reader;
	bool failed = sync_records(keeper, &fault) < 0 ||
	              anchor_write(keeper->file, &keeper->coming, &fault) < 0;

	if (failed) {
		give_up(keeper, &fault);
		before = keeper->coming_reader;
	}
	pthread_mutex_lock(&keeper->lock);
	if (!failed) {
		keeper->anchor = keeper->coming;
		keeper->reader = keeper->coming_reader;
	}
	keeper->failed = failed;
	keeper->busy = false;
	mdb_txn_abort(before); /* whoever waits wants its pages */
	pthread_cond_broadcast(&keeper->wake);
	pthread_mutex_unlock(&keeper->lock);
}

static void *
run_settler(void *arg)
{
	struct keeper *keeper = arg;

	pthread_mutex_lock(&keeper->lock);
	for (;;) {
		while (!keeper->busy && !keeper->stopping) {
			pthread_cond_wait(&keeper->wake, &keeper->lock);
		}
		if (!keeper->busy) {
			break;
		}
		pthread_mutex_unlock(&keeper->lock);
		settle(keeper);
		pthread_mutex_lock(&keeper->lock);
	}
	pthread_mutex_unlock(&keeper->lock);
	return NULL;
}

/* Whether it may turn now; with `wait`, after the turn before has ended. */
static bool
may_turn(struct keeper *keeper, bool wait)
{
	bool may;

	pthread_mutex_lock(&keeper->lock);
	while (wait && keeper->busy) {
		pthread_cond_wait(&keeper->wake, &keeper->lock);
	}
	may = !keeper->busy && !keeper->failed;
	pthread_mutex_unlock(&keeper->lock);
	return may;
}

/* Write on in the other file, while the settler brings this one's to rest. */
static void
turn(struct keeper *keeper)
{
	struct fault fault = { 0 };
	uint64_t next = journal_next(keeper->journal);
	struct anchor anchor;
	MDB_txn *reader;

	if (take_anchor(keeper, next, &anchor, &reader, &fault) < 0) {
		/* No reader to be had: the file grows until there is one. */
		log_warn(NULL, "store.no_anchor", "reason=%s", fault.text);
		if (reader != NULL) {
			mdb_txn_abort(reader);
		}
		return;
	}
	journal_turn(keeper->journal, next);
	keeper->freed_bytes = 0;
	pthread_mutex_lock(&keeper->lock);
	keeper->coming = anchor;
	keeper->coming_reader = reader;
	keeper->busy = true;
	pthread_cond_broadcast(&keeper->wake);
	pthread_mutex_unlock(&keeper->lock);
}

/*
 * All that is committed is on the disk, and the anchor says so.  It was made
 * here where `where` is NULL.
 */
static int
lay_anchor(struct keeper *keeper, uint64_t next, const char *where,
    struct fault *fault)
{
	MDB_txn *before = keeper->reader;
	struct anchor anchor;
	MDB_txn *reader = NULL;

	if (sync_records(keeper, fault) < 0 ||
	    take_anchor(keeper, next, &anchor, &reader, fault) < 0) {
		goto failed;
	}
	if (where != NULL) {
		memcpy(anchor.where, where, sizeof(anchor.where));
	}
	if (anchor_write(keeper->file, &anchor, fault) < 0) {
		goto failed;
	}
	pthread_mutex_lock(&keeper->lock);
	keeper->anchor = anchor;
	keeper->reader = reader;
	pthread_mutex_unlock(&keeper->lock);
	if (before != NULL) {
		mdb_txn_abort(before);
	}
	return 0;
failed:
	if (reader != NULL) {
		mdb_txn_abort(reader);
	}
	return -1;
}

/* The same, and the journal has nothing that is needed. */
static int
begin_anew(struct keeper *keeper, uint64_t next, const char *where,
    struct fault *fault)
{
	if (lay_anchor(keeper, next, where, fault) < 0) {
		return -1;
	}
	journal_turn(keeper->journal, next);
	keeper->freed_bytes = 0;
	return 0;
}

/* --- all or nothing -------------------------------------------------------- */

/* To here, or nowhere: then the next opening goes back to it. */
static int
move_anchor(struct keeper *keeper, bool is_here, struct fault *fault)
{
	static const char nowhere[ANCHOR_WHERE_MAX];
	uint64_t next = journal_next(keeper->journal);

	if (begin_anew(keeper, next, is_here ? NULL : nowhere, fault) < 0) {
		keeper_turn_back(keeper);
		return -1;
	}
	return 0;
}

int
keeper_depart(struct keeper *keeper, struct fault *fault)
{
	if (!may_turn(keeper, true)) {
		return fault_set(fault, FAULT_BUSY,
		    "the disk failed under the store; open it anew");
	}
	return move_anchor(keeper, false, fault);
}

int
keeper_arrive(struct keeper *keeper, struct fault *fault)
{
	return move_anchor(keeper, true, fault);
}

void
keeper_turn_back(struct keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	keeper->failed = true;
	pthread_mutex_unlock(&keeper->lock);
}

/* --- the life of a keeper ------------------------------------------------ */

/*
 * Do the journal's groups again from the anchor on.  That may be broken off and
 * begun anew, so the anchor lies on what LMDB has before, and its reader keeps
 * these pages as they are; where it was made stays, until all is done.
 */
static int
redo(struct keeper *keeper, uint64_t have, uint64_t *next_out,
    struct fault *fault)
{
	const struct redo_from from = {
		.records = keeper->records,
		.journal = keeper->journal,
		.first = keeper->anchor.next,
		.have = have,
	};

	if (lay_anchor(keeper, from.first, keeper->anchor.where, fault) < 0) {
		return -1;
	}
	return redo_run(&from, next_out, fault);
}

/* The last state is the anchor's, with nothing in the journal. */
static int
begin(struct keeper *keeper, struct fault *fault)
{
	uint8_t id[JOURNAL_ID_BYTES];
	uint64_t have = 0;
	uint64_t next;
	bool found;

	if (read_own(keeper, &have, id, fault) < 0 ||
	    journal_open(&keeper->journal, keeper->folder, id, fault) < 0) {
		return -1;
	}
	keeper->file = anchor_open(keeper->folder, true, fault);
	if (keeper->file < 0 ||
	    anchor_read(keeper->file, &keeper->anchor, &found, fault) < 0) {
		return -1;
	}
	/* A store that was restored gets these files now. */
	if (!found && file_sync_folder(keeper->folder, fault) < 0) {
		return -1;
	}
	next = have + 1;
	if (found && next < keeper->anchor.next) {
		next =
		    keeper->anchor.next; /* were given to what was not kept */
	}
	if (found && !keeper->anchor.closed &&
	    redo(keeper, have, &next, fault) < 0) {
		return -1;
	}
	next = next > have ? next : have + 1;
	return begin_anew(keeper, next, NULL, fault);
}

int
keeper_start(struct keeper **keeper_out, const struct records *records,
    const char *folder, uint64_t full_bytes, struct fault *fault)
{
	struct keeper *keeper = xzalloc(sizeof(*keeper));

	keeper->records = records;
	keeper->full_bytes = full_bytes;
	keeper->folder = xstrdup(folder);
	keeper->file = -1;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->wake, NULL);
	if (begin(keeper, fault) < 0 ||
	    thread_start(&keeper->settler, THREAD_WORKER, "settler",
	        run_settler, keeper, fault) < 0) {
		keeper_stop(keeper);
		return -1;
	}
	keeper->has_settler = true;
	*keeper_out = keeper;
	return 0;
}

static void
end_settler(struct keeper *keeper)
{
	if (!keeper->has_settler) {
		return;
	}
	pthread_mutex_lock(&keeper->lock);
	keeper->stopping = true;
	pthread_cond_broadcast(&keeper->wake);
	pthread_mutex_unlock(&keeper->lock);
	pthread_join(keeper->settler, NULL);
}

/* The last state is the anchor's, and the journal is of no use any more. */
static void
close_anchor(struct keeper *keeper)
{
	struct fault fault = { 0 };
	struct anchor last;
	MDB_txn *reader = NULL;

	if (sync_records(keeper, &fault) == 0 &&
	    take_anchor(keeper, journal_next(keeper->journal), &last, &reader,
	        &fault) == 0) {
		last.closed = true;
		anchor_write(keeper->file, &last, &fault);
	}
	if (fault.code != FAULT_NONE) {
		give_up(keeper, &fault);
	}
	if (reader != NULL) {
		mdb_txn_abort(reader);
	}
}

void
keeper_stop(struct keeper *keeper)
{
	if (keeper == NULL) {
		return;
	}
	end_settler(keeper);
	if (keeper->has_settler && !keeper->failed) {
		close_anchor(keeper);
	}
	if (keeper->reader != NULL) {
		mdb_txn_abort(keeper->reader);
	}
	if (keeper->file >= 0) {
		close(keeper->file);
	}
	journal_close(keeper->journal);
	pthread_cond_destroy(&keeper->wake);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper->folder);
	free(keeper);
}

/* --- groups -------------------------------------------------------------- */

/*
 * The pages that the last transaction let go of: LMDB notes them under its
 * number, and may not use them while the anchor is behind it.  What is damaged
 * is the probe's to say.
 */
static void
count_freed(struct keeper *keeper)
{
	const struct records *records = keeper->records;
	struct tree_cursor cursor;
	struct state state;
	MDB_envinfo info;

	mdb_env_info(records->env, &info);
	if (info.me_last_txnid == keeper->freed_txn ||
	    state_read(&state, &records->file, info.me_last_txnid) != 0) {
		return;
	}
	keeper->freed_txn = info.me_last_txnid;
	if (tree_last(&cursor, &state.free_pages) == 0 &&
	    cursor.node.key.len == 8 && cursor.node.value.len >= 8 &&
	    wire_get_u64le(cursor.node.key.data) == state.txn) {
		keeper->freed_bytes +=
		    wire_get_u64le(cursor.node.value.data) * state.pages.bytes;
	}
}

/*
 * A full journal has to wait for the settler.  Pages that nobody may use need
 * not: while the disk is slow the file grows.
 */
int
keeper_ready(struct keeper *keeper)
{
	bool is_full = journal_bytes(keeper->journal) >= keeper->full_bytes;
	bool failed;

	count_freed(keeper);
	if ((is_full || keeper->freed_bytes >= keeper->full_bytes) &&
	    may_turn(keeper, is_full)) {
		turn(keeper);
	}
	pthread_mutex_lock(&keeper->lock);
	failed = keeper->failed;
	pthread_mutex_unlock(&keeper->lock);
	return failed ? MDB_PANIC : 0;
}

int
keeper_keep(struct keeper *keeper, MDB_txn *txn, const struct writes *group,
    int64_t now, bool *in_doubt_out)
{
	int code = redo_put_number(keeper->records, txn,
	    journal_next(keeper->journal));

	keeper->kept_ticks = clock_ticks();
	return code == 0
	           ? journal_append(keeper->journal, group, now, in_doubt_out)
	           : code;
}

int
keeper_drop(struct keeper *keeper)
{
	bool in_doubt;

	return journal_cancel(keeper->journal, &in_doubt);
}

void
keeper_rest(struct keeper *keeper)
{
	if (journal_bytes(keeper->journal) > 0 &&
	    clock_ticks() - keeper->kept_ticks >= REST_US &&
	    may_turn(keeper, false)) {
		turn(keeper);
	}
}

bool
keeper_yield(struct keeper *keeper)
{
	if (journal_bytes(keeper->journal) == 0 || !may_turn(keeper, true)) {
		return false;
	}
	turn(keeper);
	return may_turn(keeper, true);
}
