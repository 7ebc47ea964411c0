/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Group commit without a timer: while one commit waits for the disk the queue
 * fills; the next takes all of it, up to the size of a group.  A lone set
 * waits for nobody, and many in flight share one sync.
 *
 *     queue -> judge and apply each set in one transaction -> keep (one sync)
 *           -> commit -> durable hook -> outcomes, in order of commit
 *
 * A group that fails as a whole (no page, no room on the disk) is aborted and
 * its sets are tried one by one, so that a small one still goes through.
 * Nothing is told before its transaction is on the disk: also a refusal may
 * rest on what a set before it in the group did.
 *
 * Where the sync fails, or LMDB itself gives up (its meta page could not be
 * written), nobody knows which state is on the disk: the group's outcome is
 * UNKNOWN, and nothing more is written (nor read, where it was LMDB) until the
 * store is opened anew.
 */

#include "storage/writer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "storage/apply.h"
#include "storage/keeper.h"
#include "storage/past.h"
#include "storage/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

/*
 * A group: 0.9.24 keeps the pages a commit dirtied as heap for good, and a
 * step dirties at most a few (measured: docs/store.md).
 */
#define GROUP_MAX_BYTES (4u << 20)
#define GROUP_MAX_STEPS 4096u
#define QUEUE_MAX_BYTES (32u << 20)
#define SWEEP_ROWS      4u /* of `past`, for each set applied */
#define ROUND_US        1000000
#define FULL_PERCENT    80u

struct writer {
	const struct records *records;
	struct keeper *keeper;
	struct snapshots *snapshots;
	struct durable_hook hook;
	pthread_t thread;
	struct apply apply; /* the writer's own, as are the next five */
	struct past_sweep sweep;
	int64_t round_ticks;  /* when it last looked after readers */
	int broken;           /* the code that ended all writing, or 0 */
	bool in_trouble;      /* the last group failed; said once */
	bool filling;         /* over FULL_PERCENT; said once */
	int64_t damage_ticks; /* when damage was said last */

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t wake;
	pthread_cond_t ended;   /* the task */
	pthread_cond_t between; /* groups */
	bool is_busy;           /* with a group or the task */
	bool is_paused;
	void (*task)(void *arg); /* NULL: none */
	void *task_arg;
	struct writes *first;
	struct writes **last; /* where the next one is hung */
	size_t queue_bytes;
	bool stopping;
	struct store_figures figures;
};

/* --- the queue ---------------------------------------------------------- */

static void
hang(struct writer *writer, struct writes *writes)
{
	if (writes->goes_first && writer->first != NULL) {
		writes->next = writer->first;
		writer->first = writes;
		return;
	}
	*writer->last = writes;
	writer->last = &writes->next;
}

void
writer_submit(struct writer *writer, struct writes *writes)
{
	size_t bytes = writes->steps.len;
	bool full;

	writes->next = NULL;
	pthread_mutex_lock(&writer->lock);
	full = writer->first != NULL &&
	       writer->queue_bytes + bytes > QUEUE_MAX_BYTES;
	if (!full) {
		hang(writer, writes);
		writer->queue_bytes += bytes;
		writer->figures.sets_waiting++;
		pthread_cond_signal(&writer->wake);
	}
	pthread_mutex_unlock(&writer->lock);
	if (full) {
		fault_set(writes_refuse(writes, OUTCOME_UNAVAILABLE),
		    FAULT_BUSY, "more than %u MiB wait to be written",
		    QUEUE_MAX_BYTES >> 20);
		writes_tell(writes);
	}
}

/* Take what waits, up to the size of a group.  With the lock held. */
static struct writes *
take_group(struct writer *writer)
{
	struct writes *group = writer->first;
	struct writes **end = &group;
	size_t bytes = 0;
	size_t steps = 0;

	while (*end != NULL) {
		bytes += (*end)->steps.len;
		steps += (*end)->step_count;
		if (end != &group &&
		    (bytes > GROUP_MAX_BYTES || steps > GROUP_MAX_STEPS)) {
			break;
		}
		writer->queue_bytes -= (*end)->steps.len;
		end = &(*end)->next;
	}
	writer->first = *end;
	if (writer->first == NULL) {
		writer->last = &writer->first;
	}
	*end = NULL;
	return group;
}

/* --- committing --------------------------------------------------------- */

static int
apply_all(struct writer *writer, MDB_txn *txn, struct writes *group)
{
	int64_t now = clock_now();
	int code = apply_start(&writer->apply, writer->records, txn, now);

	for (struct writes *set = group; code == 0 && set != NULL;
	     set = set->next) {
		code = apply_set(&writer->apply, set);
	}
	if (code == 0 && writer->apply.applied > 0) {
		const struct past_table past = { writer->records, txn,
			writer->apply.probe, APPLY_PAST };

		code = past_sweep(&past, now,
		    writer->apply.applied * SWEEP_ROWS, &writer->sweep);
	}
	return code;
}

/*
 * Apply and commit a group.  0, or a code and nothing of it is there; with
 * *in_doubt_out nobody knows.
 */
static int
commit_once(struct writer *writer, struct writes *group, bool *in_doubt_out)
{
	MDB_txn *txn;
	int code = writer->broken;

	if (code == 0) {
		code = keeper_ready(writer->keeper);
	}
	if (code == 0) {
		code = mdb_txn_begin(writer->records->env, NULL, 0, &txn);
	}
	if (code != 0) {
		return code;
	}
	code = apply_all(writer, txn, group);
	if (code == 0 && writer->apply.applied > 0) {
		code = keeper_keep(writer->keeper, txn, group,
		    writer->apply.now, in_doubt_out);
	}
	if (code != 0 || writer->apply.applied == 0) {
		mdb_txn_abort(txn);
		return code;
	}
	code = mdb_txn_commit(txn);
	*in_doubt_out =
	    code != 0 && (records_is_in_doubt(writer->records->env) ||
	                     keeper_drop(writer->keeper) != 0);
	return code;
}

static int
commit(struct writer *writer, struct writes *group, bool *in_doubt_out)
{
	int code = commit_once(writer, group, in_doubt_out);

	if (code == MDB_MAP_FULL && keeper_yield(writer->keeper)) {
		code = commit_once(writer, group, in_doubt_out);
	}
	code = records_cause(writer->records->env, code);
	if (code == EIO && !*in_doubt_out) {
		/* It may be of a disk that had no room, and has it by now. */
		code = records_cause(writer->records->env,
		    commit_once(writer, group, in_doubt_out));
	}
	return code;
}

/* --- telling ------------------------------------------------------------ */

static struct group *
run_hook(struct writer *writer)
{
	const struct apply *apply = &writer->apply;

	if (apply->applied == 0 || apply->entry_count == 0 ||
	    writer->hook.durable == NULL) {
		return NULL;
	}
	return group_new(&writer->hook,
	    writer->hook.durable(writer->hook.arg, apply->entries,
	        apply->entry_count));
}

static void
count_group(struct writer *writer, const struct writes *group, int64_t us)
{
	uint64_t applied = 0;
	uint64_t refused = 0;

	for (const struct writes *set = group; set != NULL; set = set->next) {
		bool is_applied = set->result.outcome == OUTCOME_APPLIED;

		applied += is_applied;
		refused += !is_applied;
	}
	pthread_mutex_lock(&writer->lock);
	writer->figures.sets_waiting -= applied + refused;
	writer->figures.sets_applied += applied;
	writer->figures.sets_refused += refused;
	writer->figures.commits++;
	writer->figures.broken = writer->broken != 0;
	writer->figures.is_over = writer->broken == MDB_PANIC;
	writer->figures.commit_us += (uint64_t)us;
	pthread_mutex_unlock(&writer->lock);
}

static void
tell(struct writes *sets, struct group *group)
{
	for (struct writes *set = sets; set != NULL; set = set->next) {
		set->group = group_share(group);
	}
	while (sets != NULL) {
		sets = writes_tell_alike(sets);
	}
	group_release(group);
}

/* Give each set that would have been applied the reason why it is not. */
static void
refuse_all(struct writes *group, enum outcome outcome, int code)
{
	for (struct writes *set = group; set != NULL; set = set->next) {
		struct fault *fault;

		if (set->result.outcome == OUTCOME_REFUSED) {
			continue; /* its own fault */
		}
		fault = writes_refuse(set, outcome);
		if (code == ERANGE) {
			fault_set(fault, FAULT_LIMIT,
			    "a counter would leave its range");
		} else {
			records_fault(fault, code, "not written");
		}
		if (outcome == OUTCOME_UNKNOWN) {
			fault->code = FAULT_UNSURE;
		}
	}
}

static enum outcome
outcome_of(int code, bool in_doubt)
{
	if (in_doubt) {
		return OUTCOME_UNKNOWN;
	}
	/* What is wrong with the set itself, whenever it comes. */
	return code == ERANGE || code == MDB_TXN_FULL ? OUTCOME_REFUSED
	                                              : OUTCOME_UNAVAILABLE;
}

/* Each set that comes may meet it: once a second. */
static void
report_damage(struct writer *writer)
{
	int64_t now = clock_ticks();
	struct fault fault;

	if (writer->damage_ticks != 0 &&
	    now - writer->damage_ticks < ROUND_US) {
		return;
	}
	writer->damage_ticks = now;
	records_fault(&fault, EILSEQ, "records");
	log_error(NULL, "store.damaged", "reason=%s", fault.text);
}

static void
report_trouble(struct writer *writer, int code)
{
	struct fault fault;

	if (writer->broken != 0) {
		return; /* it was said, once and for all */
	}
	if (records_is_broken(code)) {
		writer->broken = code;
		records_fault(&fault, code, "records");
		log_error(NULL, "store.broken", "reason=%s", fault.text);
	} else if (code == EILSEQ) {
		report_damage(writer);
	} else if (!writer->in_trouble && code != ERANGE) {
		writer->in_trouble = true;
		records_fault(&fault, code, "records");
		log_error(NULL, "store.unavailable", "reason=%s", fault.text);
	}
}

static void
report_recovery(struct writer *writer)
{
	if (writer->in_trouble && writer->apply.applied > 0) {
		writer->in_trouble = false;
		log_info(NULL, "store.available", "sets=%u",
		    writer->apply.applied);
	}
}

/* Commit a group, all of it or set by set, and tell every outcome. */
static void
settle(struct writer *writer, struct writes *group)
{
	int64_t start = clock_ticks();
	bool in_doubt = false;
	struct group *shared = NULL;
	int code = commit(writer, group, &in_doubt);

	if (code != 0 && !in_doubt && !records_is_broken(code) &&
	    group->next != NULL) {
		while (group != NULL) {
			struct writes *set = group;

			group = set->next;
			set->next = NULL;
			settle(writer, set);
		}
		return;
	}
	if (code == 0) {
		shared = run_hook(writer);
		report_recovery(writer);
		if (writer->apply.damaged > 0) {
			report_damage(writer);
		}
	} else {
		report_trouble(writer, in_doubt ? MDB_PANIC : code);
		refuse_all(group, outcome_of(code, in_doubt), code);
	}
	count_group(writer, group, clock_ticks() - start);
	tell(group, shared);
}

/* --- the thread --------------------------------------------------------- */

static void
watch_map(struct writer *writer)
{
	struct store_figures now;
	bool filling;

	records_measure(writer->records->env, &now);
	filling = now.map_used_bytes > now.map_bytes / 100 * FULL_PERCENT;
	if (filling && !writer->filling) {
		log_error(NULL, "store.filling", "used=%llu map=%llu",
		    (unsigned long long)now.map_used_bytes,
		    (unsigned long long)now.map_bytes);
	}
	writer->filling = filling;
}

/* Once a second: readers that died or stay too long, and the map. */
static void
go_round(struct writer *writer)
{
	int64_t now = clock_ticks();
	int dead = 0;

	if (now - writer->round_ticks < ROUND_US) {
		return;
	}
	writer->round_ticks = now;
	if (mdb_reader_check(writer->records->env, &dead) == 0 && dead > 0) {
		log_info(NULL, "store.readers_cleared", "count=%d", dead);
	}
	snapshots_cut(writer->snapshots);
	watch_map(writer);
	pthread_mutex_lock(&writer->lock);
	writer->figures.writer_seen_ticks = now;
	pthread_mutex_unlock(&writer->lock);
}

/* With the lock held. */
static bool
has_work(const struct writer *writer)
{
	return (!writer->is_paused || writer->stopping) &&
	       (writer->first != NULL || writer->task != NULL);
}

/* Wait for sets, at most until the next round.  With the lock held. */
static void
wait_for_sets(struct writer *writer)
{
	int64_t left = writer->round_ticks + ROUND_US - clock_ticks();
	struct timespec until;

	if (has_work(writer) || writer->stopping || left <= 0) {
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)left % 1000000 * 1000;
	until.tv_sec += left / 1000000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&writer->wake, &writer->lock, &until);
}

static void
run_task(struct writer *writer)
{
	writer->task(writer->task_arg);
	pthread_mutex_lock(&writer->lock);
	writer->task = NULL;
	pthread_cond_signal(&writer->ended);
	pthread_mutex_unlock(&writer->lock);
}

static void *
run(void *arg)
{
	struct writer *writer = arg;
	bool stopping = false;

	while (!stopping) {
		struct writes *group = NULL;
		bool has_task = false;

		pthread_mutex_lock(&writer->lock);
		writer->is_busy = false;
		pthread_cond_broadcast(&writer->between);
		wait_for_sets(writer);
		if (has_work(writer)) {
			group = take_group(writer);
			has_task = writer->task != NULL;
			writer->is_busy = true;
		}
		stopping = writer->stopping && group == NULL;
		pthread_mutex_unlock(&writer->lock);
		if (group != NULL) {
			settle(writer, group);
		} else if (has_task) {
			run_task(writer);
		} else {
			keeper_rest(writer->keeper);
		}
		go_round(writer);
	}
	return NULL;
}

int
writer_start(struct writer **writer_out, const struct records *records,
    struct keeper *keeper, struct snapshots *snapshots, struct fault *fault)
{
	struct writer *writer = xzalloc(sizeof(*writer));
	pthread_condattr_t monotonic;

	writer->records = records;
	writer->keeper = keeper;
	writer->snapshots = snapshots;
	writer->last = &writer->first;
	writer->round_ticks = clock_ticks();
	writer->figures.writer_seen_ticks = writer->round_ticks;
	pthread_mutex_init(&writer->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->wake, &monotonic);
	pthread_cond_init(&writer->ended, NULL);
	pthread_cond_init(&writer->between, NULL);
	pthread_condattr_destroy(&monotonic);
	if (thread_start(&writer->thread, THREAD_WRITER, "records", run, writer,
	        fault) < 0) {
		pthread_cond_destroy(&writer->between);
		pthread_cond_destroy(&writer->ended);
		pthread_cond_destroy(&writer->wake);
		pthread_mutex_destroy(&writer->lock);
		free(writer);
		return -1;
	}
	*writer_out = writer;
	return 0;
}

void
writer_stop(struct writer *writer)
{
	if (writer == NULL) {
		return;
	}
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->thread, NULL);
	apply_fini(&writer->apply);
	pthread_cond_destroy(&writer->between);
	pthread_cond_destroy(&writer->ended);
	pthread_cond_destroy(&writer->wake);
	pthread_mutex_destroy(&writer->lock);
	free(writer);
}

void
writer_run(struct writer *writer, void (*task)(void *arg), void *arg)
{
	pthread_mutex_lock(&writer->lock);
	writer->task = task;
	writer->task_arg = arg;
	pthread_cond_signal(&writer->wake);
	while (writer->task != NULL) {
		pthread_cond_wait(&writer->ended, &writer->lock);
	}
	pthread_mutex_unlock(&writer->lock);
}

void
writer_pause(struct writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	while (writer->is_paused || writer->is_busy ||
	       (writer->first != NULL && writer->first->goes_first)) {
		pthread_cond_wait(&writer->between, &writer->lock);
	}
	writer->is_paused = true;
	pthread_mutex_unlock(&writer->lock);
}

void
writer_resume(struct writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	writer->is_paused = false;
	pthread_cond_signal(&writer->wake);
	pthread_cond_broadcast(&writer->between);
	pthread_mutex_unlock(&writer->lock);
}

void
writer_on_durable(struct writer *writer, const struct durable_hook *hook)
{
	writer->hook = *hook;
}

void
writer_measure(struct writer *writer, struct store_figures *figures)
{
	pthread_mutex_lock(&writer->lock);
	*figures = writer->figures;
	pthread_mutex_unlock(&writer->lock);
}
