/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     TABLE_RANKING_OF  cluster or "", last day, ranking
 *                       -> version u8, scheme, cluster
 *
 * Each has two rows, so that those of one cluster and those of all lie side by
 * side.  Ids grow with the time: of one day the last one was kept last.
 */

#include "core/ranking_list.h"

#include "core/cursor.h"

#include <stdio.h>

#define VERSION  1u    /* of the value */
#define ROWS_MAX 1000u /* looked at for one page */

static const char *
text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static void
row_key(struct key *key, const char *under, date_t last, const char *ranking)
{
	key_start(key, TABLE_RANKING_OF);
	key_add_text(key, under);
	key_add_date(key, last);
	key_add_text(key, ranking);
}

void
ranking_list_put(struct writes *writes, const char *ranking,
    const json_t *fields)
{
	const char *cluster = json_text_at(fields, "cluster");
	struct key value;
	struct key key;
	date_t last = 0;

	date_parse(&last,
	    json_text_at(json_object_get(fields, "period"), "to"));
	key_start(&value, VERSION);
	key_add_text(&value, json_text_at(fields, "scheme"));
	key_add_text(&value, cluster);
	row_key(&key, "", last, ranking);
	writes_put(writes, key_bytes(&key), key_bytes(&value));
	row_key(&key, cluster, last, ranking);
	writes_put(writes, key_bytes(&key), key_bytes(&value));
}

/* --- reading ------------------------------------------------------------------ */

static int
read_row(struct bytes key, struct bytes value, struct place *at,
    struct ranking_row *row, struct fault *fault)
{
	struct key_reader reader;

	key_read_start(&reader, key);
	key_read_text(&reader);
	at->date = key_read_date(&reader);
	row->id = key_read_text(&reader);
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	snprintf(at->id, sizeof(at->id), "%s", row->id);
	key_read_start(&reader, value);
	row->scheme = key_read_text(&reader);
	row->cluster = key_read_text(&reader);
	return key_read_end(&reader, fault);
}

/* The rows of the query below `last`. */
static int
open_rows(struct scan **scan_out, struct snapshot *snapshot,
    const struct ranking_query *query, const struct place *last,
    struct fault *fault)
{
	struct key from;
	struct key to;

	key_start(&from, TABLE_RANKING_OF);
	key_add_text(&from, text_or_empty(query->cluster));
	to = from;
	key_add_date(&from, query->ends.from);
	if (last != NULL) {
		row_key(&to, text_or_empty(query->cluster), last->date,
		    last->id);
	} else {
		key_add_date(&to, query->ends.to);
		key_next(&to);
	}
	return scan_open(scan_out, snapshot, key_bytes(&from), key_bytes(&to),
	    true, fault);
}

/* 1 where rows may be left, 0 at the end, -1 failed. */
static int
read_page(struct scan *scan, const struct ranking_query *query,
    ranking_row_fn *emit, void *arg, struct place *last, struct fault *fault)
{
	struct ranking_row row;
	struct bytes key;
	struct bytes value;
	unsigned looked = 0;
	unsigned shown = 0;
	int rc;

	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		int taken = 0;

		/* One more shows that there is one. */
		if (shown == query->limit || looked++ == ROWS_MAX) {
			return 1;
		}
		if (read_row(key, value, last, &row, fault) < 0) {
			return -1;
		}
		if (query->scheme == NULL ||
		    strcmp(query->scheme, row.scheme) == 0) {
			taken = emit(arg, &row, fault);
		}
		if (taken < 0) {
			return -1;
		}
		shown += (unsigned)taken;
	}
	return rc;
}

int
ranking_list(struct snapshot *snapshot, struct arena *arena,
    const struct ranking_query *query, ranking_row_fn *emit, void *arg,
    const char **next_out, struct fault *fault)
{
	const char *text = arena_format(arena, "rankings %s %s %d %d",
	    text_or_empty(query->cluster), text_or_empty(query->scheme),
	    query->ends.from, query->ends.to);
	struct place last;
	struct scan *scan;
	int rc;

	*next_out = NULL;
	if (query->cursor != NULL &&
	    !cursor_parse(&last, query->cursor, text)) {
		return fault_field(fault, "cursor", "is not one of this query");
	}
	if (open_rows(&scan, snapshot, query,
	        query->cursor != NULL ? &last : NULL, fault) < 0) {
		return -1;
	}
	rc = read_page(scan, query, emit, arg, &last, fault);
	scan_close(scan);
	if (rc == 1) {
		*next_out = cursor_format(arena, &last, text);
	}
	return rc < 0 ? -1 : 0;
}

/* 1 where a row begins so, 0 where none does, -1 failed. */
static int
has_any(struct snapshot *snapshot, const struct key *prefix,
    struct fault *fault)
{
	struct bytes key;
	struct bytes value;
	struct scan *scan;
	int found;

	if (scan_open_prefix(&scan, snapshot, key_bytes(prefix), fault) < 0) {
		return -1;
	}
	found = scan_next(scan, &key, &value, fault);
	scan_close(scan);
	return found;
}

int
ranking_list_is_kept(struct snapshot *snapshot, struct fault *fault)
{
	struct key rows;
	struct key records;
	int found;

	key_start(&rows, TABLE_RANKING_OF);
	found = has_any(snapshot, &rows, fault);
	if (found != 0) {
		return found;
	}
	key_start(&records, TABLE_RECORD);
	key_add_u8(&records, RECORD_RANKING);
	found = has_any(snapshot, &records, fault);
	return found < 0 ? -1 : found == 0;
}
