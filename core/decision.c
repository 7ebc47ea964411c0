/* SPDX-License-Identifier: Apache-2.0 */

#include "core/decision.h"

#include "core/dossier_step.h"
#include "core/field.h"
#include "core/grant.h"

/* One command describes at most 400 records in its leaf (command.c). */
#define GRANTS_MAX 390u
/* A grant's id is the decision's and "-001". */
#define ID_MAX 60u

static int
check_dossier(struct command *command, const char *id, struct record *dossier,
    struct fault *fault)
{
	if (record_refer(command->snapshot, command->arena, RECORD_DOSSIER, id,
	        "/dossier", dossier, fault) < 0) {
		return -1;
	}
	if (json_object_get(dossier->value, "decision") != NULL) {
		return fault_set(fault, FAULT_CONFLICT,
		    "dossier %s has a decision already", id);
	}
	return 0;
}

/*
 *     TABLE_DECISION_OF  document, decision -> nothing
 */
static void
put_document(struct command *command, const char *document)
{
	struct key key;

	key_start(&key, TABLE_DECISION_OF);
	key_add_text(&key, document);
	key_add_text(&key, command->id);
	writes_put(command->writes, key_bytes(&key), NO_BYTES);
}

int
decision_new(struct command *command, const json_t *body, struct fault *fault)
{
	struct json_reader reader;
	struct record dossier;
	struct span when;
	const char *id;
	const char *document;
	const char *issuer;
	const char *dossier_id;
	const json_t *grants;
	json_t *fields;
	json_t *grant;
	size_t i;

	json_reader_init(&reader, body, "", fault);
	id = json_reader_text(&reader, "id", false);
	if (field_refer(&reader, command, "document", true, RECORD_DOCUMENT,
	        &document) < 0 ||
	    field_refer(&reader, command, "issuer", true, RECORD_UNIT,
	        &issuer) < 0) {
		return -1;
	}
	field_when(&reader, "date", true, &when);
	json_reader_text(&reader, "basis", false);
	dossier_id = json_reader_text(&reader, "dossier", false);
	grants = json_reader_array(&reader, "grants", true);
	if (id != NULL && strlen(id) > ID_MAX) {
		json_reader_refuse(&reader, "id",
		    "at most %u characters, its grants add theirs", ID_MAX);
	}
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	if (json_array_size(grants) == 0 ||
	    json_array_size(grants) > GRANTS_MAX) {
		return fault_field(fault, "/grants",
		    "a decision has 1 to %u grants; split a longer list",
		    GRANTS_MAX);
	}
	if (dossier_id != NULL &&
	    check_dossier(command, dossier_id, &dossier, fault) < 0) {
		return -1;
	}
	fields = json_deep_copy(body);
	json_object_del(fields, "grants");
	if (command_create(command, RECORD_DECISION, id, fields, fault) < 0) {
		return -1;
	}
	put_document(command, document);
	json_array_foreach(grants, i, grant)
	{
		struct grant_origin origin = {
			.decision = command->id,
			.date = json_object_get(body, "date"),
			.when = when,
			.place = arena_format(command->arena, "/grants/%zu", i),
			.id = arena_format(command->arena, "%s-%03zu",
			    command->id, i + 1),
		};

		if (grant_new(command, grant, &origin, fault) < 0) {
			return -1;
		}
	}
	return dossier_id != NULL ? dossier_take_decision(command, &dossier,
	                                command->id, body, fault)
	                          : 0;
}

/* The last part of each key of a table that begins with `first`. */
static int
list_of(struct snapshot *snapshot, struct arena *arena, enum table table,
    const char *first, const char ***ids_out, size_t *count_out,
    struct fault *fault)
{
	const char **ids = arena_alloc(arena, GRANTS_MAX * sizeof(*ids));
	struct bytes row, value;
	struct key start;
	struct scan *scan;
	size_t count = 0;
	int rc;

	key_start(&start, (uint8_t)table);
	key_add_text(&start, first);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&start), fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1 &&
	       count < GRANTS_MAX) {
		ids[count++] =
		    arena_text(arena, (const char *)row.data + start.len);
	}
	scan_close(scan);
	*ids_out = ids;
	*count_out = count;
	return rc < 0 ? -1 : 0;
}

int
decision_grants(struct snapshot *snapshot, struct arena *arena, const char *id,
    const char ***ids_out, size_t *count_out, struct fault *fault)
{
	return list_of(snapshot, arena, TABLE_GRANT_OF, id, ids_out, count_out,
	    fault);
}

int
decision_of_document(struct snapshot *snapshot, struct arena *arena,
    const char *document, const char ***ids_out, size_t *count_out,
    struct fault *fault)
{
	return list_of(snapshot, arena, TABLE_DECISION_OF, document, ids_out,
	    count_out, fault);
}
