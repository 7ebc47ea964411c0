/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_PERMISSIONS_H
#define ARCHIVE_PDF_PERMISSIONS_H

#include "archive/pdf_dictionary.h"

/*
 * What the /Reference of a signature says: DocMDP and its /P, or the usage
 * rights of a reader.  Parts of it may be objects of their own; these are
 * gathered and found together, in a pass over the file for each step.
 *
 * Source:  ISO 32000-1, 12.8.1, tables 252 to 257.
 */
#define PDF_PERMISSIONS_PARTS 64u

struct pdf_permissions {
	const struct source *source;

	struct {
		uint64_t number;
		uint64_t before; /* the end of what is signed */
		uint64_t begin;  /* 0: not found */
		bool is_sought;
	} parts[PDF_PERMISSIONS_PARTS];

	size_t parts_count;
	bool has_sought; /* some were added; seek() and ask again */
	struct pdf_text texts[3];
};

void pdf_permissions_init(struct pdf_permissions *permissions,
    const struct source *source);
void pdf_permissions_fini(struct pdf_permissions *permissions);
/* Fills in `permissions` and adds PDF_USAGE_RIGHTS. */
int pdf_permissions_read(struct pdf_permissions *permissions,
    struct pdf_signature *signature, const struct pdf_dictionary *dictionary,
    struct fault *fault);
int pdf_permissions_seek(struct pdf_permissions *permissions,
    struct fault *fault);

#endif
