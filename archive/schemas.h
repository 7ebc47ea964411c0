/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SCHEMAS_H
#define ARCHIVE_SCHEMAS_H

#include "base/bytes.h"
#include "base/digest.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * The schemas that go with a package, and the fields of its descriptions that
 * two of them are made from.  All of it is made at build time from
 * data/schemas/ and the same in every package of a kind.
 */
enum package_kind {
	PACKAGE_AIP, /* kept, and sealed */
	PACKAGE_SIP, /* handed over to another archive */
	PACKAGE_DIP, /* given to a user: a copy */
	PACKAGE_KINDS
};

enum schema_level { SCHEMA_DOSSIER, SCHEMA_DOCUMENT, SCHEMA_LEVELS };

/* What the package fills in where the caller gives no value. */
enum schema_known {
	SCHEMA_GIVEN,
	SCHEMA_CODE,
	SCHEMA_TITLE,
	SCHEMA_COUNT,
	SCHEMA_STEM,
	SCHEMA_DOC_CODE,
	SCHEMA_ORDINAL,
	SCHEMA_DOSSIER_VALUE
};

struct schema_field {
	const char *name;         /* of the element; NULL ends the table */
	char needs[SCHEMA_LEVELS] /* 'M', 'O' or '-' for each kind */
	          [PACKAGE_KINDS + 1];
	enum schema_known known;
	bool is_office;      /* may stand in a record's "ead" */
	unsigned length;     /* most characters */
	const char *pattern; /* of a value that is not empty; NULL: any */
	const char *label;   /* in Vietnamese */
};

/* In the order in which they are written. */
extern const struct schema_field schema_fields[];

/* NULL where this kind of package has no such field at this level. */
const struct schema_field *schema_field_find(const char *name,
    enum package_kind kind, enum schema_level level);

/* May a field have this value, not empty?  Characters and pattern. */
bool schema_field_fits(const struct schema_field *field, const char *value);

#define SCHEMA_KINDS 32u

/* "Quyết định" of "02", a value of typeName; NULL where it is none. */
const char *schema_kind_name(const char *code);

/* --- files ----------------------------------------------------------------- */

#define SCHEMAS_MAX 5u

struct schema {
	const char *name; /* "schemas/METS.xsd" */
	struct bytes bytes;
	struct sha256 sha256;
	uint32_t crc32;
};

/*
 * The files of a kind of package: made and hashed once, when the first is
 * asked for.
 *
 * Owner:   borrowed for ever.
 * Thread:  any.
 */
const struct schema *schemas_of(enum package_kind kind, size_t *count_out);

/* Made by scripts/make-schemas: names by their codes, from 1; */
extern const char *const schema_kind_names[SCHEMA_KINDS + 1];
/* the lines of each file, NULL at the end. */
extern const char *const schema_lines_METS[];
extern const char *const schema_lines_PREMIS[];
extern const char *const schema_lines_xlink[];

#endif
