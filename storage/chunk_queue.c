/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A list behind a lock, and one thread that owns the write transactions.  A
 * group whose transaction fails (map or disk full) is aborted and its ops are
 * tried one by one, so that one that does not fit refuses itself alone and a
 * deletion beside it goes through, and so does one beside a damaged page.  An
 * environment that LMDB itself finds damaged is written no more.
 *
 * LMDB keeps the dirty pages of a commit on the heap, which is why a commit is
 * limited; what waits is memory of the callers.
 */

#include "storage/chunk_queue.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "storage/chunk_env.h"
#include "storage/records.h"

#include <errno.h>
#include <stdlib.h>

#define ROUND_US     1000000
#define FULL_PERCENT 80u

struct chunk_queue {
	MDB_env *lmdb;
	struct probe *probe;
	pthread_t thread;
	_Atomic int damage; /* an LMDB code; 0 is sound; the writer sets it */

	/* the writer thread's */
	int64_t went_round_at;
	bool in_trouble; /* said once, until it goes again */
	bool filling;    /* over FULL_PERCENT; said once */

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t work;  /* something to do, or stopping */
	pthread_cond_t room;  /* something became durable */
	struct chunk_op *first;
	struct chunk_op **last;
	size_t waiting_bytes;
	bool stopping;
};

/* The oldest ops that fit a commit, at least one; NULL at the end. */
static struct chunk_op *
take_group(struct chunk_queue *queue)
{
	struct chunk_op *group;
	struct chunk_op **end;
	size_t bytes = 0;

	pthread_mutex_lock(&queue->lock);
	while (queue->first == NULL && !queue->stopping) {
		pthread_cond_wait(&queue->work, &queue->lock);
	}
	group = queue->first;
	for (end = &queue->first; *end != NULL; end = &(*end)->next) {
		bytes += (*end)->bytes;
		if (bytes > CHUNK_QUEUE_COMMIT_BYTES && *end != group) {
			break;
		}
	}
	queue->first = *end;
	*end = NULL;
	if (queue->first == NULL) {
		queue->last = &queue->first;
	}
	pthread_mutex_unlock(&queue->lock);
	return group;
}

/* Apply ops from `op` until `end` in one transaction.  An LMDB code. */
static int
commit_once(struct chunk_queue *queue, struct chunk_op *op,
    const struct chunk_op *end)
{
	MDB_txn *txn;
	int code;

	if (queue->damage != 0) {
		return queue->damage;
	}
	code = mdb_txn_begin(queue->lmdb, NULL, 0, &txn);
	if (code != 0) {
		return code;
	}
	code = probe_start(queue->probe, txn);
	for (; code == 0 && op != end; op = op->next) {
		code = op->apply(op, txn);
	}
	if (code != 0) {
		mdb_txn_abort(txn);
		return code;
	}
	code = mdb_txn_commit(txn);
	/* Readers hear of a meta page in doubt, so it is not for the next op. */
	if (code != 0 && records_is_in_doubt(queue->lmdb)) {
		return MDB_PANIC;
	}
	return records_cause(queue->lmdb, code);
}

static int
commit(struct chunk_queue *queue, struct chunk_op *op,
    const struct chunk_op *end)
{
	int code = commit_once(queue, op, end);

	/* It may be of a disk that had no room, and has it by now. */
	return code == EIO ? commit_once(queue, op, end) : code;
}

static void
refuse(struct chunk_queue *queue, struct chunk_op *op, int code)
{
	op->failed = true;
	chunk_env_fault(&op->fault, code, "chunks");
	if (records_is_broken(code) && queue->damage == 0) {
		queue->damage = code;
		log_error(NULL, "chunks.broken", "reason=%s", op->fault.text);
	} else if (!queue->in_trouble) {
		queue->in_trouble = true;
		log_error(NULL, "chunks.unavailable", "reason=%s",
		    op->fault.text);
	}
}

static void
commit_group(struct chunk_queue *queue, struct chunk_op *group)
{
	int code = commit(queue, group, NULL);
	bool refused = false;

	for (struct chunk_op *op = group; code != 0 && op != NULL;
	     op = op->next) {
		/* A group of one was tried already. */
		int own =
		    group->next == NULL ? code : commit(queue, op, op->next);

		if (own != 0) {
			refuse(queue, op, own);
			refused = true;
		}
	}
	if (queue->in_trouble && !refused) {
		queue->in_trouble = false;
		log_info(NULL, "chunks.available", "bytes=%zu", group->bytes);
	}
}

static void
reply(struct loop_task *task)
{
	struct chunk_op *op =
	    (struct chunk_op *)((char *)task -
	                        offsetof(struct chunk_op, reply));

	op->done(op);
}

static void
tell(struct chunk_op *op)
{
	if (op->loop != NULL) {
		op->reply.run = reply;
		loop_post(op->loop, &op->reply);
	} else {
		op->done(op);
	}
}

/* The group is durable or refused: make room, then tell. */
static void
tell_group(struct chunk_queue *queue, struct chunk_op *group)
{
	size_t bytes = 0;

	for (const struct chunk_op *op = group; op != NULL; op = op->next) {
		bytes += op->bytes;
	}
	pthread_mutex_lock(&queue->lock);
	queue->waiting_bytes -= bytes;
	pthread_cond_broadcast(&queue->room);
	pthread_mutex_unlock(&queue->lock);
	while (group != NULL) {
		struct chunk_op *op = group;

		group = op->next; /* the op may be freed */
		tell(op);
	}
}

static void
watch_map(struct chunk_queue *queue)
{
	struct store_figures now;
	bool filling;

	records_measure(queue->lmdb, &now);
	filling = now.map_used_bytes > now.map_bytes / 100 * FULL_PERCENT;
	if (filling && !queue->filling) {
		log_error(NULL, "chunks.filling", "used=%llu map=%llu",
		    (unsigned long long)now.map_used_bytes,
		    (unsigned long long)now.map_bytes);
	}
	queue->filling = filling;
}

/* What a reader that was killed left behind holds back free pages. */
static void
go_round(struct chunk_queue *queue)
{
	int64_t now = clock_ticks();
	int dead;

	if (now - queue->went_round_at >= ROUND_US) {
		queue->went_round_at = now;
		mdb_reader_check(queue->lmdb, &dead);
		watch_map(queue);
	}
}

static void *
run(void *arg)
{
	struct chunk_queue *queue = arg;
	struct chunk_op *group;

	thread_must_be(THREAD_WRITER);
	while ((group = take_group(queue)) != NULL) {
		go_round(queue);
		commit_group(queue, group);
		tell_group(queue, group);
	}
	return NULL;
}

int
chunk_queue_open(struct chunk_queue **queue_out, MDB_env *lmdb,
    struct probe *probe, struct fault *fault)
{
	struct chunk_queue *queue = xzalloc(sizeof(*queue));

	queue->lmdb = lmdb;
	queue->probe = probe;
	queue->last = &queue->first;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->work, NULL);
	pthread_cond_init(&queue->room, NULL);
	if (thread_start(&queue->thread, THREAD_WRITER, "chunks", run, queue,
	        fault) < 0) {
		free(queue);
		return -1;
	}
	*queue_out = queue;
	return 0;
}

void
chunk_queue_close(struct chunk_queue *queue)
{
	if (queue == NULL) {
		return;
	}
	pthread_mutex_lock(&queue->lock);
	queue->stopping = true;
	pthread_cond_signal(&queue->work);
	pthread_mutex_unlock(&queue->lock);
	pthread_join(queue->thread, NULL);
	pthread_cond_destroy(&queue->room);
	pthread_cond_destroy(&queue->work);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

void
chunk_queue_add(struct chunk_queue *queue, struct chunk_op *op)
{
	op->next = NULL;
	op->failed = false;
	pthread_mutex_lock(&queue->lock);
	while (queue->waiting_bytes + op->bytes > CHUNK_QUEUE_WAITING_BYTES) {
		if (op->loop != NULL) {
			pthread_mutex_unlock(&queue->lock);
			op->failed = true;
			fault_set(&op->fault, FAULT_BUSY,
			    "the chunk writer is behind; try again");
			tell(op);
			return;
		}
		pthread_cond_wait(&queue->room, &queue->lock);
	}
	queue->waiting_bytes += op->bytes;
	*queue->last = op;
	queue->last = &op->next;
	pthread_cond_signal(&queue->work);
	pthread_mutex_unlock(&queue->lock);
}

/* Whoever waits for an op. */
struct waiter {
	pthread_mutex_t lock; /* guards told */
	pthread_cond_t woken;
	bool told;
};

static void
wake(struct chunk_op *op)
{
	struct waiter *waiter = op->arg;

	pthread_mutex_lock(&waiter->lock);
	waiter->told = true;
	pthread_cond_signal(&waiter->woken);
	pthread_mutex_unlock(&waiter->lock);
}

int
chunk_queue_wait(struct chunk_queue *queue, struct chunk_op *op,
    struct fault *fault)
{
	struct waiter waiter = { .lock = PTHREAD_MUTEX_INITIALIZER,
		.woken = PTHREAD_COND_INITIALIZER };

	op->done = wake;
	op->loop = NULL;
	op->arg = &waiter;
	chunk_queue_add(queue, op);
	pthread_mutex_lock(&waiter.lock);
	while (!waiter.told) {
		pthread_cond_wait(&waiter.woken, &waiter.lock);
	}
	pthread_mutex_unlock(&waiter.lock);
	pthread_cond_destroy(&waiter.woken);
	pthread_mutex_destroy(&waiter.lock);
	if (op->failed) {
		*fault = op->fault;
		return -1;
	}
	return 0;
}

int
chunk_queue_damage(const struct chunk_queue *queue)
{
	return queue->damage;
}

size_t
chunk_queue_waiting(struct chunk_queue *queue)
{
	size_t bytes;

	pthread_mutex_lock(&queue->lock);
	bytes = queue->waiting_bytes;
	pthread_mutex_unlock(&queue->lock);
	return bytes;
}
