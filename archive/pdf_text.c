/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_text.h"

#include "base/memory.h"

#include <stdlib.h>

void
pdf_text_init(struct pdf_text *text)
{
	*text = (struct pdf_text){ .data = xmalloc(PDF_TEXT_MAX) };
}

void
pdf_text_fini(struct pdf_text *text)
{
	free(text->data);
	*text = (struct pdf_text){ .data = NULL };
}

static int
add(struct pdf_text *text, const struct source *source, uint64_t from,
    uint64_t to, struct fault *fault)
{
	size_t room = PDF_TEXT_MAX - text->len;
	size_t len = to - from < room ? (size_t)(to - from) : room;

	if (len > 0 && source->read(source->arg, from, text->data + text->len,
	                   len, fault) < 0) {
		return -1;
	}
	text->len += len;
	return 0;
}

int
pdf_text_read(struct pdf_text *text, const struct source *source, uint64_t from,
    uint64_t to, struct pdf_gap gap, struct fault *fault)
{
	text->len = 0;
	text->from = from;
	text->gap = (struct pdf_gap){ .end = 0 };
	if (gap.end == 0 || gap.begin < from || gap.end > to ||
	    gap.begin - from > PDF_TEXT_MAX - 2) {
		return add(text, source, from, to, fault);
	}
	if (add(text, source, from, gap.begin, fault) < 0) {
		return -1;
	}
	text->data[text->len++] = '<';
	text->data[text->len++] = '>';
	text->gap = gap;
	return add(text, source, gap.end, to, fault);
}

struct pdf_tokens
pdf_text_tokens(const struct pdf_text *text)
{
	return (struct pdf_tokens){ .text = bytes_of(text->data, text->len) };
}

uint64_t
pdf_text_place(const struct pdf_text *text, size_t at)
{
	size_t before = (size_t)(text->gap.begin - text->from);

	if (text->gap.end == 0 || at <= before) {
		return text->from + at;
	}
	return text->gap.end + (at - before - 2);
}
