/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_SCAN_H
#define ARCHIVE_PDF_SCAN_H

#include "archive/stream.h"

/*
 * What stands out in the bytes of a PDF, wherever it stands: in a stream or a
 * string as well, since nothing is parsed.
 */
#define PDF_SCAN_WORD 16u

enum pdf_mark_kind {
	PDF_MARK_NAME,      /* /Name */
	PDF_MARK_LIST,      /* /Name [ */
	PDF_MARK_NUMBER,    /* /Name 12 or word 12 */
	PDF_MARK_REFERENCE, /* 12 0 R */
	PDF_MARK_OBJECT,    /* 12 0 obj */
};

struct pdf_mark {
	enum pdf_mark_kind kind;
	uint64_t at;     /* of its first byte; of the name of a list */
	uint64_t end;    /* behind its last */
	uint64_t number; /* 12 */
	/* The name, or what stands before the numbers; "" where too long. */
	char word[PDF_SCAN_WORD];
};

typedef int (
    *pdf_mark_fn)(void *arg, const struct pdf_mark *mark, struct fault *fault);

/* Call fn with what stands out in [from, to), in its order. */
int pdf_scan(const struct source *source, uint64_t from, uint64_t to,
    pdf_mark_fn fn, void *arg, struct fault *fault);

#endif
