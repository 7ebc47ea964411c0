/* SPDX-License-Identifier: Apache-2.0 */

/*
 * How often a dossier was tried is housekeeping: a set without an id and
 * without a leaf of the log.
 */

#include "core/waiting.h"

#include "archive/timestamp.h"
#include "base/base64.h"
#include "base/json.h"
#include "core/reason.h"
#include "core/respite.h"
#include "core/schema.h"
#include "storage/key.h"

#include <stdlib.h>

#define JOB_NAME "stamp"

static void
row_key(struct key *key, const char *dossier)
{
	key_start(key, TABLE_JOB);
	key_add_text(key, JOB_NAME);
	if (dossier != NULL) {
		key_add_text(key, dossier);
	}
}

void
waiting_put(struct writes *writes, const struct waiting *waiting,
    const struct fault *why)
{
	struct arena *arena = arena_new();
	json_t *row = json_own(arena,
	    json_pack("{s:I, s:I, s:I}", "next", (json_int_t)waiting->next,
	        "since", (json_int_t)waiting->since, "tries",
	        (json_int_t)waiting->tries));
	struct buf token;
	struct key key;

	reason_put(row, arena, why);
	buf_init(&token, 2 * TIMESTAMP_RESPONSE_MAX);
	if (waiting->token_at != 0) {
		base64_encode(&token, waiting->token);
		json_object_set_new(row, "token",
		    json_string(buf_text(&token)));
		json_object_set_new(row, "token_at",
		    json_integer((json_int_t)waiting->token_at));
	}
	row_key(&key, waiting->dossier);
	writes_put(writes, key_bytes(&key), json_bytes(arena, row));
	buf_fini(&token);
	arena_free(arena);
}

void
waiting_delete(struct writes *writes, const char *dossier)
{
	struct key key;

	row_key(&key, dossier);
	writes_delete(writes, key_bytes(&key));
}

static void
read_numbers(struct waiting *waiting, const json_t *row)
{
	waiting->since = json_integer_at(row, "since");
	waiting->next = json_integer_at(row, "next");
	waiting->tries = json_integer_at(row, "tries");
	waiting->token_at = json_integer_at(row, "token_at");
}

int
waiting_find(struct waiting *waiting_out, struct snapshot *snapshot,
    struct arena *arena, const char *dossier, struct fault *fault)
{
	const json_t *row = NULL;
	struct bytes value;
	struct buf token;
	struct key key;
	int rc;

	*waiting_out = (struct waiting){ .dossier = dossier };
	row_key(&key, dossier);
	rc = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	if (rc == 0) {
		fault_set(fault, FAULT_ABSENT,
		    "dossier %s does not wait any more", dossier);
	}
	if (rc <= 0 || (row = json_read(arena, value, fault)) == NULL) {
		return -1;
	}
	read_numbers(waiting_out, row);
	if (waiting_out->token_at == 0) {
		return 0;
	}
	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	rc = base64_decode(&token, bytes_of_text(json_text_at(row, "token")),
	    fault);
	waiting_out->token = arena_copy(arena, buf_bytes(&token));
	buf_fini(&token);
	return rc;
}

/* --- those that are due ------------------------------------------------------ */

/* Read in the order of their names. */
struct reading {
	struct waiting_list *list;
	struct arena *arena;
	struct buf due; /* struct waiting, one after the other */
};

static int
add_row(struct reading *reading, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct waiting_list *list = reading->list;
	struct arena *arena = arena_new();
	struct waiting waiting = { .next = 0 };
	struct key_reader reader;
	const json_t *row;
	int rc = -1;

	key_read_start(&reader, key);
	key_read_text(&reader);
	waiting.dossier = arena_text(reading->arena, key_read_text(&reader));
	if (key_read_end(&reader, fault) == 0 &&
	    (row = json_read(arena, value, fault)) != NULL) {
		read_numbers(&waiting, row);
		if (list->all++ == 0 || waiting.since < list->oldest) {
			list->oldest = waiting.since;
		}
		if (respite_is_over(waiting.next)) {
			buf_add(&reading->due, &waiting, sizeof(waiting));
			list->count++;
		}
		rc = buf_check(&reading->due, fault);
	}
	arena_free(arena);
	return rc;
}

static int
by_age(const void *a, const void *b)
{
	const struct waiting *one = a;
	const struct waiting *two = b;

	return one->since != two->since
	           ? (one->since > two->since) - (one->since < two->since)
	           : strcmp(one->dossier, two->dossier);
}

static int
read_rows(struct reading *reading, struct snapshot *snapshot,
    struct fault *fault)
{
	struct bytes value;
	struct scan *scan;
	struct bytes key;
	struct key rows;
	int rc;

	row_key(&rows, NULL);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&rows), fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		if (add_row(reading, key, value, fault) < 0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}

int
waiting_read(struct waiting_list *list_out, const struct core *core,
    struct arena *arena, struct fault *fault)
{
	struct reading reading = { .list = list_out, .arena = arena };
	struct snapshot *snapshot;
	int rc;

	*list_out = (struct waiting_list){ .due = NULL };
	if (snapshot_open(&snapshot, core->store, fault) < 0) {
		return -1;
	}
	buf_init(&reading.due, SIZE_MAX);
	rc = read_rows(&reading, snapshot, fault);
	snapshot_close(snapshot);
	if (rc == 0 && list_out->count > 0) {
		list_out->due = arena_alloc(arena, reading.due.len);
		memcpy(list_out->due, reading.due.data, reading.due.len);
		qsort(list_out->due, list_out->count, sizeof(struct waiting),
		    by_age);
	}
	buf_fini(&reading.due);
	return rc;
}
