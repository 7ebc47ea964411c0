/* SPDX-License-Identifier: Apache-2.0 */

#include "core/dossier_package.h"

#include "base/clock.h"
#include "base/hex.h"
#include "core/decision.h"
#include "core/listing.h"
#include "core/rules.h"
#include "core/unit.h"
#include "storage/blob.h"

#include <inttypes.h>
#include <stdio.h>

#define POUR_BYTES 262144u /* read at a time; a chunk is as long */
#define FIELDS_MAX 24u

struct filling {
	struct package_spec *spec;
	const struct core *core;
	struct snapshot *snapshot;
	struct arena *arena;
	struct package_file *files;
	size_t file_room;
	struct package_record *records;
	size_t record_room;
	struct package_field *fields;
};

/* --- files ------------------------------------------------------------------------ */

static int
pour_blob(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	struct blob *blob = arg;
	uint64_t size = blob_size(blob);
	struct arena *arena = arena_new();
	uint8_t *piece = arena_alloc(arena, POUR_BYTES);
	int rc = 0;

	for (uint64_t at = 0; at < size && rc == 0;) {
		size_t len =
		    size - at < POUR_BYTES ? (size_t)(size - at) : POUR_BYTES;

		rc = blob_read(blob, at, piece, len, fault);
		if (rc == 0) {
			rc = sink(sink_arg, bytes_of(piece, len), fault);
		}
		at += len;
	}
	arena_free(arena);
	return rc;
}

static int
add_file(struct filling *filling, const json_t *attachment,
    const char *component, int64_t filed_at, struct fault *fault)
{
	struct package_spec *spec = filling->spec;
	struct package_file *file = &filling->files[spec->file_count];
	const char *hex = json_text_at(attachment, "sha256");
	struct blob *blob;
	int found;

	if (spec->file_count == filling->file_room) {
		return fault_set(fault, FAULT_LIMIT,
		    "a container holds at most %zu files", filling->file_room);
	}
	if (!hex_decode(file->sha256.bytes, SHA256_BYTES, hex)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a file is named by %s, which is no SHA-256", hex);
	}
	found = blob_find(filling->snapshot, &file->sha256, filling->arena,
	    &blob, fault);
	if (found <= 0) {
		return found < 0 ? -1
		                 : fault_set(fault, FAULT_CORRUPT,
		                       "the bytes of %s are not stored",
		                       json_text_at(attachment, "name"));
	}
	blob_pin(blob); /* until the arena ends */
	file->content = (struct content){ pour_blob, blob };
	file->name = json_text_at(attachment, "name");
	file->media_type = json_text_at(attachment, "media_type");
	file->component = component;
	file->size = blob_size(blob);
	file->filed_at = filed_at;
	spec->file_count++;
	return 0;
}

static int
add_components(struct filling *filling, const struct record *dossier,
    struct fault *fault)
{
	json_t *component;
	size_t i;

	json_array_foreach(json_object_get(dossier->value, "components"), i,
	    component)
	{
		if (add_file(filling, json_object_get(component, "attachment"),
		        json_text_at(component, "code"),
		        json_integer_at(dossier->value, "at"), fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- records ------------------------------------------------------------------------ */

static int
add_record(struct filling *filling, const struct record *record,
    const char *path, struct fault *fault)
{
	struct package_spec *spec = filling->spec;

	if (spec->record_count == filling->record_room) {
		return fault_set(fault, FAULT_LIMIT,
		    "a container holds at most %zu records",
		    filling->record_room);
	}
	filling->records[spec->record_count++] =
	    (struct package_record){ .path = path, .bytes = record->bytes };
	return 0;
}

static int
add_named(struct filling *filling, enum record_kind kind, const char *id,
    const char *path, struct record *record_out, struct fault *fault)
{
	if (record_need(filling->snapshot, filling->arena, kind, id, record_out,
	        fault) < 0) {
		return -1;
	}
	return add_record(filling, record_out, path, fault);
}

static int
add_grants(struct filling *filling, const char *decision, struct fault *fault)
{
	const char **ids;
	size_t count;

	if (decision_grants(filling->snapshot, filling->arena, decision, &ids,
	        &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		struct record grant;

		if (add_named(filling, RECORD_GRANT, ids[i],
		        arena_format(filling->arena, "records/grant-%s.json",
		            ids[i]),
		        &grant, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* The decision with its document, that document's files, and its grants. */
static int
add_decision(struct filling *filling, const char *id, struct fault *fault)
{
	struct record decision;
	struct record document;
	json_t *attachment;
	size_t i;

	if (add_named(filling, RECORD_DECISION, id, "records/decision.json",
	        &decision, fault) < 0 ||
	    add_named(filling, RECORD_DOCUMENT,
	        json_text_at(decision.value, "document"),
	        "records/decision-document.json", &document, fault) < 0) {
		return -1;
	}
	json_array_foreach(json_object_get(document.value, "attachments"), i,
	    attachment)
	{
		if (add_file(filling, attachment, "C_QD",
		        json_integer_at(document.value, "at"), fault) < 0) {
			return -1;
		}
	}
	return add_grants(filling, id, fault);
}

/* --- fields of EAD -------------------------------------------------------------------- */

static void
add_field(struct filling *filling, const char *name, const char *value)
{
	if (value != NULL && filling->spec->field_count < FIELDS_MAX) {
		filling->fields[filling->spec->field_count++] =
		    (struct package_field){ name, value };
	}
}

/* DD/MM/YYYY, as EAD of the circular wants it. */
static const char *
ead_date(struct arena *arena, date_t date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	return arena_format(arena, "%02d/%02d/%04d", day, month, year);
}

static void
add_fields(struct filling *filling, const struct record *dossier)
{
	const json_t *value = dossier->value;
	const char *retention = json_text_at(value, "retention");
	date_t day = listing_day(value);
	const json_t *class = retention == NULL
	                          ? NULL
	                          : rules_find(filling->core->rules,
	                                RULES_RETENTION, retention, day);
	const json_t *first =
	    json_array_get(json_object_get(value, "steps"), 0);
	int64_t last = json_integer_at(value, "at");

	add_field(filling, "title", json_text_at(value, "title"));
	add_field(filling, "maintenance",
	    class != NULL ? json_text_at(class, "arch") : "07");
	add_field(filling, "mode", "02");
	add_field(filling, "language", "01");
	add_field(filling, "startDate", ead_date(filling->arena, day));
	add_field(filling, "endDate",
	    ead_date(filling->arena,
	        clock_date(last) > day ? clock_date(last) : day));
	add_field(filling, "totalDoc",
	    arena_format(filling->arena, "%zu", filling->spec->file_count));
	add_field(filling, "confidenceLevel", "01");
	add_field(filling, "riskRecovery", "0");
	add_field(filling, "description", json_text_at(first, "by"));
}

int
dossier_package_fill(struct package_spec *spec, const struct core *core,
    struct snapshot *snapshot, struct arena *arena,
    const struct record *dossier, struct fault *fault)
{
	struct filling filling = { spec, core, snapshot, arena,
		.file_room = PACKAGE_FILES_MAX,
		.record_room = PACKAGE_RECORDS_MAX };
	const char *unit = json_text_at(dossier->value, "unit");
	const char *decision = json_text_at(dossier->value, "decision");
	struct unit_title title;
	struct record record;

	filling.files =
	    arena_alloc(arena, filling.file_room * sizeof(*filling.files));
	filling.records =
	    arena_alloc(arena, filling.record_room * sizeof(*filling.records));
	filling.fields =
	    arena_alloc(arena, FIELDS_MAX * sizeof(*filling.fields));
	spec->id = dossier->id;
	spec->code = json_text_at(dossier->value, "code");
	spec->title = json_text_at(dossier->value, "title");
	if (unit_title_at(snapshot, arena, unit, listing_day(dossier->value),
	        &title, fault) < 0 ||
	    add_record(&filling, dossier, "records/dossier.json", fault) < 0 ||
	    add_named(&filling, RECORD_UNIT, unit, "records/unit.json", &record,
	        fault) < 0 ||
	    add_components(&filling, dossier, fault) < 0 ||
	    (decision != NULL && add_decision(&filling, decision, fault) < 0)) {
		return -1;
	}
	spec->unit = title.name;
	add_fields(&filling, dossier);
	spec->files = filling.files;
	spec->records = filling.records;
	spec->fields = filling.fields;
	return 0;
}
