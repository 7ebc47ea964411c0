/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_TEXT_H
#define ARCHIVE_PDF_TEXT_H

#include "archive/pdf_tokens.h"
#include "archive/stream.h"

/*
 * A piece of a PDF in memory, from one of its bytes on.  The hex string of a
 * signature, which may be some MiB, stands in it as "<>".
 */
#define PDF_TEXT_MAX (64u << 10)

struct pdf_gap {
	uint64_t begin;
	uint64_t end; /* 0: there is none */
};

struct pdf_text {
	uint8_t *data; /* PDF_TEXT_MAX */
	size_t len;
	uint64_t from;
	struct pdf_gap gap; /* that was left out */
};

void pdf_text_init(struct pdf_text *text);
void pdf_text_fini(struct pdf_text *text);
/* What lies from `from` to `to`, or as much of it as there is room for. */
int pdf_text_read(struct pdf_text *text, const struct source *source,
    uint64_t from, uint64_t to, struct pdf_gap gap, struct fault *fault);
struct pdf_tokens pdf_text_tokens(const struct pdf_text *text);
/* The byte of the file that stands there. */
uint64_t pdf_text_place(const struct pdf_text *text, size_t at);

#endif
