/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each listing is one scan downwards over rows that are in order already; a
 * binary heap holds the scans by their heads, the newest on top.
 */

#include "core/merge.h"

#include "base/memory.h"
#include "core/listing.h"

#include <assert.h>
#include <stdlib.h>

struct source {
	struct scan *scan;
	struct place head;
	struct bytes value; /* of the head; borrowed from the scan */
};

struct merge {
	struct snapshot *snapshot;
	struct place after;
	bool has_after;
	size_t room;
	size_t count;
	struct source *sources;
	struct source **heap; /* those that have a head */
	size_t heap_count;
};

struct merge *
merge_new(struct snapshot *snapshot, size_t sources, const struct place *after)
{
	struct merge *merge = xzalloc(sizeof(*merge));

	merge->snapshot = snapshot;
	merge->room = sources;
	merge->sources = xzalloc((sources + 1) * sizeof(*merge->sources));
	merge->heap = xzalloc((sources + 1) * sizeof(struct source *));
	if (after != NULL) {
		merge->after = *after;
		merge->has_after = true;
	}
	return merge;
}

void
merge_free(struct merge *merge)
{
	if (merge == NULL) {
		return;
	}
	for (size_t i = 0; i < merge->count; i++) {
		scan_close(merge->sources[i].scan);
	}
	free(merge->sources);
	free(merge->heap);
	free(merge);
}

/* Does a come before b?  Newest first. */
static bool
is_newer(const struct source *a, const struct source *b)
{
	return a->head.date != b->head.date
	           ? a->head.date > b->head.date
	           : strcmp(a->head.id, b->head.id) > 0;
}

static void
swap(struct source **a, struct source **b)
{
	struct source *kept = *a;

	*a = *b;
	*b = kept;
}

static void
sift_down(struct merge *merge)
{
	struct source **heap = merge->heap;
	size_t at = 0;
	size_t best = 0;

	do {
		at = best;
		for (size_t i = 2 * at + 1;
		     i <= 2 * at + 2 && i < merge->heap_count; i++) {
			if (is_newer(heap[i], heap[best])) {
				best = i;
			}
		}
		swap(&heap[at], &heap[best]);
	} while (best != at);
}

static void
sift_up(struct merge *merge)
{
	struct source **heap = merge->heap;
	size_t at = merge->heap_count - 1;

	while (at > 0 && is_newer(heap[at], heap[(at - 1) / 2])) {
		swap(&heap[at], &heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

/* 1 the source has a new head, 0 it is at its end and closed, -1 failed. */
static int
advance(struct source *source, struct fault *fault)
{
	struct key_reader reader;
	struct bytes row;
	const char *id;
	int rc = scan_next(source->scan, &row, &source->value, fault);

	if (rc == 0) {
		scan_close(source->scan);
		source->scan = NULL;
	}
	if (rc != 1) {
		return rc;
	}
	key_read_start(&reader, row);
	key_read_text(&reader);
	source->head.date = key_read_date(&reader);
	id = key_read_text(&reader);
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	if (strlen(id) > PLACE_ID_BYTES) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a listing row has too long an id");
	}
	memcpy(source->head.id, id, strlen(id) + 1);
	return 1;
}

int
merge_add(struct merge *merge, enum table table, const char *unit,
    struct span days, struct fault *fault)
{
	struct source *source = &merge->sources[merge->count];
	struct key from;
	struct key to;
	int rc;

	assert(merge->count < merge->room);
	key_start(&from, (uint8_t)table);
	key_add_text(&from, unit);
	to = from;
	key_add_date(&from, days.from);
	if (merge->has_after && merge->after.date <= days.to) {
		listing_key(&to, table, unit, merge->after.date,
		    merge->after.id);
	} else {
		key_add_date(&to, days.to);
		key_next(&to);
	}
	if (bytes_compare(key_bytes(&from), key_bytes(&to)) >= 0) {
		return 0;
	}
	if (scan_open(&source->scan, merge->snapshot, key_bytes(&from),
	        key_bytes(&to), true, fault) < 0) {
		return -1;
	}
	merge->count++;
	rc = advance(source, fault);
	if (rc == 1) {
		merge->heap[merge->heap_count++] = source;
		sift_up(merge);
	}
	return rc < 0 ? -1 : 0;
}

const struct place *
merge_top(const struct merge *merge, struct bytes *value_out)
{
	if (merge->heap_count == 0) {
		return NULL;
	}
	*value_out = merge->heap[0]->value;
	return &merge->heap[0]->head;
}

/* Take the newest head away. */
static int
drop(struct merge *merge, struct fault *fault)
{
	int rc = advance(merge->heap[0], fault);

	if (rc == 0) {
		merge->heap[0] = merge->heap[--merge->heap_count];
	}
	if (merge->heap_count > 0) {
		sift_down(merge);
	}
	return rc < 0 ? -1 : 0;
}

int
merge_pop(struct merge *merge, struct fault *fault)
{
	struct place left = merge->heap[0]->head;

	while (merge->heap_count > 0 &&
	       merge->heap[0]->head.date == left.date &&
	       strcmp(merge->heap[0]->head.id, left.id) == 0) {
		if (drop(merge, fault) < 0) {
			return -1;
		}
	}
	return 0;
}
