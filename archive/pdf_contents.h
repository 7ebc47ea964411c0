/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_CONTENTS_H
#define ARCHIVE_PDF_CONTENTS_H

#include "archive/pdf_signatures.h"

/*
 * What stands in the gaps of the signatures of one file.  The end of a string
 * is kept with its beginning: gaps that begin alike are read once, and two
 * that begin apart share no digit.
 */
struct pdf_contents {
	const struct source *source;
	struct arena *arena;
	size_t total; /* given out */

	struct {
		uint64_t begin;
		uint64_t end;
		bool is_hex; /* and ends with '>' */
		bool has_spaces;
		uint64_t digits;
	} strings[PDF_SIGNATURES_MAX];

	size_t strings_count;
};

/*
 * Is the gap exactly a hexadecimal string?  Adds anomalies, and fills in
 * `contents` where there are none.
 */
int pdf_contents_read(struct pdf_contents *contents,
    struct pdf_signature *signature, struct fault *fault);

#endif
