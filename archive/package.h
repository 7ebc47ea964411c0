/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PACKAGE_H
#define ARCHIVE_PACKAGE_H

#include "archive/certificate.h"
#include "archive/schemas.h"
#include "archive/stream.h"
#include "base/arena.h"

/*
 * Builds a sealed container: one ASiC-E file that holds a dossier's records,
 * its attachments byte for byte, METS, PREMIS and EAD, a cover page, the
 * steps of verification, and the seal's signature over all of it.
 *
 * Two steps, so that the signature is made once and kept: package_new() reads
 * every attachment and makes the manifest; who holds the key signs the bytes
 * of package_manifest(); package_write() writes the container.  The same
 * specification and signature give the same bytes.
 *
 * What is handed over (SIP) or given to a user (DIP) is the package alone, as
 * a plain ZIP of one folder: package_new() and package_write_plain().
 *
 * Source:  EN 319 162-1; E-ARK CSIP 2.2.0; Thông tư 05/2025/TT-BNV, Phụ lục I
 *          (AIP_hoso), III (SIP_hoso) and V (DIP); docs/archive-format.md.
 * Thread:  a worker's work.
 */
#define PACKAGE_FILES_MAX   4096u
#define PACKAGE_RECORDS_MAX 2048u /* receipts among them */
/* Of all files together, so that PREMIS has an end; reports tell of more. */
#define PACKAGE_SIGNATURES_MAX 4096u

/*
 * One of the metadata fields of EAD.xml or EAD_doc.xml, by its name there
 * (data/schemas/fields).  It stands before what the package knows by itself.
 */
struct package_field {
	const char *name; /* "maintenance", "issuedDate", ... */
	const char *value;
};

/* A signature inside an attachment, as it was judged. */
struct package_signature {
	const char *place;       /* in the file: "#1"; or NULL, as below */
	const char *signer;      /* subject of his certificate */
	const char *certificate; /* its SHA-256 */
	const char *method;      /* "ECDSA-SHA256"; never NULL */
	const char *value;       /* Base64; never NULL */
	const char *verdict;     /* "INDETERMINATE" */
	const char *reason;      /* the sub-indication */
	const char *level;       /* "LT" */
	int64_t claimed_at;      /* UTC microseconds; 0: not known, as below */
	int64_t proven_at;
};

/* What was found when an attachment was examined for signatures. */
struct package_examination {
	const char *kind;    /* what it is: "pdf", "cms", "container" */
	const char *report;  /* path of a record, as package_record has it */
	const char *verdict; /* the worst; NULL: it has no signature */
	int64_t at;          /* UTC microseconds */
	const struct package_signature *signatures; /* those that are whole */
	size_t signature_count;
};

/* An attachment. */
struct package_file {
	struct content content;
	const char *name;           /* as it was filed, any UTF-8 */
	const char *media_type;     /* or NULL: application/octet-stream */
	const char *component;      /* code of the component, or NULL */
	const char *component_name; /* for the cover; NULL: the code */
	const char *format; /* PRONOM key, "fmt/276", or NULL: not known */
	uint64_t size;
	struct sha256 sha256;               /* the bytes must have it */
	int64_t filed_at;                   /* UTC microseconds; 0: not known */
	const struct package_field *fields; /* of the document, EAD_doc */
	size_t field_count;
	size_t ordinal; /* in the dossier; 0: its place in the list, from 1 */
	const struct package_examination *examination; /* or NULL */
};

/* A record, receipt or report that is kept beside: JSON, as stored. */
struct package_record {
	/* Below metadata/other/: "records/dossier.json"; or documentation/. */
	const char *path;
	const char *media_type; /* or NULL: application/json */
	const char *title;      /* in Vietnamese, for the cover; NULL: none */
	const char *receipt;    /* path of what proves it, likewise; or NULL */
	int64_t at;             /* when it was written; UTC microseconds */
	struct bytes bytes;
};

struct package_spec {
	enum package_kind kind;
	const char *object_id; /* NULL: it follows from the id */
	const char *source_id; /* object id of what it is made from; or NULL */
	const char *id;        /* of the dossier */
	const char *code;     /* archive code of the dossier, or NULL: the id */
	const char *title;    /* of the dossier */
	const char *unit;     /* who made it, for the cover; or NULL */
	int64_t sealed_at;    /* UTC microseconds; stands in every entry */
	const char *software; /* name and version of the program */
	const struct certificate *signer; /* named in README; or NULL */
	const char *log_vkey; /* of the log that gave receipts; NULL: none */
	const struct package_field *fields; /* of the dossier, EAD */
	size_t field_count;
	const struct package_file *files;
	size_t file_count;
	const struct package_record *records;
	size_t record_count;
	/* The signature gets a time-stamp before the container is given out. */
	bool is_stamped;
	const struct package_record *documents; /* below documentation/ */
	size_t document_count;
	/*
	 * What is written will be proved before anybody relies on it, so that
	 * attachments need not be hashed here: their SHA-256 is believed.
	 */
	bool is_proved_later;
};

struct package;

/*
 * Read every attachment once and make everything but the signature.
 *
 * Owner:   spec and what it names must stay until package_free().
 * Errors:  FAULT_INVALID the specification, naming the field; FAULT_CORRUPT
 *          an attachment is not what its SHA-256 says (of its size alone
 *          where is_proved_later); FAULT_LIMIT; what a content says.
 */
int package_new(struct package **package_out, const struct package_spec *spec,
    struct fault *fault);
void package_free(struct package *package);

/* The bytes to be signed.  Borrowed from the package. */
struct bytes package_manifest(const struct package *package);
/* Bytes the container will have with a signature of this length. */
uint64_t package_size(const struct package *package, size_t signature_len);

/*
 * Write the container.  Every attachment is read a second time.  What the
 * signature is worth is not asked: whoever proves what was written does that.
 *
 * Errors:  FAULT_CORRUPT when an attachment is not what it was before; what
 *          the sink and the contents say.
 */
int package_write(const struct package *package, struct bytes signature,
    sink_fn sink, void *sink_arg, struct fault *fault);

/*
 * Write a SIP or DIP: its files alone, in a ZIP without signature.
 *
 * Errors:  as package_write().
 */
int package_write_plain(const struct package *package, sink_fn sink,
    void *sink_arg, struct fault *fault);

/* "urn:uuid:..." and the name of the folder inside.  Borrowed. */
const char *package_object_id(const struct package *package);
const char *package_folder(const struct package *package);
/* Where the i-th attachment lies in the container.  Borrowed. */
const char *package_path(const struct package *package, size_t i);

#endif
