/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_PDF_SAMPLE_H
#define TESTS_UNIT_PDF_SAMPLE_H

/*
 * A PDF of one page that is written object by object, in one or more updates:
 * 1 is its catalog, 2 the pages, 3 the page, 4 what is on it.
 */

#include "base/buf.h"

#include <stdbool.h>
#include <stdio.h>

#define SAMPLE_OBJECTS 32u
#define SAMPLE_DER     "300402020102"
#define CADES          "/SubFilter /ETSI.CAdES.detached"

struct pdf_sample {
	struct buf bytes;
	size_t offsets[SAMPLE_OBJECTS]; /* of this update's; 0: not in it */
	size_t table;                   /* the last */
	size_t range;                   /* the last, to be filled in */
	size_t gap_begin;
	size_t gap_end;
};

static inline void
sample_add(struct pdf_sample *sample, unsigned number, const char *text)
{
	sample->offsets[number] = sample->bytes.len;
	buf_add_format(&sample->bytes, "%u 0 obj\n%s\nendobj\n", number, text);
}

static inline void
sample_begin(struct pdf_sample *sample)
{
	*sample = (struct pdf_sample){ .table = 0 };
	buf_init(&sample->bytes, 64u << 20);
	buf_add_text(&sample->bytes, "%PDF-1.7\n");
	sample_add(sample, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	sample_add(sample, 2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
	sample_add(sample, 3,
	    "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>");
	sample_add(sample, 4, "<< /Length 2 >>\nstream\nBT\nendstream");
}

/* Before the gap and behind it; 40 digits of padding. */
static inline void
sample_sign(struct pdf_sample *sample, unsigned number, const char *before,
    const char *hex, const char *behind)
{
	sample->offsets[number] = sample->bytes.len;
	buf_add_format(&sample->bytes, "%u 0 obj\n<< /Type /Sig %s /ByteRange ",
	    number, before);
	sample->range = sample->bytes.len;
	buf_add_format(&sample->bytes, "[0 %010u %010u %010u] /Contents ", 0u,
	    0u, 0u);
	sample->gap_begin = sample->bytes.len;
	buf_add_format(&sample->bytes, "<%s%040u>", hex, 0u);
	sample->gap_end = sample->bytes.len;
	buf_add_format(&sample->bytes, "%s >>\nendobj\n", behind);
}

static inline void
sample_set_range(struct pdf_sample *sample, size_t begin, size_t end,
    size_t len)
{
	char text[64];

	snprintf(text, sizeof(text), "[0 %010zu %010zu %010zu]", begin, end,
	    len);
	memcpy(sample->bytes.data + sample->range, text, strlen(text));
}

/* The table and the trailer; then the last range reaches to the end. */
static inline void
sample_end(struct pdf_sample *sample)
{
	size_t table = sample->bytes.len;

	buf_add_text(&sample->bytes, "xref\n0 1\n0000000000 65535 f \n");
	for (unsigned i = 1; i < SAMPLE_OBJECTS; i++) {
		if (sample->offsets[i] != 0) {
			buf_add_format(&sample->bytes,
			    "%u 1\n%010zu 00000 n \n", i, sample->offsets[i]);
		}
		sample->offsets[i] = 0;
	}
	buf_add_format(&sample->bytes, "trailer\n<< /Size %u /Root 1 0 R",
	    SAMPLE_OBJECTS);
	if (sample->table != 0) {
		buf_add_format(&sample->bytes, " /Prev %zu", sample->table);
	}
	buf_add_format(&sample->bytes, " >>\nstartxref\n%zu\n%%%%EOF\n", table);
	sample->table = table;
	if (sample->range != 0) {
		sample_set_range(sample, sample->gap_begin, sample->gap_end,
		    sample->bytes.len - sample->gap_end);
		sample->range = 0;
	}
}

/* Signed by 6 through the field 5, as an update of the page would be. */
static inline void
sample_begin_signed(struct pdf_sample *sample)
{
	sample_begin(sample);
	sample_end(sample);
	sample_add(sample, 1,
	    "<< /Type /Catalog /Pages 2 0 R /AcroForm "
	    "<< /Fields [5 0 R] /SigFlags 3 >> >>");
	sample_add(sample, 3,
	    "<< /Type /Page /Parent 2 0 R /Contents 4 0 R "
	    "/Annots [5 0 R] >>");
	sample_add(sample, 5,
	    "<< /Type /Annot /Subtype /Widget /FT /Sig /T (a) /V 6 0 R >>");
	sample_sign(sample, 6, CADES, SAMPLE_DER,
	    " /M (D:20260131070000+07'00')");
	sample_end(sample);
}

#endif
