/* SPDX-License-Identifier: Apache-2.0 */

/*
 * EAD.xml describes the dossier, EAD_doc_*.xml one document each.  The names
 * of the fields are those of the circular; one table gives their order, the
 * XSDs that go with the package are made from it, and a reader may take the
 * fields in any order (xs:all).
 *
 * Source:  Thông tư 05/2025/TT-BNV, Phụ lục I (AIP_hoso).
 */

#include "archive/package_parts.h"
#include "archive/xml_out.h"
#include "base/text.h"

#include <string.h>

/* What the package knows by itself, where the caller gives no value. */
enum ead_known {
	EAD_GIVEN,
	EAD_CODE,
	EAD_TITLE,
	EAD_COUNT,
	EAD_DOC_CODE,
	EAD_ORDINAL
};

struct ead_field {
	const char *name;
	enum ead_known known;
};

static const struct ead_field dossier_fields[] = {
	{ "arcFileCode", EAD_CODE },
	{ "title", EAD_TITLE },
	{ "maintenance", EAD_GIVEN },
	{ "mode", EAD_GIVEN },
	{ "language", EAD_GIVEN },
	{ "startDate", EAD_GIVEN },
	{ "endDate", EAD_GIVEN },
	{ "keyword", EAD_GIVEN },
	{ "totalDoc", EAD_COUNT },
	{ "numberOfPaper", EAD_GIVEN },
	{ "numberOfPage", EAD_GIVEN },
	{ "format", EAD_GIVEN },
	{ "inforSign", EAD_GIVEN },
	{ "confidenceLevel", EAD_GIVEN },
	{ "paperFileCode", EAD_GIVEN },
	{ "riskRecovery", EAD_GIVEN },
	{ "riskRecoveryStatus", EAD_GIVEN },
	{ "description", EAD_GIVEN },
};

static const struct ead_field document_fields[] = {
	{ "arcFileCode", EAD_CODE },
	{ "docCode", EAD_DOC_CODE },
	{ "docOrdinal", EAD_ORDINAL },
	{ "typeName", EAD_GIVEN },
	{ "codeNumber", EAD_GIVEN },
	{ "codeNotation", EAD_GIVEN },
	{ "issuedDate", EAD_GIVEN },
	{ "organName", EAD_GIVEN },
	{ "subject", EAD_GIVEN },
	{ "language", EAD_GIVEN },
	{ "numberOfPage", EAD_GIVEN },
	{ "inforSign", EAD_GIVEN },
	{ "keyword", EAD_GIVEN },
	{ "mode", EAD_GIVEN },
	{ "confidenceLevel", EAD_GIVEN },
	{ "autograph", EAD_GIVEN },
	{ "format", EAD_GIVEN },
	{ "process", EAD_GIVEN },
	{ "description", EAD_GIVEN },
};

#define DOSSIER_FIELDS  (sizeof(dossier_fields) / sizeof(dossier_fields[0]))
#define DOCUMENT_FIELDS (sizeof(document_fields) / sizeof(document_fields[0]))

static const char *
code_of(const struct package *package)
{
	return package->spec->code != NULL ? package->spec->code
	                                   : package->spec->id;
}

static const char *
known_value(const struct package *package, const struct package_member *member,
    enum ead_known known)
{
	switch (known) {
	case EAD_CODE:
		return code_of(package);
	case EAD_TITLE:
		return package->spec->title;
	case EAD_COUNT:
		return arena_format(package->arena, "%zu",
		    package->spec->file_count);
	case EAD_DOC_CODE:
		return arena_format(package->arena, "%s.%07zu",
		    code_of(package), member->ordinal);
	case EAD_ORDINAL:
		return arena_format(package->arena, "%zu", member->ordinal);
	case EAD_GIVEN:
		break;
	}
	return NULL;
}

static const char *
given_value(const struct package_field *fields, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fields[i].name, name) == 0) {
			return fields[i].value;
		}
	}
	return NULL;
}

/* What is given must be a field of the table and given once. */
static int
check_given(const struct package_field *fields, size_t count,
    const struct ead_field *table, size_t table_count, struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		size_t j = 0;

		while (j < table_count &&
		       strcmp(fields[i].name, table[j].name) != 0) {
			j++;
		}
		if (j == table_count) {
			return fault_set(fault, FAULT_INVALID,
			    "%s is no metadata field",
			    text_clipped(fields[i].name));
		}
		if (given_value(fields, i, fields[i].name) != NULL) {
			return fault_set(fault, FAULT_INVALID,
			    "the metadata field %s is given twice",
			    fields[i].name);
		}
	}
	return 0;
}

static int
format_fields(struct buf *out, const struct package *package,
    const struct package_member *member, const struct package_field *given,
    size_t given_count, struct fault *fault)
{
	const struct ead_field *table =
	    member != NULL ? document_fields : dossier_fields;
	size_t count = member != NULL ? DOCUMENT_FIELDS : DOSSIER_FIELDS;

	if (check_given(given, given_count, table, count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		const char *value =
		    given_value(given, given_count, table[i].name);

		if (value == NULL) {
			value = known_value(package, member, table[i].known);
		}
		xml_out_element(out, table[i].name, value);
	}
	return 0;
}

int
ead_format_dossier(struct buf *out, const struct package *package,
    struct fault *fault)
{
	buf_add_text(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ead>\n");
	if (format_fields(out, package, NULL, package->spec->fields,
	        package->spec->field_count, fault) < 0) {
		return -1;
	}
	buf_add_text(out, "</ead>\n");
	return 0;
}

int
ead_format_document(struct buf *out, const struct package *package,
    const struct package_member *member, struct fault *fault)
{
	buf_add_text(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ead_doc>\n");
	if (format_fields(out, package, member, member->file->fields,
	        member->file->field_count, fault) < 0) {
		fault_prefix(fault, "%s", text_clipped(member->file->name));
		return -1;
	}
	buf_add_text(out, "</ead_doc>\n");
	return 0;
}

static void
format_schema(struct buf *out, const char *root, const struct ead_field *table,
    size_t count)
{
	buf_add_format(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n"
	    "<xs:element name=\"%s\"><xs:complexType><xs:all>\n",
	    root);
	for (size_t i = 0; i < count; i++) {
		buf_add_format(out,
		    "<xs:element name=\"%s\" type=\"xs:string\" "
		    "minOccurs=\"%d\"/>\n",
		    table[i].name, table[i].known != EAD_GIVEN);
	}
	buf_add_text(out,
	    "</xs:all></xs:complexType></xs:element>\n</xs:schema>\n");
}

void
ead_format_dossier_schema(struct buf *out)
{
	format_schema(out, "ead", dossier_fields, DOSSIER_FIELDS);
}

void
ead_format_document_schema(struct buf *out)
{
	format_schema(out, "ead_doc", document_fields, DOCUMENT_FIELDS);
}
