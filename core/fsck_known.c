/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each question has one slot, by a hash of what is asked; the last answer
 * stays.  Who stands above a unit changes only on the days on which some unit
 * or relation begins or has ended, so the answer is kept for the time between
 * two such days (its epoch).
 */

#include "core/fsck_known.h"

#include "base/memory.h"
#include "core/fsck_member.h"
#include "core/schema.h"
#include "storage/key.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS    8192u /* a power of two */
#define ID_BYTES 65u   /* longer ones are not kept */

/* Lines of slots that were given up lie in the arena until then. */
#define LINES_MAX (4u * SLOTS)

struct line {
	char unit[ID_BYTES];
	uint32_t epoch;
	const char **ids; /* NULL: no answer */
	size_t count;
};

struct year {
	char decision[ID_BYTES]; /* "": no answer */
	int year;
};

struct fsck_known {
	const struct fsck_tree *tree;
	struct arena *arena; /* of lines */
	size_t lines_made;
	struct arena *scratch;
	date_t *edges; /* the first day of each epoch but the first */
	size_t edge_count;
	struct line lines[SLOTS];
	struct year years[SLOTS];
};

struct fsck_known *
fsck_known_new(const struct fsck_tree *tree)
{
	struct fsck_known *known = xzalloc(sizeof(*known));

	known->tree = tree;
	known->arena = arena_new();
	known->scratch = arena_new();
	return known;
}

const struct fsck_tree *
fsck_known_tree(const struct fsck_known *known)
{
	return known->tree;
}

void
fsck_known_free(struct fsck_known *known)
{
	if (known != NULL) {
		arena_free(known->arena);
		arena_free(known->scratch);
		free(known->edges);
		free(known);
	}
}

/* FNV-1a, 32 bits. */
static uint32_t
slot_of(const char *text, uint32_t number)
{
	uint32_t hash = 2166136261u ^ number;

	for (; *text != '\0'; text++) {
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	}
	return (hash ^ hash >> 16) % SLOTS;
}

/* --- who stands above ------------------------------------------------------- */

static void
add_edges(struct fsck_known *known, struct span span)
{
	known->edges[known->edge_count++] = span.from;
	known->edges[known->edge_count++] = span.to + 1;
}

static int
compare_days(const void *left, const void *right)
{
	date_t a = *(const date_t *)left;
	date_t b = *(const date_t *)right;

	return (a > b) - (a < b);
}

static void
find_edges(struct fsck_known *known)
{
	const struct fsck_tree *tree = known->tree;
	size_t spans = tree->count;
	size_t kept = 0;

	for (size_t i = 0; i < tree->count; i++) {
		spans += tree->units[i].parent_count;
	}
	known->edges = xmalloc((2 * spans + 1) * sizeof(*known->edges));
	for (size_t i = 0; i < tree->count; i++) {
		const struct fsck_unit *unit = &tree->units[i];

		add_edges(known, unit->life);
		for (size_t j = 0; j < unit->parent_count; j++) {
			add_edges(known, unit->parents[j].held);
		}
	}
	qsort(known->edges, known->edge_count, sizeof(*known->edges),
	    compare_days);
	for (size_t i = 0; i < known->edge_count; i++) {
		if (kept == 0 || known->edges[kept - 1] != known->edges[i]) {
			known->edges[kept++] = known->edges[i];
		}
	}
	known->edge_count = kept;
}

/* How many edges are not behind the day. */
static uint32_t
epoch_of(struct fsck_known *known, date_t date)
{
	size_t low = 0;
	size_t high;

	if (known->edges == NULL) {
		find_edges(known);
	}
	for (high = known->edge_count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (known->edges[middle] <= date) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return (uint32_t)low;
}

static void
make_line(struct fsck_known *known, struct line *line, const char *unit,
    date_t date, uint32_t epoch)
{
	if (known->lines_made == LINES_MAX) {
		memset(known->lines, 0, sizeof(known->lines));
		arena_reset(known->arena);
		known->lines_made = 0;
	}
	known->lines_made++;
	line->count = fsck_tree_over(known->tree, known->arena,
	    arena_text(known->arena, unit), date, &line->ids);
	line->epoch = epoch;
	memcpy(line->unit, unit, strlen(unit) + 1);
}

size_t
fsck_known_over(struct fsck_known *known, const char *unit, date_t date,
    const char *const **ids_out)
{
	uint32_t epoch = epoch_of(known, date);
	struct line *line = &known->lines[slot_of(unit, epoch)];
	const char **ids;
	size_t count;

	if (strlen(unit) >= ID_BYTES) {
		arena_reset(known->scratch);
		count = fsck_tree_over(known->tree, known->scratch, unit, date,
		    &ids);
		*ids_out = ids;
		return count;
	}
	if (line->ids == NULL || line->epoch != epoch ||
	    strcmp(line->unit, unit) != 0) {
		make_line(known, line, unit, date, epoch);
	}
	*ids_out = line->ids;
	return line->count;
}

/* --- when something was decided --------------------------------------------- */

static int
read_year(struct arena *arena, struct snapshot *snapshot, const char *decision,
    int *year_out, struct fault *fault)
{
	struct bytes bytes;
	struct span when;
	struct key key;
	uint64_t rev;
	int found;

	*year_out = 0;
	key_start(&key, TABLE_RECORD);
	key_add_u8(&key, RECORD_DECISION);
	key_add_text(&key, decision);
	found = snapshot_find_record(snapshot, key_bytes(&key), arena, &rev,
	    &bytes, fault);
	if (found <= 0) {
		return found; /* a reference that dangles is told elsewhere */
	}
	if (!fsck_member_date(&when, bytes)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "its decision %s cannot be read", decision);
	}
	*year_out = date_year(when.from);
	return 0;
}

int
fsck_known_year(struct fsck_known *known, struct snapshot *snapshot,
    const char *decision, int *year_out, struct fault *fault)
{
	struct year *slot = &known->years[slot_of(decision, 0)];

	if (slot->decision[0] != '\0' &&
	    strcmp(slot->decision, decision) == 0) {
		*year_out = slot->year;
		return 0;
	}
	arena_reset(known->scratch);
	if (read_year(known->scratch, snapshot, decision, year_out, fault) <
	    0) {
		return -1;
	}
	if (strlen(decision) < ID_BYTES) {
		memcpy(slot->decision, decision, strlen(decision) + 1);
		slot->year = *year_out;
	}
	return 0;
}
