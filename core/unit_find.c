/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Units by what people call them.  TABLE_UNIT_NAME is keyed by the folded
 * name and holds the spellings that fold so (unit_rows.c), so that one scan
 * answers both ways of asking.
 */

#include "core/unit_find.h"

#include "base/text.h"
#include "base/wire.h"
#include "core/id_set.h"
#include "core/unit_rows.h"

/* The name in NFC; FAULT_INVALID where it cannot be one. */
static int
check_name(struct arena *arena, const char **name, struct fault *fault)
{
	if (strlen(*name) > UNIT_NAME_MAX_BYTES) {
		return fault_field(fault, "name", "a name has at most %u bytes",
		    UNIT_NAME_MAX_BYTES);
	}
	return text_nfc(arena, name, bytes_of_text(*name), fault);
}

/* Is the name, but for capitals, one of these spellings? */
static bool
is_spelled(struct arena *arena, struct bytes spellings, const char *name)
{
	const char *lower = text_lower(arena, name);
	const char *at = (const char *)spellings.data;
	const char *end = at + spellings.len;

	for (; at < end; at += strnlen(at, (size_t)(end - at)) + 1) {
		struct bytes one =
		    bytes_of(at, strnlen(at, (size_t)(end - at)));

		if (strcmp(text_lower(arena, arena_text_of(arena, one)),
		        lower) == 0) {
			return true;
		}
	}
	return false;
}

struct asked {
	const char *name; /* in NFC */
	bool begins;      /* names that begin so, too */
	bool exact;       /* with its marks */
	size_t max;
};

/* Ids of the rows between two keys. */
static int
collect(struct snapshot *snapshot, const struct key *from, const struct key *to,
    const struct asked *asked, struct id_set *set, struct fault *fault)
{
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	int rc = 0;

	if (scan_open(&scan, snapshot, key_bytes(from), key_bytes(to), false,
	        fault) < 0) {
		return -1;
	}
	while (set->count < asked->max &&
	       (rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct key_reader reader;
		const char *id;
		bool added;

		key_read_start(&reader, row);
		key_read_text(&reader);
		id = key_read_text(&reader);
		if (key_read_end(&reader, fault) < 0) {
			rc = -1;
			break;
		}
		if (!asked->exact ||
		    is_spelled(set->arena, value, asked->name)) {
			id_set_add(set, id, &added);
		}
	}
	scan_close(scan);
	return rc < 0 ? -1 : 0;
}

static int
find(struct snapshot *snapshot, struct arena *arena, struct asked *asked,
    const char ***ids_out, size_t *count_out, struct fault *fault)
{
	struct id_set set;
	const char *folded;
	struct key from;
	struct key to;

	id_set_init(&set, arena);
	if (check_name(arena, &asked->name, fault) < 0) {
		return -1;
	}
	folded = text_fold(arena, asked->name);
	key_start(&from, TABLE_UNIT_NAME);
	if (asked->begins) {
		key_add_raw(&from, bytes_of_text(folded));
	} else {
		key_add_text(&from, folded);
	}
	to = from;
	key_next(&to);
	if (!from.overflow && /* no stored name is as long */
	    collect(snapshot, &from, &to, asked, &set, fault) < 0) {
		return -1;
	}
	*ids_out = set.ids;
	*count_out = set.count;
	return 0;
}

int
unit_find_by_name(struct snapshot *snapshot, struct arena *arena,
    const char *name, bool exact, const char ***ids_out, size_t *count_out,
    struct fault *fault)
{
	struct asked asked = { .name = name, .exact = exact, .max = SIZE_MAX };

	return find(snapshot, arena, &asked, ids_out, count_out, fault);
}

int
unit_find_by_prefix(struct snapshot *snapshot, struct arena *arena,
    const char *name, size_t max, const char ***ids_out, size_t *count_out,
    struct fault *fault)
{
	struct asked asked = { .name = name, .begins = true, .max = max };

	return find(snapshot, arena, &asked, ids_out, count_out, fault);
}

int
unit_find_by_code(struct snapshot *snapshot, struct arena *arena,
    const char *system, const char *code, date_t date, const char **id_out,
    struct fault *fault)
{
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	struct key from;
	struct key to;
	int rc = 0;

	*id_out = NULL;
	if (strlen(system) > UNIT_CODE_MAX_BYTES ||
	    strlen(code) > UNIT_CODE_MAX_BYTES) {
		return 0;
	}
	key_start(&from, TABLE_UNIT_CODE);
	key_add_text(&from, system);
	key_add_text(&from, code);
	to = from;
	key_add_date(&to, date);
	key_next(&to);
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), true,
	        fault) < 0) {
		return -1;
	}
	while (*id_out == NULL &&
	       (rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct key_reader reader;
		const char *id;

		key_read_start(&reader, row);
		key_read_text(&reader);
		key_read_text(&reader);
		key_read_date(&reader);
		id = key_read_text(&reader);
		if (key_read_end(&reader, fault) < 0) {
			rc = -1;
			break;
		}
		if (value.len == 4 &&
		    (date_t)wire_get_u32le(value.data) >= date) {
			*id_out = arena_text(arena, id);
		}
	}
	scan_close(scan);
	return rc;
}
