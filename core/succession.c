/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     TABLE_UNIT_SUCCESSOR    unit, date, successor, event   -> nothing
 *     TABLE_UNIT_PREDECESSOR  unit, date, predecessor, event -> nothing
 *
 * A unit that goes on is its own successor.  One that ends without any has a
 * row with "" in the successor's place, so that its history shows the end.
 */

#include "core/succession.h"

#include "core/unit_events.h"

static void
add(struct rows *rows, enum table table, const char *unit, date_t date,
    const char *other, const char *event)
{
	struct key key;

	key_start(&key, (uint8_t)table);
	key_add_text(&key, unit);
	key_add_date(&key, date);
	key_add_text(&key, other);
	key_add_text(&key, event);
	rows_add(rows, &key, NO_BYTES);
}

void
succession_rows(struct rows *rows, const char *event, const json_t *fields)
{
	const json_t *from = json_object_get(fields, "predecessors");
	const json_t *to = json_object_get(fields, "successors");
	json_t *before;
	json_t *after;
	date_t date = 0;
	size_t i;
	size_t j;

	unit_event_row(rows, event, fields);
	date_parse(&date, json_text_at(fields, "date"));
	json_array_foreach(from, i, before)
	{
		const char *unit = json_string_value(before);

		json_array_foreach(to, j, after)
		{
			const char *other = json_string_value(after);

			add(rows, TABLE_UNIT_SUCCESSOR, unit, date, other,
			    event);
			add(rows, TABLE_UNIT_PREDECESSOR, other, date, unit,
			    event);
		}
		if (json_array_size(to) == 0) {
			add(rows, TABLE_UNIT_SUCCESSOR, unit, date, "", event);
		}
	}
}

int
succession_list(struct snapshot *snapshot, struct arena *arena,
    enum table direction, const char *unit, struct span days,
    struct succession **list_out, size_t *count_out, struct fault *fault)
{
	struct succession *list = NULL;
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	struct key from;
	struct key to;
	size_t count = 0;
	size_t room = 0;
	int rc;

	key_start(&from, (uint8_t)direction);
	key_add_text(&from, unit);
	to = from;
	key_add_date(&from, days.from);
	key_add_date(&to, days.to);
	key_next(&to);
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct key_reader reader;
		struct succession one;

		key_read_start(&reader, row);
		key_read_text(&reader);
		one.date = key_read_date(&reader);
		one.other = arena_text(arena, key_read_text(&reader));
		one.event = arena_text(arena, key_read_text(&reader));
		if (key_read_end(&reader, fault) < 0) {
			rc = -1;
			break;
		}
		if (count == room) {
			struct succession *more;

			room = room > 0 ? 2 * room : 8;
			more = arena_alloc(arena, room * sizeof(*more));
			if (count > 0) {
				memcpy(more, list, count * sizeof(*more));
			}
			list = more;
		}
		list[count++] = one;
	}
	scan_close(scan);
	*list_out = list;
	*count_out = count;
	return rc;
}
