/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     TABLE_AGENDA  unit, status, procedure, since i64, dossier -> nothing
 *     TABLE_META    "agenda", version u8                        -> nothing
 *
 * The second one is there as soon as there is a dossier; a store with dossiers
 * and without it is older than the first.
 */

#include "core/agenda.h"

#define VERSION 1u /* of the rows */

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
		.status = status,
		.procedure = procedure != NULL ? procedure : "full",
		.since = count > 0 ? json_integer_at(
		                         json_array_get(steps, count - 1), "at")
		                   : 0,
	};
	return true;
}

void
agenda_key(struct key *key, const struct agenda_place *place,
    const char *dossier)
{
	key_start(key, TABLE_AGENDA);
	key_add_text(key, place->unit);
	key_add_text(key, place->status);
	key_add_text(key, place->procedure);
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

int
agenda_put(struct command *command, const char *id, const json_t *old,
    const json_t *fields, struct fault *fault)
{
	const struct rules *rules = command->core->rules;
	struct agenda_place place;
	struct key before;
	struct key now;
	bool had = old != NULL && agenda_place_of(&place, rules, old);
	bool has;

	if (had) {
		agenda_key(&before, &place, id);
	}
	has = agenda_place_of(&place, rules, fields);
	if (has) {
		agenda_key(&now, &place, id);
	}
	if (!(had && has && bytes_equal(key_bytes(&before), key_bytes(&now)))) {
		if (had) {
			writes_delete(command->writes, key_bytes(&before));
		}
		if (has) {
			writes_put(command->writes, key_bytes(&now), NO_BYTES);
		}
	}
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
