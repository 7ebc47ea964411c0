/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_STORE_H
#define STORAGE_STORE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/loop.h"

#include <stdbool.h>

/*
 * The one small door to what keeps the bytes.  A write is a set, not a
 * conversation: read on any snapshot, then hand over guards, mutations,
 * additions and log entries in one call.  Commits complete later, on the
 * caller's loop; reads are plain calls on a snapshot.
 */
struct store;
struct chunks; /* storage/chunk.h */

struct store_options {
	const char *path; /* folder; url "lmdb:PATH" comes down to it */
	uint64_t records_map_bytes; /* address space, chosen once */
	uint64_t chunks_map_bytes;
	uint64_t journal_bytes; /* done again after a power cut: twice that */
	unsigned readers_max;
	unsigned snapshot_max_ms; /* older snapshots answer stale */
	bool create;              /* make it where it is not */
	bool read_only;           /* no writer threads: fsck, backup */
};

extern const struct store_options
    store_presets; /* 1 TiB, 4 TiB, 64 MiB, 512, 60 s */

struct store_caps {
	bool local_reads; /* handlers may read on the loop */
	size_t key_max_bytes;
	size_t value_max_bytes;
	size_t set_max_bytes;
	size_t set_max_steps; /* puts, deletes, additions, guards, entries */
};

/*
 * Any number of stores of different paths may be open in one process; a path
 * is written by one process at a time.
 *
 * Errors:  FAULT_ABSENT no store there and create is not set, FAULT_SYSTEM,
 *          FAULT_CORRUPT another format or version, FAULT_INVALID a network
 *          file system, FAULT_BUSY it is open elsewhere.
 */
int store_open(struct store **store_out, const struct store_options *options,
    struct fault *fault);
/*
 * Everything handed over before is committed, and its outcome told (or posted
 * to its loop), first.  Snapshots and scans are closed by then.
 */
void store_close(struct store *store);
const struct store_caps *store_caps(const struct store *store);

/* The chunk environment (PATH/chunks), opened and closed with the store. */
struct chunks *store_chunks(struct store *store);
/* A consistent copy of the records to a descriptor, while they are written. */
int store_copy(struct store *store, int descriptor, struct fault *fault);

/*
 * Prove that the records' tables are as they were written: every value whole,
 * no piece of a long one missing or left over, the log without a gap, the
 * remembered sets within it.  What the records say is not looked at.  Each
 * damage is told to `found` as a sentence.
 *
 * Errors:  as reading has, and stale: open the store with a snapshot_max_ms
 *          that lets all of it be read.
 * Thread:  worker or tool.
 */
typedef void (*store_found_fn)(void *arg, const char *finding);

int store_check(struct store *store, store_found_fn found, void *arg,
    struct fault *fault);

/* What an operator wants to see.  Thread: any. */
struct store_figures {
	uint64_t sets_waiting; /* handed over, not yet durable */
	uint64_t sets_applied; /* since start, as are the next three */
	uint64_t sets_refused; /* conflicts and whatever else was not applied */
	uint64_t commits;
	uint64_t commit_us; /* spent in them, waiting for the disk included */
	uint64_t map_used_bytes; /* of records_map_bytes */
	uint64_t map_bytes;
	unsigned snapshots; /* open now */
	/* clock_ticks() when the writer last went by */
	int64_t writer_seen_ticks;
	bool broken;  /* written no more until it is opened anew */
	bool is_over; /* nor read: the process must end and open it anew */
};

void store_measure(struct store *store, struct store_figures *figures_out);

/* --- write sets ------------------------------------------------------- */

enum outcome {
	OUTCOME_APPLIED,
	OUTCOME_CONFLICT,    /* a guard failed: nothing was applied */
	OUTCOME_UNAVAILABLE, /* not applied: disk or map full, I/O error */
	OUTCOME_UNKNOWN,     /* sent, answer lost: resolve by the id */
	OUTCOME_FENCED,      /* another process owns this writer */
	OUTCOME_REFUSED,     /* not a set this store can take: never retry */
};

#define SET_ID_BYTES 16u

/* Says which request it was: resolve() and Idempotency-Key are one thing. */
struct set_id {
	uint8_t bytes[SET_ID_BYTES];
};

/*
 * A new one, of the time and chance: ids that are drawn one after the other
 * lie side by side, so that remembering them takes a page now and then and
 * not one each.
 */
void set_id_draw(struct set_id *id_out);

struct writes; /* remembers its first failure; checked at commit */

/*
 * A set with an id is remembered for a day: with its memo, a few bytes, and
 * its place in the log.  With id NULL it is housekeeping: not remembered.
 */
struct writes *writes_new(struct store *store, const struct set_id *id);
/* A set that was never committed. */
void writes_free(struct writes *writes);

/*
 * Guards.  They judge the store before the set.  A guarded key must also be
 * put or deleted by the same set.  Records are stored with their revision;
 * other values have none.
 */
void writes_expect_absent(struct writes *writes, struct bytes key);
void writes_expect_rev(struct writes *writes, struct bytes key, uint64_t rev);

/*
 * All bytes are copied.  Steps happen in order: the last on a key stays.
 * Values are compared before they are written: what is there already costs
 * a look-up.  To delete what is absent does nothing.
 */
void writes_put_record(struct writes *writes, struct bytes key, uint64_t rev,
    struct bytes record);
/*
 * A record that an entry of the log tells of: its row keeps the entry's index.
 * Where that is not known before the commit, LOG_OWN is the first entry of
 * this set, which must have one.
 */
#define LOG_OWN UINT64_MAX

void writes_put_logged(struct writes *writes, struct bytes key, uint64_t rev,
    uint64_t log_index, struct bytes record);
void writes_put(struct writes *writes, struct bytes key, struct bytes value);
void writes_delete(struct writes *writes, struct bytes key);
/* An addition never conflicts; an absent counter is 0, and 0 leaves no row. */
void writes_add(struct writes *writes, struct bytes key, int64_t delta);

#define LOG_ENTRY_MAX_BYTES 65535u
#define MEMO_MAX_BYTES      1024u

/* One entry of the log; it gets its index at commit. */
void writes_log(struct writes *writes, struct bytes entry);
void writes_memo(struct writes *writes, struct bytes memo);

struct writes_result {
	enum outcome outcome;
	bool repeated;      /* the id was there already: memo is the old one */
	uint64_t log_index; /* of the set's first entry */
	uint64_t log_count; /* entries of the set */
	struct bytes memo;  /* borrowed for the call */
	void *group;        /* what the durable hook left for this group */
	const struct fault *fault; /* why, where the outcome is not APPLIED */
};

typedef void (*writes_done_fn)(void *arg, const struct writes_result *result);

/*
 * Hand the set to the writer; it is durable before done() runs on `loop`.
 * A set whose id was applied before is not applied again: `repeated`, and the
 * outcome is APPLIED.  A set with a failed step is REFUSED as a whole.
 * With loop NULL, done() runs on the writer thread, or in this call where the
 * set is refused before it reaches the writer (tools, tests).  Where too much
 * waits to be written the outcome is UNAVAILABLE at once.
 *
 * Owner:   writes is taken.
 * Thread:  any.
 */
void writes_commit(struct writes *writes, struct loop *loop,
    writes_done_fn done, void *arg);
/* Commit it before all sets that wait. */
void writes_go_first(struct writes *writes);
/*
 * Sets wait until store_resume(); those under way are finished before it
 * returns, and so are those that went first in the pause before.  Whoever opens
 * a snapshot then, and commits a set that goes first before he resumes, meets
 * no change between the two.
 *
 * Thread:  worker, tool, test: it waits for the disk.
 */
void store_pause(struct store *store);
/* Thread:  any. */
void store_resume(struct store *store);
/*
 * The same and wait.  0 when applied; else -1, the outcome says how, and
 * `fault` why.  Memo and group live until the arena ends.
 *
 * Errors:  FAULT_CONFLICT, FAULT_BUSY unavailable, FAULT_UNSURE unknown,
 *          FAULT_INVALID and FAULT_LIMIT refused.
 * Thread:  worker, or a tool's main; never a loop or the writer.
 */
int writes_commit_wait(struct writes *writes, struct writes_result *result_out,
    struct arena *arena, struct fault *fault);
/* The same for whoever asks for nothing of what it did. */
int writes_commit_now(struct writes *writes, struct fault *fault);

/*
 * Called on the writer thread when a group is durable and before its outcomes
 * are told, with the group's log entries in order (never with none: a group
 * that logged nothing has no `group`).  What it returns is shown to every set
 * of the group as result->group and given back to `release`, on any thread,
 * when the last was told.  Set before the first commit.
 */
struct log_entry {
	uint64_t index;
	struct bytes bytes;
};

struct durable_hook {
	void *(
	    *durable)(void *arg, const struct log_entry *entries, size_t count);
	void (*release)(void *arg, void *group);
	void *arg;
};

void store_on_durable(struct store *store, const struct durable_hook *hook);

/* --- reading ---------------------------------------------------------- */

struct snapshot;

/*
 * The store as the last commit left it, and it stays so.  A snapshot older
 * than snapshot_max_ms is cut off, and every read of it fails: FAULT_BUSY,
 * "stale"; take a new one.
 *
 * Errors:  FAULT_BUSY when readers_max snapshots are open.
 * Thread:  the snapshot stays on one thread at a time.  Never held across a
 *          wait for a client.
 */
int snapshot_open(struct snapshot **snapshot_out, struct store *store,
    struct fault *fault);
void snapshot_close(struct snapshot *snapshot);
struct store *snapshot_store(const struct snapshot *snapshot);

/* 1 found, 0 absent, -1 failed.  Bytes are a copy in the arena. */
int snapshot_find(struct snapshot *snapshot, struct bytes key,
    struct arena *arena, struct bytes *value_out, struct fault *fault);
/*
 * Several at once, in less time than one by one; SNAPSHOT_FIND_MAX is a good
 * number of them.  A value is NO_BYTES where the row was not found or not whole:
 * only snapshot_find() can say which.
 */
#define SNAPSHOT_FIND_MAX 64u
int snapshot_find_several(struct snapshot *snapshot, const struct bytes *keys,
    size_t count, struct arena *arena, struct bytes *values_out,
    struct fault *fault);
int snapshot_find_record(struct snapshot *snapshot, struct bytes key,
    struct arena *arena, uint64_t *rev_out, struct bytes *record_out,
    struct fault *fault);
int snapshot_has(struct snapshot *snapshot, struct bytes key,
    struct fault *fault);
/* A counter; 0 where absent. */
int snapshot_sum(struct snapshot *snapshot, struct bytes key, int64_t *sum_out,
    struct fault *fault);
/* What became of a set: 1 applied (memo in the arena), 0 not known. */
int snapshot_resolve(struct snapshot *snapshot, const struct set_id *id,
    struct arena *arena, struct writes_result *result_out, struct fault *fault);

/* The log: number of entries, one entry. */
int snapshot_log_size(struct snapshot *snapshot, uint64_t *size_out,
    struct fault *fault);
int snapshot_log_find(struct snapshot *snapshot, uint64_t index,
    struct arena *arena, struct bytes *entry_out, struct fault *fault);

/*
 * Keys from <= key < to, upwards or downwards; none, and nothing is read for
 * it, where `to` is not behind `from`.  An empty `from` is the first key, an
 * empty `to` the end.  Closed before its snapshot.
 */
struct scan;
struct key; /* storage/key.h */

int scan_open(struct scan **scan_out, struct snapshot *snapshot,
    struct bytes from, struct bytes to, bool backwards, struct fault *fault);
/* All keys that begin with the prefix, upwards. */
int scan_open_prefix(struct scan **scan_out, struct snapshot *snapshot,
    struct bytes prefix, struct fault *fault);
/* All of one table (storage/key.h), upwards. */
int scan_open_table(struct scan **scan_out, struct snapshot *snapshot,
    uint8_t table, struct fault *fault);
/* The log from an index on, upwards; keys are indexes (scan_log_index()). */
int scan_open_log(struct scan **scan_out, struct snapshot *snapshot,
    uint64_t from, struct fault *fault);
uint64_t scan_log_index(struct bytes key);
/* From where a scan that is opened anew goes on behind a key it gave. */
void scan_behind(const struct scan *scan, struct bytes key,
    struct key *place_out);
void scan_close(struct scan *scan);
/*
 * 1 and the next pair, 0 at the end, -1 failed.  Borrowed until the next
 * call; copy what goes up.
 */
int scan_next(struct scan *scan, struct bytes *key_out, struct bytes *value_out,
    struct fault *fault);

/*
 * Of a scan upwards: the next pair that can be read, whatever is damaged on
 * the way to it.
 */
int scan_next_sound(struct scan *scan, struct bytes *key_out,
    struct bytes *value_out, struct fault *fault);

/*
 * What the last scan_next_sound() passed on its way: any key between the pair
 * it gave before (or where the scan began) and this one (or where it ended)
 * may be lost.  A damaged row's own key may be damaged, too.
 */
enum scan_gap {
	SCAN_NO_GAP,
	SCAN_GAP_ROW,  /* one row, whose key stands there as `key_out` says */
	SCAN_GAP_ROWS, /* more of them, or pages */
};

/* The key is borrowed like a pair, empty of no row; NULL: not asked for. */
enum scan_gap scan_gap(const struct scan *scan, struct bytes *key_out);
/* Continue at the first key >= key (backwards: at the last <= key). */
void scan_seek(struct scan *scan, struct bytes key);
/* A record's revision and bytes out of a value that scan_next() gave. */
int record_split(struct bytes value, uint64_t *rev_out,
    struct bytes *record_out, struct fault *fault);
/* Which entry of the log such a value says tells of it; false: it says none. */
bool record_log_index(struct bytes value, uint64_t *index_out);
/* A counter's value out of a value that scan_next() gave. */
int counter_split(struct bytes value, int64_t *sum_out, struct fault *fault);

#endif
