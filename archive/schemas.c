/* SPDX-License-Identifier: Apache-2.0 */

/*
 * EAD.xsd and EAD_doc.xsd are written from the table of fields: one element
 * each, in any order (xs:all), empty where its value is not known.
 *
 * Source:  Thông tư 05/2025/TT-BNV, phụ lục I, III and V.
 */

#include "archive/schemas.h"

#include "base/buf.h"
#include "base/memory.h"

#include <pthread.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define SCHEMA_MAX (1u << 18)

static const char fields_begin[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!-- Of hoso, after Thông tư 05/2025/TT-BNV; an empty element says that "
    "the value is not known. -->\n"
    "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n"
    "<xs:element name=\"simpledc\"><xs:complexType><xs:all>\n";
static const char fields_end[] =
    "</xs:all></xs:complexType></xs:element>\n</xs:schema>\n";

static pthread_once_t schemas_once = PTHREAD_ONCE_INIT;
static struct schema schemas_table[PACKAGE_KINDS][SCHEMAS_MAX];

/* --- fields ---------------------------------------------------------------- */

const struct schema_field *
schema_field_find(const char *name, enum package_kind kind,
    enum schema_level level)
{
	for (size_t i = 0; schema_fields[i].name != NULL; i++) {
		if (strcmp(schema_fields[i].name, name) == 0) {
			return schema_fields[i].needs[level][kind] != '-'
			           ? &schema_fields[i]
			           : NULL;
		}
	}
	return NULL;
}

static bool
matches(const char *pattern, const char *value)
{
	char whole[256];
	regex_t regex;
	bool is_match;

	snprintf(whole, sizeof(whole), "^(%s)$", pattern);
	if (regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB) != 0) {
		return false;
	}
	is_match = regexec(&regex, value, 0, NULL, 0) == 0;
	regfree(&regex);
	return is_match;
}

bool
schema_field_fits(const struct schema_field *field, const char *value)
{
	size_t characters = 0;

	for (const char *c = value; *c != '\0'; c++) {
		characters += ((unsigned char)*c & 0xC0) != 0x80;
	}
	return characters > 0 && characters <= field->length &&
	       (field->pattern == NULL || matches(field->pattern, value));
}

const char *
schema_kind_name(const char *code)
{
	char *end;
	unsigned long number = strtoul(code, &end, 10);

	return *end == '\0' && number <= SCHEMA_KINDS
	           ? schema_kind_names[number]
	           : NULL;
}

/* --- files ----------------------------------------------------------------- */

static void
format_field(struct buf *out, const struct schema_field *field, bool is_needed)
{
	buf_add_format(out,
	    "<!-- %s -->\n<xs:element name=\"%s\" minOccurs=\"%d\">"
	    "<xs:simpleType><xs:restriction base=\"xs:string\">"
	    "<xs:maxLength value=\"%u\"/>",
	    field->label, field->name, is_needed, field->length);
	if (field->pattern != NULL) {
		buf_add_format(out, "<xs:pattern value=\"(%s)?\"/>",
		    field->pattern);
	}
	buf_add_text(out, "</xs:restriction></xs:simpleType></xs:element>\n");
}

static void
format_fields(struct buf *out, enum package_kind kind, enum schema_level level)
{
	buf_add_text(out, fields_begin);
	for (size_t i = 0; schema_fields[i].name != NULL; i++) {
		char need = schema_fields[i].needs[level][kind];

		if (need != '-') {
			format_field(out, &schema_fields[i], need == 'M');
		}
	}
	buf_add_text(out, fields_end);
}

static void
format_lines(struct buf *out, const char *const *lines)
{
	for (size_t i = 0; lines[i] != NULL; i++) {
		buf_add_text(out, lines[i]);
	}
}

/* Take what was written; it stays until the program ends. */
static void
keep(struct schema *schema, const char *name, struct buf *buf)
{
	uint8_t *bytes = xzalloc(buf->len);

	memcpy(bytes, buf->data, buf->len);
	*schema = (struct schema){ .name = name,
		.bytes = bytes_of(bytes, buf->len),
		.sha256 = sha256_of(bytes_of(bytes, buf->len)),
		.crc32 = (uint32_t)crc32_z(0, bytes, buf->len) };
	buf_reset(buf);
}

static void
make_all(void)
{
	struct buf buf;

	buf_init(&buf, SCHEMA_MAX);
	for (unsigned kind = 0; kind < PACKAGE_KINDS; kind++) {
		struct schema *schema = schemas_table[kind];

		format_fields(&buf, kind, SCHEMA_DOSSIER);
		keep(schema++, "schemas/EAD.xsd", &buf);
		format_fields(&buf, kind, SCHEMA_DOCUMENT);
		keep(schema++, "schemas/EAD_doc.xsd", &buf);
		format_lines(&buf, schema_lines_METS);
		keep(schema++, "schemas/METS.xsd", &buf);
		format_lines(&buf, schema_lines_xlink);
		keep(schema++, "schemas/xlink.xsd", &buf);
		format_lines(&buf, schema_lines_PREMIS);
		keep(schema++, "schemas/PREMIS.xsd", &buf);
	}
	buf_fini(&buf);
}

const struct schema *
schemas_of(enum package_kind kind, size_t *count_out)
{
	pthread_once(&schemas_once, make_all);
	/* No PREMIS is handed over: its last file stays here. */
	*count_out = kind == PACKAGE_SIP ? SCHEMAS_MAX - 1 : SCHEMAS_MAX;
	return schemas_table[kind];
}
