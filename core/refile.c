/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The rows under a unit name everything that is filed in it and below it, so
 * they are the list of what a change of its place in the tree can move.  For
 * each the ancestors before and after are compared, and only what differs is
 * written.
 */

#include "core/refile.h"

#include "core/id_set.h"
#include "core/listing.h"

/* One entry of a listing, in its old places and its new ones. */
static int
move(struct command *command, const struct unit_overlay *overlay,
    struct bytes row, struct bytes value, struct fault *fault)
{
	struct listing listing;
	struct key_reader reader;
	const char *id;
	const char **before;
	const char **after;
	size_t before_count;
	size_t after_count;
	struct id_set kept;
	date_t date;
	bool added;

	key_read_start(&reader, row);
	key_read_text(&reader);
	date = key_read_date(&reader);
	id = arena_text(command->arena, key_read_text(&reader));
	if (key_read_end(&reader, fault) < 0 ||
	    listing_decode(&listing, value, fault) < 0 ||
	    unit_ancestors(command->snapshot, command->arena, listing.unit,
	        date, &before, &before_count, fault) < 0 ||
	    unit_ancestors_with(command->snapshot, command->arena, overlay,
	        listing.unit, date, &after, &after_count, fault) < 0) {
		return -1;
	}
	id_set_init(&kept, command->arena);
	for (size_t i = 0; i < after_count; i++) {
		struct key key;

		id_set_add(&kept, after[i], &added);
		listing_key(&key, TABLE_DOSSIER_UNDER, after[i], date, id);
		writes_put(command->writes, key_bytes(&key), value);
	}
	for (size_t i = 0; i < before_count; i++) {
		struct key key;

		if (!id_set_has(&kept, before[i])) {
			listing_key(&key, TABLE_DOSSIER_UNDER, before[i], date,
			    id);
			writes_delete(command->writes, key_bytes(&key));
		}
	}
	return 0;
}

int
refile_under(struct command *command, const char *unit, struct span days,
    const struct unit_overlay *overlay, struct fault *fault)
{
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	struct key from;
	struct key to;
	size_t moved = 0;
	int rc;

	key_start(&from, TABLE_DOSSIER_UNDER);
	key_add_text(&from, unit);
	to = from;
	key_add_date(&from, days.from);
	key_add_date(&to, days.to);
	key_next(&to);
	if (scan_open(&scan, command->snapshot, key_bytes(&from),
	        key_bytes(&to), false, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		if (++moved > REFILE_ROWS_MAX) {
			rc = fault_set(fault, FAULT_LIMIT,
			    "more than %u dossiers of unit %s would move; "
			    "change it with the server stopped and reindex",
			    REFILE_ROWS_MAX, unit);
			break;
		}
		if (move(command, overlay, row, value, fault) < 0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}
