/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One dossier is one record with its steps, components, opinions and votes;
 * every change is a revision of the whole, and the listing rows of its unit
 * and the units above follow in the same write set.
 */

#include "core/dossier.h"

#include "core/ballot.h"
#include "core/component.h"
#include "core/dossier_check.h"
#include "core/examination.h"
#include "core/field.h"
#include "core/issued.h"
#include "core/listing.h"
#include "core/workflow.h"

#define OPINIONS_MAX 200u

/* --- the rules of its date ------------------------------------------------ */

json_t *
dossier_missing(const struct core *core, struct arena *arena,
    const json_t *dossier)
{
	return component_missing(core->rules, arena, dossier,
	    listing_day(dossier));
}

/* The longest class of its awards (domain: several awards, the longest). */
static void
set_retention(const struct rules *rules, json_t *fields, date_t date)
{
	const char *longest = NULL;
	int64_t most = -1;
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(fields, "awards"), i, value)
	{
		const json_t *award = rules_find(rules, RULES_AWARDS,
		    json_text_at(value, "award"), date);
		const char *code = json_text_at(award, "retention");
		const json_t *class =
		    code == NULL
		        ? NULL
		        : rules_find(rules, RULES_RETENTION, code, date);
		int64_t years =
		    json_is_true(json_object_get(class, "permanent"))
		        ? INT64_MAX
		        : json_integer_at(class, "years");

		if (class != NULL && years > most) {
			most = years;
			longest = code;
		}
	}
	if (longest != NULL) {
		json_object_set_new(fields, "retention", json_string(longest));
	}
}

/* --- changes --------------------------------------------------------------- */

int
dossier_new(struct command *command, const json_t *body, struct fault *fault)
{
	struct workflow_move start = { .to = "draft" };
	const char *movement;
	json_t *fields =
	    json_own(command->arena, json_copy((json_t *)(uintptr_t)body));
	json_t *components = json_object_get(fields, "components");
	const char *id;
	struct key key;

	/* Attachments are filled in; all else of the body stays as it is. */
	if (components != NULL) {
		json_object_set_new(fields, "components",
		    json_deep_copy(components));
	}
	if (dossier_check(command, fields, false, &id, fault) < 0) {
		return -1;
	}
	if (json_object_get(fields, "retention") == NULL) {
		set_retention(command->core->rules, fields,
		    listing_day(fields));
	}
	workflow_record(command, &start, "creator", NULL, fields);
	if (command_create(command, RECORD_DOSSIER, id, json_incref(fields),
	        fault) < 0) {
		return -1;
	}
	examination_wait(command, RECORD_DOSSIER, command->id, NULL, fields);
	movement = json_text_at(fields, "movement");
	if (movement != NULL) {
		key_start(&key, TABLE_MOVEMENT_DOSSIER);
		key_add_text(&key, movement);
		key_add_text(&key, command->id);
		writes_put(command->writes, key_bytes(&key), NO_BYTES);
	}
	return listing_put(command, command->id, NULL, fields, NULL, fault);
}

int
dossier_update(struct command *command, const struct record *old,
    json_t *fields, const json_t *decision, struct fault *fault)
{
	/* The record takes `fields`; they stay in the arena for the listing. */
	if (command_update(command, old, fields, fault) < 0) {
		return -1;
	}
	examination_wait(command, RECORD_DOSSIER, old->id, old->value, fields);
	issued_put(command, old->id, old->value, fields);
	return listing_put(command, old->id, old->value, fields, decision,
	    fault);
}

const char *
dossier_procedure(const json_t *dossier)
{
	const char *procedure = json_text_at(dossier, "procedure");

	return procedure != NULL ? procedure : "full";
}

/* "change", "add" or "none": what its status lets happen to its contents. */
static const char *
openness(const struct command *command, const json_t *dossier)
{
	const char *words = json_text_at(workflow_status(command->core->rules,
	                                     RULES_DOSSIER_STATUSES,
	                                     json_text_at(dossier, "status")),
	    "components");

	return words != NULL ? words : "none";
}

int
dossier_need(struct command *command, const char *id, struct record *dossier,
    struct fault *fault)
{
	return record_need(command->snapshot, command->arena, RECORD_DOSSIER,
	    id, dossier, fault);
}

/* A status of one procedure alone has no step of the other (workflow.json). */
static int
check_procedure(const struct command *command, const json_t *fields,
    struct fault *fault)
{
	const char *status = json_text_at(fields, "status");
	const char *procedure = dossier_procedure(fields);

	if (rules_names(workflow_status(command->core->rules,
	                    RULES_DOSSIER_STATUSES, status),
	        "procedure", procedure)) {
		return 0;
	}
	return fault_field(fault, "/procedure",
	    "a dossier in %s is not of the %s procedure; take it back to "
	    "draft first",
	    status, procedure);
}

int
dossier_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	static const char *const fixed[] = { "status", "steps", "decision",
		"opinions", "votes", "seal", "issued", "movement" };
	struct record old;
	json_t *fields;
	const char *no_id;

	if (dossier_need(command, id, &old, fault) < 0) {
		return -1;
	}
	if (strcmp(openness(command, old.value), "change") != 0) {
		return fault_set(fault, FAULT_CONFLICT,
		    "dossier %s is %s and cannot be edited any more", id,
		    json_text_at(old.value, "status"));
	}
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (json_object_get(body, fixed[i]) != NULL) {
			return fault_field(fault,
			    arena_format(command->arena, "/%s", fixed[i]),
			    "is not changed by an edit");
		}
	}
	fields = command_merge(command, &old, body, fault);
	if (fields == NULL ||
	    dossier_check(command, fields, true, &no_id, fault) < 0 ||
	    check_procedure(command, fields, fault) < 0) {
		return -1;
	}
	if (json_object_get(body, "awards") != NULL &&
	    json_object_get(body, "retention") == NULL) {
		set_retention(command->core->rules, fields,
		    listing_day(fields));
	}
	return dossier_update(command, &old, json_incref(fields), NULL, fault);
}

/* Append to a list member of the record. */
static void
append(json_t *fields, const char *member, json_t *value)
{
	json_t *list = json_object_get(fields, member);

	if (list == NULL) {
		list = json_array();
		json_object_set_new(fields, member, list);
	}
	json_array_append_new(list, value);
}

int
dossier_add(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct record old;
	json_t *component;
	json_t *fields;

	if (dossier_need(command, id, &old, fault) < 0) {
		return -1;
	}
	if (strcmp(openness(command, old.value), "none") == 0) {
		return fault_set(fault, FAULT_CONFLICT,
		    "dossier %s is %s and takes no more components", id,
		    json_text_at(old.value, "status"));
	}
	if (json_array_size(json_object_get(old.value, "components")) >=
	    DOSSIER_COMPONENTS_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a dossier has at most %u components",
		    DOSSIER_COMPONENTS_MAX);
	}
	component = json_own(command->arena, json_deep_copy(body));
	if (dossier_check_component(command, component, "",
	        listing_day(old.value), fault) < 0) {
		return -1;
	}
	fields = command_fields(command, &old);
	append(fields, "components", json_incref(component));
	command_note(command, "component", json_text_at(body, "code"));
	return dossier_update(command, &old, fields, NULL, fault);
}

int
dossier_opinion(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct json_reader reader;
	struct record old;
	const char *unit;
	json_t *opinion;
	json_t *fields;

	if (dossier_need(command, id, &old, fault) < 0) {
		return -1;
	}
	json_reader_init(&reader, body, "", fault);
	json_reader_text(&reader, "text", true);
	json_reader_bool(&reader, "agree");
	if (field_refer(&reader, command, "unit", false, RECORD_UNIT, &unit) <
	        0 ||
	    json_reader_end(&reader) < 0) {
		return -1;
	}
	if (json_array_size(json_object_get(old.value, "opinions")) >=
	    OPINIONS_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a dossier has at most %u opinions", OPINIONS_MAX);
	}
	opinion = json_deep_copy(body);
	json_object_set_new(opinion, "by", json_string(command->actor->user));
	json_object_set_new(opinion, "at", json_integer(command->now));
	fields = command_fields(command, &old);
	append(fields, "opinions", opinion);
	return dossier_update(command, &old, fields, NULL, fault);
}

/* Nobody votes on a dossier of his own (workflow.json). */
static int
check_voter(const struct command *command, const json_t *dossier,
    struct fault *fault)
{
	if (!workflow_is_maker(command->actor, dossier)) {
		return 0;
	}
	return fault_set(fault, FAULT_DENIED,
	    "who made a dossier does not vote on it");
}

int
dossier_vote(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct json_reader reader;
	struct subject subject;
	struct record old;
	const json_t *whom;
	json_t *fields;

	if (dossier_need(command, id, &old, fault) < 0) {
		return -1;
	}
	json_reader_init(&reader, body, "", fault);
	field_code(&reader, command->core->rules, "award", true, RULES_AWARDS,
	    listing_day(old.value));
	whom = json_reader_object(&reader, "subject", true);
	ballot_check(&reader);
	if (json_reader_end(&reader) < 0 ||
	    field_subject(command, whom, "/subject", &subject, fault) < 0) {
		return -1;
	}
	if (check_voter(command, old.value, fault) < 0) {
		return -1;
	}
	if (strcmp(json_text_at(old.value, "status"), "council_review") != 0) {
		return fault_set(fault, FAULT_CONFLICT,
		    "a council votes on a dossier in council_review, not %s",
		    json_text_at(old.value, "status"));
	}
	fields = command_fields(command, &old);
	append(fields, "votes", json_deep_copy(body));
	return dossier_update(command, &old, fields, NULL, fault);
}
