/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A user with two words that begin alike ("Lan Lan") has two rows in one scan.
 * He is shown by the first of them, which his record tells, so neither a page
 * nor the next one has to remember whom it has shown.
 */

#include "core/user_find.h"

#include "base/text.h"
#include "core/schema.h"

#include <string.h>

/* An ASCII byte that stands in no word. */
static bool
is_between(char c)
{
	return (unsigned char)c < 0x80 && !(c >= '0' && c <= '9') &&
	       !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
}

static void
add_row(struct rows *rows, const char *text, const char *id)
{
	const char *folded = text_fold(rows->arena, text);
	struct key key;

	if (folded[0] == '\0') {
		return;
	}
	key_start(&key, TABLE_USER_NAME);
	key_add_text(&key, folded);
	key_add_text(&key, id);
	rows_add(rows, &key, NO_BYTES);
}

void
user_find_rows(struct rows *rows, const char *id, const json_t *fields)
{
	const char *name = json_text_at(fields, "name");

	add_row(rows, json_text_at(fields, "login"), id);
	for (const char *c = name; *c != '\0'; c++) {
		if (!is_between(*c) && (c == name || is_between(c[-1]))) {
			add_row(rows, c, id);
		}
	}
}

/* The first of a user's rows that begins so; empty where none does. */
static struct bytes
first_row(struct arena *arena, struct bytes prefix, const struct record *user)
{
	struct rows rows;

	rows_init(&rows, arena);
	user_find_rows(&rows, user->id, user->value);
	rows_sort(&rows);
	for (size_t i = 0; i < rows.count; i++) {
		struct bytes key = rows.list[i].key;

		if (key.len >= prefix.len &&
		    memcmp(key.data, prefix.data, prefix.len) == 0) {
			return key;
		}
	}
	return NO_BYTES;
}

/* Behind the row by which the last user was shown. */
static int
skip_to(struct snapshot *snapshot, struct arena *arena, struct bytes prefix,
    const char *after, struct key *from, struct fault *fault)
{
	struct record user;
	struct bytes row;
	int found =
	    record_find(snapshot, arena, RECORD_USER, after, &user, fault);

	if (found <= 0) {
		return found < 0 ? -1
		                 : fault_field(fault, "after",
		                       "there is no user %s", after);
	}
	row = first_row(arena, prefix, &user);
	if (row.len > 0) {
		key_after(from, row);
	}
	return 0;
}

static int
emit_row(struct snapshot *snapshot, struct arena *arena, struct bytes prefix,
    struct bytes row,
    int (*emit)(void *arg, const struct record *record, struct fault *fault),
    void *arg, struct fault *fault)
{
	struct key_reader reader;
	struct record user;
	const char *id;

	key_read_start(&reader, row);
	key_read_text(&reader);
	id = key_read_text(&reader);
	if (key_read_end(&reader, fault) < 0 ||
	    record_need(snapshot, arena, RECORD_USER, arena_text(arena, id),
	        &user, fault) < 0) {
		return -1;
	}
	return bytes_equal(first_row(arena, prefix, &user), row)
	           ? emit(arg, &user, fault)
	           : 0;
}

int
user_find(struct snapshot *snapshot, struct arena *arena,
    const struct user_question *question,
    int (*emit)(void *arg, const struct record *record, struct fault *fault),
    void *arg, struct fault *fault)
{
	struct bytes row;
	struct bytes nothing;
	struct scan *scan;
	struct key prefix;
	struct key from;
	struct key to;
	const char *text;
	int rc;

	if (text_nfc(arena, &text, bytes_of_text(question->text), fault) < 0) {
		return -1;
	}
	key_start(&prefix, TABLE_USER_NAME);
	key_add_raw(&prefix, bytes_of_text(text_fold(arena, text)));
	from = prefix;
	to = prefix;
	key_next(&to);
	if (from.overflow) { /* no name is as long */
		return 0;
	}
	if ((question->after != NULL &&
	        skip_to(snapshot, arena, key_bytes(&prefix), question->after,
	            &from, fault) < 0) ||
	    scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &nothing, fault)) == 1) {
		rc = emit_row(snapshot, arena, key_bytes(&prefix), row, emit,
		    arg, fault);
		if (rc != 0) {
			break;
		}
	}
	scan_close(scan);
	return rc;
}
