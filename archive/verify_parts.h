/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_VERIFY_PARTS_H
#define ARCHIVE_VERIFY_PARTS_H

#include "archive/manifest.h"
#include "archive/verify.h"
#include "archive/xml_in.h"
#include "archive/zip_in.h"
#include "base/digest.h"

/*
 * What the steps of a verification share.
 */
#define XML_MAX XML_IN_MAX

struct verified_manifest {
	struct verified_manifest *next;
	const char *name;
	struct bytes bytes;
	struct manifest manifest;
};

struct verified_file {
	const struct zip_entry *entry;
	const struct manifest_reference **references;
	size_t reference_count;
	bool is_protected; /* by a manifest that is signed or stamped */
	bool is_vouched;   /* by a record that is not examined */
	bool is_read;      /* then sha256 is known */
	bool is_changed;   /* a manifest says otherwise */
	struct sha256 sha256;
};

struct verifying {
	const struct source *source;
	const struct verify_options *options;
	struct findings *findings;
	struct arena *arena; /* of the findings */
	struct zip_in *zip;
	struct digester *digester;   /* for large files; NULL: there is none */
	struct verified_file *files; /* in the order of the entries */
	struct verified_manifest *manifests;
	bool is_ours;    /* it has SHA256SUMS at its root */
	bool is_foreign; /* it need not be a sealed dossier */
	bool is_simple;  /* ASiC-S: one file, no manifest that is signed */
	bool is_signed;  /* there is an ASiCManifest */
	bool has_xades;  /* of somebody else's: a signature of that form */
};

struct verified_file *verify_find(struct verifying *verifying,
    const char *name);
/* A small member as a whole; 1, 0 with a finding, -1 the source failed. */
int verify_read(struct verifying *verifying, const struct zip_entry *entry,
    size_t max, struct bytes *bytes_out, struct fault *fault);

/* All of an entry, to be poured while the container is open. */
struct content verify_content_of(struct verifying *verifying,
    const struct verified_file *file);
/* By its name a part of the container: no file that something must protect. */
bool verify_is_part(const struct verifying *verifying, const char *name);
/* What vouches for an ASiC-S without a manifest. */
bool verify_is_direct(const struct verifying *verifying, const char *name);

/* Which kind it is, by its own word and by what it holds. */
int verify_mimetype(struct verifying *verifying, struct fault *fault);
/* The file of an ASiC-S and what vouches for it. */
int verify_simple(struct verifying *verifying, struct fault *fault);
/* SHA256SUMS and METS against the files and each other. */
int verify_lists(struct verifying *verifying, struct fault *fault);
/* Receipts of the log, and with its key the records that they prove. */
int verify_receipts(struct verifying *verifying, struct fault *fault);
/* The signature or time-stamp of each manifest. */
int verify_signatures(struct verifying *verifying, struct fault *fault);

#endif
