/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_WRITER_H
#define STORAGE_WRITER_H

#include "storage/writes.h"

struct keeper;
struct records;
struct snapshots;

/*
 * The one thread that writes the records: a queue of sets, committed in
 * groups.  Once a second it also looks after readers.
 */
struct writer;

/* records, keeper and snapshots are borrowed until writer_stop(). */
int writer_start(struct writer **writer_out, const struct records *records,
    struct keeper *keeper, struct snapshots *snapshots, struct fault *fault);
/* Commits and tells what was submitted, then ends.  NULL does nothing. */
void writer_stop(struct writer *writer);

/* Before the first submission. */
void writer_on_durable(struct writer *writer, const struct durable_hook *hook);
/*
 * The set is taken; one that goes first (store.h) is put before all that wait.
 * Thread: any.
 */
void writer_submit(struct writer *writer, struct writes *writes);
/*
 * Run this on the writer's thread behind what was submitted, and wait for its
 * end.  One at a time.  Thread: any but the writer's.
 */
void writer_run(struct writer *writer, void (*task)(void *arg), void *arg);
/* As store_pause() and store_resume() have it. */
void writer_pause(struct writer *writer);
void writer_resume(struct writer *writer);
/* Fill what the writer knows of the figures.  Thread: any. */
void writer_measure(struct writer *writer, struct store_figures *figures);

#endif
