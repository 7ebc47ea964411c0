/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_CHUNK_QUEUE_H
#define STORAGE_CHUNK_QUEUE_H

#include "base/fault.h"
#include "base/loop.h"

#include <lmdb.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * The writer thread of the chunk environment and what waits for it.  While a
 * commit is in flight the queue fills; the next commit takes all of it, up to
 * 16 MiB.
 */
struct chunk_queue;
struct probe;

#define CHUNK_QUEUE_COMMIT_BYTES  (16u << 20)
#define CHUNK_QUEUE_WAITING_BYTES (32u << 20)

/* One change, part of the object that asks for it. */
struct chunk_op {
	/* Writer thread; an LMDB code, which fails its group, or 0 and `failed`
	 * for this one alone.  Run again when its group failed. */
	int (*apply)(struct chunk_op *op, MDB_txn *txn);
	/* On `loop`, or on the writer thread where that is NULL; the op is
	 * done()'s to free. */
	void (*done)(struct chunk_op *op);
	struct loop *loop;
	void *arg;    /* done()'s */
	size_t bytes; /* that a commit writes for it */

	bool failed; /* then: fault */
	struct fault fault;

	struct chunk_op *next;  /* the queue's */
	struct loop_task reply; /* the queue's */
};

/* Each transaction begins with the probe; ops ask it about their rows. */
int chunk_queue_open(struct chunk_queue **queue_out, MDB_env *lmdb,
    struct probe *probe, struct fault *fault);
/* Commits and tells what was added before. */
void chunk_queue_close(struct chunk_queue *queue);

/*
 * Hand over.  A full queue makes an op without a loop wait; one with a loop
 * is told FAULT_BUSY.
 */
void chunk_queue_add(struct chunk_queue *queue, struct chunk_op *op);
/* The same, wait, and give its fault; done, loop and arg are set here. */
int chunk_queue_wait(struct chunk_queue *queue, struct chunk_op *op,
    struct fault *fault);
/* The LMDB code for which nothing is written any more; 0: it is sound. */
int chunk_queue_damage(const struct chunk_queue *queue);
/* Bytes that are not durable yet. */
size_t chunk_queue_waiting(struct chunk_queue *queue);

#endif
