/* SPDX-License-Identifier: Apache-2.0 */

/* The records of a kind lie side by side, by id: TABLE_RECORD, kind, id. */

#include "core/record_list.h"

static void
range(const struct record_list *list, struct key *from, struct key *to)
{
	const char *prefix = list->prefix != NULL ? list->prefix : "";

	key_start(from, TABLE_RECORD);
	key_add_u8(from, (uint8_t)list->kind);
	key_add_raw(from, bytes_of_text(prefix));
	*to = *from;
	key_next(to);
	if (list->after != NULL) {
		struct key after;

		record_key(&after, list->kind, list->after);
		key_next(&after);
		if (bytes_compare(key_bytes(&after), key_bytes(from)) > 0) {
			*from = after;
		}
	}
}

static int
read_row(struct arena *arena, const struct record_list *list, struct bytes key,
    struct bytes value, struct record *record, struct fault *fault)
{
	struct key_reader reader;
	key_read_start(&reader, key);
	key_read_u8(&reader);
	record->kind = list->kind;
	record->id = arena_text(arena, key_read_text(&reader));
	if (key_read_end(&reader, fault) < 0 ||
	    record_read(record, value, fault) < 0) {
		return -1;
	}
	record->bytes = arena_copy(arena, record->bytes);
	record->value = json_read(arena, record->bytes, fault);
	if (record->value == NULL) {
		fault->code = FAULT_CORRUPT;
		return -1;
	}
	return 0;
}

int
record_list(struct snapshot *snapshot, struct arena *arena,
    const struct record_list *list,
    int (*emit)(void *arg, const struct record *record, struct fault *fault),
    void *arg, struct fault *fault)
{
	struct bytes key_of;
	struct bytes value;
	struct record record;
	struct scan *scan;
	struct key from;
	struct key to;
	int rc;

	range(list, &from, &to);
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key_of, &value, fault)) == 1) {
		rc = read_row(arena, list, key_of, value, &record, fault);
		if (rc == 0) {
			rc = emit(arg, &record, fault);
		}
		if (rc != 0) {
			break;
		}
	}
	scan_close(scan);
	return rc;
}
