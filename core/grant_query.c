/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Counts and grants of a period, by the rows that grant.c writes: the counters
 * of a unit, or the grants below it where they are asked for one by one.
 */

#include "core/grant_query.h"

#include "core/field.h"
#include "core/grant_counter.h"
#include "core/id_set.h"

#include <stdlib.h>

static bool
matches(const char *wanted, const char *value)
{
	return wanted == NULL || strcmp(wanted, value) == 0;
}

/* Add to the sum that is there, or begin one. */
static int
add_count(struct arena *arena, struct grant_count **counts, size_t *used,
    size_t *room, const struct grant_counter *one)
{
	struct grant_count *at;

	for (size_t i = 0; i < *used; i++) {
		at = &(*counts)[i];
		if (strcmp(at->award, one->award) == 0 &&
		    strcmp(at->subject_kind, one->subject) == 0 &&
		    strcmp(at->attribute, one->attribute) == 0) {
			at->count += one->count;
			return 0;
		}
	}
	if (*used == *room) {
		size_t more = *room > 0 ? 2 * *room : 64;

		at = arena_alloc(arena, more * sizeof(*at));
		if (*used > 0) {
			memcpy(at, *counts, *used * sizeof(*at));
		}
		*counts = at;
		*room = more;
	}
	at = &(*counts)[(*used)++];
	at->award = arena_text(arena, one->award);
	at->subject_kind = arena_text(arena, one->subject);
	at->attribute = arena_text(arena, one->attribute);
	at->count = one->count;
	return 0;
}

static int
compare_counts(const void *left, const void *right)
{
	const struct grant_count *a = left;
	const struct grant_count *b = right;
	int order = strcmp(a->award, b->award);

	if (order == 0) {
		order = strcmp(a->subject_kind, b->subject_kind);
	}
	return order != 0 ? order : strcmp(a->attribute, b->attribute);
}

/* The rows of the unit whose first day lies in the period. */
static int
scan_period(struct scan **scan_out, struct snapshot *snapshot, enum table table,
    const struct grant_query *query, struct fault *fault)
{
	struct key from, to;

	key_start(&from, (uint8_t)table);
	key_add_text(&from, query->unit);
	to = from;
	key_add_date(&from, query->period.from);
	key_add_date(&to, query->period.to);
	key_next(&to);
	return scan_open(scan_out, snapshot, key_bytes(&from), key_bytes(&to),
	    false, fault);
}

/* Does this counter tell of grants that fit? */
static bool
counts_for(const struct grant_query *query, const struct grant_counter *counter)
{
	return counter->count != 0 &&
	       span_holds(query->period, counter->date) &&
	       matches(query->award, counter->award) &&
	       matches(query->subject_kind, counter->subject);
}

int
grant_counts(struct snapshot *snapshot, struct arena *arena,
    const struct grant_query *query, struct grant_count **counts_out,
    size_t *count_out, struct fault *fault)
{
	struct bytes row, value;
	struct scan *scan;
	size_t room = 0;
	int rc;

	*counts_out = NULL;
	*count_out = 0;
	if (scan_period(&scan, snapshot, TABLE_GRANT_COUNT, query, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct grant_counter counter;

		rc = grant_counter_decode(&counter, row, value, fault);
		if (rc < 0) {
			break;
		}
		if (counts_for(query, &counter)) {
			add_count(arena, counts_out, count_out, &room,
			    &counter);
		}
	}
	scan_close(scan);
	if (rc < 0) {
		return -1;
	}
	if (*count_out > 0) {
		qsort(*counts_out, *count_out, sizeof(**counts_out),
		    compare_counts);
	}
	return 0;
}

int
grant_each(struct snapshot *snapshot, const struct grant_query *query,
    int (*emit)(void *arg, const struct record *grant, struct fault *fault),
    void *arg, struct fault *fault)
{
	struct arena *arena;
	struct bytes row, value;
	struct scan *scan;
	int rc;

	if (scan_period(&scan, snapshot, TABLE_GRANT_UNDER, query, fault) < 0) {
		return -1;
	}
	arena = arena_new();
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct json_reader reader;
		struct key_reader at;
		struct record grant;
		struct span date;
		const char *kind;

		key_read_start(&at, row);
		key_read_text(&at);
		key_read_date(&at);
		arena_reset(arena);
		if (record_need(snapshot, arena, RECORD_GRANT,
		        key_read_text(&at), &grant, fault) < 0) {
			rc = -1;
			break;
		}
		json_reader_init(&reader, grant.value, "", fault);
		kind = json_text_at(json_object_get(grant.value, "subject"),
		    "kind");
		if (field_when(&reader, "date", true, &date) &&
		    span_holds(query->period, date) &&
		    matches(query->award, json_text_at(grant.value, "award")) &&
		    matches(query->subject_kind, kind) &&
		    (rc = emit(arg, &grant, fault)) != 0) {
			break;
		}
	}
	scan_close(scan);
	arena_free(arena);
	return rc;
}

/* --- decisions ------------------------------------------------------------- */

/* A decision's grants are named by it: "q1-001". */
static bool
is_grant_of(const char *grant, const char *decision)
{
	size_t len = strlen(decision);
	const char *number = grant + len + 1;

	return strncmp(grant, decision, len) == 0 && grant[len] == '-' &&
	       number[0] != '\0' &&
	       strspn(number, "0123456789") == strlen(number);
}

static bool
fits(const struct grant_query *query, const struct record *grant,
    struct fault *fault)
{
	const json_t *subject = json_object_get(grant->value, "subject");
	struct json_reader reader;
	struct span date;

	json_reader_init(&reader, grant->value, "", fault);
	return field_when(&reader, "date", true, &date) &&
	       span_holds(query->period, date) &&
	       matches(query->award, json_text_at(grant->value, "award")) &&
	       matches(query->subject_kind, json_text_at(subject, "kind")) &&
	       strcmp(json_text_at(grant->value, "state"), "granted") == 0;
}

/*
 * The decisions of one day.  Those of "q" and of "q-001" lie among each other,
 * so all that were taken are remembered.
 */
static int
each_decision_on(struct snapshot *snapshot, const struct grant_query *query,
    date_t day, grant_decision_fn *emit, void *arg, struct fault *fault)
{
	struct grant_query on = *query;
	struct arena *arena = arena_new();
	struct arena *kept = arena_new();
	const char *decision = "";
	struct bytes row, value;
	struct id_set done;
	struct scan *scan;
	int rc;

	id_set_init(&done, kept);
	on.period = (struct span){ day, day };
	if (scan_period(&scan, snapshot, TABLE_GRANT_UNDER, &on, fault) < 0) {
		arena_free(kept);
		arena_free(arena);
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct key_reader at;
		struct record grant;
		bool taken = false;
		bool added;
		const char *id;

		key_read_start(&at, row);
		key_read_text(&at);
		key_read_date(&at);
		id = key_read_text(&at);
		if (decision[0] != '\0' && is_grant_of(id, decision)) {
			continue;
		}
		arena_reset(arena);
		rc = record_need(snapshot, arena, RECORD_GRANT, id, &grant,
		    fault);
		if (rc == 0 &&
		    !id_set_has(&done, json_text_at(grant.value, "decision")) &&
		    fits(query, &grant, fault)) {
			rc = emit(arg, &grant, &taken, fault);
		}
		if (rc != 0) {
			break;
		}
		if (taken) {
			size_t place = id_set_add(&done,
			    json_text_at(grant.value, "decision"), &added);

			decision = done.ids[place];
		}
	}
	scan_close(scan);
	arena_free(kept);
	arena_free(arena);
	return rc;
}

int
grant_each_decision(struct snapshot *snapshot, const struct grant_query *query,
    grant_decision_fn *emit, void *arg, struct fault *fault)
{
	date_t done = DATE_MAX + 1; /* none yet */
	struct bytes row, value;
	struct grant_counter counter;
	struct scan *scan;
	int rc;

	if (scan_period(&scan, snapshot, TABLE_GRANT_COUNT, query, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		rc = grant_counter_decode(&counter, row, value, fault);
		if (rc < 0) {
			break;
		}
		if (counter.attribute[0] != '\0' || counter.date.from == done ||
		    !counts_for(query, &counter)) {
			continue;
		}
		done = counter.date.from;
		rc = each_decision_on(snapshot, query, done, emit, arg, fault);
		if (rc != 0) {
			break;
		}
	}
	scan_close(scan);
	return rc;
}
