/* SPDX-License-Identifier: Apache-2.0 */

#include "core/childhood.h"

#include "base/wire.h"
#include "core/schema.h"
#include "core/unit_rows.h"

#include <string.h>

struct gathering {
	struct arena *arena;
	struct childhood *list;
	size_t count;
	size_t room;
};

static void
add(struct gathering *gathering, const char *unit, struct span days)
{
	struct childhood *list = gathering->list;

	if (gathering->count == gathering->room) {
		size_t room = gathering->room > 0 ? 2 * gathering->room : 64;

		list = arena_alloc(gathering->arena, room * sizeof(*list));
		if (gathering->count > 0) {
			memcpy(list, gathering->list,
			    gathering->count * sizeof(*list));
		}
		gathering->list = list;
		gathering->room = room;
	}
	list[gathering->count++] =
	    (struct childhood){ arena_text(gathering->arena, unit), days };
}

/* Rows of TABLE_UNIT_CHILD that begin before the days end. */
static int
gather(struct gathering *gathering, struct snapshot *snapshot, const char *unit,
    enum unit_relation relation, struct span days, struct fault *fault)
{
	struct bytes row, value;
	struct key from, to;
	struct scan *scan;
	int rc;

	key_start(&from, TABLE_UNIT_CHILD);
	key_add_text(&from, unit);
	key_add_u8(&from, (uint8_t)relation);
	to = from;
	key_add_date(&to, days.to);
	key_next(&to);
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct key_reader at;
		struct span held;

		key_read_start(&at, row);
		key_read_text(&at);
		key_read_u8(&at);
		held.from = key_read_date(&at);
		held.to = value.len == 4 ? (date_t)wire_get_u32le(value.data)
		                         : held.from - 1;
		held = span_of_both(held, days);
		if (held.from <= held.to) {
			add(gathering, key_read_text(&at), held);
		}
	}
	scan_close(scan);
	return rc;
}

int
childhoods_in(struct snapshot *snapshot, struct arena *arena, const char *unit,
    enum unit_relation relation, struct span days, struct childhood **list_out,
    size_t *count_out, struct fault *fault)
{
	struct gathering gathering = { .arena = arena };
	struct unit_title title;
	int found =
	    unit_title_at(snapshot, arena, unit, days.to, &title, fault);

	if (found == 1) {
		days = span_of_both(days, title.life);
	}
	if (found < 0 || (found == 1 && days.from <= days.to &&
	                     gather(&gathering, snapshot, unit, relation, days,
	                         fault) < 0)) {
		return -1;
	}
	*list_out = gathering.list;
	*count_out = gathering.count;
	return 0;
}
