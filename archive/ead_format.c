/* SPDX-License-Identifier: Apache-2.0 */

/*
 * EAD.xml describes the dossier, EAD_doc_*.xml one document each.  Names and
 * order are those of data/schemas/fields; a reader may take them in any order.
 * A field that must stand there and that nobody knows is empty: nothing is
 * made up.  A value longer than the circular allows is cut; the whole stands
 * in the records.
 *
 * Source:  Thông tư 05/2025/TT-BNV, phụ lục I, III and V (root `simpledc`).
 */

#include "archive/package_parts.h"
#include "archive/xml_out.h"
#include "base/text.h"

#include <string.h>

/* What is described: the dossier, or a document in it (member not NULL). */
struct describing {
	struct buf *out;
	const struct package *package;
	const struct package_member *member;
	enum schema_level level;
	const struct package_field *given;
	size_t given_count;
};

static const char *
value_in(const struct package_field *fields, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fields[i].name, name) == 0) {
			return fields[i].value;
		}
	}
	return NULL;
}

static const char *
known_value(const struct describing *describing,
    const struct schema_field *field)
{
	const struct package *package = describing->package;
	const struct package_spec *spec = package->spec;

	switch (field->known) {
	case SCHEMA_CODE:
		return package_code(package);
	case SCHEMA_TITLE:
		return spec->title;
	case SCHEMA_COUNT:
		return arena_format(package->arena, "%zu", spec->file_count);
	case SCHEMA_STEM:
		return package_stem(package, describing->member);
	case SCHEMA_DOC_CODE:
		return arena_format(package->arena, "%.100s.%07zu",
		    package_code(package), describing->member->ordinal);
	case SCHEMA_ORDINAL:
		return arena_format(package->arena, "%zu",
		    describing->member->ordinal);
	case SCHEMA_DOSSIER_VALUE:
		return describing->member == NULL
		           ? NULL
		           : value_in(spec->fields, spec->field_count,
		                 field->name);
	case SCHEMA_GIVEN:
		break;
	}
	return NULL;
}

/* The first characters of a text. */
static const char *
cut(struct arena *arena, const char *text, unsigned characters)
{
	const char *end = text;

	while (*end != '\0' &&
	       (characters > 0 || ((unsigned char)*end & 0xC0) == 0x80)) {
		characters -= ((unsigned char)*end & 0xC0) != 0x80;
		end++;
	}
	return *end == '\0'
	           ? text
	           : arena_text_of(arena, bytes_of(text, (size_t)(end - text)));
}

/* What is given must be a field of the table and given once. */
static int
check_given(const struct describing *describing, struct fault *fault)
{
	const struct package_field *given = describing->given;

	for (size_t i = 0; i < describing->given_count; i++) {
		if (schema_field_find(given[i].name,
		        describing->package->spec->kind,
		        describing->level) == NULL) {
			return fault_set(fault, FAULT_INVALID,
			    "%s is no metadata field",
			    text_clipped(given[i].name));
		}
		if (value_in(given, i, given[i].name) != NULL) {
			return fault_set(fault, FAULT_INVALID,
			    "the metadata field %s is given twice",
			    given[i].name);
		}
	}
	return 0;
}

static int
format_fields(const struct describing *describing, const char *schema,
    struct fault *fault)
{
	struct buf *out = describing->out;
	enum package_kind kind = describing->package->spec->kind;

	if (check_given(describing, fault) < 0) {
		return -1;
	}
	buf_add_format(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<simpledc xmlns:xsi="
	    "\"http://www.w3.org/2001/XMLSchema-instance\" "
	    "xsi:noNamespaceSchemaLocation=\"%s\">\n",
	    schema);
	for (const struct schema_field *field = schema_fields;
	     field->name != NULL; field++) {
		char need = field->needs[describing->level][kind];
		const char *value = value_in(describing->given,
		    describing->given_count, field->name);

		if (need == '-') {
			continue;
		}
		if (value == NULL) {
			value = known_value(describing, field);
		}
		if (value == NULL && need == 'M') {
			value = "";
		}
		if (value != NULL) {
			value = cut(describing->package->arena, value,
			    field->length);
		}
		xml_out_element(out, field->name, value);
	}
	buf_add_text(out, "</simpledc>\n");
	return 0;
}

int
ead_format_dossier(struct buf *out, const struct package *package,
    struct fault *fault)
{
	struct describing describing = { .out = out,
		.package = package,
		.level = SCHEMA_DOSSIER,
		.given = package->spec->fields,
		.given_count = package->spec->field_count };

	return format_fields(&describing, "../../schemas/EAD.xsd", fault);
}

int
ead_format_document(struct buf *out, const struct package *package,
    const struct package_member *member, struct fault *fault)
{
	struct describing describing = { .out = out,
		.package = package,
		.member = member,
		.level = SCHEMA_DOCUMENT,
		.given = member->file->fields,
		.given_count = member->file->field_count };

	if (format_fields(&describing, "../../../../schemas/EAD_doc.xsd",
	        fault) < 0) {
		fault_prefix(fault, "%s", text_clipped(member->file->name));
		return -1;
	}
	return 0;
}
