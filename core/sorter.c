/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Pairs gather in memory; when that is full they are sorted and written as a
 * run to a file that has no name any more and so is gone with the process.
 * Reading merges the runs.  A pair, in memory and in a run:
 *
 *     0  2  length of the key    2  4  of the value    6 .. key, value
 *
 * Numbers are big-endian.  Within a run pairs of one key stay in the order
 * they were added, and an earlier run holds what was added before.
 */

#include "core/sorter.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/wire.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HEAD_BYTES 6u
#define RUN_BUFFER 262144u

struct pair {
	struct bytes key;
	struct bytes value;
};

struct run {
	FILE *file; /* NULL: the pairs in memory */
	struct buf bytes;
	struct pair pair; /* the next one */
	bool ended;
};

struct sorter {
	enum sorter_kind kind;
	size_t memory_max;
	const char *folder;
	struct buf bytes; /* pairs in memory */
	size_t *places;   /* of each in bytes */
	size_t count;
	size_t room;
	size_t next; /* in memory, when read */
	struct run *runs;
	size_t run_count;
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
	buf_init(&sorter->bytes, SIZE_MAX / 2);
	buf_init(&sorter->given, SIZE_MAX / 2);
	return sorter;
}

void
sorter_free(struct sorter *sorter)
{
	if (sorter == NULL) {
		return;
	}
	for (size_t i = 0; i < sorter->run_count; i++) {
		if (sorter->runs[i].file != NULL) {
			fclose(sorter->runs[i].file);
		}
		buf_fini(&sorter->runs[i].bytes);
	}
	free(sorter->runs);
	free(sorter->places);
	buf_fini(&sorter->bytes);
	buf_fini(&sorter->given);
	free(sorter);
}

/* --- in memory ------------------------------------------------------------ */

static struct pair
pair_at(const uint8_t *at)
{
	size_t key_len = wire_get_u16be(at);
	size_t value_len = wire_get_u32be(at + 2);

	return (struct pair){ bytes_of(at + HEAD_BYTES, key_len),
		bytes_of(at + HEAD_BYTES + key_len, value_len) };
}

static int
compare_places(const void *left, const void *right, void *arg)
{
	const uint8_t *data = arg;
	size_t a = *(const size_t *)left;
	size_t b = *(const size_t *)right;
	int order = bytes_compare(pair_at(data + a).key, pair_at(data + b).key);

	/* The place is the order of adding too. */
	return order != 0 ? order : (a > b) - (a < b);
}

static void
sort_memory(struct sorter *sorter)
{
	if (sorter->count > 1) {
		qsort_r(sorter->places, sorter->count, sizeof(*sorter->places),
		    compare_places, sorter->bytes.data);
	}
}

static struct run *
new_run(struct sorter *sorter)
{
	struct run *runs =
	    xzalloc((sorter->run_count + 1) * sizeof(*sorter->runs));

	if (sorter->run_count > 0) {
		memcpy(runs, sorter->runs,
		    sorter->run_count * sizeof(*sorter->runs));
	}
	free(sorter->runs);
	sorter->runs = runs;
	buf_init(&runs[sorter->run_count].bytes, SIZE_MAX / 2);
	return &runs[sorter->run_count++];
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

static int
spill(struct sorter *sorter, struct fault *fault)
{
	struct run *run = new_run(sorter);

	sort_memory(sorter);
	run->file = open_nameless(sorter->folder);
	if (run->file == NULL) {
		return fault_errno(fault, errno, "a file for sorting in %s",
		    sorter->folder);
	}
	setvbuf(run->file, NULL, _IOFBF, RUN_BUFFER);
	for (size_t i = 0; i < sorter->count; i++) {
		const uint8_t *at = sorter->bytes.data + sorter->places[i];
		struct pair pair = pair_at(at);

		fwrite(at, HEAD_BYTES + pair.key.len + pair.value.len, 1,
		    run->file);
	}
	if (fflush(run->file) != 0 || ferror(run->file)) {
		return fault_errno(fault, errno, "sorting in %s",
		    sorter->folder);
	}
	rewind(run->file);
	sorter->count = 0;
	buf_reset(&sorter->bytes);
	return 0;
}

static void
note_place(struct sorter *sorter)
{
	if (sorter->count == sorter->room) {
		size_t room = sorter->room > 0 ? 2 * sorter->room : 1024;
		size_t *places = xzalloc(room * sizeof(*places));

		if (sorter->count > 0) {
			memcpy(places, sorter->places,
			    sorter->count * sizeof(*places));
		}
		free(sorter->places);
		sorter->places = places;
		sorter->room = room;
	}
	sorter->places[sorter->count++] = sorter->bytes.len;
}

void
sorter_add(struct sorter *sorter, struct bytes key, struct bytes value)
{
	uint8_t head[HEAD_BYTES];

	assert(key.len <= UINT16_MAX && value.len <= UINT32_MAX);
	if (sorter->failed) {
		return;
	}
	note_place(sorter);
	wire_put_u16be(head, (uint16_t)key.len);
	wire_put_u32be(head + 2, (uint32_t)value.len);
	buf_add(&sorter->bytes, head, sizeof(head));
	buf_add_bytes(&sorter->bytes, key);
	buf_add_bytes(&sorter->bytes, value);
	if (buf_check(&sorter->bytes, &sorter->fault) < 0 ||
	    (sorter->bytes.len >= sorter->memory_max &&
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

static int
read_run(struct run *run, struct fault *fault)
{
	uint8_t head[HEAD_BYTES];
	uint8_t *room;
	size_t len;

	if (fread(head, sizeof(head), 1, run->file) != 1) {
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
	if (len > 0 && fread(room, len, 1, run->file) != 1) {
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
	run->ended = sorter->next == sorter->count;
	if (!run->ended) {
		run->pair =
		    pair_at(sorter->bytes.data + sorter->places[sorter->next]);
		sorter->next++;
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
	sort_memory(sorter);
	new_run(sorter); /* what is in memory was added last */
	for (size_t i = 0; i < sorter->run_count; i++) {
		if (advance(sorter, &sorter->runs[i], fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* The run with the smallest key, of these the earliest; NULL at the end. */
static struct run *
least(struct sorter *sorter)
{
	struct run *best = NULL;

	for (size_t i = 0; i < sorter->run_count; i++) {
		struct run *run = &sorter->runs[i];

		if (!run->ended && (best == NULL || bytes_compare(run->pair.key,
		                                        best->pair.key) < 0)) {
			best = run;
		}
	}
	return best;
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
	struct run *run = least(sorter);
	uint64_t sum = 0;
	size_t key_len;

	if (run == NULL) {
		return 0;
	}
	key_len = run->pair.key.len;
	do {
		give(sorter, &run->pair);
		if (sorter->kind == SORTER_SUM) {
			sum += (uint64_t)sorter_number(run->pair.value);
		}
		if (advance(sorter, run, fault) < 0) {
			return -1;
		}
		run = least(sorter);
	} while (
	    sorter->kind != SORTER_ALL && run != NULL &&
	    bytes_equal(run->pair.key, bytes_of(sorter->given.data, key_len)));
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
