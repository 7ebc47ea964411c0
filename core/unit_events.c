/* SPDX-License-Identifier: Apache-2.0 */

#include "core/unit_events.h"

#include "core/unit_rows.h"

static date_t
date_in(const json_t *fields)
{
	date_t date = 0;

	date_parse(&date, json_text_at(fields, "date"));
	return date;
}

void
unit_event_row(struct rows *rows, const char *event, const json_t *fields)
{
	struct key key;

	key_start(&key, TABLE_UNIT_EVENT);
	key_add_date(&key, date_in(fields));
	key_add_text(&key, event);
	rows_add(rows, &key, NO_BYTES);
}

/* The rows of these days, not before `first`. */
static int
open_days(struct scan **scan_out, struct snapshot *snapshot, struct span days,
    const struct key *first, struct fault *fault)
{
	struct key from;
	struct key to;

	key_start(&from, TABLE_UNIT_EVENT);
	to = from;
	key_add_date(&from, days.from);
	key_add_date(&to, days.to);
	key_next(&to);
	if (first != NULL &&
	    bytes_compare(key_bytes(first), key_bytes(&from)) > 0) {
		from = *first;
	}
	return scan_open(scan_out, snapshot, key_bytes(&from), key_bytes(&to),
	    false, fault);
}

/* The key behind the row of a reorganisation. */
static int
behind(struct snapshot *snapshot, struct arena *arena, const char *after,
    struct key *key, struct fault *fault)
{
	struct record event;

	if (record_refer(snapshot, arena, RECORD_REORGANISATION, after, "after",
	        &event, fault) < 0) {
		return -1;
	}
	key_start(key, TABLE_UNIT_EVENT);
	key_add_date(key, date_in(event.value));
	key_add_text(key, after);
	key_next(key);
	return 0;
}

static int
read_row(struct bytes row, date_t *date_out, const char **event_out,
    struct fault *fault)
{
	struct key_reader reader;

	key_read_start(&reader, row);
	*date_out = key_read_date(&reader);
	*event_out = key_read_text(&reader);
	return key_read_end(&reader, fault);
}

static int
fill(struct scan *scan, struct snapshot *snapshot, struct arena *arena,
    size_t limit, struct unit_events *events, struct fault *fault)
{
	struct bytes row;
	struct bytes value;
	int rc;

	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		const char *id;
		date_t date;

		if (read_row(row, &date, &id, fault) < 0) {
			return -1;
		}
		if (events->count == limit) {
			events->has_more = true;
			return 0;
		}
		if (record_need(snapshot, arena, RECORD_REORGANISATION, id,
		        &events->list[events->count++], fault) < 0) {
			return -1;
		}
	}
	return rc;
}

int
unit_events_read(struct snapshot *snapshot, struct arena *arena,
    struct span days, const char *after, size_t limit,
    struct unit_events *events_out, struct fault *fault)
{
	struct scan *scan;
	struct key first;
	int rc;

	*events_out = (struct unit_events){
		.list = arena_alloc(arena, limit * sizeof(struct record)),
	};
	if (after != NULL &&
	    behind(snapshot, arena, after, &first, fault) < 0) {
		return -1;
	}
	if (open_days(&scan, snapshot, days, after != NULL ? &first : NULL,
	        fault) < 0) {
		return -1;
	}
	rc = fill(scan, snapshot, arena, limit, events_out, fault);
	scan_close(scan);
	return rc;
}

/* 1 the first day of these that has one, 0 none has, -1 failed. */
static int
first_day(struct snapshot *snapshot, struct span days, date_t *date_out,
    struct fault *fault)
{
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	const char *id;
	int rc = open_days(&scan, snapshot, days, NULL, fault);

	if (rc < 0) {
		return -1;
	}
	rc = scan_next(scan, &row, &value, fault);
	if (rc == 1 && read_row(row, date_out, &id, fault) < 0) {
		rc = -1;
	}
	scan_close(scan);
	return rc;
}

int
unit_event_days_read(struct snapshot *snapshot, struct arena *arena,
    struct span days, size_t limit, struct unit_event_days *days_out,
    struct fault *fault)
{
	date_t date;
	int rc;

	*days_out = (struct unit_event_days){
		.list = arena_alloc(arena, limit * sizeof(date_t)),
	};
	while ((rc = first_day(snapshot, days, &date, fault)) == 1) {
		if (days_out->count == limit) {
			days_out->has_more = true;
			return 0;
		}
		days_out->list[days_out->count++] = date;
		days.from = date + 1;
	}
	return rc;
}
