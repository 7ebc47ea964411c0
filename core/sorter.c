/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Pairs gather in memory; when that is full they are sorted and written as a
 * run to a file that has no name any more and so is gone with the process.
 * That is done by a thread of its own while others gather, each with half of
 * the memory.  Reading merges the runs, by a heap of them.
 *
 * Within a run pairs of one key stay in the order they were added, and an
 * earlier run holds what was added before.
 */

#include "core/sorter.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/thread.h"
#include "base/wire.h"
#include "core/pairs.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RUN_BUFFER 262144u
#define HELP_BYTES (64u << 10) /* what is worth a thread */

struct run {
	size_t number;
	FILE *file; /* NULL: the pairs in memory */
	struct buf bytes;
	struct pair pair; /* the next one */
	bool ended;
};

/* A run on its way to its file. */
struct spilling {
	struct pairs pairs;
	FILE *file;
	int code; /* out: an errno, or 0 */
	pthread_t thread;
	bool is_under_way;
};

struct sorter {
	enum sorter_kind kind;
	size_t memory_max;
	const char *folder;
	struct pairs pairs; /* those being gathered */
	size_t next;        /* of them, when they are read */
	struct spilling spilling;
	struct run *runs;
	size_t run_count;
	struct run **heap; /* runs that have not ended, the least first */
	size_t heap_count;
	struct buf given; /* what sorter_next() lends */
	uint8_t number[8];
	bool failed;
	struct fault fault;
};

struct sorter *
sorter_new(const struct sorter_options *options)
{
	struct sorter *sorter = xzalloc(sizeof(*sorter));

	sorter->kind = options->kind;
	sorter->memory_max = options->memory_max_bytes;
	sorter->folder = options->folder;
	pairs_init(&sorter->pairs);
	pairs_init(&sorter->spilling.pairs);
	buf_init(&sorter->given, SIZE_MAX / 2);
	return sorter;
}

static void
wait_for_spilling(struct spilling *spilling)
{
	if (spilling->is_under_way) {
		pthread_join(spilling->thread, NULL);
		spilling->is_under_way = false;
	}
}

void
sorter_free(struct sorter *sorter)
{
	if (sorter == NULL) {
		return;
	}
	wait_for_spilling(&sorter->spilling);
	for (size_t i = 0; i < sorter->run_count; i++) {
		if (sorter->runs[i].file != NULL) {
			fclose(sorter->runs[i].file);
		}
		buf_fini(&sorter->runs[i].bytes);
	}
	free(sorter->runs);
	free(sorter->heap);
	pairs_fini(&sorter->pairs);
	pairs_fini(&sorter->spilling.pairs);
	buf_fini(&sorter->given);
	free(sorter);
}

/* --- adding --------------------------------------------------------------- */

static struct run *
new_run(struct sorter *sorter)
{
	struct run *run;

	sorter->runs = xrealloc(sorter->runs,
	    (sorter->run_count + 1) * sizeof(*sorter->runs));
	run = &sorter->runs[sorter->run_count];
	*run = (struct run){ .number = sorter->run_count++ };
	buf_init(&run->bytes, SIZE_MAX / 2);
	return run;
}

/* A file in the folder that has lost its name. */
static FILE *
open_nameless(const char *folder)
{
	char path[4096];
	FILE *file;
	int descriptor;

	snprintf(path, sizeof(path), "%s/hosod-sort-XXXXXX", folder);
	descriptor = mkostemp(path, O_CLOEXEC);
	if (descriptor < 0) {
		return NULL;
	}
	unlink(path);
	file = fdopen(descriptor, "w+");
	if (file == NULL) {
		close(descriptor);
	}
	return file;
}

static void *
run_spilling(void *arg)
{
	struct spilling *spilling = arg;
	FILE *file = spilling->file;

	pairs_sort(&spilling->pairs);
	for (size_t i = 0; i < spilling->pairs.count; i++) {
		struct pair pair = pairs_get(&spilling->pairs, i);
		struct bytes bytes = pair_bytes(&pair);

		fwrite_unlocked(bytes.data, bytes.len, 1, file);
	}
	spilling->code = 0;
	if (fflush(file) != 0 || ferror(file)) {
		spilling->code = errno != 0 ? errno : EIO;
	}
	rewind(file);
	pairs_reset(&spilling->pairs);
	return NULL;
}

/* The run before is in its file. */
static int
end_spilling(struct sorter *sorter, struct fault *fault)
{
	wait_for_spilling(&sorter->spilling);
	return sorter->spilling.code == 0
	           ? 0
	           : fault_errno(fault, sorter->spilling.code, "sorting in %s",
	                 sorter->folder);
}

static int
spill(struct sorter *sorter, struct fault *fault)
{
	struct spilling *spilling = &sorter->spilling;
	struct pairs full = sorter->pairs;
	struct run *run;

	if (end_spilling(sorter, fault) < 0) {
		return -1;
	}
	run = new_run(sorter);
	run->file = open_nameless(sorter->folder);
	if (run->file == NULL) {
		return fault_errno(fault, errno, "a file for sorting in %s",
		    sorter->folder);
	}
	setvbuf(run->file, NULL, _IOFBF, RUN_BUFFER);
	sorter->pairs = spilling->pairs;
	spilling->pairs = full;
	spilling->file = run->file;
	if (full.bytes.len < HELP_BYTES) {
		run_spilling(spilling);
		return 0;
	}
	if (thread_start(&spilling->thread, THREAD_WORKER, "sort", run_spilling,
	        spilling, fault) < 0) {
		return -1;
	}
	spilling->is_under_way = true;
	return 0;
}

void
sorter_add(struct sorter *sorter, struct bytes key, struct bytes value)
{
	if (sorter->failed) {
		return;
	}
	pairs_add(&sorter->pairs, key, value);
	if (buf_check(&sorter->pairs.bytes, &sorter->fault) < 0 ||
	    (sorter->pairs.bytes.len >= sorter->memory_max / 2 &&
	        spill(sorter, &sorter->fault) < 0)) {
		sorter->failed = true;
	}
}

void
sorter_add_number(struct sorter *sorter, struct bytes key, int64_t number)
{
	uint8_t value[8];

	wire_put_u64be(value, (uint64_t)number);
	sorter_add(sorter, key, bytes_of(value, sizeof(value)));
}

int64_t
sorter_number(struct bytes value)
{
	assert(value.len == 8);
	return (int64_t)wire_get_u64be(value.data);
}

/* --- reading -------------------------------------------------------------- */

/* The next pair of a file. */
static int
read_run(struct run *run, struct fault *fault)
{
	uint8_t head[PAIR_HEAD_BYTES];
	uint8_t *room;
	size_t len;

	/* In brackets: a sanitizer's warnings are errors in glibc's macro. */
	if ((fread_unlocked)(head, sizeof(head), 1, run->file) != 1) {
		run->ended = true;
		return ferror(run->file)
		           ? fault_errno(fault, errno, "reading a sorted run")
		           : 0;
	}
	len = (size_t)wire_get_u16be(head) + wire_get_u32be(head + 2);
	buf_reset(&run->bytes);
	buf_add(&run->bytes, head, sizeof(head));
	room = buf_reserve(&run->bytes, len);
	if (room == NULL) {
		return buf_check(&run->bytes, fault);
	}
	if (len > 0 && (fread_unlocked)(room, len, 1, run->file) != 1) {
		return fault_set(fault, FAULT_SYSTEM, "a sorted run is cut");
	}
	buf_grow(&run->bytes, len);
	run->pair = pair_at(run->bytes.data);
	return 0;
}

static int
advance(struct sorter *sorter, struct run *run, struct fault *fault)
{
	if (run->file != NULL) {
		return read_run(run, fault);
	}
	run->ended = sorter->next == sorter->pairs.count;
	if (!run->ended) {
		run->pair = pairs_get(&sorter->pairs, sorter->next++);
	}
	return 0;
}

/* Of one key the earliest run is the least. */
static bool
is_less(const struct run *a, const struct run *b)
{
	int order = bytes_compare(a->pair.key, b->pair.key);

	return order != 0 ? order < 0 : a->number < b->number;
}

/* Let the run at this place sink to where it belongs. */
static void
sink(struct sorter *sorter, size_t at)
{
	struct run **heap = sorter->heap;
	struct run *run = heap[at];
	size_t child;

	while ((child = 2 * at + 1) < sorter->heap_count) {
		if (child + 1 < sorter->heap_count &&
		    is_less(heap[child + 1], heap[child])) {
			child++;
		}
		if (!is_less(heap[child], run)) {
			break;
		}
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = run;
}

/* The least run goes on. */
static int
pop(struct sorter *sorter, struct fault *fault)
{
	if (advance(sorter, sorter->heap[0], fault) < 0) {
		return -1;
	}
	if (sorter->heap[0]->ended) {
		sorter->heap[0] = sorter->heap[--sorter->heap_count];
	}
	if (sorter->heap_count > 0) {
		sink(sorter, 0);
	}
	return 0;
}

int
sorter_sort(struct sorter *sorter, struct fault *fault)
{
	if (sorter->failed) {
		*fault = sorter->fault;
		return -1;
	}
	pairs_sort(&sorter->pairs);
	if (end_spilling(sorter, fault) < 0) {
		return -1;
	}
	new_run(sorter); /* what is in memory was added last */
	sorter->heap = xzalloc(sorter->run_count * sizeof(*sorter->heap));
	for (size_t i = 0; i < sorter->run_count; i++) {
		if (advance(sorter, &sorter->runs[i], fault) < 0) {
			return -1;
		}
		if (!sorter->runs[i].ended) {
			sorter->heap[sorter->heap_count++] = &sorter->runs[i];
		}
	}
	for (size_t i = sorter->heap_count / 2; i > 0; i--) {
		sink(sorter, i - 1);
	}
	return 0;
}

/* Copy a pair to what is lent: runs go on while the caller reads it. */
static void
give(struct sorter *sorter, const struct pair *pair)
{
	buf_reset(&sorter->given);
	buf_add_bytes(&sorter->given, pair->key);
	buf_add_bytes(&sorter->given, pair->value);
}

int
sorter_next(struct sorter *sorter, struct bytes *key_out,
    struct bytes *value_out, struct fault *fault)
{
	uint64_t sum = 0;
	size_t key_len;

	if (sorter->heap_count == 0) {
		return 0;
	}
	key_len = sorter->heap[0]->pair.key.len;
	do {
		const struct pair *pair = &sorter->heap[0]->pair;

		give(sorter, pair);
		if (sorter->kind == SORTER_SUM) {
			sum += (uint64_t)sorter_number(pair->value);
		}
		if (pop(sorter, fault) < 0) {
			return -1;
		}
	} while (sorter->kind != SORTER_ALL && sorter->heap_count > 0 &&
	         bytes_equal(sorter->heap[0]->pair.key,
	             bytes_of(sorter->given.data, key_len)));
	if (buf_check(&sorter->given, fault) < 0) {
		return -1;
	}
	*key_out = bytes_of(sorter->given.data, key_len);
	*value_out =
	    bytes_of(sorter->given.data + key_len, sorter->given.len - key_len);
	if (sorter->kind == SORTER_SUM) {
		wire_put_u64be(sorter->number, sum);
		*value_out = bytes_of(sorter->number, sizeof(sorter->number));
	}
	return 1;
}
