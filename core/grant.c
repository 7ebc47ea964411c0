/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rows and counters of a grant, for its unit and each unit above it on the
 * decision's first day:
 *
 *     TABLE_GRANT_UNDER  unit, date, grant -> nothing
 *     TABLE_GRANT_COUNT  unit, from, to, award, subject kind, attribute
 *                        -> sum of the counts
 *     TABLE_GRANT_OF     decision, grant -> nothing
 *
 * attribute is "" for all of them, and once more the subject's cadre, woman and
 * ethnic_minority where it has them.
 */

#include "core/grant.h"

#include "core/field.h"
#include "core/permit.h"
#include "core/unit.h"
#include "core/unit_guard.h"

/* Where a grant counts, and by how much. */
struct tally {
	const char *id;
	const char *unit;
	struct span date;
	const char *award;
	struct subject subject;
};

static void
count_key(struct key *key, const char *unit, const struct tally *tally,
    const char *attribute)
{
	key_start(key, TABLE_GRANT_COUNT);
	key_add_text(key, unit);
	key_add_date(key, tally->date.from);
	key_add_date(key, tally->date.to);
	key_add_text(key, tally->award);
	key_add_text(key, tally->subject.kind);
	key_add_text(key, attribute);
}

/* Add (sign 1) or take back (sign -1) a grant's counts under one unit. */
static void
count_under(struct command *command, const struct tally *tally,
    const char *unit, int64_t sign)
{
	const struct subject *subject = &tally->subject;
	const char *attributes[4] = { "" };
	size_t n = 1;
	struct key key;

	if (subject->cadre != NULL) {
		attributes[n++] = subject->cadre;
	}
	if (subject->woman) {
		attributes[n++] = "woman";
	}
	if (subject->ethnic_minority) {
		attributes[n++] = "ethnic_minority";
	}
	for (size_t i = 0; i < n; i++) {
		count_key(&key, unit, tally, attributes[i]);
		writes_add(command->writes, key_bytes(&key),
		    sign * subject->count);
	}
}

static void
under_key(struct key *key, const char *unit, const struct tally *tally)
{
	key_start(key, TABLE_GRANT_UNDER);
	key_add_text(key, unit);
	key_add_date(key, tally->date.from);
	key_add_text(key, tally->id);
}

/* The same under the grant's unit and all above it; a row stays for good. */
static int
count(struct command *command, const struct tally *tally, int64_t sign,
    struct fault *fault)
{
	const char **units;
	size_t unit_count;
	struct key key;

	if (unit_guard_hold(command, fault) < 0 ||
	    unit_ancestors(command->snapshot, command->arena, tally->unit,
	        tally->date.from, &units, &unit_count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < unit_count; i++) {
		count_under(command, tally, units[i], sign);
		if (sign > 0) {
			under_key(&key, units[i], tally);
			writes_put(command->writes, key_bytes(&key), NO_BYTES);
		}
	}
	return 0;
}

static int
read_tally(struct command *command, const struct record *grant,
    struct tally *tally, struct fault *fault)
{
	struct json_reader reader;

	json_reader_init(&reader, grant->value, "", fault);
	tally->id = grant->id;
	tally->unit = json_reader_text(&reader, "unit", true);
	tally->award = json_reader_text(&reader, "award", true);
	if (!field_when(&reader, "date", true, &tally->date)) {
		return -1;
	}
	return field_subject(command, json_object_get(grant->value, "subject"),
	    "/subject", &tally->subject, fault);
}

static int
check_award(struct command *command, const struct tally *tally,
    struct json_reader *reader)
{
	const json_t *award = rules_find(command->core->rules, RULES_AWARDS,
	    tally->award, tally->date.from);

	if (award == NULL || strcmp(tally->subject.kind, "unspecified") == 0 ||
	    rules_names(award, "subjects", tally->subject.kind)) {
		return 0;
	}
	json_reader_refuse(reader, "subject",
	    "%s is not given to a subject "
	    "of kind %s",
	    tally->award, tally->subject.kind);
	return -1;
}

/* The members that a caller may give; fills the tally. */
static int
check(struct command *command, const json_t *body,
    const struct grant_origin *origin, struct tally *tally, struct fault *fault)
{
	struct json_reader reader;
	const json_t *subject;
	const json_t *achievement;
	const char *place;

	json_reader_init(&reader, body, origin->place, fault);
	tally->award = field_code(&reader, command->core->rules, "award", true,
	    RULES_AWARDS, tally->date.from);
	if (field_refer(&reader, command, "unit", true, RECORD_UNIT,
	        &tally->unit) < 0) {
		return -1;
	}
	achievement = json_reader_any(&reader, "achievement");
	if (achievement != NULL && !json_is_string(achievement) &&
	    !json_is_object(achievement)) {
		json_reader_refuse(&reader, "achievement",
		    "must be a year in words or a span");
	}
	json_reader_text(&reader, "note", false);
	subject = json_reader_object(&reader, "subject", true);
	if (reader.failed) {
		return -1;
	}
	place = arena_format(command->arena, "%s/subject", origin->place);
	if (field_subject(command, subject, place, &tally->subject, fault) <
	        0 ||
	    check_award(command, tally, &reader) < 0) {
		return -1;
	}
	return json_reader_end(&reader);
}

int
grant_new(struct command *command, const json_t *body,
    const struct grant_origin *origin, struct fault *fault)
{
	struct tally tally = { .id = origin->id, .date = origin->when };
	json_t *fields;
	struct key key;

	if (check(command, body, origin, &tally, fault) < 0) {
		return -1;
	}
	fields = json_deep_copy(body);
	json_object_set_new(fields, "decision", json_string(origin->decision));
	json_object_set_new(fields, "date", json_deep_copy(origin->date));
	json_object_set_new(fields, "state", json_string("granted"));
	key_start(&key, TABLE_GRANT_OF);
	key_add_text(&key, origin->decision);
	key_add_text(&key, origin->id);
	writes_put(command->writes, key_bytes(&key), NO_BYTES);
	if (command_create(command, RECORD_GRANT, origin->id, fields, fault) <
	    0) {
		return -1;
	}
	return count(command, &tally, 1, fault);
}

/* The role by which a dossier was decided; NULL where it was not. */
static const char *
decided_by(const json_t *dossier)
{
	const char *role = NULL;
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(dossier, "steps"), i, step)
	{
		if (strcmp(json_text_at(step, "status"), "decided") == 0) {
			role = json_text_at(step, "role");
		}
	}
	return role;
}

/*
 * Who gave it takes it back, to whomever he gave it: the head of the unit that
 * was awarded does not undo a decision of the level above (permissions.json:
 * 1.2 D16).  So the act is judged by the decision, and what archivists filed
 * of the past is told by the step of its dossier.
 */
static int
check_decision(const struct core *core, struct snapshot *snapshot,
    struct arena *arena, const struct actor *actor,
    const struct record *decision, struct fault *fault)
{
	struct permit_object object =
	    permit_object_of(RECORD_DECISION, decision->value);
	const char *id = json_text_at(decision->value, "dossier");
	struct record dossier;

	if (id != NULL) {
		if (record_need(snapshot, arena, RECORD_DOSSIER, id, &dossier,
		        fault) < 0) {
			return -1;
		}
		object.source = decided_by(dossier.value);
	}
	return permit_check(core, snapshot, actor, "decision.revoke", &object,
	    fault);
}

int
grant_may_revoke(const struct core *core, struct snapshot *snapshot,
    struct arena *arena, const struct actor *actor,
    const struct record *decision, struct fault *fault)
{
	struct fault denied;

	if (check_decision(core, snapshot, arena, actor, decision, &denied) ==
	    0) {
		return 1;
	}
	if (denied.code == FAULT_DENIED) {
		return 0;
	}
	*fault = denied;
	return -1;
}

static int
check_right(struct command *command, const struct record *grant,
    struct fault *fault)
{
	struct record decision;

	if (record_need(command->snapshot, command->arena, RECORD_DECISION,
	        json_text_at(grant->value, "decision"), &decision, fault) < 0) {
		return -1;
	}
	return check_decision(command->core, command->snapshot, command->arena,
	    command->actor, &decision, fault);
}

int
grant_revoke(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct json_reader reader;
	struct record old;
	struct tally tally;
	const char *document;
	json_t *fields;

	if (record_need(command->snapshot, command->arena, RECORD_GRANT, id,
	        &old, fault) < 0 ||
	    check_right(command, &old, fault) < 0) {
		return -1;
	}
	json_reader_init(&reader, body, "", fault);
	if (field_refer(&reader, command, "document", false, RECORD_DOCUMENT,
	        &document) < 0) {
		return -1;
	}
	field_date(&reader, "date", true, 0);
	json_reader_text(&reader, "reason", true);
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	if (strcmp(json_text_at(old.value, "state"), "granted") != 0) {
		return fault_set(fault, FAULT_CONFLICT,
		    "grant %s is revoked already", id);
	}
	if (read_tally(command, &old, &tally, fault) < 0 ||
	    count(command, &tally, -1, fault) < 0) {
		return -1;
	}
	fields = command_fields(command, &old);
	json_object_set_new(fields, "state", json_string("revoked"));
	json_object_set_new(fields, "revocation", json_deep_copy(body));
	return command_update(command, &old, fields, fault);
}

int
grant_move(struct command *command, const struct record *grant,
    const char *unit, bool is_gained, struct fault *fault)
{
	bool counts =
	    strcmp(json_text_at(grant->value, "state"), "granted") == 0;
	struct tally tally;
	struct key key;

	if (read_tally(command, grant, &tally, fault) < 0) {
		return -1;
	}
	under_key(&key, unit, &tally);
	if (is_gained) {
		writes_put(command->writes, key_bytes(&key), NO_BYTES);
	} else {
		writes_delete(command->writes, key_bytes(&key));
	}
	if (counts) {
		count_under(command, &tally, unit, is_gained ? 1 : -1);
	}
	return 0;
}
