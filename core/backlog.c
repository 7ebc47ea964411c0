/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each kind has a writer of its own (core/errand.c, core/waiting.c,
 * core/evidence_draft.c) and members of its own; what they share is read here
 * and nothing else, so that a time-stamp that waits for what proves it does
 * not go out.
 */

#include "core/backlog.h"

#include "core/reason.h"
#include "core/respite.h"
#include "core/schema.h"
#include "storage/key.h"

#include <string.h>

/* "stamp/ID" as the place behind that row. */
static int
read_after(struct key *key, struct arena *arena, const char *after,
    struct fault *fault)
{
	const char *slash = strchr(after, '/');

	if (slash == NULL) {
		return fault_field(fault, "/after",
		    "must be the place that a page before named");
	}
	key_start(key, TABLE_JOB);
	key_add_text(key,
	    arena_text_of(arena, bytes_of(after, (size_t)(slash - after))));
	key_add_text(key, slash + 1);
	key_next(key);
	return 0;
}

static int
range(const struct backlog_page *page, struct arena *arena, struct key *from,
    struct key *to, struct fault *fault)
{
	struct key after;

	key_start(from, TABLE_JOB);
	if (page->kind != NULL) {
		key_add_text(from, page->kind);
	}
	*to = *from;
	key_next(to);
	if (page->after == NULL) {
		return 0;
	}
	if (read_after(&after, arena, page->after, fault) < 0) {
		return -1;
	}
	if (bytes_compare(key_bytes(&after), key_bytes(from)) > 0) {
		*from = after;
	}
	return 0;
}

/* Where the row does not say whose it is, it is its dossier's. */
static const char *
subject_of(struct arena *arena, const json_t *row, const char *id)
{
	const char *subject = json_text_at(row, "for");

	return subject != NULL ? subject
	                       : arena_format(arena, "dossier/%s", id);
}

static void
copy_number(json_t *to, const json_t *row, const char *member)
{
	const json_t *value = json_object_get(row, member);

	if (json_is_integer(value)) {
		json_object_set_new(to, member,
		    json_integer(json_integer_value(value)));
	}
}

static void
describe(struct arena *arena, json_t *rows, const json_t *row, const char *kind,
    const char *id)
{
	json_t *told = json_object();

	json_array_append_new(rows, told);
	json_object_set_new(told, "kind", json_string(kind));
	json_object_set_new(told, "id", json_string(id));
	json_object_set_new(told, "for",
	    json_string(subject_of(arena, row, id)));
	copy_number(told, row, "since");
	copy_number(told, row, "tries");
	copy_number(told, row, "next");
	json_object_set_new(told, "due",
	    json_boolean(respite_is_over(json_integer_at(row, "next"))));
	reason_copy(told, row);
}

static int
add_row(struct arena *arena, json_t *rows, struct bytes key, struct bytes value,
    const char **place_out, struct fault *fault)
{
	struct key_reader reader;
	const char *kind;
	const char *id;
	const json_t *row;

	key_read_start(&reader, key);
	kind = arena_text(arena, key_read_text(&reader));
	id = arena_text(arena, key_read_text(&reader));
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	row = json_read(arena, value, fault);
	if (row == NULL) {
		fault->code = FAULT_CORRUPT;
		return -1;
	}
	describe(arena, rows, row, kind, id);
	*place_out = arena_format(arena, "%s/%s", kind, id);
	return 0;
}

int
backlog_read(struct snapshot *snapshot, struct arena *arena,
    const struct backlog_page *page, json_t *rows, const char **next_out,
    struct fault *fault)
{
	const char *last = NULL;
	size_t count = 0;
	struct bytes value;
	struct scan *scan;
	struct bytes key;
	struct key from;
	struct key to;
	int rc;

	*next_out = NULL;
	if (range(page, arena, &from, &to, fault) < 0 ||
	    scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		if (count++ == page->limit) {
			*next_out = last;
			rc = 0;
			break;
		}
		rc = add_row(arena, rows, key, value, &last, fault);
		if (rc < 0) {
			break;
		}
	}
	scan_close(scan);
	return rc;
}
