/* SPDX-License-Identifier: Apache-2.0 */

#include "core/dossier_step.h"

#include "base/clock.h"
#include "core/dossier.h"
#include "core/field.h"
#include "core/retention.h"
#include "core/workflow.h"

static int
move(struct command *command, const struct record *old,
    struct workflow_move *move, const char *document, json_t **fields_out,
    struct fault *fault)
{
	const char *role;

	move->table = RULES_DOSSIER_STATUSES;
	move->act = "dossier.step";
	move->record = old->value;
	move->unit = json_text_at(old->value, "unit");
	move->procedure = dossier_procedure(old->value);
	if (workflow_check(command, move, &role, fault) < 0 ||
	    retention_check(command->core->rules, command->snapshot, old->value,
	        workflow_step(command->core->rules, move->table,
	            json_text_at(old->value, "status"), move->to),
	        clock_date(command->now), fault) < 0) {
		return -1;
	}
	*fields_out = command_fields(command, old);
	workflow_record(command, move, role, document, *fields_out);
	command_note(command, "status", move->to);
	return 0;
}

/* A dossier leaves the unit only when it is complete. */
static int
check_complete(struct command *command, const json_t *dossier,
    struct fault *fault)
{
	json_t *missing =
	    dossier_missing(command->core, command->arena, dossier);

	if (json_array_size(
	        dossier ? json_object_get(dossier, "awards") : NULL) == 0) {
		return fault_field(fault, "/awards",
		    "a dossier that is submitted proposes at least one award");
	}
	if (json_array_size(missing) == 0) {
		return 0;
	}
	command->details =
	    json_own(command->arena, json_pack("{s:O}", "missing", missing));
	return fault_field(fault, "/components", "%zu components are missing",
	    json_array_size(missing));
}

int
dossier_step(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct workflow_move step = { 0 };
	struct json_reader reader;
	struct record old;
	const char *document;
	json_t *fields;

	if (dossier_need(command, id, &old, fault) < 0) {
		return -1;
	}
	json_reader_init(&reader, body, "", fault);
	step.to = json_reader_text(&reader, "status", true);
	step.reason = json_reader_text(&reader, "reason", false);
	if (field_refer(&reader, command, "document", false, RECORD_DOCUMENT,
	        &document) < 0 ||
	    json_reader_end(&reader) < 0) {
		return -1;
	}
	if (strcmp(step.to, "archived") == 0) {
		return fault_field(fault, "/status",
		    "a dossier is archived by sealing it");
	}
	if (strcmp(step.to, "decided") == 0 &&
	    json_object_get(old.value, "decision") == NULL) {
		return fault_field(fault, "/status",
		    "a dossier is decided by a decision that names it");
	}
	if (move(command, &old, &step, document, &fields, fault) < 0) {
		return -1;
	}
	if (strcmp(step.to, "submitted") == 0 &&
	    check_complete(command, old.value, fault) < 0) {
		json_decref(fields);
		return -1;
	}
	return dossier_update(command, &old, fields, NULL, fault);
}

int
dossier_take_decision(struct command *command, const struct record *dossier,
    const char *id, const json_t *decision, struct fault *fault)
{
	struct workflow_move step = { .to = "decided" };
	json_t *fields;

	if (move(command, dossier, &step, NULL, &fields, fault) < 0) {
		return -1;
	}
	json_object_set_new(fields, "decision", json_string(id));
	return dossier_update(command, dossier, fields, decision, fault);
}

int
dossier_take_seal(struct command *command, const struct record *dossier,
    const struct dossier_sealed *sealed, struct fault *fault)
{
	struct workflow_move step = { .to = "archived",
		.reason = sealed->reason };
	json_t *fields;

	if (move(command, dossier, &step, NULL, &fields, fault) < 0) {
		return -1;
	}
	json_object_set(fields, "seal", sealed->seal);
	if (sealed->issued != NULL) {
		json_object_set(fields, "issued", sealed->issued);
	}
	return dossier_update(command, dossier, fields, NULL, fault);
}

int
dossier_take_stamp(struct command *command, const struct record *dossier,
    json_t *seal, struct fault *fault)
{
	json_t *fields = command_fields(command, dossier);

	json_object_set_new(fields, "seal", seal);
	return dossier_update(command, dossier, fields, NULL, fault);
}
