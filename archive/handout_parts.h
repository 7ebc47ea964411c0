/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_HANDOUT_PARTS_H
#define ARCHIVE_HANDOUT_PARTS_H

#include "archive/ead.h"
#include "archive/handout.h"
#include "archive/mets.h"
#include "archive/xml_in.h"
#include "archive/zip_in.h"
#include "base/buf.h"

/* What reading a container and making a package of it share. */
#define HANDOUT_PIECE_MAX   XML_IN_MAX /* of METS, manifest, signature */
#define HANDOUT_SEAL_PIECES 2u

struct handout_document {
	const struct zip_in *zip;
	const struct zip_entry *entry;
	const struct mets_file *listed;
	struct ead ead;
	size_t ordinal;
};

struct handout {
	struct arena *arena;
	struct zip_in *zip;
	const char *folder; /* with its slash */
	struct mets mets;
	struct ead ead;
	struct handout_document *documents;
	size_t count;
	/* Of the package that is being made. */
	struct package_spec spec;
	struct package_record papers[HANDOUT_SEAL_PIECES + 1];
};

/* A whole small member of the container; in the arena. */
int handout_read(struct handout *handout, const char *name, size_t max,
    struct bytes *bytes_out, struct fault *fault);

/*
 * The page that lies beside the documents of a DIP and marks them as a copy:
 * what Điều 42 wants said of each, for a browser.
 */
struct handout_copy {
	const struct handout_request *request;
	const char *code;         /* that authenticates this copy */
	const char *issued;       /* the day, "01/08/2026" */
	const char *source_id;    /* object id of the container */
	const char *archive_code; /* of the dossier */
	const char *title;
	struct sha256 manifest; /* of the container */
	const struct package_file *files;
	size_t file_count;
};

void handout_cover_format(struct buf *out, const struct handout_copy *copy,
    struct arena *arena);

#endif
