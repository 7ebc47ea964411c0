/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A store names its streams in lists: /OCSPs [7 0 R 8 0 R].  First all lists
 * are read, then where these numbers are defined, then the streams.  How long
 * a stream is, is not asked: DER and deflated data both have an end.
 */

#include "archive/pdf_evidence.h"

#include "archive/der.h"
#include "archive/pdf_scan.h"
#include "archive/pdf_text.h"
#include "archive/pdf_tokens.h"
#include "base/memory.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <zlib.h>

#define STREAM_MAX (4u << 20)  /* as it stands, and unpacked */
#define STREAM_TRY (64u << 10) /* most are shorter */

enum kind {
	CERTIFICATE,
	LIST,
	ANSWER,
	KINDS,
};

struct wanted {
	uint64_t number;
	uint64_t begin; /* of its last definition's value; 0: not found */
	enum kind kind;
};

struct gathering {
	const struct source *source;
	uint64_t from;
	uint64_t to;
	struct validation_material *material;
	struct wanted wanted[PDF_EVIDENCE_MAX]; /* sorted once all are known */
	size_t count;
	size_t lists;
	size_t left; /* of PDF_EVIDENCE_ALL_BYTES */
	struct pdf_text text;
	uint8_t *packed; /* STREAM_MAX each; NULL before the first stream */
	uint8_t *unpacked;
};

static void
want(struct gathering *gathering, uint64_t number, enum kind kind)
{
	for (size_t i = 0; i < gathering->count; i++) {
		if (gathering->wanted[i].number == number) {
			return;
		}
	}
	if (gathering->count < PDF_EVIDENCE_MAX) {
		gathering->wanted[gathering->count++] =
		    (struct wanted){ .number = number, .kind = kind };
	}
}

static int
read_text(struct gathering *gathering, uint64_t from, struct fault *fault)
{
	const struct pdf_gap none = { 0, 0 };

	return pdf_text_read(&gathering->text, gathering->source, from,
	    gathering->to, none, fault);
}

static enum kind
kind_of(const char *name)
{
	static const char *const names[KINDS] = { "/Certs", "/CRLs", "/OCSPs" };
	unsigned kind = 0;

	while (kind < KINDS && strcmp(name, names[kind]) != 0) {
		kind++;
	}
	return (enum kind)kind;
}

static int
take_list(void *arg, const struct pdf_mark *mark, struct fault *fault)
{
	struct gathering *gathering = arg;
	enum kind kind = kind_of(mark->word);
	struct pdf_tokens tokens;
	struct pdf_value value;

	if (mark->kind != PDF_MARK_LIST || kind == KINDS ||
	    gathering->lists == PDF_EVIDENCE_MAX) {
		return 0;
	}
	gathering->lists++;
	if (read_text(gathering, mark->end, fault) < 0) {
		return -1;
	}
	tokens = pdf_text_tokens(&gathering->text);
	while (pdf_value_take(&value, &tokens) &&
	       value.kind == PDF_VALUE_REFERENCE) {
		want(gathering, value.number, kind);
	}
	return 0;
}

static int
compare(const void *left, const void *right)
{
	const struct wanted *a = left;
	const struct wanted *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

static int
take_definition(void *arg, const struct pdf_mark *mark, struct fault *fault)
{
	struct gathering *gathering = arg;
	const struct wanted key = { .number = mark->number };
	struct wanted *wanted;

	(void)fault;
	if (mark->kind != PDF_MARK_OBJECT) {
		return 0;
	}
	wanted = bsearch(&key, gathering->wanted, gathering->count, sizeof(key),
	    compare);
	if (wanted != NULL) {
		wanted->begin = mark->end;
	}
	return 0;
}

/* --- streams ------------------------------------------------------------ */

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
	gathering->left -= len < gathering->left ? len : gathering->left;
	return is_whole ? bytes_of(gathering->unpacked, len) : NO_BYTES;
}

static struct bytes
first_element(struct bytes bytes)
{
	struct bytes rest = bytes;
	struct bytes content;
	uint8_t tag;

	return der_take(&rest, &tag, &content)
	           ? bytes_of(bytes.data, bytes.len - rest.len)
	           : NO_BYTES;
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

/* NO_BYTES: it is none, or too long. */
static int
read_stream(struct bytes *der_out, struct gathering *gathering, uint64_t at,
    bool is_packed, struct fault *fault)
{
	static const size_t tries[] = { STREAM_TRY, STREAM_MAX };
	const struct source *source = gathering->source;

	if (gathering->packed == NULL) {
		gathering->packed = xmalloc(STREAM_MAX);
		gathering->unpacked = xmalloc(STREAM_MAX);
	}
	*der_out = NO_BYTES;
	for (size_t i = 0; i < 2 && der_out->len == 0; i++) {
		size_t len = gathering->to - at < tries[i]
		                 ? (size_t)(gathering->to - at)
		                 : tries[i];

		if (len > gathering->left) {
			return 0;
		}
		gathering->left -= len;
		if (source->read(source->arg, at, gathering->packed, len,
		        fault) < 0) {
			return -1;
		}
		*der_out =
		    is_packed ? unpack(gathering, len)
		              : first_element(bytes_of(gathering->packed, len));
	}
	return 0;
}

static void
add_certificate(struct validation_material *material, struct bytes der)
{
	const unsigned char *p = der.data;
	X509 *certificate =
	    der.len > 0 ? d2i_X509(NULL, &p, (long)der.len) : NULL;

	if (certificate == NULL ||
	    sk_X509_push(material->certificates, certificate) == 0) {
		X509_free(certificate);
	}
	ERR_clear_error();
}

static int
add_stream(struct gathering *gathering, const struct wanted *wanted,
    struct fault *fault)
{
	struct validation_material *material = gathering->material;
	struct bytes der;
	bool is_packed;
	uint64_t at;

	if (read_text(gathering, wanted->begin, fault) < 0) {
		return -1;
	}
	if (!open_stream(&gathering->text, &is_packed, &at)) {
		return 0;
	}
	if (read_stream(&der, gathering, at, is_packed, fault) < 0) {
		return -1;
	}
	switch (wanted->kind) {
	case CERTIFICATE:
		add_certificate(material, der);
		break;
	case LIST:
		revocations_add_crl(material->revocations, der);
		break;
	case ANSWER:
		revocations_add_ocsp(material->revocations, der);
		break;
	case KINDS:
		break;
	}
	return 0;
}

static int
add_streams(struct gathering *gathering, struct fault *fault)
{
	int rc;

	qsort(gathering->wanted, gathering->count, sizeof(struct wanted),
	    compare);
	rc = pdf_scan(gathering->source, gathering->from, gathering->to,
	    take_definition, gathering, fault);
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
pdf_evidence_add(struct validation_material *material,
    const struct source *source, uint64_t from, uint64_t to,
    struct fault *fault)
{
	struct gathering *gathering = xzalloc(sizeof(*gathering));
	int rc;

	gathering->source = source;
	gathering->from = from;
	gathering->to = to;
	gathering->material = material;
	gathering->left = PDF_EVIDENCE_ALL_BYTES;
	pdf_text_init(&gathering->text);
	rc = gather(gathering, fault);
	pdf_text_fini(&gathering->text);
	free(gathering);
	return rc;
}
