/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a file is, is told by its first bytes, not by its name.  In DER a
 * ContentInfo begins with an object identifier and an evidence record with a
 * number; a token is told from a signature by what it holds.
 */

#include "archive/der.h"
#include "archive/examine_parts.h"
#include "archive/pdf_signatures.h"
#include "archive/signers.h"
#include "archive/zip_format.h"
#include "base/wire.h"

#include <string.h>

#define BEGIN_BYTES 1024u
#define INDEFINITE  0x80u

static bool
is_zip(struct bytes begin)
{
	return begin.len >= 4 && (wire_get_u32le(begin.data) == ZIP_LOCAL ||
	                             wire_get_u32le(begin.data) == ZIP_END);
}

/* A container whose first bytes are damaged has its end still. */
static int
ends_as_zip(bool *ends_out, const struct source *file, struct fault *fault)
{
	uint8_t end[ZIP_END_BYTES];

	*ends_out = false;
	if (file->size < sizeof(end)) {
		return 0;
	}
	if (file->read(file->arg, file->size - sizeof(end), end, sizeof(end),
	        fault) < 0) {
		return -1;
	}
	*ends_out = wire_get_u32le(end) == ZIP_END;
	return 0;
}

/* The first element within a sequence, tag and all; NO_BYTES: it is none. */
static struct bytes
first_inside(struct bytes begin)
{
	size_t header = 2;

	if (begin.len < header || begin.data[0] != DER_SEQUENCE) {
		return NO_BYTES;
	}
	if (begin.data[1] > INDEFINITE) {
		header += begin.data[1] - INDEFINITE;
	}
	return header < begin.len
	           ? bytes_of(begin.data + header, begin.len - header)
	           : NO_BYTES;
}

/* 1.2.840.113549.1.7.2 */
static bool
is_signed_data(struct bytes first)
{
	static const uint8_t name[] = { DER_OID, 9, 0x2A, 0x86, 0x48, 0x86,
		0xF7, 0x0D, 1, 7, 2 };

	return first.len >= sizeof(name) &&
	       memcmp(first.data, name, sizeof(name)) == 0;
}

/* EvidenceRecord ::= SEQUENCE { version INTEGER { v1(1) }, SEQUENCE OF ... */
static bool
is_evidence(struct bytes first)
{
	return first.len >= 4 && first.data[0] == DER_INTEGER &&
	       first.data[1] == 1 && first.data[2] == 1 &&
	       first.data[3] == DER_SEQUENCE;
}

static int
read_all(struct bytes *bytes_out, struct arena *arena,
    const struct source *file, struct fault *fault)
{
	uint8_t *data = arena_alloc(arena, (size_t)file->size + 1);

	*bytes_out = bytes_of(data, (size_t)file->size);
	return file->read(file->arg, 0, data, (size_t)file->size, fault);
}

/* --- time-stamps and signatures ------------------------------------------------ */

static int
examine_token(struct findings *findings,
    const struct examine_question *question, struct bytes token,
    struct fault *fault)
{
	int64_t at;

	if (question->object_count != 1) {
		findings_add_text(findings, FOUND_SIGNATURE_UNPROVED, NULL,
		    "what it signs was not given");
		return 0;
	}
	return judge_timestamp_poured(&at, findings, NULL, token,
	           question->objects, question->options, fault) < 0
	           ? -1
	           : 0;
}

static void
examine_cms(struct findings *findings, const struct examine_question *question,
    struct bytes signature)
{
	const struct judgement_question asked = {
		.place = "",
		.cms = { .signature = signature,
		    .may = CMS_MAY_HOLD_CONTENT | CMS_MAY_NOT_NAME |
		           CMS_MAY_HAVE_OTHERS,
		    .has_no_content = question->object_count != 1,
		    .poured = question->objects },
		.options = question->options,
	};

	signers_judge(findings, &asked);
}

/* --- evidence records ---------------------------------------------------------- */

static int
examine_evidence(struct findings *findings,
    const struct examine_question *question, struct bytes record,
    struct fault *fault)
{
	const struct evidence_question asked = {
		.record = record,
		.objects = question->objects,
		.object_count = question->object_count,
	};

	if (question->object_count == 0) {
		findings_add_text(findings, FOUND_SIGNATURE_UNPROVED, NULL,
		    "what it signs was not given");
		return 0;
	}
	return judge_evidence(findings, NULL, &asked, question->options, fault);
}

/* --- any file ------------------------------------------------------------------ */

/* A signature may hold a PDF, so that is looked for last. */
static enum examined
kind_of(struct bytes begin, uint64_t size)
{
	const struct bytes first = first_inside(begin);

	if (is_zip(begin)) {
		return EXAMINED_CONTAINER;
	}
	if (is_signed_data(first) && size <= CMS_SIGNATURE_MAX) {
		return EXAMINED_CMS;
	}
	if (is_evidence(first) && size <= EVIDENCE_RECORD_MAX) {
		return EXAMINED_EVIDENCE;
	}
	return pdf_is_one(begin) ? EXAMINED_PDF : EXAMINED_NOTHING;
}

static int
examine_kind(enum examined *kind, struct findings *findings,
    const struct examine_question *question, struct fault *fault)
{
	enum digest_kind digest;
	struct bytes bytes;

	switch (*kind) {
	case EXAMINED_CONTAINER:
		return verify_foreign(question->file, question->options,
		    findings, fault);
	case EXAMINED_PDF:
		return examine_pdf(findings, question, fault);
	case EXAMINED_NOTHING:
		return 0;
	case EXAMINED_CMS:
	case EXAMINED_TIMESTAMP:
	case EXAMINED_EVIDENCE:
		break;
	}
	if (read_all(&bytes, findings->arena, question->file, fault) < 0) {
		return -1;
	}
	if (*kind == EXAMINED_EVIDENCE) {
		return examine_evidence(findings, question, bytes, fault);
	}
	if (timestamp_digest(&digest, bytes)) {
		*kind = EXAMINED_TIMESTAMP;
		return examine_token(findings, question, bytes, fault);
	}
	examine_cms(findings, question, bytes);
	return 0;
}

int
examine_find_kind(enum examined *kind_out, const struct source *file,
    struct fault *fault)
{
	uint8_t begin[BEGIN_BYTES];
	size_t len =
	    file->size < BEGIN_BYTES ? (size_t)file->size : BEGIN_BYTES;
	bool is_zip_still;

	*kind_out = EXAMINED_NOTHING;
	if (file->read(file->arg, 0, begin, len, fault) < 0) {
		return -1;
	}
	*kind_out = kind_of(bytes_of(begin, len), file->size);
	if (*kind_out == EXAMINED_NOTHING) {
		if (ends_as_zip(&is_zip_still, file, fault) < 0) {
			return -1;
		}
		*kind_out =
		    is_zip_still ? EXAMINED_CONTAINER : EXAMINED_NOTHING;
	}
	return 0;
}

int
examine(enum examined *examined_out, struct findings *findings,
    const struct examine_question *question, struct fault *fault)
{
	return examine_find_kind(examined_out, question->file, fault) < 0
	           ? -1
	           : examine_kind(examined_out, findings, question, fault);
}
