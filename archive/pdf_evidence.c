/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A store names its streams in lists: /OCSPs [7 0 R 8 0 R].  First all lists
 * are read, then where these numbers are defined, then the streams.  How long
 * a stream is, is not asked: DER and deflated data both have an end.
 */

#include "archive/pdf_evidence.h"

#include "archive/pdf_scan.h"
#include "archive/pdf_text.h"
#include "archive/pdf_tokens.h"
#include "base/memory.h"

#include <stdlib.h>
#include <zlib.h>

#define STREAM_MAX (4u << 20) /* as it stands, and unpacked */

struct wanted {
	uint64_t number;
	uint64_t begin; /* of its last definition's value; 0: not found */
	bool is_list;   /* a CRL, else an answer */
};

struct gathering {
	const struct source *source;
	uint64_t from;
	uint64_t to;
	struct revocations *revocations;
	struct wanted wanted[PDF_EVIDENCE_MAX];
	size_t count;
	struct pdf_text text;
	uint8_t *packed; /* STREAM_MAX each */
	uint8_t *unpacked;
};

static void
want(struct gathering *gathering, uint64_t number, bool is_list)
{
	for (size_t i = 0; i < gathering->count; i++) {
		if (gathering->wanted[i].number == number) {
			return;
		}
	}
	if (gathering->count < PDF_EVIDENCE_MAX) {
		gathering->wanted[gathering->count++] =
		    (struct wanted){ .number = number, .is_list = is_list };
	}
}

static int
read_text(struct gathering *gathering, uint64_t from, struct fault *fault)
{
	const struct pdf_gap none = { 0, 0 };

	return pdf_text_read(&gathering->text, gathering->source, from,
	    gathering->to, none, fault);
}

static int
take_list(void *arg, const struct pdf_mark *mark, struct fault *fault)
{
	struct gathering *gathering = arg;
	bool is_list = strcmp(mark->word, "/CRLs") == 0;
	struct pdf_tokens tokens;
	struct pdf_value value;

	if (mark->kind != PDF_MARK_LIST ||
	    (!is_list && strcmp(mark->word, "/OCSPs") != 0) ||
	    gathering->count == PDF_EVIDENCE_MAX) {
		return 0;
	}
	if (read_text(gathering, mark->end, fault) < 0) {
		return -1;
	}
	tokens = pdf_text_tokens(&gathering->text);
	while (pdf_value_take(&value, &tokens) &&
	       value.kind == PDF_VALUE_REFERENCE) {
		want(gathering, value.number, is_list);
	}
	return 0;
}

static int
take_definition(void *arg, const struct pdf_mark *mark, struct fault *fault)
{
	struct gathering *gathering = arg;

	(void)fault;
	if (mark->kind != PDF_MARK_OBJECT) {
		return 0;
	}
	for (size_t i = 0; i < gathering->count; i++) {
		if (gathering->wanted[i].number == mark->number) {
			gathering->wanted[i].begin = mark->end;
		}
	}
	return 0;
}

/* Up to the end of the deflated data; what comes of less is not all of it. */
static struct bytes
unpack(struct gathering *gathering, size_t packed_len)
{
	z_stream stream = { .next_in = gathering->packed,
		.avail_in = (uInt)packed_len,
		.next_out = gathering->unpacked,
		.avail_out = STREAM_MAX };
	bool is_whole = inflateInit(&stream) == Z_OK &&
	                inflate(&stream, Z_FINISH) == Z_STREAM_END;
	size_t len = STREAM_MAX - stream.avail_out;

	inflateEnd(&stream);
	return is_whole ? bytes_of(gathering->unpacked, len) : NO_BYTES;
}

/* Where the bytes behind "stream" begin; false: it is no such stream. */
static bool
open_stream(const struct pdf_text *text, bool *is_packed_out, uint64_t *at_out)
{
	struct pdf_tokens tokens = pdf_text_tokens(text);
	struct pdf_value dictionary;
	struct pdf_value filter;
	struct pdf_token word;
	size_t at;

	if (!pdf_value_take(&dictionary, &tokens) ||
	    dictionary.kind != PDF_VALUE_DICTIONARY) {
		return false;
	}
	word = pdf_tokens_take(&tokens);
	if (!pdf_token_is(&word, "stream")) {
		return false;
	}
	*is_packed_out = pdf_entry_find(&filter, &dictionary, "/Filter");
	if (*is_packed_out && !pdf_value_is(&filter, "/FlateDecode") &&
	    !pdf_value_equals(filter.text, bytes_of_text("[/FlateDecode]"))) {
		return false;
	}
	at = tokens.at;
	if (at < text->len && text->data[at] == '\r') {
		at++;
	}
	if (at < text->len && text->data[at] == '\n') {
		at++;
	}
	*at_out = pdf_text_place(text, at);
	return true;
}

static int
add_stream(struct gathering *gathering, const struct wanted *wanted,
    struct fault *fault)
{
	const struct source *source = gathering->source;
	struct bytes der;
	bool is_packed;
	uint64_t at;
	size_t len;

	if (read_text(gathering, wanted->begin, fault) < 0) {
		return -1;
	}
	if (!open_stream(&gathering->text, &is_packed, &at)) {
		return 0;
	}
	len = gathering->to - at < STREAM_MAX ? (size_t)(gathering->to - at)
	                                      : STREAM_MAX;
	if (source->read(source->arg, at, gathering->packed, len, fault) < 0) {
		return -1;
	}
	der = is_packed ? unpack(gathering, len)
	                : bytes_of(gathering->packed, len);
	if (wanted->is_list) {
		revocations_add_crl(gathering->revocations, der);
	} else {
		revocations_add_ocsp(gathering->revocations, der);
	}
	return 0;
}

static int
add_streams(struct gathering *gathering, struct fault *fault)
{
	int rc = pdf_scan(gathering->source, gathering->from, gathering->to,
	    take_definition, gathering, fault);

	gathering->packed = xmalloc(STREAM_MAX);
	gathering->unpacked = xmalloc(STREAM_MAX);
	for (size_t i = 0; rc == 0 && i < gathering->count; i++) {
		if (gathering->wanted[i].begin != 0) {
			rc =
			    add_stream(gathering, &gathering->wanted[i], fault);
		}
	}
	free(gathering->packed);
	free(gathering->unpacked);
	return rc;
}

static int
gather(struct gathering *gathering, struct fault *fault)
{
	if (pdf_scan(gathering->source, gathering->from, gathering->to,
	        take_list, gathering, fault) < 0) {
		return -1;
	}
	return gathering->count > 0 ? add_streams(gathering, fault) : 0;
}

int
pdf_evidence_add(struct revocations *revocations, const struct source *source,
    uint64_t from, uint64_t to, struct fault *fault)
{
	struct gathering *gathering = xzalloc(sizeof(*gathering));
	int rc;

	gathering->source = source;
	gathering->from = from;
	gathering->to = to;
	gathering->revocations = revocations;
	pdf_text_init(&gathering->text);
	rc = gather(gathering, fault);
	pdf_text_fini(&gathering->text);
	free(gathering);
	return rc;
}
