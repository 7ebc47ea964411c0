/* SPDX-License-Identifier: Apache-2.0 */

#include "core/movement.h"

#include "core/field.h"
#include "core/workflow.h"

static int
check(struct command *command, const json_t *body, bool stored,
    const char **id_out, struct fault *fault)
{
	static const char *const kinds[] = { "regular", "periodic", "thematic",
		NULL };
	struct json_reader reader;
	struct span period;
	const char *launcher;

	json_reader_init(&reader, body, "", fault);
	*id_out = json_reader_text(&reader, "id", false);
	json_reader_text(&reader, "title", true);
	field_word(&reader, "kind", false, kinds);
	field_span(&reader, "period", false, &period);
	json_reader_text(&reader, "theme", false);
	field_texts(&reader, "criteria");
	if (stored) {
		json_reader_any(&reader, "status");
		json_reader_any(&reader, "steps");
	}
	if (field_refer(&reader, command, "launched_by", true, RECORD_UNIT,
	        &launcher) < 0 ||
	    field_refer_list(&reader, command, "documents", RECORD_DOCUMENT) <
	        0) {
		return -1;
	}
	return json_reader_end(&reader);
}

int
movement_new(struct command *command, const json_t *body, struct fault *fault)
{
	struct workflow_move start = { .to = "mv_draft" };
	json_t *fields;
	const char *id;

	if (check(command, body, false, &id, fault) < 0) {
		return -1;
	}
	fields = json_deep_copy(body);
	workflow_record(command, &start, "creator", NULL, fields);
	return command_create(command, RECORD_MOVEMENT, id, fields, fault);
}

int
movement_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct record old;
	json_t *fields;
	const char *no_id;

	if (record_need(command->snapshot, command->arena, RECORD_MOVEMENT, id,
	        &old, fault) < 0) {
		return -1;
	}
	if (json_object_get(body, "status") != NULL ||
	    json_object_get(body, "steps") != NULL) {
		return fault_field(fault, "/status", "changes by a step only");
	}
	fields = command_merge(command, &old, body, fault);
	if (fields == NULL || check(command, fields, true, &no_id, fault) < 0) {
		return -1;
	}
	return command_update(command, &old, json_incref(fields), fault);
}

int
movement_step(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct workflow_move move = { .table = RULES_MOVEMENT_STATUSES,
		.act = "movement.step" };
	struct json_reader reader;
	struct record old;
	const char *document;
	const char *role;
	json_t *fields;

	if (record_need(command->snapshot, command->arena, RECORD_MOVEMENT, id,
	        &old, fault) < 0) {
		return -1;
	}
	json_reader_init(&reader, body, "", fault);
	move.to = json_reader_text(&reader, "status", true);
	move.reason = json_reader_text(&reader, "reason", false);
	if (field_refer(&reader, command, "document", false, RECORD_DOCUMENT,
	        &document) < 0 ||
	    json_reader_end(&reader) < 0) {
		return -1;
	}
	move.record = old.value;
	move.unit = json_text_at(old.value, "launched_by");
	if (workflow_check(command, &move, &role, fault) < 0) {
		return -1;
	}
	fields = command_fields(command, &old);
	workflow_record(command, &move, role, document, fields);
	command_note(command, "status", move.to);
	return command_update(command, &old, fields, fault);
}
