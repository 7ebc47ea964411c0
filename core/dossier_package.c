/* SPDX-License-Identifier: Apache-2.0 */

#include "core/dossier_package.h"

#include "base/clock.h"
#include "base/hex.h"
#include "core/audit.h"
#include "core/decision.h"
#include "core/description.h"
#include "core/listing.h"
#include "core/package_examination.h"
#include "core/package_filling.h"
#include "core/package_receipts.h"
#include "core/package_words.h"
#include "core/rules.h"
#include "core/unit.h"
#include "storage/blob.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- files ------------------------------------------------------------------------ */

/* From the map, run by run: the blob is pinned. */
static int
pour_blob(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	struct blob *blob = arg;
	struct bytes run;

	for (uint64_t at = 0; at < blob_size(blob); at += run.len) {
		if (blob_map(blob, at, &run, fault) < 0 ||
		    sink(sink_arg, run, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* What is known of an attachment beside its bytes. */
struct belonging {
	const char *component;
	int64_t filed_at;
	struct description description;
};

static void
begin_description(struct package_filling *filling,
    struct description *description)
{
	description_init(description, filling->arena, filling->core->rules,
	    filling->snapshot);
}

static int
add_file(struct package_filling *filling, const json_t *attachment,
    const struct belonging *belonging, struct fault *fault)
{
	struct package_spec *spec = filling->spec;
	const char *hex = json_text_at(attachment, "sha256");
	struct package_file *file;
	struct blob *blob;

	if (spec->file_count == PACKAGE_FILES_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a container holds at most %u files", PACKAGE_FILES_MAX);
	}
	if (spec->file_count == filling->file_room) {
		filling->files = package_filling_grown(filling, filling->files,
		    spec->file_count, &filling->file_room, PACKAGE_FILES_MAX,
		    sizeof(*filling->files));
	}
	file = &filling->files[spec->file_count];
	blob = package_filling_blob(filling, hex,
	    json_text_at(attachment, "name"), fault);
	if (blob == NULL) {
		return -1;
	}
	file->sha256 = *blob_sum(blob);
	blob_pin(blob); /* until the arena ends */
	file->content = (struct content){ pour_blob, blob };
	file->name = json_text_at(attachment, "name");
	file->media_type = json_text_at(attachment, "media_type");
	file->component = belonging->component;
	file->component_name = package_words_component(filling->core->rules,
	    filling->arena, belonging->component, filling->day);
	file->size = blob_size(blob);
	file->filed_at = belonging->filed_at;
	file->fields = belonging->description.fields;
	file->field_count = belonging->description.count;
	spec->file_count++;
	return 0;
}

/* What is known of a component's document, by its record where it has one. */
static int
describe_component(struct package_filling *filling, const json_t *component,
    struct description *description, struct fault *fault)
{
	const char *id = json_text_at(component, "document");
	struct record document = { .value = NULL };

	if (id != NULL && record_need(filling->snapshot, filling->arena,
	                      RECORD_DOCUMENT, id, &document, fault) < 0) {
		return -1;
	}
	begin_description(filling, description);
	return description_add_component(description, component, document.value,
	    filling->day, fault);
}

static int
add_components(struct package_filling *filling, const struct record *dossier,
    struct fault *fault)
{
	struct belonging belonging = {
		.filed_at = json_integer_at(dossier->value, "at"),
	};
	json_t *component;
	size_t i;

	json_array_foreach(json_object_get(dossier->value, "components"), i,
	    component)
	{
		belonging.component = json_text_at(component, "code");
		if (describe_component(filling, component,
		        &belonging.description, fault) < 0 ||
		    add_file(filling, json_object_get(component, "attachment"),
		        &belonging, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- records ------------------------------------------------------------------------ */

/* The name that its subject had, where that is a unit of ours. */
static int
subject_unit(struct package_filling *filling, const struct record *grant,
    const char **name_out, struct fault *fault)
{
	const char *unit =
	    json_text_at(json_object_get(grant->value, "subject"), "unit");
	struct unit_title title;

	*name_out = NULL;
	if (unit == NULL) {
		return 0;
	}
	if (unit_title_at(filling->snapshot, filling->arena, unit,
	        listing_day(grant->value), &title, fault) < 0) {
		return -1;
	}
	*name_out = title.name;
	return 0;
}

static int
add_grant(struct package_filling *filling, const char *id, struct fault *fault)
{
	struct record grant;
	const char *unit;

	if (record_need(filling->snapshot, filling->arena, RECORD_GRANT, id,
	        &grant, fault) < 0 ||
	    subject_unit(filling, &grant, &unit, fault) < 0) {
		return -1;
	}
	return package_filling_record(filling, &grant,
	    arena_format(filling->arena, "records/grant-%s.json", id),
	    package_words_grant(filling->core->rules, filling->arena, &grant,
	        unit),
	    fault);
}

static int
add_grants(struct package_filling *filling, const char *decision,
    struct fault *fault)
{
	const char **ids;
	size_t count;

	if (decision_grants(filling->snapshot, filling->arena, decision, &ids,
	        &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (add_grant(filling, ids[i], fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* The files of the decision's document. */
static int
add_decision_files(struct package_filling *filling,
    const struct record *document, struct fault *fault)
{
	const json_t *list = json_object_get(document->value, "attachments");
	struct belonging belonging = { .component = "C_QD",
		.filed_at = json_integer_at(document->value, "at") };
	json_t *attachment;
	size_t i;

	begin_description(filling, &belonging.description);
	if (json_array_size(list) > 1) {
		/* What the office counted is all of them, not each. */
		description_add(&belonging.description, "numberOfPage", "");
	}
	if (description_add_document(&belonging.description, document->value,
	        fault) < 0) {
		return -1;
	}
	json_array_foreach(list, i, attachment)
	{
		if (add_file(filling, attachment, &belonging, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* The decision with its document, that document's files, and its grants. */
static int
add_decision(struct package_filling *filling, const char *id,
    struct fault *fault)
{
	struct record decision;
	struct record document;

	if (record_need(filling->snapshot, filling->arena, RECORD_DECISION, id,
	        &decision, fault) < 0 ||
	    record_need(filling->snapshot, filling->arena, RECORD_DOCUMENT,
	        json_text_at(decision.value, "document"), &document,
	        fault) < 0) {
		return -1;
	}
	filling->decided = package_words_document(filling->arena, &document);
	if (package_filling_record(filling, &decision, "records/decision.json",
	        "Quyết định khen thưởng", fault) < 0 ||
	    package_filling_record(filling, &document,
	        "records/decision-document.json", filling->decided,
	        fault) < 0 ||
	    add_decision_files(filling, &document, fault) < 0) {
		return -1;
	}
	return add_grants(filling, id, fault);
}

/* 1 it was examined, 0 it was not, -1. */
static int
find_examination(const struct package_filling *filling,
    const struct package_file *file, struct record *found_out,
    struct fault *fault)
{
	char hex[SHA256_TEXT];

	sha256_format(hex, &file->sha256);
	return record_find(filling->snapshot, filling->arena,
	    RECORD_EXAMINATION, hex, found_out, fault);
}

/* What was found in a file, where it was examined. */
static int
add_examination(struct package_filling *filling, struct package_file *file,
    struct fault *fault)
{
	struct record found;
	int rc = find_examination(filling, file, &found, fault);

	if (rc <= 0) {
		return rc;
	}
	file->examination = package_examination_of(filling->arena, &found,
	    PACKAGE_SIGNATURES_MAX - filling->signature_count);
	filling->signature_count += file->examination->signature_count;
	return package_filling_record(filling, &found,
	    file->examination->report,
	    arena_format(filling->arena, "Kết quả kiểm tra chữ ký số: %s",
	        file->name),
	    fault);
}

/* The file of what proves its signatures; its record tells the digest. */
static int
add_material(struct package_filling *filling, struct package_file *file,
    struct fault *fault)
{
	struct package_record entry = { .media_type =
		                            "application/pkcs7-mime" };
	struct record found;
	const char *hex = NULL;
	int rc = find_examination(filling, file, &found, fault);

	if (rc == 1) {
		hex = json_text_at(json_object_get(found.value, "validation"),
		    "sha256");
	}
	if (hex == NULL) {
		return rc < 0 ? -1 : 0;
	}
	entry.path =
	    arena_format(filling->arena, "validation/%s.p7c", found.id);
	entry.title = arena_format(filling->arena,
	    "Dữ liệu xác nhận chữ ký số: %s", file->name);
	entry.at = json_integer_at(found.value, "at");
	return package_filling_read(filling, hex, &entry.bytes, fault) < 0
	           ? -1
	           : package_filling_add(filling, &entry, fault);
}

/* Of all files, each once though it may be there under several names. */
static int
add_each(struct package_filling *filling,
    int (*add)(struct package_filling *, struct package_file *, struct fault *),
    struct fault *fault)
{
	const struct package_spec *spec = filling->spec;

	for (size_t i = 0; i < spec->file_count; i++) {
		struct package_file *file = &filling->files[i];
		size_t first = 0;

		while (memcmp(&filling->files[first].sha256, &file->sha256,
		           SHA256_BYTES) != 0) {
			first++;
		}
		if (first < i) {
			file->examination = filling->files[first].examination;
		} else if (add(filling, file, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- fields of EAD -------------------------------------------------------------------- */

/* All pages, where those of every file are known; else NULL. */
static const char *
count_pages(const struct package_filling *filling)
{
	const struct package_spec *spec = filling->spec;
	uint64_t pages = 0;

	for (size_t i = 0; i < spec->file_count; i++) {
		const struct package_file *file = &filling->files[i];
		const char *known = NULL;

		for (size_t j = 0; j < file->field_count; j++) {
			if (strcmp(file->fields[j].name, "numberOfPage") == 0) {
				known = file->fields[j].value;
			}
		}
		if (known == NULL || known[0] == '\0') {
			return NULL;
		}
		pages += strtoull(known, NULL, 10);
	}
	return spec->file_count > 0
	           ? arena_format(filling->arena, "%" PRIu64, pages)
	           : NULL;
}

static void
add_fields(struct package_filling *filling, const struct record *dossier)
{
	struct description description;

	begin_description(filling, &description);
	description_add_dossier(&description, dossier->value);
	description_add(&description, "numberOfPage", count_pages(filling));
	description_add(&description, "description", filling->decided);
	filling->spec->fields = description.fields;
	filling->spec->field_count = description.count;
}

int
dossier_package_fill(struct package_spec *spec,
    struct dossier_package_basis *basis_out, const struct core *core,
    struct snapshot *snapshot, struct arena *arena,
    const struct record *dossier, struct fault *fault)
{
	struct package_filling filling = { spec, core, snapshot, arena,
		.day = listing_day(dossier->value) };
	const char *unit = json_text_at(dossier->value, "unit");
	const char *decision = json_text_at(dossier->value, "decision");
	struct unit_title title;
	struct record record;

	spec->id = dossier->id;
	spec->code = json_text_at(dossier->value, "code");
	spec->title = json_text_at(dossier->value, "title");
	if (unit_title_at(snapshot, arena, unit, filling.day, &title, fault) <
	        0 ||
	    record_need(snapshot, arena, RECORD_UNIT, unit, &record, fault) <
	        0 ||
	    package_filling_record(&filling, dossier, "records/dossier.json",
	        package_words_dossier(arena, dossier), fault) < 0 ||
	    package_filling_record(&filling, &record, "records/unit.json",
	        arena_format(arena, "Đơn vị: %s", title.name), fault) < 0 ||
	    add_components(&filling, dossier, fault) < 0 ||
	    (decision != NULL && add_decision(&filling, decision, fault) < 0) ||
	    add_each(&filling, add_examination, fault) < 0) {
		return -1;
	}
	basis_out->count = spec->record_count;
	if (package_receipts_add(&filling, fault) < 0 ||
	    add_each(&filling, add_material, fault) < 0) {
		return -1;
	}
	spec->unit = title.name;
	add_fields(&filling, dossier);
	spec->files = filling.files;
	spec->records = filling.records;
	basis_out->records = filling.sources;
	return 0;
}
