/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A record begins with the last leaf that lies in a batch of kind FIRST: what
 * was before it is of a record that was given up.  Leaves in a batch that is
 * open are as if they were not there.
 */

#include "core/evidence_book.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

#define PAGE_ROWS  65536u /* that are read in one snapshot */
#define CHAINS_MAX 64u    /* of one dossier; a change of digest each */

/* --- reading ----------------------------------------------------------------- */

static struct evidence_batch *
add_batch(struct evidence_book *book, struct arena *arena, size_t *room)
{
	if (book->count == *room) {
		struct evidence_batch *more;

		*room = *room == 0 ? 64 : 2 * *room;
		more = arena_alloc(arena, *room * sizeof(*more));
		if (book->count > 0) {
			memcpy(more, book->batches,
			    book->count * sizeof(*more));
		}
		book->batches = more;
	}
	return &book->batches[book->count++];
}

static int
read_batches(struct evidence_book *book, struct arena *arena,
    struct snapshot *snapshot, struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	size_t room = 0;
	int rc;

	if (scan_open_table(&scan, snapshot, TABLE_EVIDENCE_BATCH, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		if (evidence_rows_read_batch(add_batch(book, arena, &room),
		        arena, key, value, fault) < 0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}

static int
read_renewals(struct evidence_book *book, struct arena *arena,
    struct snapshot *snapshot, struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc;

	book->renewed_by =
	    arena_alloc(arena, (book->count + 1) * sizeof(size_t));
	for (size_t i = 0; i < book->count; i++) {
		book->renewed_by[i] = EVIDENCE_NOT_RENEWED;
	}
	if (scan_open_table(&scan, snapshot, TABLE_EVIDENCE_RENEWAL, fault) <
	    0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		struct evidence_way way;
		uint64_t number, by;
		size_t place;

		if (evidence_rows_read_renewal(&number, &by, &way, key, value,
		        fault) < 0) {
			rc = -1;
			break;
		}
		place = evidence_book_find(book, number);
		if (place != SIZE_MAX && by > number) {
			book->renewed_by[place] = evidence_book_find(book, by);
		}
	}
	scan_close(scan);
	return rc;
}

int
evidence_book_read(struct evidence_book *book_out, struct arena *arena,
    struct store *store, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc;

	*book_out = (struct evidence_book){ .count = 0 };
	if (snapshot_open(&snapshot, store, fault) < 0) {
		return -1;
	}
	rc = read_batches(book_out, arena, snapshot, fault);
	if (rc == 0) {
		rc = read_renewals(book_out, arena, snapshot, fault);
	}
	snapshot_close(snapshot);
	return rc;
}

static int
compare(const void *number, const void *batch)
{
	uint64_t a = *(const uint64_t *)number;
	uint64_t b = ((const struct evidence_batch *)batch)->number;

	return (a > b) - (a < b);
}

size_t
evidence_book_find(const struct evidence_book *book, uint64_t number)
{
	const struct evidence_batch *batch =
	    book->count == 0 ? NULL
	                     : bsearch(&number, book->batches, book->count,
	                           sizeof(*batch), compare);

	return batch == NULL ? SIZE_MAX : (size_t)(batch - book->batches);
}

size_t
evidence_book_head(const struct evidence_book *book, size_t place)
{
	while (book->renewed_by[place] != EVIDENCE_NOT_RENEWED) {
		place = book->renewed_by[place];
	}
	return place;
}

const struct evidence_batch *
evidence_book_open(const struct evidence_book *book)
{
	const struct evidence_batch *last =
	    book->count > 0 ? &book->batches[book->count - 1] : NULL;

	return last != NULL && last->is_open ? last : NULL;
}

/* --- walking ----------------------------------------------------------------- */

struct walk {
	const struct evidence_book *book;
	struct arena *arena; /* of one row */
	evidence_proved_fn proved;
	void *arg;
	/* of the dossier that the walk is in */
	struct evidence_leaf leaves[CHAINS_MAX];
	size_t places[CHAINS_MAX];
	size_t count;
	char dossier[KEY_MAX_BYTES + 1];
};

/* What was gathered of a dossier is all of it. */
static int
end_dossier(struct walk *walk, struct fault *fault)
{
	const struct evidence_proved proved = { walk->leaves, walk->places,
		walk->count };

	walk->count = 0;
	return proved.count == 0 ? 0 : walk->proved(walk->arg, &proved, fault);
}

static int
take_leaf(struct walk *walk, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct evidence_leaf leaf;
	size_t place;
	int rc = 0;

	if (evidence_rows_read_leaf(&leaf, walk->arena, key, value, fault) <
	    0) {
		return -1;
	}
	if (strcmp(leaf.dossier, walk->dossier) != 0) {
		rc = end_dossier(walk, fault);
		snprintf(walk->dossier, sizeof(walk->dossier), "%s",
		    leaf.dossier);
	}
	leaf.dossier = walk->dossier;
	place = evidence_book_find(walk->book, leaf.batch);
	if (place == SIZE_MAX || walk->book->batches[place].is_open) {
		return rc;
	}
	if (walk->book->batches[place].kind == EVIDENCE_FIRST) {
		walk->count = 0;
	}
	if (walk->count == CHAINS_MAX) {
		return fault_set(fault, FAULT_CORRUPT,
		    "dossier %s has more than %u chains of evidence",
		    leaf.dossier, CHAINS_MAX);
	}
	walk->places[walk->count] = place;
	walk->leaves[walk->count++] = leaf;
	return rc;
}

enum page_end {
	PAGE_FAILED = -1,
	PAGE_LAST,
	PAGE_MORE,
	PAGE_ENOUGH, /* for whom the walk is */
};

static enum page_end
read_page(struct walk *walk, struct scan *scan, struct key *from,
    struct fault *fault)
{
	struct bytes key, value;

	for (unsigned i = 0; i < PAGE_ROWS; i++) {
		int rc = scan_next(scan, &key, &value, fault);

		if (rc != 1) {
			return rc == 0 ? PAGE_LAST : PAGE_FAILED;
		}
		key_after(from, key);
		rc = take_leaf(walk, key, value, fault);
		if (rc != 0) {
			return rc == 1 ? PAGE_ENOUGH : PAGE_FAILED;
		}
		arena_reset(walk->arena);
	}
	return PAGE_MORE;
}

static enum page_end
walk_page(struct walk *walk, struct store *store, struct key *from,
    struct fault *fault)
{
	enum page_end end = PAGE_FAILED;
	struct snapshot *snapshot;
	struct scan *scan;
	struct key behind;

	key_start(&behind, TABLE_EVIDENCE_LEAF + 1);
	if (snapshot_open(&snapshot, store, fault) < 0) {
		return PAGE_FAILED;
	}
	if (scan_open(&scan, snapshot, key_bytes(from), key_bytes(&behind),
	        false, fault) == 0) {
		end = read_page(walk, scan, from, fault);
		scan_close(scan);
	}
	if (end == PAGE_LAST) {
		int rc = end_dossier(walk, fault);

		end = rc < 0 ? PAGE_FAILED : PAGE_LAST;
	}
	snapshot_close(snapshot);
	return end;
}

int
evidence_book_walk(const struct evidence_book *book, struct store *store,
    const char *after, evidence_proved_fn proved, void *arg,
    struct fault *fault)
{
	struct walk *walk = xzalloc(sizeof(*walk));
	enum page_end end;
	struct key from;

	walk->book = book;
	walk->arena = arena_new();
	walk->proved = proved;
	walk->arg = arg;
	key_start(&from, TABLE_EVIDENCE_LEAF);
	if (after[0] != '\0') {
		evidence_rows_leaves(&from, after);
		key_next(&from);
	}
	do {
		end = walk_page(walk, store, &from, fault);
	} while (end == PAGE_MORE);
	arena_free(walk->arena);
	free(walk);
	return end == PAGE_FAILED ? -1 : 0;
}
