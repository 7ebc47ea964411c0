/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A unit's record is judged as a whole, by itself, by the rules of its kind
 * and by the units it names.  Reorganisations that name it stand: its life
 * may not contradict them.
 */

#include "core/unit_check.h"

#include "base/text.h"
#include "core/field.h"
#include "core/succession.h"
#include "core/unit_rows.h"

#include <stdio.h>

#define LIST_MAX 500u /* members of each list; a cluster's years are few */

/* --- names and codes ---------------------------------------------------- */

static void
check_name(struct json_reader *reader, const char *key, bool required)
{
	const char *name = json_reader_text(reader, key, required);
	struct arena *arena;

	if (name == NULL) {
		return;
	}
	arena = arena_new();
	if (strlen(name) > UNIT_NAME_MAX_BYTES) {
		json_reader_refuse(reader, key, "has more than %u bytes",
		    UNIT_NAME_MAX_BYTES);
	} else if (text_fold(arena, name)[0] == '\0') {
		json_reader_refuse(reader, key, "has no letter or digit");
	}
	arena_free(arena);
}

/* Two entries of one list hold on the same day. */
static int
refuse_overlap(const struct unit_check *check, const char *list, size_t i,
    size_t j, const char *what)
{
	char place[40];

	snprintf(place, sizeof(place), "/%s/%zu", list, i);
	return fault_field(check->fault, place,
	    "holds on a day on which entry %zu gives another %s", j, what);
}

static bool
meet(const struct unit_check *check, const json_t *a, const json_t *b)
{
	struct span both =
	    span_of_both(span_of_both(unit_span(a), unit_span(b)), check->life);

	return both.from <= both.to;
}

static int
check_names(const struct unit_check *check, const json_t *list)
{
	struct json_reader reader;
	bool named = false;
	char place[40];
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		snprintf(place, sizeof(place), "/names/%zu", i);
		json_reader_init(&reader, value, place, check->fault);
		check_name(&reader, "name", true);
		check_name(&reader, "short", false);
		field_validity(&reader);
		if (json_reader_end(&reader) < 0) {
			return -1;
		}
		named = named || span_meets(unit_span(value), check->life);
		for (size_t j = 0; j < i; j++) {
			if (meet(check, value, json_array_get(list, j))) {
				return refuse_overlap(check, "names", i, j,
				    "name");
			}
		}
	}
	return named ? 0
	             : fault_field(check->fault, "/names",
	                   "no name holds on any day of the unit's life");
}

static int
check_aliases(const struct unit_check *check, const json_t *list)
{
	struct json_reader reader;
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		char place[40];
		json_t *alone;
		int rc;

		/* A list of texts, checked as names are. */
		snprintf(place, sizeof(place), "/aliases/%zu", i);
		alone = json_pack("{s:O}", "name", value);
		json_reader_init(&reader, alone, place, check->fault);
		check_name(&reader, "name", true);
		rc = json_reader_end(&reader);
		json_decref(alone);
		if (rc < 0) {
			return -1;
		}
	}
	return 0;
}

static int
check_codes(const struct unit_check *check, const json_t *list)
{
	struct json_reader reader;
	char place[40];
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		const char *system;
		const char *code;

		snprintf(place, sizeof(place), "/codes/%zu", i);
		json_reader_init(&reader, value, place, check->fault);
		system = json_reader_text(&reader, "system", true);
		code = json_reader_text(&reader, "code", true);
		field_validity(&reader);
		if (system != NULL && strlen(system) > UNIT_CODE_MAX_BYTES) {
			json_reader_refuse(&reader, "system", "is too long");
		}
		if (code != NULL && strlen(code) > UNIT_CODE_MAX_BYTES) {
			json_reader_refuse(&reader, "code", "is too long");
		}
		if (json_reader_end(&reader) < 0) {
			return -1;
		}
		for (size_t j = 0; j < i; j++) {
			const json_t *other = json_array_get(list, j);

			if (strcmp(json_text_at(other, "system"), system) ==
			        0 &&
			    meet(check, value, other)) {
				return refuse_overlap(check, "codes", i, j,
				    "code of this system");
			}
		}
	}
	return 0;
}

/* --- parents ------------------------------------------------------------ */

/*
 * Does `above` lie under the unit on some of these days?  Every adm row above
 * it is followed with the days that are left.
 */
static int
would_hold_itself(const struct unit_check *check, const char *above,
    struct span days, unsigned depth)
{
	struct command *command = check->command;
	struct record record;
	json_t *value;
	size_t i;

	if (strcmp(above, check->id) == 0) {
		return 1;
	}
	if (depth > 16) {
		return fault_field(check->fault, "/parents",
		    "the line above is longer than 16 units");
	}
	if (record_find(command->snapshot, command->arena, RECORD_UNIT, above,
	        &record, check->fault) <= 0) {
		return -1;
	}
	days = span_of_both(days, unit_span(record.value));
	json_array_foreach(json_object_get(record.value, "parents"), i, value)
	{
		struct span left = span_of_both(days, unit_span(value));
		int found;

		if (strcmp(json_text_at(value, "relation"), "adm") != 0 ||
		    left.to < left.from) {
			continue;
		}
		found = would_hold_itself(check, json_text_at(value, "unit"),
		    left, depth + 1);
		if (found != 0) {
			return found;
		}
	}
	return 0;
}

/* A row of unit-kinds.json says which kinds may stand above. */
static bool
may_be_parent(const struct rules *rules, const char *kind, const char *relation,
    const char *parent_kind, date_t date)
{
	const json_t *row = rules_find(rules, RULES_UNIT_KINDS, kind, date);
	const json_t *above =
	    rules_find(rules, RULES_UNIT_KINDS, parent_kind, date);
	json_t *value;
	size_t i;

	if (strcmp(relation, "member") == 0) {
		return above != NULL && rules_names(above, "members", kind);
	}
	json_array_foreach(json_object_get(row, "parents"), i, value)
	{
		if (strcmp(json_text_at(value, "kind"), parent_kind) == 0 &&
		    strcmp(json_text_at(value, "relation"), relation) == 0 &&
		    span_has(unit_span(value), date)) {
			return true;
		}
	}
	return false;
}

static int
check_parent(const struct unit_check *check, struct json_reader *reader,
    struct span held)
{
	static const char *const words[] = { "adm", "sector", "member", NULL };
	struct command *command = check->command;
	const char *relation = field_word(reader, "relation", true, words);
	struct record parent;
	const char *id;
	const char *kind;
	int found;

	if (field_refer(reader, command, "unit", true, RECORD_UNIT, &id) < 0) {
		return -1;
	}
	if (reader->failed || held.to < held.from) {
		return 0; /* refused, or it never holds */
	}
	if (check->id != NULL && strcmp(id, check->id) == 0) {
		json_reader_refuse(reader, "unit", "is the unit itself");
		return 0;
	}
	if (record_need(command->snapshot, command->arena, RECORD_UNIT, id,
	        &parent, check->fault) < 0) {
		return -1;
	}
	if (!span_meets(held, unit_span(parent.value))) {
		json_reader_refuse(reader, "unit", "%s did not stand then", id);
		return 0;
	}
	kind = json_text_at(parent.value, "kind");
	if (command->core->rules != NULL &&
	    !may_be_parent(command->core->rules, check->kind, relation, kind,
	        held.from)) {
		json_reader_refuse(reader, "unit",
		    "a unit of kind %s has no %s parent of kind %s then",
		    check->kind, relation, kind);
		return 0;
	}
	if (check->id == NULL || strcmp(relation, "adm") != 0) {
		return 0;
	}
	found = would_hold_itself(check, id, held, 0);
	if (found > 0) {
		json_reader_refuse(reader, "unit",
		    "lies under the unit itself then");
	}
	return found < 0 ? -1 : 0;
}

static int
check_parents(const struct unit_check *check, const json_t *list)
{
	struct json_reader reader;
	char place[40];
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		struct span held;

		snprintf(place, sizeof(place), "/parents/%zu", i);
		json_reader_init(&reader, value, place, check->fault);
		held = span_of_both(field_validity(&reader), check->life);
		if (check_parent(check, &reader, held) < 0 ||
		    json_reader_end(&reader) < 0) {
			return -1;
		}
		for (size_t j = 0; j < i; j++) {
			const json_t *other = json_array_get(list, j);
			const char *relation = json_text_at(value, "relation");

			if (strcmp(json_text_at(other, "relation"), relation) ==
			        0 &&
			    (strcmp(relation, "adm") == 0 ||
			        strcmp(json_text_at(other, "unit"),
			            json_text_at(value, "unit")) == 0) &&
			    meet(check, value, other)) {
				return refuse_overlap(check, "parents", i, j,
				    "parent");
			}
		}
	}
	return 0;
}

/* --- the record as a whole ---------------------------------------------- */

static const json_t *
list_of(struct json_reader *reader, const char *key, bool required)
{
	const json_t *list = json_reader_array(reader, key, required);

	if (json_array_size(list) > LIST_MAX) {
		json_reader_refuse(reader, key, "has more than %u entries",
		    LIST_MAX);
	}
	return list;
}

static void
check_kind(struct unit_check *check, struct json_reader *reader)
{
	const struct rules *rules = check->command->core->rules;

	check->kind = json_reader_text(reader, "kind", true);
	if (check->kind == NULL || rules == NULL) {
		return;
	}
	if (!rules_has(rules, RULES_UNIT_KINDS, check->kind)) {
		json_reader_refuse(reader, "kind", "no rule knows %s",
		    check->kind);
	} else if (rules_find(rules, RULES_UNIT_KINDS, check->kind,
	               check->life.from) == NULL &&
	           rules_find(rules, RULES_UNIT_KINDS, check->kind,
	               check->life.to) == NULL) {
		json_reader_refuse(reader, "kind",
		    "%s did not exist in the unit's life", check->kind);
	}
}

int
unit_check_body(struct unit_check *check, const json_t *body)
{
	struct json_reader reader;
	const json_t *names;
	const json_t *aliases;
	const json_t *parents;
	const json_t *codes;

	json_reader_init(&reader, body, "", check->fault);
	json_reader_text(&reader, "id", false);
	json_reader_text(&reader, "note", false);
	check->life = field_validity(&reader);
	check_kind(check, &reader);
	names = list_of(&reader, "names", true);
	aliases = list_of(&reader, "aliases", false);
	parents = list_of(&reader, "parents", false);
	codes = list_of(&reader, "codes", false);
	if (json_reader_end(&reader) < 0 || check_names(check, names) < 0 ||
	    check_aliases(check, aliases) < 0 ||
	    check_codes(check, codes) < 0) {
		return -1;
	}
	return check_parents(check, parents);
}

/*
 * Reorganisations stand: what came of something on a day was there from that
 * day, what something came of was there until the day before, and ended then
 * unless it went on.
 */
int
unit_check_events(const struct unit_check *check)
{
	static const enum table directions[] = { TABLE_UNIT_SUCCESSOR,
		TABLE_UNIT_PREDECESSOR };
	struct command *command = check->command;
	const struct span ever = { DATE_MIN, DATE_MAX };

	for (size_t i = 0; i < 2; i++) {
		struct succession *list;
		size_t count;

		if (succession_list(command->snapshot, command->arena,
		        directions[i], check->id, ever, &list, &count,
		        check->fault) < 0) {
			return -1;
		}
		for (size_t j = 0; j < count; j++) {
			date_t there = i == 0 ? list[j].date - 1 : list[j].date;

			if (span_has(check->life, there)) {
				continue;
			}
			return fault_field(check->fault,
			    there < check->life.from ? "/from" : "/to",
			    "contradicts the reorganisation %s", list[j].event);
		}
	}
	return 0;
}

/* It ended by a reorganisation: its last day stays. */
int
unit_check_end(const struct unit_check *check, struct span old_life)
{
	struct command *command = check->command;
	const struct span after = { old_life.to + 1, old_life.to + 1 };
	struct succession *list;
	size_t count;

	if (old_life.to == DATE_MAX || check->life.to == old_life.to) {
		return 0;
	}
	if (succession_list(command->snapshot, command->arena,
	        TABLE_UNIT_SUCCESSOR, check->id, after, &list, &count,
	        check->fault) < 0) {
		return -1;
	}
	return count == 0
	           ? 0
	           : fault_field(check->fault, "/to",
	                 "was set by the reorganisation %s", list[0].event);
}
