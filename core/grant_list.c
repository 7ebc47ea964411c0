/* SPDX-License-Identifier: Apache-2.0 */

#include "core/grant_list.h"

#include "core/cursor.h"
#include "core/grant_counter.h"
#include "core/schema.h"

#include <stdio.h>
#include <string.h>

#define GRANTS_READ_MAX   2000u  /* for one page */
#define COUNTERS_READ_MAX 50000u /* the same */

struct walk {
	struct snapshot *snapshot;
	const struct grant_filter *filter;
	grant_list_fn *emit;
	void *arg;
	struct arena *arena; /* for one grant */
	struct place last;   /* all above it was looked at */
	unsigned left;       /* of the page */
	unsigned read;       /* grants */
	unsigned counted;    /* counters */
	bool is_full;        /* there may be more */
};

/* 1 shown or passed over, 0 the page is full, -1 failed. */
static int
look_at(struct walk *walk, const char *id, struct fault *fault)
{
	struct record grant;

	if (walk->read == GRANTS_READ_MAX) {
		return 0;
	}
	walk->read++;
	arena_reset(walk->arena);
	if (record_need(walk->snapshot, walk->arena, RECORD_GRANT, id, &grant,
	        fault) < 0) {
		return -1;
	}
	if (!grant_filter_takes(walk->filter, &grant)) {
		return 1;
	}
	if (walk->left == 0) {
		return 0;
	}
	walk->left--;
	return walk->emit(walk->arg, &grant, fault) < 0 ? -1 : 1;
}

/* The grants of these days that lie below the last one. */
static int
list_days(struct walk *walk, struct span days, struct fault *fault)
{
	struct bytes row, value;
	struct key from, to;
	struct scan *scan;
	int rc;

	grant_filter_rows(walk->filter, TABLE_GRANT_UNDER, days, &from, &to);
	if (walk->last.date <= days.to) {
		key_start(&to, TABLE_GRANT_UNDER);
		key_add_text(&to, walk->filter->unit);
		key_add_date(&to, walk->last.date);
		key_add_text(&to, walk->last.id);
	}
	if (scan_open(&scan, walk->snapshot, key_bytes(&from), key_bytes(&to),
	        true, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct key_reader at;
		struct place place;

		key_read_start(&at, row);
		key_read_text(&at);
		place.date = key_read_date(&at);
		snprintf(place.id, sizeof(place.id), "%s", key_read_text(&at));
		rc = look_at(walk, place.id, fault);
		if (rc <= 0) {
			walk->is_full = rc == 0;
			break;
		}
		walk->last = place;
	}
	scan_close(scan);
	return rc < 0 ? -1 : 0;
}

/* Does this counter tell of grants that fit? */
static bool
tells(const struct walk *walk, const struct grant_counter *counter)
{
	const char *wanted = walk->filter->attribute;

	return strcmp(counter->attribute, wanted != NULL ? wanted : "") == 0 &&
	       counter->count != 0 &&
	       grant_filter_counts(walk->filter, counter->date, counter->award,
	           counter->subject);
}

/* The days on which something that fits counts, the latest first. */
static int
list_counted(struct walk *walk, struct span days, struct fault *fault)
{
	date_t done = DATE_MAX + 1; /* none yet */
	date_t before = DATE_MAX + 1;
	struct bytes row, value;
	struct key from, to;
	struct scan *scan;
	int rc;

	grant_filter_rows(walk->filter, TABLE_GRANT_COUNT, days, &from, &to);
	if (scan_open(&scan, walk->snapshot, key_bytes(&from), key_bytes(&to),
	        true, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct grant_counter counter;
		date_t day;

		rc = grant_counter_decode(&counter, row, value, fault);
		if (rc < 0) {
			break;
		}
		day = counter.date.from;
		if (++walk->counted > COUNTERS_READ_MAX && day < before &&
		    before <= DATE_MAX) {
			/* All from the day before on was looked at. */
			walk->last = (struct place){ before, "!" };
			walk->is_full = true;
		} else if (day != done && tells(walk, &counter)) {
			done = day;
			rc = list_days(walk, (struct span){ day, day }, fault);
		}
		before = day;
		if (rc < 0 || walk->is_full) {
			break;
		}
	}
	scan_close(scan);
	return rc < 0 ? -1 : 0;
}

int
grant_list(struct snapshot *snapshot, struct arena *arena,
    const struct grant_filter *filter, const char *cursor, unsigned limit,
    grant_list_fn *emit, void *arg, const char **next_out, struct fault *fault)
{
	const char *text = grant_filter_text(filter, arena);
	struct walk walk = { .snapshot = snapshot,
		.filter = filter,
		.emit = emit,
		.arg = arg,
		.last = { DATE_MAX, "~" },
		.left = limit };
	struct span days = filter->period;
	int rc;

	*next_out = NULL;
	if (cursor != NULL && !cursor_parse(&walk.last, cursor, text)) {
		return fault_field(fault, "cursor", "is not one of this query");
	}
	if (walk.last.date < days.to) {
		days.to = walk.last.date;
	}
	if (days.from > days.to) {
		return 0;
	}
	walk.arena = arena_new();
	rc =
	    filter->standing == GRANT_STANDING && grant_filter_is_narrow(filter)
	        ? list_counted(&walk, days, fault)
	        : list_days(&walk, days, fault);
	arena_free(walk.arena);
	if (rc == 0 && walk.is_full) {
		*next_out = cursor_format(arena, &walk.last, text);
	}
	return rc;
}
