/* SPDX-License-Identifier: Apache-2.0 */

#include "core/fsck_walk.h"

#include "base/memory.h"

#include <stdlib.h>

struct side {
	bool is_there; /* key and value hold a row */
	struct bytes key;
	struct bytes value;
};

struct fsck_walk {
	fsck_owns_fn owns;
	struct sorter *rows;
	struct sorter *counts;
	struct side row;
	struct side counter;
	struct scan *scan;
	struct side stored;
	bool is_fresh;    /* stored was read by the present scan */
	struct key place; /* all before it was compared */
	uint64_t count;
	/* what the last difference lent goes with the next call */
	bool drop_wanted;
	bool drop_stored;
};

static int
next_wanted(struct sorter *sorter, struct side *side, struct fault *fault)
{
	int rc = sorter_next(sorter, &side->key, &side->value, fault);

	side->is_there = rc == 1;
	return rc < 0 ? -1 : 0;
}

int
fsck_walk_new(struct fsck_walk **walk_out, const struct fsck_expect *expect,
    fsck_owns_fn owns, struct fault *fault)
{
	struct fsck_walk *walk = xzalloc(sizeof(*walk));

	walk->owns = owns;
	walk->rows = expect->rows;
	walk->counts = expect->counts;
	if (sorter_sort(walk->rows, fault) < 0 ||
	    sorter_sort(walk->counts, fault) < 0 ||
	    next_wanted(walk->rows, &walk->row, fault) < 0 ||
	    next_wanted(walk->counts, &walk->counter, fault) < 0) {
		free(walk);
		return -1;
	}
	*walk_out = walk;
	return 0;
}

void
fsck_walk_free(struct fsck_walk *walk)
{
	if (walk != NULL) {
		scan_close(walk->scan);
		free(walk);
	}
}

uint64_t
fsck_walk_count(const struct fsck_walk *walk)
{
	return walk->count;
}

/* The next stored row of a table that records account for. */
static int
next_stored(struct fsck_walk *walk, struct fault *fault)
{
	struct side *stored = &walk->stored;
	int rc;

	while ((rc = scan_next_sound(walk->scan, &stored->key, &stored->value,
	            fault)) == 1) {
		struct key place;

		if (walk->owns(stored->key)) {
			walk->count++;
			break;
		}
		if (stored->key.len > 0 && stored->key.data[0] != TABLE_META &&
		    stored->key.data[0] != TABLE_JOB &&
		    stored->key.data[0] != UINT8_MAX) {
			/* On to the next table. */
			key_start(&place, (uint8_t)(stored->key.data[0] + 1));
			scan_seek(walk->scan, key_bytes(&place));
		}
	}
	stored->is_there = rc == 1;
	return rc < 0 ? -1 : 0;
}

/* The lower of the two lists' heads. */
static struct side *
wanted_of(struct fsck_walk *walk)
{
	bool is_row = walk->row.is_there &&
	              (!walk->counter.is_there ||
	                  bytes_compare(walk->row.key, walk->counter.key) < 0);

	return is_row ? &walk->row : &walk->counter;
}

/* Let go of what the last call lent: all up to it was compared. */
static int
drop(struct fsck_walk *walk, struct fault *fault)
{
	struct side *wanted = wanted_of(walk);
	int rc = 0;

	if (walk->drop_wanted) {
		key_after(&walk->place, wanted->key);
		rc = next_wanted(wanted == &walk->row ? walk->rows
		                                      : walk->counts,
		    wanted, fault);
	} else if (walk->drop_stored) {
		key_after(&walk->place, walk->stored.key);
	}
	if (walk->drop_stored) {
		walk->stored.is_there = false;
		walk->is_fresh = false;
	}
	walk->drop_wanted = false;
	walk->drop_stored = false;
	return rc;
}

int
fsck_walk_look(struct fsck_walk *walk, struct snapshot *snapshot,
    struct fault *fault)
{
	if (drop(walk, fault) < 0) {
		return -1;
	}
	if (walk->is_fresh && walk->stored.is_there) {
		/* It was read and not compared: the next scan reads it again. */
		walk->count--;
	}
	scan_close(walk->scan);
	walk->scan = NULL;
	walk->is_fresh = false;
	return snapshot == NULL
	           ? 0
	           : scan_open(&walk->scan, snapshot, key_bytes(&walk->place),
	                 NO_BYTES, false, fault);
}

/* Is what is stored what must be? */
static bool
is_alike(struct bytes key, struct bytes wanted, struct bytes got)
{
	struct fault ignored;
	int64_t sum;

	if (key.data[0] == TABLE_JOB) {
		/* How often it was tried is its own. */
		return got.len > 1 && got.data[0] == '{' &&
		       got.data[got.len - 1] == '}';
	}
	if (key.data[0] != TABLE_GRANT_COUNT) {
		return bytes_equal(wanted, got);
	}
	return counter_split(got, &sum, &ignored) == 0 &&
	       sum == sorter_number(wanted);
}

/* A counter that must be 0 must not be there. */
static bool
is_nothing(bool is_counter, const struct side *wanted)
{
	return is_counter && sorter_number(wanted->value) == 0;
}

int
fsck_walk_next(struct fsck_walk *walk, struct fsck_difference *out,
    struct fault *fault)
{
	for (;;) {
		const struct side *wanted;
		const struct side *stored = &walk->stored;
		int order;

		if (drop(walk, fault) < 0 ||
		    (!walk->is_fresh && next_stored(walk, fault) < 0)) {
			return -1;
		}
		walk->is_fresh = true;
		wanted = wanted_of(walk);
		if (!wanted->is_there && !stored->is_there) {
			return 0;
		}
		order = !wanted->is_there ? 1
		        : !stored->is_there
		            ? -1
		            : bytes_compare(wanted->key, stored->key);
		walk->drop_wanted = order <= 0;
		walk->drop_stored = order >= 0;
		*out = (struct fsck_difference){
			.state = order < 0   ? FSCK_MISSING
			         : order > 0 ? FSCK_EXTRA
			                     : FSCK_DIFFERENT,
			.key = order <= 0 ? wanted->key : stored->key,
			.wanted = order <= 0 ? wanted->value : NO_BYTES,
			.got = order >= 0 ? stored->value : NO_BYTES,
		};
		out->is_counter = out->key.data[0] == TABLE_GRANT_COUNT;
		if (order <= 0 && is_nothing(out->is_counter, wanted)) {
			if (order < 0) {
				continue;
			}
			out->state = FSCK_EXTRA;
		}
		if (order != 0 || out->state == FSCK_EXTRA ||
		    !is_alike(out->key, out->wanted, out->got)) {
			return 1;
		}
	}
}
