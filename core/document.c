/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A document's reference is indexed in folded form, so that "763/KH-UBND" is
 * found however it was typed; what it cites is indexed from the other side.
 *
 *     TABLE_DOCUMENT_REF  folded reference, document -> nothing
 *     TABLE_CITED_BY      cited document's id, or ":" and its folded
 *                         reference; citing document -> nothing
 */

#include "core/document.h"

#include "base/clock.h"
#include "base/text.h"
#include "core/description.h"
#include "core/examination.h"
#include "core/field.h"

#include <stdio.h>

#define CITATIONS_MAX 500u /* a long report of the seeds has 30 */

static int
check_issuer(struct command *command, const json_t *value, struct fault *fault)
{
	struct json_reader reader;
	const char *unit;
	const char *name;

	json_reader_init(&reader, value, "/issuer", fault);
	if (field_refer(&reader, command, "unit", false, RECORD_UNIT, &unit) <
	    0) {
		return -1;
	}
	name = json_reader_text(&reader, "name", false);
	if (!reader.failed && (unit == NULL) == (name == NULL)) {
		json_reader_refuse(&reader, "unit",
		    "either a unit or a name is given");
	}
	return json_reader_end(&reader);
}

static int
check_signer(const json_t *value, struct fault *fault)
{
	static const char *const modes[] = { "TM", "KT", "TL", "TUQ", "Q",
		NULL };
	struct json_reader reader;

	json_reader_init(&reader, value, "/signer", fault);
	json_reader_text(&reader, "name", false);
	json_reader_text(&reader, "position", false);
	field_word(&reader, "mode", false, modes);
	return json_reader_end(&reader);
}

static int
check_recipients(const json_t *list, struct fault *fault)
{
	static const char *const purposes[] = { "report", "info", "exec",
		"synth", "follow", NULL };
	struct json_reader reader;
	char place[40];
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		snprintf(place, sizeof(place), "/recipients/%zu", i);
		json_reader_init(&reader, value, place, fault);
		json_reader_text(&reader, "name", true);
		field_word(&reader, "purpose", false, purposes);
		if (json_reader_end(&reader) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
check_citations(struct command *command, const json_t *list,
    struct fault *fault)
{
	struct json_reader reader;
	struct span when;
	char place[40];
	json_t *value;
	size_t i;

	if (json_array_size(list) > CITATIONS_MAX) {
		return fault_field(fault, "/citations",
		    "at most %u citations are kept", CITATIONS_MAX);
	}
	json_array_foreach(list, i, value)
	{
		const char *document;
		const char *reference;

		snprintf(place, sizeof(place), "/citations/%zu", i);
		json_reader_init(&reader, value, place, fault);
		if (field_refer(&reader, command, "document", false,
		        RECORD_DOCUMENT, &document) < 0) {
			return -1;
		}
		reference = json_reader_text(&reader, "reference", false);
		field_when(&reader, "date", false, &when);
		json_reader_text(&reader, "issuer", false);
		json_reader_text(&reader, "relation", true);
		json_reader_text(&reader, "note", false);
		if (!reader.failed && document == NULL && reference == NULL) {
			json_reader_refuse(&reader, "reference",
			    "a document or its reference is needed");
		}
		if (json_reader_end(&reader) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Every member of a document's body; `id` and the like are not among them. */
static int
check(struct command *command, const json_t *body, const char **id_out,
    struct fault *fault)
{
	struct json_reader reader;
	struct span when = { 0, 0 };
	const json_t *value;
	bool dated;

	json_reader_init(&reader, body, "", fault);
	*id_out = json_reader_text(&reader, "id", false);
	json_reader_text(&reader, "reference", false);
	dated = field_when(&reader, "date", false, &when);
	field_code(&reader, command->core->rules, "kind", true,
	    RULES_DOCUMENT_KINDS, dated ? when.from : clock_date(command->now));
	json_reader_text(&reader, "subject", true);
	json_reader_text(&reader, "addressee", false);
	json_reader_text(&reader, "place", false);
	description_check(&reader, SCHEMA_DOCUMENT);
	value = json_reader_object(&reader, "issuer", true);
	if (value != NULL && check_issuer(command, value, fault) < 0) {
		return -1;
	}
	value = json_reader_object(&reader, "signer", false);
	if (value != NULL && check_signer(value, fault) < 0) {
		return -1;
	}
	if (check_recipients(json_reader_array(&reader, "recipients", false),
	        fault) < 0 ||
	    check_citations(command,
	        json_reader_array(&reader, "citations", false), fault) < 0 ||
	    field_attachments(&reader, command, "attachments", fault) < 0) {
		return -1;
	}
	return json_reader_end(&reader);
}

static void
reference_key(struct key *key, struct arena *arena, enum table table,
    const char *mark, const char *reference)
{
	const char *folded = text_fold(arena, reference);

	key_start(key, (uint8_t)table);
	key_add_text(key, arena_format(arena, "%s%.200s", mark, folded));
}

void
document_cited_key(struct key *key, struct arena *arena, const char *document,
    const char *reference)
{
	if (document != NULL) {
		key_start(key, TABLE_CITED_BY);
		key_add_text(key, document);
	} else {
		reference_key(key, arena, TABLE_CITED_BY, ":", reference);
	}
}

/* Put or delete one index row. */
static void
set_row(struct command *command, struct key *key, const char *id, bool put)
{
	key_add_text(key, id);
	if (put) {
		writes_put(command->writes, key_bytes(key), NO_BYTES);
	} else {
		writes_delete(command->writes, key_bytes(key));
	}
}

static void
index_rows(struct command *command, const json_t *document, const char *id,
    bool put)
{
	const char *reference = json_text_at(document, "reference");
	struct key key;
	json_t *value;
	size_t i;

	if (reference != NULL) {
		reference_key(&key, command->arena, TABLE_DOCUMENT_REF, "",
		    reference);
		set_row(command, &key, id, put);
	}
	json_array_foreach(json_object_get(document, "citations"), i, value)
	{
		document_cited_key(&key, command->arena,
		    json_text_at(value, "document"),
		    json_text_at(value, "reference"));
		set_row(command, &key, id, put);
	}
}

int
document_new(struct command *command, const json_t *body, struct fault *fault)
{
	json_t *fields = json_own(command->arena, json_deep_copy(body));
	const char *id;

	if (check(command, fields, &id, fault) < 0 ||
	    command_create(command, RECORD_DOCUMENT, id, json_incref(fields),
	        fault) < 0) {
		return -1;
	}
	examination_wait(command, RECORD_DOCUMENT, command->id, NULL, fields);
	index_rows(command, fields, command->id, true);
	return 0;
}

int
document_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct record old;
	json_t *fields;
	const char *no_id;

	if (record_need(command->snapshot, command->arena, RECORD_DOCUMENT, id,
	        &old, fault) < 0) {
		return -1;
	}
	fields = command_merge(command, &old, body, fault);
	if (fields == NULL || check(command, fields, &no_id, fault) < 0) {
		return -1;
	}
	index_rows(command, old.value, id, false);
	index_rows(command, fields, id, true);
	examination_wait(command, RECORD_DOCUMENT, id, old.value, fields);
	return command_update(command, &old, json_incref(fields), fault);
}

const char *
document_unit(const json_t *document)
{
	return json_text_at(json_object_get(document, "issuer"), "unit");
}

int
document_find_reference(struct snapshot *snapshot, struct arena *arena,
    const char *reference, const char ***ids_out, size_t *count_out,
    struct fault *fault)
{
	const char **ids = arena_alloc(arena, 64 * sizeof(*ids));
	struct bytes row, value;
	struct key key;
	struct scan *scan;
	size_t count = 0;
	int rc;

	reference_key(&key, arena, TABLE_DOCUMENT_REF, "", reference);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&key), fault) < 0) {
		return -1;
	}
	while (count < 64 && (rc = scan_next(scan, &row, &value, fault)) == 1) {
		ids[count++] =
		    arena_text(arena, (const char *)row.data + key.len);
	}
	scan_close(scan);
	*ids_out = ids;
	*count_out = count;
	return rc < 0 ? -1 : 0;
}
