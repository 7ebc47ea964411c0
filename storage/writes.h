/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_WRITES_H
#define STORAGE_WRITES_H

#include "base/buf.h"
#include "storage/store.h"

#include <stdatomic.h>

/* A write set as the writer sees it; for storage/ alone. */

#define SET_MAX_BYTES (4u << 20)
#define SET_MAX_STEPS 65536u

enum step_kind {
	STEP_EXPECT_ABSENT,
	STEP_EXPECT_REV,
	STEP_PUT,
	STEP_PUT_RECORD,
	STEP_PUT_LOGGED, /* its value: u64 index in the log, then the record */
	STEP_DELETE,
	STEP_ADD,
	STEP_LOG,
};

struct step {
	enum step_kind kind;
	struct bytes key;
	struct bytes value;
	uint64_t number; /* a revision, or the two's complement of a delta */
};

/* Take the next step from the front of an encoded list; false at its end. */
bool step_next(struct bytes *steps, struct step *step_out);

/* What the durable hook left for the sets that became durable together. */
struct group {
	atomic_uint users;
	struct durable_hook hook;
	void *left;
};

struct group *group_new(const struct durable_hook *hook, void *left);
struct group *group_share(struct group *group);
void group_release(struct group *group); /* NULL does nothing */

/*
 * Thread:  its builder's until writes_commit(), then the writer's, then the
 *          loop's.
 */
struct writes {
	struct writes *next; /* in the writer's queue */
	struct store *store;
	bool has_id;
	struct set_id id;
	struct buf steps;
	unsigned step_count;
	unsigned guard_count;
	unsigned log_count;
	bool goes_first;
	bool needs_entry; /* a record is to keep the index of its entry */
	struct buf memo;
	struct buf past_memo; /* of the same id, where it was applied before */
	struct fault fault;   /* the first failed step; later why not applied */

	struct loop *loop;
	struct loop_task task;
	writes_done_fn done;
	void *arg;
	struct writes_result result;
	struct group *group;
};

/* Not applied: why, in the set's own fault.  Gives the fault to fill. */
struct fault *writes_refuse(struct writes *writes, enum outcome outcome);
/* Tell the outcome on its loop, or here, and free the set. */
void writes_tell(struct writes *writes);
/*
 * Tell the first of a list and all others that the same loop waits for, at
 * once: a loop is woken up once for a group.  Gives the rest, in its order.
 */
struct writes *writes_tell_alike(struct writes *sets);

#endif
