/* SPDX-License-Identifier: Apache-2.0 */

#include "core/workflow.h"

#include "core/permit.h"

#include <stdio.h>

const json_t *
workflow_status(const struct rules *rules, enum rules_table table,
    const char *status)
{
	return rules_find(rules, table, status, 0);
}

const json_t *
workflow_step(const struct rules *rules, enum rules_table table,
    const char *from, const char *to)
{
	const json_t *status = workflow_status(rules, table, from);
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(status, "next"), i, step)
	{
		if (strcmp(json_text_at(step, "to"), to) == 0) {
			return step;
		}
	}
	return NULL;
}

/* "a, b, c" of a list of texts, or of one member of a list of objects. */
static const char *
list_words(struct arena *arena, const json_t *list, const char *member)
{
	const char *words = "";
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		words = arena_format(arena, "%s%s%s", words, i > 0 ? ", " : "",
		    member != NULL ? json_text_at(value, member)
		                   : json_string_value(value));
	}
	return words;
}

static const char *
maker_of(const json_t *record)
{
	return json_text_at(json_array_get(json_object_get(record, "steps"), 0),
	    "by");
}

bool
workflow_is_maker(const struct actor *actor, const json_t *record)
{
	const char *maker = maker_of(record);

	return !actor->everything && maker != NULL &&
	       strcmp(maker, actor->user) == 0;
}

/* Is it a step that somebody else has to take? */
static bool
is_barred(const struct actor *actor, const json_t *record, const json_t *step)
{
	return json_is_true(json_object_get(step, "not_creator")) &&
	       workflow_is_maker(actor, record);
}

int
workflow_role(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const struct workflow_move *move,
    const json_t *step, const char **role_out, struct fault *fault)
{
	const struct permit_object object = {
		.unit = move->unit,
		.creator = maker_of(move->record),
		.status = json_text_at(move->record, "status"),
	};
	json_t *role;
	size_t i;

	if (actor->everything) {
		*role_out = "system";
		return 1;
	}
	if (is_barred(actor, move->record, step)) {
		return 0;
	}
	json_array_foreach(json_object_get(step, "roles"), i, role)
	{
		int may = permit_role(core, snapshot, actor, move->act,
		    json_string_value(role), &object, fault);

		if (may != 0) {
			*role_out = json_string_value(role);
			return may;
		}
	}
	return 0;
}

/* The role among those of the step in which the actor may take it. */
static int
find_role(struct command *command, const struct workflow_move *move,
    const json_t *step, const char **role_out, struct fault *fault)
{
	int may = workflow_role(command->core, command->snapshot,
	    command->actor, move, step, role_out, fault);

	if (may != 0) {
		return may < 0 ? -1 : 0;
	}
	return fault_set(fault, FAULT_DENIED, "the step to %s is taken by: %s",
	    move->to,
	    list_words(command->arena, json_object_get(step, "roles"), NULL));
}

int
workflow_check(struct command *command, const struct workflow_move *move,
    const char **role_out, struct fault *fault)
{
	const struct rules *rules = command->core->rules;
	const char *from = json_text_at(move->record, "status");
	const json_t *status = workflow_status(rules, move->table, from);
	const json_t *target = workflow_status(rules, move->table, move->to);
	const json_t *step = workflow_step(rules, move->table, from, move->to);

	if (target == NULL) {
		return fault_field(fault, "/status", "there is no status %s",
		    move->to);
	}
	if (step == NULL) {
		return fault_set(fault, FAULT_CONFLICT,
		    "from %s the next may be: %s", from,
		    list_words(command->arena, json_object_get(status, "next"),
		        "to"));
	}
	if (move->procedure != NULL &&
	    json_object_get(step, "procedure") != NULL &&
	    !rules_names(step, "procedure", move->procedure)) {
		return fault_set(fault, FAULT_CONFLICT,
		    "the step to %s does not belong to the %s procedure",
		    move->to, move->procedure);
	}
	if (move->reason == NULL &&
	    (json_is_true(json_object_get(step, "reason")) ||
	        json_is_true(json_object_get(target, "reason")))) {
		return fault_field(fault, "/reason", "a reason is due for %s",
		    move->to);
	}
	if (is_barred(command->actor, move->record, step)) {
		return fault_set(fault, FAULT_DENIED,
		    "who made it may not take the step to %s", move->to);
	}
	return find_role(command, move, step, role_out, fault);
}

void
workflow_record(struct command *command, const struct workflow_move *move,
    const char *role, const char *document, json_t *fields)
{
	json_t *steps = json_object_get(fields, "steps");
	const char *from = json_text_at(fields, "status");
	json_t *step = json_object();

	if (steps == NULL) {
		steps = json_array();
		json_object_set_new(fields, "steps", steps);
	}
	json_object_set_new(step, "status", json_string(move->to));
	if (from != NULL) {
		json_object_set_new(step, "from", json_string(from));
	}
	json_object_set_new(step, "at", json_integer(command->now));
	json_object_set_new(step, "by", json_string(command->actor->user));
	json_object_set_new(step, "role", json_string(role));
	if (move->reason != NULL) {
		json_object_set_new(step, "reason", json_string(move->reason));
	}
	if (document != NULL) {
		json_object_set_new(step, "document", json_string(document));
	}
	json_array_append_new(steps, step);
	json_object_set_new(fields, "status", json_string(move->to));
}
