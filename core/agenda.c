/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     TABLE_AGENDA     unit, status, procedure, since i64, dossier  -> nothing
 *     TABLE_AGENDA_OF  maker, status, procedure, since i64, dossier -> nothing
 *     TABLE_META       "agenda", version u8                         -> nothing
 *
 * The last one is there as soon as there is a dossier; a store with dossiers
 * and without it is older than the others.  Version 1 had the first alone;
 * to version 2 belong listing rows without cards (listing.c).
 */

#include "core/agenda.h"

#define VERSION 3u /* of all rows by which dossiers are found */

bool
agenda_place_of(struct agenda_place *place_out, const struct rules *rules,
    const json_t *fields)
{
	const json_t *steps = json_object_get(fields, "steps");
	const char *status = json_text_at(fields, "status");
	const char *procedure = json_text_at(fields, "procedure");
	const json_t *row =
	    rules != NULL && status != NULL
	        ? rules_find(rules, RULES_DOSSIER_STATUSES, status, 0)
	        : NULL;
	size_t count = json_array_size(steps);

	if (status == NULL || json_is_true(json_object_get(row, "sealed"))) {
		return false;
	}
	*place_out = (struct agenda_place){
		.unit = json_text_at(fields, "unit"),
		.maker = json_text_at(json_array_get(steps, 0), "by"),
		.status = status,
		.procedure = procedure != NULL ? procedure : "full",
		.since = count > 0 ? json_integer_at(
		                         json_array_get(steps, count - 1), "at")
		                   : 0,
	};
	return true;
}

void
agenda_prefix(struct key *key, enum table table, const char *holder,
    const char *status, const char *procedure)
{
	key_start(key, (uint8_t)table);
	key_add_text(key, holder);
	key_add_text(key, status);
	key_add_text(key, procedure);
}

void
agenda_key(struct key *key, enum table table, const struct agenda_place *place,
    const char *dossier)
{
	agenda_prefix(key, table,
	    table == TABLE_AGENDA ? place->unit : place->maker, place->status,
	    place->procedure);
	key_add_i64(key, place->since);
	key_add_text(key, dossier);
}

static void
mark_key(struct key *key)
{
	key_start(key, TABLE_META);
	key_add_text(key, "agenda");
	key_add_u8(key, VERSION);
}

static int
put_mark(struct command *command, struct fault *fault)
{
	struct key key;
	int found;

	mark_key(&key);
	found = snapshot_has(command->snapshot, key_bytes(&key), fault);
	if (found == 0) {
		writes_put(command->writes, key_bytes(&key), NO_BYTES);
	}
	return found < 0 ? -1 : 0;
}

/* Has a dossier there a row in this table?  Then its key. */
static bool
row_in(enum table table, const struct agenda_place *place, const char *id,
    struct key *key)
{
	if (place == NULL ||
	    (table == TABLE_AGENDA_OF && place->maker == NULL)) {
		return false;
	}
	agenda_key(key, table, place, id);
	return true;
}

/* From where it waited to where it waits; NULL: nowhere. */
static void
put_row(struct command *command, enum table table, const char *id,
    const struct agenda_place *from, const struct agenda_place *to)
{
	struct key before;
	struct key now;
	bool had = row_in(table, from, id, &before);
	bool has = row_in(table, to, id, &now);

	if (!(had && has && bytes_equal(key_bytes(&before), key_bytes(&now)))) {
		if (had) {
			writes_delete(command->writes, key_bytes(&before));
		}
		if (has) {
			writes_put(command->writes, key_bytes(&now), NO_BYTES);
		}
	}
}

int
agenda_put(struct command *command, const char *id, const json_t *old,
    const json_t *fields, struct fault *fault)
{
	const struct rules *rules = command->core->rules;
	struct agenda_place before;
	struct agenda_place now;
	const struct agenda_place *from =
	    old != NULL && agenda_place_of(&before, rules, old) ? &before
	                                                        : NULL;
	const struct agenda_place *to =
	    agenda_place_of(&now, rules, fields) ? &now : NULL;

	put_row(command, TABLE_AGENDA, id, from, to);
	put_row(command, TABLE_AGENDA_OF, id, from, to);
	return old == NULL ? put_mark(command, fault) : 0;
}

int
agenda_is_kept(struct snapshot *snapshot, struct fault *fault)
{
	struct bytes row, value;
	struct scan *scan;
	struct key key;
	int found;

	mark_key(&key);
	found = snapshot_has(snapshot, key_bytes(&key), fault);
	if (found != 0) {
		return found;
	}
	key_start(&key, TABLE_RECORD);
	key_add_u8(&key, RECORD_DOSSIER);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&key), fault) < 0) {
		return -1;
	}
	found = scan_next(scan, &row, &value, fault);
	scan_close(scan);
	return found < 0 ? -1 : found == 0;
}
