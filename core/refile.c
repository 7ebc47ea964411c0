/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The rows under a unit name everything that is filed in it and below it, so
 * they are the list of what a change of its place in the tree can move.  For
 * each the ancestors before and after are compared, and only what differs is
 * written.  Several units may list the same; counters are added to, so each
 * is moved once.
 */

#include "core/refile.h"

#include "core/grant.h"
#include "core/listing.h"

void
refile_init(struct refile *refile, struct command *command,
    const struct unit_overlay *overlay)
{
	*refile = (struct refile){ .command = command, .overlay = overlay };
	id_set_init(&refile->dossiers, command->arena);
	id_set_init(&refile->grants, command->arena);
}

/* Ancestors that are only in one of two lists. */
struct moves {
	struct id_set lost;
	struct id_set gained;
};

static void
subtract(struct arena *arena, struct id_set *left, const char **from,
    size_t from_count, const char **what, size_t what_count)
{
	struct id_set taken;
	bool added;

	id_set_init(&taken, arena);
	id_set_init(left, arena);
	for (size_t i = 0; i < what_count; i++) {
		id_set_add(&taken, what[i], &added);
	}
	for (size_t i = 0; i < from_count; i++) {
		if (!id_set_has(&taken, from[i])) {
			id_set_add(left, from[i], &added);
		}
	}
}

static int
find_moves(const struct refile *refile, const char *unit, date_t date,
    struct moves *moves, struct fault *fault)
{
	struct command *command = refile->command;
	const char **before;
	const char **after;
	size_t before_count;
	size_t after_count;

	if (unit_ancestors(command->snapshot, command->arena, unit, date,
	        &before, &before_count, fault) < 0 ||
	    unit_ancestors_with(command->snapshot, command->arena,
	        refile->overlay, unit, date, &after, &after_count, fault) < 0) {
		return -1;
	}
	subtract(command->arena, &moves->lost, before, before_count, after,
	    after_count);
	subtract(command->arena, &moves->gained, after, after_count, before,
	    before_count);
	return 0;
}

/* One row under a unit. */
struct filed {
	const char *id;
	date_t date;
	struct bytes value;
};

static int
move_dossier(const struct refile *refile, const struct filed *filed,
    struct fault *fault)
{
	struct writes *writes = refile->command->writes;
	struct listing listing;
	struct moves moves;
	struct key key;

	if (listing_decode(&listing, filed->value, fault) < 0 ||
	    find_moves(refile, listing.unit, filed->date, &moves, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < moves.lost.count; i++) {
		listing_key(&key, TABLE_DOSSIER_UNDER, moves.lost.ids[i],
		    filed->date, filed->id);
		writes_delete(writes, key_bytes(&key));
	}
	for (size_t i = 0; i < moves.gained.count; i++) {
		listing_key(&key, TABLE_DOSSIER_UNDER, moves.gained.ids[i],
		    filed->date, filed->id);
		writes_put(writes, key_bytes(&key), filed->value);
	}
	return 0;
}

static int
move_grant(const struct refile *refile, const struct filed *filed,
    struct fault *fault)
{
	struct command *command = refile->command;
	struct record grant;
	struct moves moves;

	if (record_need(command->snapshot, command->arena, RECORD_GRANT,
	        filed->id, &grant, fault) < 0 ||
	    find_moves(refile, json_text_at(grant.value, "unit"), filed->date,
	        &moves, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < moves.lost.count; i++) {
		if (grant_move(command, &grant, moves.lost.ids[i], false,
		        fault) < 0) {
			return -1;
		}
	}
	for (size_t i = 0; i < moves.gained.count; i++) {
		if (grant_move(command, &grant, moves.gained.ids[i], true,
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}

typedef int (*move_fn)(const struct refile *refile, const struct filed *filed,
    struct fault *fault);

/* Move one row where it was not moved yet. */
static int
move_row(struct refile *refile, struct id_set *moved, move_fn move,
    struct bytes row, struct bytes value, struct fault *fault)
{
	struct filed filed = { .value = value };
	struct key_reader reader;
	bool added;

	key_read_start(&reader, row);
	key_read_text(&reader);
	filed.date = key_read_date(&reader);
	filed.id = key_read_text(&reader);
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	id_set_add(moved, filed.id, &added);
	if (moved->count > REFILE_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "more than %u entries of the past would move to other "
		    "units; too many for one change",
		    REFILE_MAX);
	}
	return added ? move(refile, &filed, fault) : 0;
}

static int
move_all(struct refile *refile, const char *unit, struct span days,
    enum table table, struct fault *fault)
{
	bool is_grants = table == TABLE_GRANT_UNDER;
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	struct key from;
	struct key to;
	int rc;

	key_start(&from, (uint8_t)table);
	key_add_text(&from, unit);
	to = from;
	key_add_date(&from, days.from);
	key_add_date(&to, days.to);
	key_next(&to);
	if (scan_open(&scan, refile->command->snapshot, key_bytes(&from),
	        key_bytes(&to), false, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		if (move_row(refile,
		        is_grants ? &refile->grants : &refile->dossiers,
		        is_grants ? move_grant : move_dossier, row, value,
		        fault) < 0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}

int
refile_under(struct refile *refile, const char *unit, struct span days,
    struct fault *fault)
{
	if (move_all(refile, unit, days, TABLE_DOSSIER_UNDER, fault) < 0) {
		return -1;
	}
	return move_all(refile, unit, days, TABLE_GRANT_UNDER, fault);
}
