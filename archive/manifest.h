/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_MANIFEST_H
#define ARCHIVE_MANIFEST_H

#include "archive/digest_kind.h"
#include "base/arena.h"
#include "base/buf.h"

/*
 * ASiCManifest: the list of files that a signature or a time-stamp covers,
 * each with its digest.  What is signed are the bytes of this file.
 *
 * Source:  ETSI EN 319 162-1, Annex A.4; names by clause A.1 and 4.4.
 */
#define MANIFEST_REFERENCES_MAX 65536u

/* Names that we give. */
#define MANIFEST_NAME      "META-INF/ASiCManifest001.xml"
#define MANIFEST_SIGNATURE "META-INF/signature001.p7s"
#define MANIFEST_MIMETYPE  "application/vnd.etsi.asic-e+zip"

/* Names of ASiC-S, where no manifest says what is covered (clause 4.3.3). */
#define MANIFEST_MIMETYPE_SIMPLE   "application/vnd.etsi.asic-s+zip"
#define MANIFEST_SIMPLE_SIGNATURE  "META-INF/signature.p7s"
#define MANIFEST_SIMPLE_TIMESTAMP  "META-INF/timestamp.tst"
#define MANIFEST_SIMPLE_RECORD     "META-INF/evidencerecord.ers"
#define MANIFEST_SIMPLE_RECORD_XML "META-INF/evidencerecord.xml"

/* A list of all entries after the manner of ODF, which covers nothing. */
#define MANIFEST_ODF "META-INF/manifest.xml"

enum manifest_role {
	MANIFEST_NONE, /* not a manifest's name */
	MANIFEST_SIGNING,
	MANIFEST_ARCHIVE,
	MANIFEST_EVIDENCE,
};

/* A file's role follows from its name alone; case counts. */
enum manifest_role manifest_role_of(const char *name);
/* An evidence record by its name: in ASN.1 (RFC 4998), in XML (RFC 6283). */
bool manifest_is_record(const char *name);
bool manifest_is_record_xml(const char *name);
/* META-INF/ signature, time-stamp or evidence record: protects, is no data. */
bool manifest_is_evidence(const char *name);
/* One of the four names of ASiC-S. */
bool manifest_is_simple(const char *name);
/* A signature by XAdES, which says itself what it covers. */
bool manifest_is_xades(const char *name);
/* The bytes are the begin of an ASiCManifest, of whatever name. */
bool manifest_begins(struct bytes begin);

struct manifest_reference {
	const char *name;       /* of the entry */
	const char *uri;        /* as written; some do not encode */
	const char *media_type; /* or NULL */
	enum digest_kind kind;
	uint8_t digest[DIGEST_MAX_BYTES];
	bool is_root; /* the previous link of a chain of archive manifests */
};

struct manifest {
	const char *signature_name; /* of the entry that covers this one */
	const char *signature_type; /* media type, or NULL */
	struct manifest_reference *references;
	size_t count;
	/*
	 * Whoever signed meant to have the signature time-stamped: one without
	 * a time-stamp was robbed of it.
	 */
	bool is_stamped;
};

/* Append the XML; the bytes depend on the list alone. */
void manifest_format(struct buf *out, const struct manifest *manifest);

/*
 * Owner:   all lives in the arena.
 * Errors:  FAULT_INVALID: not this grammar, a document type, a critical
 *          extension, an unknown digest, a reference that leads outside.
 */
int manifest_parse(struct manifest *manifest_out, struct arena *arena,
    struct bytes xml, struct fault *fault);

#endif
