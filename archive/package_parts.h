/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PACKAGE_PARTS_H
#define ARCHIVE_PACKAGE_PARTS_H

#include "archive/package.h"
#include "archive/when.h"
#include "base/buf.h"

/*
 * What the writers of a package's own files share: the list of members and a
 * few spellings.
 */

/* Where a member stands in METS. */
enum package_role {
	PACKAGE_DESCRIPTIVE,  /* EAD */
	PACKAGE_PRESERVATION, /* PREMIS */
	PACKAGE_OTHER,        /* records, reports, receipts */
	PACKAGE_SCHEMA,
	PACKAGE_DOCUMENTATION,
	PACKAGE_REPRESENTATION, /* METS.xml of the representation */
	PACKAGE_DATA,           /* an attachment */
	PACKAGE_OUTSIDE,        /* at the container's root, not in METS */
};

struct package_member {
	enum package_role role;
	const char *name; /* in the container */
	const char *media_type;
	struct content content;
	struct bytes bytes; /* of a member that we made */
	uint64_t size;
	uint32_t crc32;
	struct sha256 sha256;
	const struct package_file *file; /* of an attachment; else NULL */
	size_t ordinal;                  /* of an attachment, from 1 */
};

struct package {
	const struct package_spec *spec;
	struct arena *arena;
	const char *object_id;
	const char *folder;
	struct package_member *members; /* in the order they were made */
	size_t count;
	size_t room;
	struct bytes manifest;
};

#define PACKAGE_REPRESENTATION_PREFIX "representations/rep1/"
#define PACKAGE_DATA_PREFIX           PACKAGE_REPRESENTATION_PREFIX "data/"

/* The dossier's archive code: what it was given, or its id. */
const char *package_code(const struct package *package);
/* The name below the package's folder. */
const char *package_inner(const struct package *package, const char *name);
/* The stem of an attachment's name: identifier of the document. */
const char *package_stem(const struct package *package,
    const struct package_member *member);

/* Fill members and manifest.  Errors: as package_new(). */
int package_make(struct package *package, struct fault *fault);

/* Each appends one file. */
void mets_format_root(struct buf *out, const struct package *package);
void mets_format_representation(struct buf *out, const struct package *package);
void premis_format_package(struct buf *out, const struct package *package);
void premis_format_representation(struct buf *out,
    const struct package *package);
/* The part of a file's object that tells of its signatures. */
void premis_format_signatures(struct buf *out,
    const struct package_examination *examination);
int ead_format_dossier(struct buf *out, const struct package *package,
    struct fault *fault);
int ead_format_document(struct buf *out, const struct package *package,
    const struct package_member *member, struct fault *fault);
void cover_format(struct buf *out, const struct package *package);
void readme_format(struct buf *out, const struct package *package);

#endif
