/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Fields that nobody knows are left to the package, which leaves them empty.
 * Two values are the archive's rule and no knowledge: a dossier is of
 * conditional use (it names persons) and in Vietnamese, unless it says so.
 */

#include "core/description.h"

#include "base/clock.h"
#include "base/text.h"
#include "core/document.h"
#include "core/field.h"
#include "core/listing.h"
#include "core/package_words.h"
#include "core/unit.h"

#define FIELDS_MAX         64u
#define MODE_CONDITIONAL   "02"
#define LANGUAGE_VIETNAM   "01"
#define RETENTION_OTHER    "07"
#define KIND_OTHER         "32"
#define NO_CONTINGENCY_SET "0"

/* --- what the office gives --------------------------------------------------- */

void
description_check(struct json_reader *reader, enum schema_level level)
{
	const json_t *ead = json_reader_object(reader, "ead", false);
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)ead, name, value)
	{
		const struct schema_field *field =
		    schema_field_find(name, PACKAGE_AIP, level);

		if (field == NULL || !field->is_office) {
			json_reader_refuse(reader, "ead",
			    "%s is no field that an office gives",
			    text_clipped(name));
		} else if (!json_is_string(value) ||
		           !schema_field_fits(field,
		               json_string_value(value))) {
			json_reader_refuse(reader, "ead",
			    "%s has a value that Thông tư 05/2025/TT-BNV does "
			    "not allow",
			    name);
		}
	}
}

/* --- the list ------------------------------------------------------------------ */

void
description_init(struct description *description, struct arena *arena,
    const struct rules *rules, struct snapshot *snapshot)
{
	*description = (struct description){ .arena = arena,
		.rules = rules,
		.snapshot = snapshot,
		.fields = arena_alloc(arena,
		    FIELDS_MAX * sizeof(*description->fields)) };
}

void
description_add(struct description *description, const char *name,
    const char *value)
{
	if (value == NULL || description->count == FIELDS_MAX) {
		return;
	}
	for (size_t i = 0; i < description->count; i++) {
		if (strcmp(description->fields[i].name, name) == 0) {
			return;
		}
	}
	description->fields[description->count++] =
	    (struct package_field){ name, value };
}

static void
add_given(struct description *description, const json_t *record)
{
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(record, "ead"), name, value)
	{
		description_add(description, name, json_string_value(value));
	}
}

/* --- the dossier ------------------------------------------------------------------ */

void
description_add_dossier(struct description *description, const json_t *dossier)
{
	struct arena *arena = description->arena;
	const char *retention = json_text_at(dossier, "retention");
	date_t day = listing_day(dossier);
	date_t last = clock_date(json_integer_at(dossier, "at"));
	const json_t *class = retention == NULL
	                          ? NULL
	                          : rules_find(description->rules,
	                                RULES_RETENTION, retention, day);

	add_given(description, dossier);
	description_add(description, "maintenance",
	    class != NULL ? json_text_at(class, "arch") : RETENTION_OTHER);
	description_add(description, "mode", MODE_CONDITIONAL);
	description_add(description, "language", LANGUAGE_VIETNAM);
	description_add(description, "startDate",
	    package_words_date(arena, day));
	description_add(description, "endDate",
	    package_words_date(arena, last > day ? last : day));
	description_add(description, "riskRecovery", NO_CONTINGENCY_SET);
}

/* --- documents --------------------------------------------------------------------- */

/* "763/QĐ-UBND" is 763 and QĐ-UBND, "34-CT/TW" is 34 and CT/TW. */
static void
add_reference(struct description *description, const char *reference)
{
	size_t digits = reference != NULL ? strspn(reference, "0123456789") : 0;
	size_t between;

	if (digits == 0) {
		description_add(description, "codeNotation", reference);
		return;
	}
	between = strspn(reference + digits, " /-");
	description_add(description, "codeNumber",
	    arena_text_of(description->arena, bytes_of(reference, digits)));
	if (reference[digits + between] != '\0') {
		description_add(description, "codeNotation",
		    reference + digits + between);
	}
}

/* The day, or what is known of it: month or year. */
static const char *
date_words(struct arena *arena, struct span when)
{
	int year, month, day, last_year, last_month;

	date_split(when.from, &year, &month, &day);
	if (when.from == when.to) {
		return package_words_date(arena, when.from);
	}
	date_split(when.to, &last_year, &last_month, &day);
	if (year != last_year) {
		return NULL;
	}
	return month == last_month
	           ? arena_format(arena, "%02d/%04d", month, year)
	           : arena_format(arena, "%04d", year);
}

int
description_add_document(struct description *description,
    const json_t *document, struct fault *fault)
{
	struct arena *arena = description->arena;
	const char *unit = document_unit(document);
	const char *organ =
	    json_text_at(json_object_get(document, "issuer"), "name");
	struct unit_title title = { 0 };
	struct span when;
	date_t day = clock_date(json_integer_at(document, "at"));
	const json_t *kind;

	if (field_stored_when(document, &when)) {
		day = when.from;
		description_add(description, "issuedDate",
		    date_words(arena, when));
	}
	if (unit != NULL) {
		if (unit_title_at(description->snapshot, arena, unit, day,
		        &title, fault) < 0) {
			return -1;
		}
		organ = title.name;
	}
	add_given(description, document);
	kind = rules_find(description->rules, RULES_DOCUMENT_KINDS,
	    json_text_at(document, "kind"), day);
	description_add(description, "typeName",
	    kind != NULL ? json_text_at(kind, "arch") : KIND_OTHER);
	add_reference(description, json_text_at(document, "reference"));
	description_add(description, "organName", organ);
	description_add(description, "subject",
	    json_text_at(document, "subject"));
	return 0;
}

int
description_add_component(struct description *description,
    const json_t *component, const json_t *document, date_t day,
    struct fault *fault)
{
	const json_t *row = rules_find(description->rules, RULES_COMPONENTS,
	    json_text_at(component, "code"), day);
	const char *kind = row != NULL ? json_text_at(row, "arch") : NULL;

	add_given(description, component);
	if (document != NULL &&
	    description_add_document(description, document, fault) < 0) {
		return -1;
	}
	description_add(description, "typeName",
	    kind != NULL ? kind : KIND_OTHER);
	description_add(description, "subject",
	    row != NULL ? json_text_at(row, "name") : NULL);
	return 0;
}
